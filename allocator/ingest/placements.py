"""The ministry's placements report: who sleeps where, and who is booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated

from allocator.booking import Booking
from allocator.ingest import headers
from allocator.ingest.cells import Column, Crn, Day, Gender, Identifier, ShareUntil, Text, YesNo
from allocator.ingest.context import Context
from allocator.ingest.demand_facts import DemandRow, facts_of
from allocator.ingest.estate_index import (
    BED_WITH_A_FAULT,
    MEND_THAT_ROW,
    PREMISES_WITH_A_FAULT,
    EstateIndex,
)
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.release_list import share_assessment
from allocator.ingest.risk_values import ROOM_CRITERIA
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.vocabulary import Gender as Estate
from allocator.vocabulary import Offence


class PlacementRow(DemandRow):
    """One space booking, with what the report knows of the person's request."""

    placement_id: Annotated[
        Identifier, Column("number of the placement; one row each", example="EXAMPLE-9")
    ]
    premises_name: Annotated[
        Identifier, Column("name or code of the premises", example="Invented House")
    ]
    crn: Annotated[
        Crn,
        Column("the person's case reference number", "a letter and six digits", example="X000009"),
    ]
    expected_arrival_date: Annotated[Day, Column("arrival as booked", "date", example="2026-11-01")]
    expected_departure_date: Annotated[
        Day, Column("departure as booked", "date", example="2027-01-24")
    ]
    actual_arrival_date: Annotated[
        Day | None, Column("filled: the person has arrived", "date", "not arrived", "2026-11-01")
    ] = None
    actual_departure_date: Annotated[
        Day | None, Column("filled and past: the row is left out", "date", "not departed")
    ] = None
    non_arrival_recorded_date_time: Annotated[
        Text, Column("filled: the row is left out", "date and time", "not recorded")
    ] = ""
    non_arrival_reason: Annotated[
        Text, Column("filled: the row is left out", "text", "not recorded")
    ] = ""
    placement_withdrawn_date: Annotated[
        Text, Column("filled: the row is left out", "date", "not withdrawn")
    ] = ""
    gender: Annotated[
        Gender | None, Column("which estate", "Male, Female", "nothing is known of the request")
    ] = None
    bed_code: Annotated[
        Identifier, Column("the bed, where it is known", "code or id of a bed", "not known")
    ] = ""
    share_suitable: Annotated[
        YesNo | None, Column("assessed as suitable to share a room", "YES, NO", "not assessed")
    ] = None
    share_valid_until: Annotated[
        ShareUntil, Column("last night the assessment holds; needed with YES", "date")
    ] = None


def _leave_out(raw: Mapping[str, object]) -> str | None:
    if "placement_withdrawn_date" in raw:
        return "withdrawn"
    absent = ("non_arrival_recorded_date_time", "non_arrival_reason")
    return "did not arrive" if any(name in raw for name in absent) else None


LAYOUT = Layout(
    name="placements",
    title="Placements report",
    row=PlacementRow,
    marks=frozenset({"placement_id", "premises_name"}),
    header=tuple(dict.fromkeys((*headers.PLACEMENTS, *headers.DEMAND))),
    repeated=frozenset({"expected_arrival_date", "expected_departure_date"}),
    protective=frozenset(
        {
            "tier",
            "mappa",
            "criteria",
            "actual_arrival_date",
            "bed_code",
            "share_suitable",
            "share_valid_until",
        }
    ),
    leave_out=_leave_out,
)


def read_placements(
    entries: Iterable[Entry[PlacementRow]], index: EstateIndex, context: Context
) -> list[Booking]:
    """A booking for each placement with nights still to come."""
    seen: dict[str, Entry[PlacementRow]] = {}
    found = []
    for entry in entries:
        first = seen.setdefault(entry.row.placement_id, entry)
        try:
            if first is not entry:
                raise BadRowError(
                    "placement_id",
                    f"is also in row {first.place.row}",
                    "keep one of the rows",
                    entry.row.placement_id,
                    also_row=first.place.row,
                )
            booking = _booking(entry.row, index, context)
        except BadRowError as bad:
            context.findings.complain(
                entry.place,
                bad.wrong,
                bad.mend,
                bad.column,
                bad.value,
                follows=bad.follows,
                also_row=bad.also_row,
            )
            continue
        if booking is not None:
            found.append(booking)
    return found


