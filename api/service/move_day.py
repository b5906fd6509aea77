"""Move day: from which day whoever is booked or there may be in another bed."""

from __future__ import annotations

from datetime import date

from api.service.refusals import ConflictError, InvalidError
from api.store.apply import HOLDING
from api.store.values import Row


def first_move_day(row: Row, today: date) -> date:
    """The first such day; of a stay that has not begun the only one: it moves as a whole."""
    first: date = max(row["held_from"], today) if row["status"] == "arrived" else row["arrival"]
    return first


def may_move(row: Row, today: date) -> bool:
    """Whether there is such a day."""
    first = first_move_day(row, today)
    return row["status"] in HOLDING and today <= first < row["departure"]


def require_move_day(row: Row, day: date, today: date) -> None:
    """Raise ConflictError or InvalidError unless the booking may be in another bed from the day on.

    Cut in two, a stay that has not begun could come to different ends and its bid to none.
    """
    first = first_move_day(row, today)
    if first < today:
        raise ConflictError(
            f"the arrival of {first} is not recorded: record it, or that the person did not "
            "arrive, before they are moved to another bed",
            code="arrival-not-recorded",
        )
    if row["status"] != "arrived" and day != first:
        raise InvalidError(
            f"a stay that has not begun moves as a whole: from its arrival, {first}",
            code="moves-as-a-whole",
        )
    if not first <= day < row["departure"]:
        raise InvalidError(
            "the day must be within the stay, and not before today", code="day-outside-stay"
        )
