"""Other stays: what the same person has by another bid, on nights that a bid asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from allocator.explain import Main
from allocator.nights import Stay
from api.service.bookings import ARRIVED, UPCOMING
from api.service.change import Change
from api.service.run_values import Why
from api.service.seeing import is_hidden
from api.store.records import referral
from api.store.tables import BOOKINGS, PROPOSALS, REFERRALS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class OtherStay:
    """A stay of another bid. `booked` False: it is proposed, and nobody has decided yet."""

    referral_id: str
    stay: Stay
    booked: bool


def other_stays(change: Change, bid: Row) -> list[OtherStay]:
    """Those that wait for a decision or are booked, the first first.

    None where some bid of the person may not be seen: then no stay is told.
    """
    if is_hidden(change.connection, change.actor, bid["crn"]):
        return []
    value = referral(bid)
    first = max(value.release_date, change.today)
    last = max(value.latest_arrival, first) + timedelta(days=value.nights)
    wanted = Stay(first, last)
    same = (REFERRALS.c.crn == bid["crn"], REFERRALS.c.id != bid["id"])
    others = [row["id"] for row in change.outlines("referral", [], *same)]
    proposed = change.rows(
        "proposal", PROPOSALS.c.referral_id.in_(others), PROPOSALS.c.status == "proposed"
    )
    stands = BOOKINGS.c.status.in_((UPCOMING, ARRIVED))
    booked = change.rows("booking", BOOKINGS.c.referral_id.in_(others), stands)
    found = [_told(row, booked=False) for row in proposed]
    found += [_told(row, booked=True) for row in booked]
    theirs = [each for each in found if each.stay.meets(wanted)]
    return sorted(theirs, key=lambda each: (each.stay, each.referral_id))


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
    return [each.referral_id for found in stays.values() for each in found]
