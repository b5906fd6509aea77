"""Importing the estate: premises, rooms, beds, and beds out of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from allocator.estate import OutOfService
from allocator.problem import Problem
from api.service.basis import Basis
from api.service.change import Change
from api.service.held import Held
from api.service.imported import Imported
from api.service.new_id import new_id
from api.store import records
from api.store.tables import OUT_OF_SERVICE
from api.store.values import Row


def import_estate(change: Change, problem: Problem, basis: Basis | None, done: Imported) -> None:
    """Records that files name. What they were only read against is not written back."""

    def fresh(kind: str) -> Mapping[str, object]:
        return {} if basis is None else basis.said(kind)

    premises_of = {room.id: room.premises_id for room in problem.rooms}
    said = fresh("premises")
    premises = [p for p in problem.premises if said.get(p.id) != p]
    _put(change, "premises", [records.premises_row(p, 0) for p in premises], basis, done)
    said = fresh("room")
    rooms = [room for room in problem.rooms if said.get(room.id) != room]
    _put(change, "room", [records.room_row(room, 0) for room in rooms], basis, done)
    said = fresh("bed")
    beds = [bed for bed in problem.beds if said.get(bed.id) != bed]
    rows = [records.bed_row(bed, premises_of[bed.room_id], 0) for bed in beds]
    _put(change, "bed", rows, basis, done)


def _put(
    change: Change, kind: str, rows: Iterable[Row], basis: Basis | None, done: Imported
) -> None:
    """Rows that are not there, and rows whose details differ from those that are."""
    there = {row["id"]: row for row in change.rows(kind)}
    fresh, changed = [], []
    for row in rows:
        before = there.get(row["id"])
        if before is not None and before["details"] == row["details"]:
            continue
        if basis is not None:
            basis.require_unchanged(kind, row["id"], before)
        if before is None:
            fresh.append({**row, "version": 1})
        else:
            changed.append({**row, "version": before["version"] + 1})
    change.record_all(f"{kind}.recorded", kind, fresh, by="import")
    change.record_all(f"{kind}.changed", kind, changed, by="import")
    done.recorded[kind] += len(fresh)
    done.changed[kind] += len(changed)


def import_out_of_service(
    change: Change, wanted: Iterable[OutOfService], held: Held, done: Imported
) -> None:
    """Records that are not there yet; those for nights on which somebody is booked hold nothing."""
    there = {
        (row["bed_id"], row["first_night"], row["end"], row["reason"])
        for row in change.rows("out_of_service", ~OUT_OF_SERVICE.c.cancelled)
    }
    fresh: list[Row] = []
    premises_of = {row["id"]: row["premises_id"] for row in change.rows("bed")}
    for value in wanted:
        first, end = value.nights.arrival, value.nights.departure
        if (value.bed_id, first, end, value.reason) in there:
            continue
        row: Row = {
            "id": new_id(),
            "version": 1,
            "bed_id": value.bed_id,
            "premises_id": premises_of[value.bed_id],
            "first_night": first,
            "end": end,
            "reason": value.reason,
            "cancelled": False,
            "in_conflict": not held.is_free(value.bed_id, first, end),
        }
        if row["in_conflict"]:
            done.in_conflict.append(row["id"])
        else:
            held.close(row)
        fresh.append(row)
    change.record_all("out_of_service.recorded", "out_of_service", fresh, by="import")
    done.recorded["out_of_service"] += len(fresh)
