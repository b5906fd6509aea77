"""Bed use: what each bed is for on each night: who has it, whom it is for, or why it is not there.

Only spans that meet the nights asked for are read; nobody is named here. What is proposed for
people whom the actor may not see is not in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from allocator.nights import Stay
from api.service.change import Change
from api.service.held_nights import in_force, left_of
from api.service.holds import keeps_out
from api.service.plan_needs import plan_needs
from api.service.waiting_proposals import of_nights, waiting_proposals
from api.store.apply import HOLDING
from api.store.records import referral
from api.store.tables import (
    BEDS,
    BOOKINGS,
    HOLDS,
    OUT_OF_SERVICE,
    PREMISES,
    PROPOSALS,
    REFERRALS,
)
from api.store.values import Row


class Use(StrEnum):
    """What a bed is for on a night. People before all else: whoever is there is there."""

    RESIDENT = "resident"
    BOOKED = "booked"
    OUT = "out"
    PROPOSED = "proposed"
    HELD = "held"
    FREE = "free"
    ABSENT = "absent"


SHOWN = (Use.RESIDENT, Use.BOOKED, Use.PROPOSED, Use.HELD, Use.OUT, Use.FREE)
"""In the order in which counts are told."""
_FIRST = (Use.HELD, Use.PROPOSED, Use.OUT, Use.BOOKED, Use.RESIDENT)
"""In the order in which nights are marked: what is marked later stands."""


@dataclass(frozen=True, slots=True)
class Span:
    """Nights of a bed and what they are for. `about`: the record; `bed_id` None: none holds it.

    `inferred`: nobody has named the bed; it is as the plan has it, or as the import found it.
    `kept_from`: nights of a proposal that a hold keeps from its person: the bed is held on them.
    """

    use: Use
    premises_id: str
    bed_id: str | None
    nights: Stay
    about: str
    reason: str = ""
    inferred: bool = False
    kept_from: Sequence[Stay] = ()


@dataclass(frozen=True, slots=True)
class BedThere:
    """A bed and the nights on which it is there at all."""

    id: str
    premises_id: str
    room_id: str
    name: str
    starts: date | None
    ends: date | None

    def is_there(self, night: date) -> bool:
        """Whether it can be slept in, were it in service."""
        begun = self.starts is None or self.starts <= night
        return begun and (self.ends is None or night < self.ends)


@dataclass(frozen=True)
class BedUse:
    """Beds of some premises over some nights.

    `lost`: proposals for which no room can be made any more. They are not among the spans.
    """

    nights: Stay
    beds: Sequence[BedThere]
    spans: Sequence[Span]
    lost: Sequence[Span] = ()

    @property
    def days(self) -> list[date]:
        """Each of the nights."""
        first = self.nights.arrival
        return [first + timedelta(days=n) for n in range(self.nights.nights)]

    def by_bed(self) -> dict[str, list[Use]]:
        """By bed, its use on each of the nights."""
        of_bed: dict[str, list[Span]] = defaultdict(list)
        for span in sorted(self.spans, key=lambda each: _FIRST.index(each.use)):
            if span.bed_id is not None:
                of_bed[span.bed_id].append(span)
        days = self.days
        return {bed.id: self._uses(bed, of_bed[bed.id], days) for bed in self.beds}

    def _uses(self, bed: BedThere, spans: Sequence[Span], days: Sequence[date]) -> list[Use]:
        uses = [Use.FREE] * len(days)
        if bed.starts is not None or bed.ends is not None:
            uses = [Use.FREE if bed.is_there(day) else Use.ABSENT for day in days]
        for span in spans:
            self._mark(uses, span.nights, span.use)
            for nights in span.kept_from:
                self._mark(uses, nights, Use.HELD)
        return uses

    def _mark(self, uses: list[Use], nights: Stay, use: Use) -> None:
        first = self.nights.arrival
        begin = max(0, (nights.arrival - first).days)
        end = min(len(uses), (nights.departure - first).days)
        if end > begin:
            uses[begin:end] = [use] * (end - begin)

    def by_premises(self) -> dict[str, list[Counter[Use]]]:
        """By premises, how many beds are for what on each of the nights."""
        uses = self.by_bed()
        found: dict[str, list[Counter[Use]]] = defaultdict(lambda: [Counter() for _ in self.days])
        for bed in self.beds:
            for night, use in zip(found[bed.premises_id], uses[bed.id], strict=True):
                night[use] += 1
        return dict(found)

    def closed_under(self) -> list[Span]:
        """Nights on which a bed is out of service and somebody is in it, or booked: they count as
        people's nights."""
        there = [span for span in self.spans if span.use in (Use.RESIDENT, Use.BOOKED)]
        commons = [
            (out, out.nights.common(span.nights))
            for out in self.spans
            if out.use is Use.OUT
            for span in there
            if span.bed_id == out.bed_id
        ]
        return [replace(out, nights=nights) for out, nights in commons if nights is not None]

    def of(self, use: Use) -> list[Span]:
        """Spans of one use, by bed and first night."""
        place = {bed.id: n for n, bed in enumerate(self.beds)}
        found = [span for span in self.spans if span.use is use]
        return sorted(
            found, key=lambda span: (place.get(span.bed_id or "", 0), span.nights.arrival)
        )

    def without_bed(self) -> list[Span]:
        """Bookings that no bed of the premises holds."""
        return [span for span in self.spans if span.bed_id is None]