def _booking(row: PlacementRow, index: EstateIndex, context: Context) -> Booking | None:
    stay = _stay(row, context)
    if stay is None:
        return None
    premises = index.by_name(row.premises_name)
    if premises is None and index.premises_is_faulty(row.premises_name):
        raise BadRowError(
            "premises_name", PREMISES_WITH_A_FAULT, MEND_THAT_ROW, row.premises_name, follows=True
        )
    if premises is None:
        raise BadRowError(
            "premises_name",
            "is not in the premises file, or means several",
            "write the name or the apCode as in the premises file",
            row.premises_name,
        )
    return Booking(
        id=row.placement_id,
        crn=row.crn,
        premises_id=premises,
        stay=stay,
        resident=_is_resident(row, context.as_of),
        bed_id=_bed(row, premises, index),
        essential=row.asked & ROOM_CRITERIA,
        sharing=share_assessment(row.share_suitable, row.share_valid_until),
        referral=None if row.gender is None else _request(row, row.gender, stay, context),
    )


def _stay(row: PlacementRow, context: Context) -> Stay | None:
    """The nights booked, longer for someone who has stayed on; None when they are over."""
    arrival = row.actual_arrival_date or row.expected_arrival_date
    departure = row.actual_departure_date or row.expected_departure_date
    if departure <= arrival and row.actual_departure_date is None:
        raise BadRowError(
            "expected_departure_date",
            f"is not after the arrival on {arrival}",
            "correct one of the dates",
            str(departure),
        )
    if departure > context.as_of and departure > arrival:
        if row.actual_arrival_date is None and arrival < context.as_of:
            context.findings.note(
                "arrival_not_recorded",
                row.placement_id,
                f"placement {row.placement_id} should have begun on {arrival} and no arrival is "
                "recorded: it keeps its space",
            )
        return Stay(arrival, departure)
    has_left = row.actual_departure_date is not None
    if has_left or not _is_resident(row, context.as_of):
        return None
    return _overstay(row, arrival, context)


def _overstay(row: PlacementRow, arrival: date, context: Context) -> Stay | None:
    """A resident past the expected departure keeps the bed for some nights more, or none."""
    nights = context.overstay_nights
    what = f"is read as staying {nights} nights more" if nights else "counts as gone"
    context.findings.note(
        "overstay",
        row.placement_id,
        f"placement {row.placement_id} should have ended on {row.expected_departure_date} and no "
        f"departure is recorded: the person {what}",
    )
    return Stay(arrival, context.as_of + timedelta(days=nights)) if nights else None


def _is_resident(row: PlacementRow, as_of: date) -> bool:
    return row.actual_arrival_date is not None and row.actual_arrival_date <= as_of


def _bed(row: PlacementRow, premises: str, index: EstateIndex) -> str | None:
    if not row.bed_code:
        return None
    bed = index.bed(row.bed_code, premises)
    if bed is None and index.bed_is_faulty(premises, row.bed_code):
        raise BadRowError("bed_code", BED_WITH_A_FAULT, MEND_THAT_ROW, row.bed_code, follows=True)
    if bed is None:
        raise BadRowError(
            "bed_code",
            f"is not a bed of {premises}",
            "write the bedCode as in the rooms file, or leave it blank",
            row.bed_code,
        )
    return bed


def _request(row: PlacementRow, gender: Estate, stay: Stay, context: Context) -> Referral:
    """What is known of the person. Bookings never carry the hate-crime criterion: not known."""
    facts = facts_of(row.placement_id, row, context)
    hate = frozenset({Offence.HATE}) - facts.offences
    return Referral(
        id=f"{row.placement_id}/referral",
        crn=row.crn,
        gender=gender,
        release_date=stay.arrival,
        latest_arrival=stay.arrival,
        nights=stay.nights,
        ap_type=row.premises_type,
        tier=facts.tier,
        rosh=facts.rosh,
        mappa_level=facts.mappa_level,
        mappa_category=facts.mappa_category,
        outcode=facts.outcode,
        location=facts.location,
        essential=facts.essential,
        offences=facts.offences,
        offences_unknown=facts.offences_unknown | hate,
        protected=facts.protected,
        assumptions=facts.assumptions,
    )
