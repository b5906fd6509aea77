"""Given up: what the last plan said of another bed of the same person, as that bed is now.

A plan that leaves a bid without a bed, since the person has one, speaks of when it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from allocator.explain import Main
from allocator.plain_words import counted
from api.service.bookings import CANCELLED, DEPARTED, NOT_ARRIVED
from api.service.change import Change
from api.service.other_stays import OtherStay, other_stays
from api.service.run_values import Why
from api.store.records import referral
from api.store.tables import BOOKINGS, EVENTS
from api.store.values import Row

_ENDED = {
    CANCELLED: "that booking was cancelled",
    NOT_ARRIVED: "the person did not arrive there",
    DEPARTED: "the person has left there",
}


def as_now(
    change: Change, run: Row | None, bids: Iterable[Row], reasons: Mapping[str, Why]
) -> dict[str, Why]:
    """Reasons of the run, by bid; of those that the person's other bed was: what is left of it."""
    found = dict(reasons)
    if run is None:
        return found
    for bid in bids:
        why = reasons.get(bid["id"])
        if why is not None and why.code == Main.SAME_PERSON.code:
            found[bid["id"]] = _now(change, run, bid, why)
    return found


def _now(change: Change, run: Row, bid: Row, why: Why) -> Why:
    stays = other_stays(change, bid)
    if not stays:
        over = _over(change, run, bid)
        return replace(why, text=over, nothing="No change was looked for: the next plan looks.")
    left, asked = _without_bed(change, bid, stays), referral(bid).nights
    if not left:
        return why
    part = f"Of the {counted(asked, 'night')} that this bid asks for, from the first day wanted on"
    text = f"{why.text} {part}, {left:,} are in no bed."
    return replace(why, text=text, nothing="No change was looked for.")


def _without_bed(change: Change, bid: Row, stays: list[OtherStay]) -> int:
    """How many of the nights asked for, counted from the first day wanted, are in no stay."""
    value = referral(bid)
    first = max(value.release_date, change.today)
    nights = (first + timedelta(days=day) for day in range(value.nights))
    return sum(not any(each.stay.contains(night) for each in stays) for night in nights)


def _over(change: Change, run: Row, bid: Row) -> str:
    """That the other bed is no more: by which bid it was and what came of it, where it was booked
    and ended since the plan began.
    """
    theirs = BOOKINGS.c.crn == bid["crn"], BOOKINGS.c.status.in_(_ENDED)
    ended = {row["id"]: row for row in change.rows("booking", *theirs)}
    since = EVENTS.c.kind == "booking", EVENTS.c.seq > run["register_seq"]
    changed = select(EVENTS.c.subject).where(*since, EVENTS.c.subject.in_(sorted(ended)))
    # Of a stay that moved to another bed the last booking tells what came of it.
    rows = [ended[each] for each in change.connection.execute(changed).scalars().unique()]
    others = [row for row in rows if row["referral_id"] != bid["id"]]
    if not others:
        return (
            "When the plan was made the same person had a bed by another bid, on nights that this "
            "bid asks for. None stands now."
        )
    last = max(others, key=lambda row: (row["made_at"], row["id"]))
    by = f"bid {last['referral_id']}" if last["referral_id"] else "a booking without a bid"
    return (
        f"The same person had a bed by {by}, on nights that this bid asks for, and "
        f"{_ENDED[last['status']]} since the plan was made."
    )