def in_service(counts: Mapping[Use, int]) -> int:
    """Beds that are there and can be used."""
    return sum(counts.get(use, 0) for use in SHOWN if use is not Use.OUT)


def bed_use(change: Change, nights: Stay, *premises: Any) -> BedUse:
    """The use of the beds of these premises (conditions on the table of premises; none: all).

    Somebody whose bed nobody has named is in the one that the register keeps for them.
    """
    return BedUse(nights, _beds(change, premises), tuple(_spans(change, nights, premises, {})))


def planned_use(change: Change, nights: Stay, *premises: Any) -> BedUse:
    """The same as the plan has it whose proposals wait: from today on, whoever makes room for one
    of them is in the bed to which they would move. So no proposal is behind somebody.
    """
    needs = plan_needs(change, *premises)
    gone = {row["id"] for row in needs.lost}
    spans = _spans(change, nights, premises, needs.seats, gone)
    lost = [_proposed(row) for row in needs.lost]
    lost = [span for span in lost if span.nights.meets(nights)]
    return BedUse(nights, _beds(change, premises), tuple(spans), tuple(lost))


def _among(column: Any, premises: Sequence[Any]) -> list[Any]:
    return [column.in_(select(PREMISES.c.id).where(*premises))] if premises else []


def _beds(change: Change, premises: Sequence[Any]) -> list[BedThere]:
    told = [BEDS.c.details[name].as_string().label(name) for name in ("name", "starts", "ends")]
    wanted = select(BEDS.c.id, BEDS.c.premises_id, BEDS.c.room_id, *told)
    rows = change.connection.execute(
        wanted.where(*_among(BEDS.c.premises_id, premises)).order_by(BEDS.c.room_id, BEDS.c.id)
    )
    return [
        BedThere(row.id, row.premises_id, row.room_id, row.name, _day(row.starts), _day(row.ends))
        for row in rows
    ]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _spans(
    change: Change,
    nights: Stay,
    premises: Sequence[Any],
    seats: Mapping[str, str],
    gone: Collection[str] = (),
) -> list[Span]:
    holds = in_force(change.connection, change.today, *_among(HOLDS.c.premises_id, premises))
    return [
        *_bookings(change, nights, premises, seats),
        *_out(change, nights, premises),
        *_proposals(change, nights, premises, gone, holds),
        *_held(nights, holds),
    ]


def staying_until(row: Row, today: date, overstay_nights: int) -> date:
    """The departure; of a resident whose day has gone by, the one that plans take for it."""
    departure: date = row["departure"]
    if row["status"] == "arrived" and departure <= today:
        return today + timedelta(days=max(1, overstay_nights))
    return departure


