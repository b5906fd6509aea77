"""Left out: how many rows of files that came in did not, kept in the timeline without whose."""

from __future__ import annotations

from api.service.change import Change

LEFT_OUT = "register.rows_left_out"
MARK = "rows_left_out"
"""The mark that says when rows of files were last left out."""


def record_left_out(change: Change, *, with_faults: int, by_hand: int) -> None:
    """An event, where there were any: rows left out for their faults, and by whoever sent them."""
    if not with_faults and not by_hand:
        return
    row = change.find("mark", MARK)
    version = 1 if row is None else row["version"] + 1
    mark = {"id": MARK, "version": version, "at": change.at}
    change.record(LEFT_OUT, "mark", mark, with_faults=with_faults, by_hand=by_hand)
