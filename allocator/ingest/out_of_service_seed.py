"""Out-of-service records as the ministry's service takes them in: by premises and bed code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
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
from allocator.nights import Stay


class SeedRow(Row):
    """Days, both ends included, on which a bed cannot be used."""

    premises_id: Annotated[
        Identifier, Column("apCode, qCode or name", example="APX1", name="premisesId")
    ]
    bed_id: Annotated[Identifier, Column("code or id of the bed", example="APX1-01", name="bedId")]
    start: Annotated[
        Day, Column("first day out of service", "date", example="2026-12-01", name="startDate")
    ]
    end: Annotated[
        Day, Column("last day out of service", "date", example="2026-12-14", name="endDate")
    ]
    reason: Annotated[Text, Column("why", blank="not recorded", name="reasonId")] = ""
    is_cancelled: Annotated[
        Text, Column("YES: the row is left out", "YES, NO", "NO", "NO", "isCancelled")
    ] = ""


def _leave_out(raw: Mapping[str, object]) -> str | None:
    return "cancelled" if is_yes(raw.get("is_cancelled")) else None


def is_yes(text: object) -> bool:
    """Whether a cell that decides if the row is read at all says yes."""
    return str(text or "").casefold() in ("yes", "y", "true")


LAYOUT = Layout(
    name="out-of-service",
    title="Out-of-service beds, by code",
    row=SeedRow,
    marks=frozenset({"premisesId", "bedId", "startDate"}),
    header=headers.OUT_OF_SERVICE_SEED,
    leave_out=_leave_out,
)


def read_seed(
    entries: Iterable[Entry[SeedRow]], index: EstateIndex, context: Context
) -> list[OutOfService]:
    """A record for each row that names a bed of the estate."""
    found = []
    for entry in entries:
        row = entry.row
        try:
            nights = inclusive(row.start, row.end)
            premises = index.by_code(row.premises_id) or index.by_name(row.premises_id)
            if premises is None and index.premises_is_faulty(row.premises_id):
                raise BadRowError(
                    "premisesId",
                    PREMISES_WITH_A_FAULT,
                    MEND_THAT_ROW,
                    row.premises_id,
                    follows=True,
                )
            if premises is None:
                raise BadRowError(
                    "premisesId",
                    "is not in the premises file",
                    "write the apCode",
                    row.premises_id,
                )
            bed = index.bed(row.bed_id, premises)
            if bed is None and index.bed_is_faulty(premises, row.bed_id):
                raise BadRowError(
                    "bedId", BED_WITH_A_FAULT, MEND_THAT_ROW, row.bed_id, follows=True
                )
            if bed is None:
                raise BadRowError(
                    "bedId",
                    f"is not a bed of {premises}",
                    "write the bedCode as in the rooms file",
                    row.bed_id,
                )
            found.append(OutOfService(bed, nights, row.reason))
        except BadRowError as bad:
            context.findings.complain(
                entry.place, bad.wrong, bad.mend, bad.column, bad.value, follows=bad.follows
            )
    return found


def inclusive(start: date, end: date) -> Stay:
    """Days given by the first and the last of them: the one place where that is turned round."""
    if end < start:
        raise BadRowError("endDate", "is before startDate", "correct one of the dates", str(end))
    return Stay(start, end + timedelta(days=1))