def _bookings(
    change: Change, nights: Stay, premises: Sequence[Any], seats: Mapping[str, str]
) -> list[Span]:
    there = (BOOKINGS.c.departure > nights.arrival) | (BOOKINGS.c.status == "arrived")
    names = ("status", "premises_id", "bed_id", "bed_inferred", "surplus", "arrival", "departure")
    rows = change.outlines(
        "booking",
        names,
        BOOKINGS.c.status.in_(HOLDING),
        BOOKINGS.c.arrival < nights.departure,
        there,
        *_among(BOOKINGS.c.premises_id, premises),
    )
    found = []
    for row in rows:
        until = staying_until(row, change.today, change.policy.overstay_nights)
        stay = Stay(row["arrival"], until) if row["arrival"] < until else None
        if stay is not None and stay.meets(nights):
            parts = _spans_of(row, stay, change.today, seats.get(row["id"]))
            found += [span for span in parts if span.nights.meets(nights)]
    return found


def _spans_of(row: Row, stay: Stay, today: date, seat: str | None) -> list[Span]:
    """A booking's nights: up to today in the bed that it has, from today on in `seat`, if any."""
    use = Use.RESIDENT if row["status"] == "arrived" else Use.BOOKED
    bed = None if row["surplus"] else row["bed_id"]
    inferred = bed is not None and bool(row["bed_inferred"])
    turn = stay.arrival if seat is None else min(max(stay.arrival, today), stay.departure)
    parts = [(bed, stay.arrival, turn), (seat or bed, turn, stay.departure)]
    return [
        Span(use, row["premises_id"], where, Stay(first, end), row["id"], inferred=inferred)
        for where, first, end in parts
        if first < end
    ]


def _out(change: Change, nights: Stay, premises: Sequence[Any]) -> list[Span]:
    rows = change.outlines(
        "out_of_service",
        ("premises_id", "bed_id", "first_night", "end", "reason"),
        ~OUT_OF_SERVICE.c.cancelled,
        OUT_OF_SERVICE.c.first_night < nights.departure,
        OUT_OF_SERVICE.c.end > nights.arrival,
        *_among(OUT_OF_SERVICE.c.premises_id, premises),
    )
    return [
        Span(
            Use.OUT,
            row["premises_id"],
            row["bed_id"],
            Stay(row["first_night"], row["end"]),
            row["id"],
            row["reason"],
        )
        for row in rows
    ]


def _proposals(
    change: Change,
    nights: Stay,
    premises: Sequence[Any],
    gone: Collection[str],
    holds: Sequence[Row],
) -> list[Span]:
    rows = waiting_proposals(change, *of_nights(nights), *_among(PROPOSALS.c.premises_id, premises))
    rows = [row for row in rows if row["id"] not in gone]
    kept_from = _kept_from(change, rows, holds)
    return [replace(_proposed(row), kept_from=kept_from.get(row["id"], ())) for row in rows]


def _kept_from(
    change: Change, proposals: Sequence[Row], holds: Sequence[Row]
) -> dict[str, list[Stay]]:
    """By proposal, those of its nights that a hold keeps from the person: it was made later, or
    is passed over by whoever accepts the proposal.
    """
    of_bed: dict[str, list[Row]] = defaultdict(list)
    for hold in holds:
        of_bed[hold["bed_id"]].append(hold)
    met = [row for row in proposals if row["bed_id"] in of_bed]
    ids = sorted(row["referral_id"] for row in met)
    bids = {row["id"]: row for row in change.rows("referral", REFERRALS.c.id.in_(ids))}
    found: dict[str, list[Stay]] = {}
    for row in met:
        stay = Stay(row["arrival"], row["departure"])
        band = change.policy.known_band(referral(bids[row["referral_id"]]))
        found[row["id"]] = [
            Stay(max(span.arrival, stay.arrival), min(span.departure, stay.departure))
            for hold in of_bed[row["bed_id"]]
            if keeps_out(hold, stay, band)
            for span in left_of(hold)
            if span.meets(stay)
        ]
    return found


def _proposed(row: Row) -> Span:
    nights = Stay(row["arrival"], row["departure"])
    return Span(Use.PROPOSED, row["premises_id"], row["bed_id"], nights, row["referral_id"])


def _held(nights: Stay, holds: Sequence[Row]) -> list[Span]:
    return [
        Span(Use.HELD, row["premises_id"], row["bed_id"], span, row["id"], row["why"])
        for row in holds
        for span in left_of(row)
        if span.meets(nights)
    ]
