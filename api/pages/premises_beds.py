"""Premises' beds: one premises by weeks, as a picture and a table, and one of its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from allocator.nights import Stay
from allocator.vocabulary import Criterion
from api.pages.bed_picture import USE_WORDS, bed_name, bed_picture
from api.pages.case_words import MIX
from api.pages.days import day_asked
from api.pages.premises import told
from api.pages.visit import Visit, Visiting
from api.routes.asking import reading
from api.service.bed_use import SHOWN, BedThere, BedUse, Span, Use, planned_use
from api.service.change import Change
from api.service.seeing import hidden_people, is_pseudonymous
from api.store.tables import BOOKINGS, PREMISES, REFERRALS, ROOMS
from api.store.values import Row

router = APIRouter()
WEEKS = 8


@router.get("/premises/{identifier:path}")
def page_premises(identifier: str, visit: Visiting) -> HTMLResponse:
    """One premises, and its beds over some weeks."""
    with reading(visit.register, visit.actor) as change:
        row = change.row("premises", identifier)
        first = day_asked(visit, "from", change.today)
        use = planned_use(change, Stay.of(first, 7 * WEEKS), PREMISES.c.id == identifier)
        tonight = planned_use(change, Stay.of(change.today, 1), PREMISES.c.id == identifier)
        rooms = _rooms(change, identifier)
    visit.log(sorted({span.about for span in use.spans if span.use not in (Use.OUT, Use.HELD)}))
    counts = tonight.by_premises().get(identifier)
    return visit.page(
        "premises.html",
        title=row["name"],
        premises=row,
        tonight=told(counts[0]) if counts else None,
        closed_tonight=len({span.bed_id for span in tonight.closed_under()}),
        first=first,
        last=use.days[-1],
        weeks=[first + timedelta(weeks=n) for n in range(WEEKS)],
        picture=bed_picture(use, rooms),
        beds=_table(use),
        out=use.of(Use.OUT),
        closed_under={span.about for span in use.closed_under()},
        held=use.of(Use.HELD),
        over=[span for span in use.spans if span.bed_id is None],
        unnamed=any(span.inferred for span in use.spans),
        lost=len(use.lost),
        bed_names={bed.id: bed_name(bed, rooms[bed.room_id]) for bed in use.beds},
        before=first - timedelta(weeks=WEEKS),
        after=first + timedelta(weeks=WEEKS),
        one_day=timedelta(days=1),
        use_words=USE_WORDS,
        mix_words=MIX,
    )


def _rooms(change: Change, premises: str) -> dict[str, Row]:
    return {row["id"]: row for row in change.rows("room", ROOMS.c.premises_id == premises)}


def _table(use: BedUse) -> list[tuple[BedThere, list[str]]]:
    """By bed, a week at a time, what it is for in words."""
    uses = use.by_bed()
    return [
        (bed, [_in_words(uses[bed.id][7 * n : 7 * n + 7]) for n in range(WEEKS)])
        for bed in use.beds
    ]


def _in_words(nights: Sequence[Use]) -> str:
    """One word, or how many nights of each."""
    found = [use for use in (*SHOWN, Use.ABSENT) if use in nights]
    if len(found) == 1:
        return USE_WORDS[found[0]]
    return ", ".join(f"{nights.count(use)} {USE_WORDS[use].lower()}" for use in found)


@router.get("/premises-day/{identifier:path}")
def page_day(identifier: str, visit: Visiting) -> HTMLResponse:
    """One day of a premises: who is in, what is out of service, and what is empty."""
    with reading(visit.register, visit.actor) as change:
        row = change.row("premises", identifier)
        day = day_asked(visit, "day", change.today)
        use = planned_use(change, Stay.of(day, 1), PREMISES.c.id == identifier)
        rooms = _rooms(change, identifier)
        nobody = is_pseudonymous(visit.actor)
        people = [] if nobody else _people(change, visit, use)
        names = {bed.id: bed_name(bed, rooms[bed.room_id]) for bed in use.beds}
        uses = {bed: USE_WORDS[nights[0]] for bed, nights in use.by_bed().items()}
    visit.log([each["about"] for each in people])
    counts = use.by_premises().get(identifier)
    return visit.page(
        "premises_day.html",
        title=f"{row['name']} on {day.day} {day:%B %Y}",
        premises=row,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        one_day=timedelta(days=1),
        counts=told(counts[0]) if counts else None,
        over=len(use.without_bed()),
        people=sorted(people, key=lambda each: (names.get(each["bed"] or "", ""), each["arrival"])),
        out=use.of(Use.OUT),
        closed_under={span.about for span in use.closed_under()},
        held=use.of(Use.HELD),
        bed_names=names,
        nobody=nobody,
        uses=uses,
        criteria=_criteria(use, rooms),
        named=visit.may("page_bid"),
    )


def _people(change: Change, visit: Visit, use: BedUse) -> list[dict[str, Any]]:
    """Whoever has a bed, is booked, or is proposed for one; restricted stays without names.

    A restricted proposal is not among the spans: its dates would be found again among the bids.
    """
    spans: Sequence[Span] = [*use.spans, *use.lost]
    bookings = {
        row["id"]: row
        for row in change.rows(
            "booking",
            BOOKINGS.c.id.in_([s.about for s in spans if s.use in (Use.RESIDENT, Use.BOOKED)]),
        )
    }
    ids = {s.about for s in spans if s.use is Use.PROPOSED}
    ids |= {row["referral_id"] for row in bookings.values() if row["referral_id"]}
    bids = {row["id"]: row for row in change.rows("referral", REFERRALS.c.id.in_(sorted(ids)))}
    people = hidden_people(change.connection, visit.actor)
    found = []
    for span in spans:
        if span.use in (Use.OUT, Use.HELD):
            continue
        booking = bookings.get(span.about)
        bid_id = span.about if booking is None else booking["referral_id"]
        bid = bids.get(bid_id)
        crn = booking["crn"] if booking else (bid or {}).get("crn")
        secret = crn in people
        if secret and booking is None:
            continue  # another bid of theirs is restricted
        found.append(
            {
                "about": span.about,
                "use": span.use.value,
                "bed": span.bed_id,
                "inferred": span.inferred,
                "lost": span in use.lost,
                "arrival": span.nights.arrival if booking is None else booking["arrival"],
                "departure": span.nights.departure if booking is None else booking["departure"],
                "restricted": secret,
                "crn": None if secret else crn,
                "bid": None if secret else bid_id,
                "tier": None if secret else _tier(bid, booking),
                "needs": [] if secret or bid is None else sorted(bid["details"]["essential"]),
                "late": booking is not None and _is_late(booking, change.today),
            }
        )
    return found


def _is_late(booking: Row, today: date) -> bool:
    """Whether somebody is there whose day to leave has come and gone."""
    departure: date = booking["departure"]
    return booking["status"] == "arrived" and departure <= today


def _tier(bid: Row | None, booking: Row | None) -> str | None:
    """Of the bid; of a booking that came without one, what its file said."""
    details = bid["details"] if bid else ((booking or {}).get("details") or {}).get("referral")
    tier = (details or {}).get("tier")
    return None if tier is None else str(tier)


def _criteria(use: BedUse, rooms: Mapping[str, Row]) -> list[tuple[str, int, int, int]]:
    """By what a room has: beds that are there, in service, and empty."""
    uses = {bed: nights[0] for bed, nights in use.by_bed().items()}
    having: dict[str, list[Use]] = {}
    for bed in use.beds:
        for code in rooms[bed.room_id]["details"].get("characteristics", ()):
            having.setdefault(code, []).append(uses[bed.id])
    return [
        (
            Criterion(code).value,
            sum(each is not Use.ABSENT for each in found),
            sum(each not in (Use.ABSENT, Use.OUT) for each in found),
            found.count(Use.FREE),
        )
        for code, found in sorted(having.items())
    ]
