"""Other stays: what the same person has by another bid, or by a booking without one, on nights
that a bid asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from allocator.explain import Main
from allocator.nights import Stay
from api.access.actor import Actor
from api.service.bookings import ARRIVED, UPCOMING
from api.service.change import Change
from api.service.run_values import Why
from api.service.seeing import bids_of_hidden, is_hidden
from api.store.records import referral
from api.store.tables import BOOKINGS, PROPOSALS, REFERRALS
from api.store.values import Row

NOTHING = "What would change it is not told either."
NOT_TOLD = Why(
    "not_told", "not told", "Why there is no bed is not told of this person.", nothing=NOTHING
)


@dataclass(frozen=True, slots=True)
class OtherStay:
    """A stay of another bid, or of none. `booked` False: proposed, and nobody has decided yet."""

    referral_id: str | None
    stay: Stay
    booked: bool


def other_stays(change: Change, bid: Row) -> list[OtherStay]:
    """Those that wait for a decision or are booked, the first first.

    None where some bid of the person may not be seen: then no stay is told.
    """
    if is_hidden(change.connection, change.actor, bid["crn"]):
        return []
    wanted = nights_wanted(change, bid)
    same = (REFERRALS.c.crn == bid["crn"], REFERRALS.c.id != bid["id"])
    others = [row["id"] for row in change.outlines("referral", [], *same)]
    proposed = change.rows(
        "proposal", PROPOSALS.c.referral_id.in_(others), PROPOSALS.c.status == "proposed"
    )
    stands = BOOKINGS.c.status.in_((UPCOMING, ARRIVED))
    mine = BOOKINGS.c.referral_id.in_(others) | BOOKINGS.c.referral_id.is_(None)
    booked = change.rows("booking", BOOKINGS.c.crn == bid["crn"], mine, stands)
    found = [_told(row, booked=False) for row in proposed]
    found += [_told(row, booked=True) for row in booked]
    theirs = [each for each in found if each.stay.meets(wanted)]
    return sorted(theirs, key=lambda each: (each.stay, each.referral_id or ""))


def nights_wanted(change: Change, bid: Row) -> Stay:
    """From the first on which a stay of the bid may begin to the last that one may have."""
    value = referral(bid)
    first = max(value.release_date, change.today)
    return Stay(first, max(value.latest_arrival, first) + timedelta(days=value.nights))


def _told(row: Row, *, booked: bool) -> OtherStay:
    return OtherStay(row["referral_id"], Stay(row["arrival"], row["departure"]), booked)


def stays_instead(
    change: Change, bids: Iterable[Row], reasons: Mapping[str, Why]
) -> dict[str, list[OtherStay]]:
    """The same by bid, of those that a plan leaves without a bed because the person has one."""
    code = Main.SAME_PERSON.code
    return {
        bid["id"]: other_stays(change, bid)
        for bid in bids
        if bid["id"] in reasons and reasons[bid["id"]].code == code
    }


def bids_of(stays: Mapping[str, Iterable[OtherStay]]) -> list[str]:
    """The bids whose stays those are."""
    every = (each.referral_id for found in stays.values() for each in found)
    return [bid_id for bid_id in every if bid_id is not None]


def as_told(connection: Connection, actor: Actor, reasons: Mapping[str, Why]) -> dict[str, Why]:
    """Reasons; that a person has another stay is not told where some bid of theirs is hidden."""
    code = Main.SAME_PERSON.code
    if not any(why.code == code for why in reasons.values()):
        return dict(reasons)
    hidden = bids_of_hidden(connection, actor)
    return {
        name: NOT_TOLD if why.code == code and name in hidden else why
        for name, why in reasons.items()
    }


def without_other_stays(
    connection: Connection, actor: Actor, told: dict[str, Any]
) -> dict[str, Any]:
    """The same of an explanation of one bid, as JSON."""
    main = told.get("main_reason", {})
    same = main.get("kind") == Main.SAME_PERSON.value
    if not same or told["referral_id"] not in bids_of_hidden(connection, actor):
        return told
    reason = {"kind": NOT_TOLD.main, "text": NOT_TOLD.text}
    return {**told, "main_reason": reason, "nothing_would_change": NOTHING}
