"""Given up: what the last plan said of another bed of the same person, as that bed is now.

A plan that leaves a bid without a bed, since the person has one, speaks of when it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from allocator.explain import Main
from allocator.nights import Stay
from allocator.plain_words import counted
from api.service.bookings import CANCELLED, DEPARTED, NOT_ARRIVED
from api.service.change import Change
from api.service.other_stays import OtherStay, bids_of, nights_wanted, other_stays
from api.service.run_values import Why
from api.store.apply import HOLDING
from api.store.records import referral
from api.store.tables import BOOKINGS, EVENT_PAYLOADS, EVENTS, PROPOSALS, REFERRALS
from api.store.values import Row

_ENDED = {
    CANCELLED: "that booking was cancelled",
    NOT_ARRIVED: "the person did not arrive there",
    DEPARTED: "the person has left there",
}
_DECIDED = {
    "refused": "it was refused since",
    "superseded": "it was overtaken since",
    "accepted": "it was accepted, and the stay is on other nights by now",
    "changed": "it was changed, and the stay is on other nights by now",
}


def as_now(
    change: Change, run: Row | None, bids: Iterable[Row], reasons: Mapping[str, Why]
) -> tuple[dict[str, Why], set[str]]:
    """Reasons of the run, by bid; of those that the person's other bed was: what is left of it.

    And the person's other bids that are told of, for the access log.
    """
    found, named = dict(reasons), set[str]()
    if run is None:
        return found, named
    for bid in bids:
        why = reasons.get(bid["id"])
        if why is not None and why.code == Main.SAME_PERSON.code:
            found[bid["id"]], of = _now(change, run, bid, why)
            named |= of
    return found, named


def _now(change: Change, run: Row, bid: Row, why: Why) -> tuple[Why, set[str]]:
    stays = other_stays(change, bid)
    if not stays:
        over, by = _over(change, run, bid)
        nothing = "No change was looked for: the next plan looks."
        return replace(why, text=over, nothing=nothing), {by} if by else set()
    named = set(bids_of({bid["id"]: stays}))
    left, asked = _without_bed(change, bid, stays), referral(bid).nights
    if not left:
        return why, named
    part = f"Of the {counted(asked, 'night')} that this bid asks for, from the first day wanted on"
    text = f"{why.text} {part}, {left:,} are in no bed."
    return replace(why, text=text, nothing="No change was looked for."), named


def _without_bed(change: Change, bid: Row, stays: list[OtherStay]) -> int:
    """How many of the nights asked for, counted from the first day wanted, are in no stay."""
    value = referral(bid)
    first = max(value.release_date, change.today)
    nights = (first + timedelta(days=day) for day in range(value.nights))
    return sum(not any(each.stay.contains(night) for each in stays) for night in nights)


def _over(change: Change, run: Row, bid: Row) -> tuple[str, str | None]:
    """That the other bed is no more, and by which bid it was: what came of it since the plan began,
    where it was booked; else what became of the plan's own proposal of it, where it made one.
    """
    wanted = nights_wanted(change, bid)
    if (last := _ended(change, run, bid, wanted)) is not None:
        by = f"bid {last['referral_id']}" if last["referral_id"] else "a booking without a bid"
        return (
            f"The same person had a bed by {by}, on nights that this bid asks for, and "
            f"{_ENDED[last['status']]} since the plan was made."
        ), last["referral_id"]
    if (other := _proposed(change, run, bid, wanted)) is not None:
        return (
            f"The plan had a bed for bid {other['referral_id']} of the same person, on nights that "
            f"this bid asks for: {_DECIDED[other['status']]}."
        ), other["referral_id"]
    return (
        "When the plan was made the same person had a bed, or it had one for another bid of "
        "theirs, on nights that this bid asks for. None stands now."
    ), None


def _ended(change: Change, run: Row, bid: Row, wanted: Stay) -> Row | None:
    """The last of the person's other bookings on these nights that ended since the plan began."""
    theirs = BOOKINGS.c.crn == bid["crn"], BOOKINGS.c.status.in_(_ENDED)
    ended = {row["id"]: row for row in change.rows("booking", *theirs)}
    since = EVENTS.c.kind == "booking", EVENTS.c.seq > run["register_seq"]
    changed = select(EVENTS.c.subject).where(*since, EVENTS.c.subject.in_(sorted(ended)))
    # Of a stay that moved to another bed the last booking tells what came of it.
    rows = [ended[each] for each in change.connection.execute(changed).scalars().unique()]
    others = [
        row
        for row in rows
        if row["referral_id"] != bid["id"]
        and (stay := _as_it_stood(change, row)) is not None
        and stay.meets(wanted)
    ]
    return max(others, key=lambda row: (row["made_at"], row["id"]), default=None)


def _as_it_stood(change: Change, booking: Row) -> Stay | None:
    """The stay before the booking ended: whoever leaves sooner has another departure after.

    None: it had ended when it came to be known.
    """
    events = (
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "booking", EVENTS.c.subject == booking["id"])
        .order_by(EVENTS.c.seq.desc())
    )
    rows = (payload["row"] for payload in change.connection.execute(events).scalars())
    stood = next((row for row in rows if row["status"] in HOLDING), None)
    if stood is None:
        return None
    return Stay(date.fromisoformat(stood["arrival"]), date.fromisoformat(stood["departure"]))


def _proposed(change: Change, run: Row, bid: Row, wanted: Stay) -> Row | None:
    """What the run proposed for another bid of the person on these nights."""
    same = REFERRALS.c.crn == bid["crn"], REFERRALS.c.id != bid["id"]
    others = [row["id"] for row in change.outlines("referral", [], *same)]
    mine = PROPOSALS.c.run_id == run["id"], PROPOSALS.c.referral_id.in_(others)
    found = (row for row in change.rows("proposal", *mine) if row["status"] in _DECIDED)
    return next(
        (row for row in found if Stay(row["arrival"], row["departure"]).meets(wanted)), None
    )
