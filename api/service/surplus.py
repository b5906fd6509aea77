"""Surplus: a booking that no bed could hold gets its nights once its bed is free."""

from __future__ import annotations

from allocator.nights import Stay
from api.service.change import Change
from api.service.claims import require_free
from api.service.refusals import ConflictError
from api.store.values import Row


def seated(change: Change, row: Row) -> Row:
    """The booking with its nights from today on, where its bed is free for all of them."""
    first = max(row["held_from"], change.today)
    if not row["surplus"] or row["bed_id"] is None or first >= row["departure"]:
        return row
    try:
        stay = Stay(first, row["departure"])
        require_free(change, row["crn"], row["bed_id"], stay, ignoring=[row["id"]])
    except ConflictError:
        return row
    return {**row, "surplus": False, "held_from": first}
