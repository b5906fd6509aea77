"""Departure day: on which other day whoever is booked or there may leave, in the same bed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from allocator.nights import Stay
from allocator.rules import held_bed
from api.service.change import Change
from api.service.day_bounds import require_length
from api.service.judging import refused_by
from api.service.refusals import ConflictError, InvalidError
from api.service.staying import require_stay
from api.store.apply import HOLDING
from api.store.values import Row

_NIGHT = timedelta(days=1)


def first_departure_day(row: Row, today: date) -> date:
    """The first such day: after the arrival, and after today."""
    first: date = max(row["arrival"], today) + _NIGHT
    return first


def may_leave_another_day(change: Change, row: Row) -> bool:
    """Whether there is such a day: a sooner one, or one with a night more that is not refused."""
    if row["status"] not in HOLDING:
        return False
    first = first_departure_day(row, change.today)
    if first < row["departure"]:
        return True
    day = max(first, row["departure"] + _NIGHT)
    # Holds may be passed over by somebody who says why.
    return refused_by(lambda: require_longer(change, row, day, {held_bed.CODE})) is None


def require_departure_day(row: Row, day: date, today: date) -> None:
    """Raise InvalidError unless it is another day, after the arrival and after today.

    A booking that no bed holds may be given the day that it has: it is then looked for once more.
    """
    if day < first_departure_day(row, today):
        raise InvalidError("the departure must be after the arrival, and after today")
    if day == row["departure"] and not row["surplus"]:
        raise InvalidError(f"the stay ends on {day} already", code="same-departure")


def require_longer(change: Change, row: Row, day: date, told: Collection[str] = ()) -> None:
    """Raise a refusal unless the person may stay in the bed until then. `told`: rules that are
    judged apart.
    """
    stay = Stay(row["arrival"], day)
    require_length(stay)
    if row["bed_id"] is None:
        raise ConflictError(
            f"booking {row['id']} has no bed: transfer it to one first", code="no-bed"
        )
    require_stay(change, row, row["bed_id"], stay, more_nights(row, day, change.today), told=told)


def more_nights(row: Row, day: date, today: date) -> Stay:
    """The nights that a stay has besides, were it to end on a later day; none before today."""
    return Stay(max(row["departure"], today), day)
