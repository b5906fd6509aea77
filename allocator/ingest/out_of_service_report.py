"""The ministry's report on out-of-service beds, which names beds by premises, room and bed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from allocator.estate import OutOfService
from allocator.ingest import headers
from allocator.ingest.cells import Column, Day, Identifier, Row, Text
from allocator.ingest.context import Context
from allocator.ingest.estate_index import (
    BED_WITH_A_FAULT,
    MEND_THAT_ROW,
    PREMISES_WITH_A_FAULT,
    EstateIndex,
)
from allocator.ingest.layout import BadRowError, Entry, Layout
from allocator.ingest.out_of_service_seed import inclusive, is_yes


class ReportRow(Row):
    """Days, both ends included, on which a bed cannot be used."""

    room_name: Annotated[Identifier, Column("name of the room", example="1", name="roomName")]
    bed_name: Annotated[
        Identifier,
        Column("name of the bed, or its code", "room - number", example="1 - 1", name="bedName"),
    ]
    ap: Annotated[Identifier, Column("name of the premises", example="Invented House")]
    ap_q_code: Annotated[
        Identifier, Column("its q code, tried first", blank="the name", name="apQCode")
    ] = ""
    start: Annotated[
        Day, Column("first day out of service", "date", example="2026-12-01", name="startDate")
    ]
    end: Annotated[
        Day, Column("last day out of service", "date", example="2026-12-14", name="endDate")
    ]
    reason: Annotated[Text, Column("why", blank="not recorded")] = ""
    cancelled: Annotated[Text, Column("YES: the row is left out", "YES, NO", "NO")] = ""


def _leave_out(raw: Mapping[str, object]) -> str | None:
    return "cancelled" if is_yes(raw.get("cancelled")) else None


LAYOUT = Layout(
    name="out-of-service-report",
    title="Out-of-service beds report",
    row=ReportRow,
    marks=frozenset({"roomName", "bedName", "startDate"}),
    header=headers.OUT_OF_SERVICE_REPORT,
    leave_out=_leave_out,
)


def read_report(
    entries: Iterable[Entry[ReportRow]], index: EstateIndex, context: Context
) -> list[OutOfService]:
    """A record for each row that names a bed of the estate."""
    found = []
    for entry in entries:
        row = entry.row
        try:
            nights = inclusive(row.start, row.end)
            found.append(OutOfService(_bed(row, index), nights, row.reason))
        except BadRowError as bad:
            context.findings.complain(
                entry.place, bad.wrong, bad.mend, bad.column, bad.value, follows=bad.follows
            )
    return found


def _bed(row: ReportRow, index: EstateIndex) -> str:
    premises = (index.by_code(row.ap_q_code) if row.ap_q_code else None) or index.by_name(row.ap)
    if premises is None and index.premises_is_faulty(row.ap_q_code, row.ap):
        raise BadRowError("ap", PREMISES_WITH_A_FAULT, MEND_THAT_ROW, row.ap, follows=True)
    if premises is None:
        raise BadRowError(
            "ap", "is not in the premises file", "write the name, the apCode or the q code", row.ap
        )
    bed = index.bed_by_name(premises, row.room_name, row.bed_name)
    bed = bed or index.bed(row.bed_name, premises)
    if bed is None and index.bed_is_faulty(premises, row.bed_name, row.room_name):
        raise BadRowError("bedName", BED_WITH_A_FAULT, MEND_THAT_ROW, row.bed_name, follows=True)
    if bed is None:
        raise BadRowError(
            "bedName",
            f"is not a bed of room {row.room_name} of {premises}",
            "write the bed as room - number, or its bedCode",
            row.bed_name,
        )
    return bed
