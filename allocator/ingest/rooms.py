"""The rooms layout: 26 columns of the ministry's service, one row a bed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from allocator.estate import Bed, Room
from allocator.ingest import headers
from allocator.ingest.cells import Column, Day, Identifier, Row, Text, YesNo
from allocator.ingest.complaints import listed
from allocator.ingest.context import Context
from allocator.ingest.estate_index import (
    MEND_THAT_ROW,
    PREMISES_WITH_A_FAULT,
    ROOM_WITH_A_FAULT,
    EstateIndex,
)
from allocator.ingest.layout import Entry, Layout
from allocator.ingest.risk_values import ROOM_CRITERIA
from allocator.vocabulary import Criterion

HEADER = headers.ROOMS
RESTRICTING = frozenset({Criterion.HAS_ARSON_INSURANCE_CONDITIONS})
"""Features that narrow what a room may be used for: one row that has them is enough."""


class RoomRow(Row):
    """One bed, with the features of its room."""

    ap_code: Annotated[Identifier, Column("code of the premises", example="APX1", name="apCode")]
    room_number: Annotated[
        Identifier, Column("the room's number or name", example="1", name="roomNumber")
    ]
    bed_code: Annotated[
        Identifier,
        Column(
            "the bed's code; its id when no other bed has it",
            blank="the id is apCode/roomNumber/number",
            example="APX1-01",
            name="bedCode",
        ),
    ] = ""
    bed_count: Annotated[
        Text, Column("number of the bed in the room", "1, 2 …", "counted", "1", "bedCount")
    ] = ""
    arson_designated: Annotated[
        YesNo | None, Column("no longer used", "YES, NO", "–", name="isArsonDesignated")
    ] = None
    bed_start: Annotated[
        Day | None, Column("first day the bed is there", "date", "always", name="bedStart")
    ] = None
    bed_end: Annotated[
        Day | None, Column("the bed is gone on this day", "date", "never", name="bedEnd")
    ] = None
    flags: dict[Criterion, YesNo] = Field(default_factory=dict)


LAYOUT = Layout(
    name="rooms",
    title="Rooms and beds",
    row=RoomRow,
    marks=frozenset({"apCode", "roomNumber"}),
    header=HEADER,
    flags=tuple(criterion for criterion in Criterion if criterion in ROOM_CRITERIA),
    protective=frozenset({"bedStart", "bedEnd"}),
)


@dataclass(slots=True)
class Rooms:
    """Rooms and beds, and the code that each bed has in the file."""

    rooms: list[Room] = field(default_factory=list)
    beds: list[Bed] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)


def read_rooms(entries: Iterable[Entry[RoomRow]], index: EstateIndex, context: Context) -> Rooms:
    """Rooms from the rows of their beds; a room has a feature only when every row says so."""
    good = _without_repeats(list(entries), context)
    of_room: dict[tuple[str, str], list[Entry[RoomRow]]] = defaultdict(list)
    for entry in good:
        row = entry.row
        premises = index.by_code(row.ap_code)
        if premises is None and index.premises_is_faulty(row.ap_code):
            index.add_faulty_bed(row.ap_code, row.room_number, row.bed_code)
            context.findings.complain(
                entry.place,
                PREMISES_WITH_A_FAULT,
                MEND_THAT_ROW,
                "apCode",
                row.ap_code,
                follows=True,
            )
        elif premises is None:
            context.findings.complain(
                entry.place,
                "is not in the premises file",
                "correct the code, or add the premises",
                "apCode",
                row.ap_code,
            )
        elif _dates_are_good(entry, context):
            of_room[premises, row.room_number].append(entry)
        else:
            index.add_faulty_bed(row.ap_code, row.room_number, row.bed_code)
    times = Counter(entry.row.bed_code for entry in good)
    found = Rooms()
    for (premises, number), rows in sorted(of_room.items(), key=lambda item: item[0]):
        if index.room_is_faulty(premises, number):
            # With a bed less the room would pass for a single one.
            for entry in rows:
                index.add_faulty_bed(premises, number, entry.row.bed_code)
                context.findings.complain(
                    entry.place,
                    ROOM_WITH_A_FAULT,
                    MEND_THAT_ROW,
                    "roomNumber",
                    number,
                    follows=True,
                )
            continue
        _add_room(premises, number, _in_order(rows), times, found, context)
    return found


def _without_repeats(entries: Sequence[Entry[RoomRow]], context: Context) -> list[Entry[RoomRow]]:
    """Rows, without those that say the same bed of the same room again."""
    seen: dict[tuple[str, str, str], Entry[RoomRow]] = {}
    good = []
    for entry in entries:
        row = entry.row
        key = (row.ap_code, row.room_number, row.bed_code)
        first = seen.setdefault(key, entry) if row.bed_code else entry
        if first is entry:
            good.append(entry)
        else:
            context.findings.complain(
                entry.place,
                f"is also in row {first.place.row}",
                "keep one of the rows",
                "bedCode",
                row.bed_code,
                also_row=first.place.row,
            )
    return good


def _dates_are_good(entry: Entry[RoomRow], context: Context) -> bool:
    start, end = entry.row.bed_start, entry.row.bed_end
    if start is None or end is None or start < end:
        return True
    context.findings.complain(
        entry.place, "is not after bedStart", "correct one of the dates", "bedEnd", str(end)
    )
    return False


def _in_order(rows: list[Entry[RoomRow]]) -> list[Entry[RoomRow]]:
    """By bed number where it says anything, then by code: not by the order of the file."""
    return sorted(rows, key=lambda entry: (entry.row.bed_count, entry.row.bed_code))


def _add_room(
    premises: str,
    number: str,
    rows: list[Entry[RoomRow]],
    times: Counter[str],
    found: Rooms,
    context: Context,
) -> None:
    room = Room(
        f"{premises}/{number}", premises, number, _features(premises, number, rows, context)
    )
    found.rooms.append(room)
    counts = [entry.row.bed_count for entry in rows]
    numbers_tell = all(counts) and len(set(counts)) == len(counts)
    for position, entry in enumerate(rows, start=1):
        row = entry.row
        label = row.bed_count if numbers_tell else str(position)
        own_code = bool(row.bed_code) and times[row.bed_code] == 1
        bed = Bed(
            row.bed_code if own_code else f"{room.id}/{label}",
            room.id,
            f"{number} - {label}",
            row.bed_start,
            row.bed_end,
        )
        found.beds.append(bed)
        found.codes[bed.id] = row.bed_code
        if row.bed_code and not own_code:
            context.findings.note(
                "bed_code_shared",
                bed.id,
                f"several beds have the code {row.bed_code}: this one is called {bed.id}",
            )


def _features(
    premises: str, number: str, rows: Sequence[Entry[RoomRow]], context: Context
) -> frozenset[Criterion]:
    """What every row of the room says it has; a feature that restricts needs one row only."""
    sets = [frozenset(c for c, has in entry.row.flags.items() if has) for entry in rows]
    every, some = frozenset.intersection(*sets), frozenset.union(*sets)
    differ = sorted(some - every)
    subject = f"{premises}/{number}"
    if differ:
        context.findings.note(
            "room_rows_disagree",
            subject,
            f"the rows of room {subject} disagree on {listed(differ)}: read with caution",
        )
    if _arson_words_differ(rows):
        context.findings.note(
            "legacy_arson_column",
            subject,
            f"isArsonDesignated of room {subject} differs from isArsonSuitable: not read",
        )
    features = every | (some & RESTRICTING)
    if len(rows) > 1 and Criterion.IS_SINGLE in features:
        context.findings.note(
            "single_with_two_beds",
            subject,
            f"room {subject} is marked single and has {len(rows)} beds: not read as single",
        )
        features -= {Criterion.IS_SINGLE}
    return features


def _arson_words_differ(rows: Iterable[Entry[RoomRow]]) -> bool:
    return any(
        entry.row.arson_designated is not None
        and entry.row.arson_designated != entry.row.flags.get(Criterion.IS_ARSON_SUITABLE, False)
        for entry in rows
    )
