"""Faults of dates: changes that lie before or after the days that are simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from allocator.export.words import long_day
from allocator.scenario.file import (
    LEAST_DAYS,
    MOST_DAYS,
    MOST_WARM_UP,
    USUAL_DAYS,
    USUAL_WARM_UP,
)
from allocator.simulate.changes import (
    AnyChange,
    Close,
    DemandFactor,
    EarlyRelease,
    OpenBeds,
    OpenPremises,
    StayLength,
)
from allocator.simulate.world import MOST_NOTICE


def years_end(data: Mapping[str, Any], first: date) -> date | None:
    """The day after the last release counted; None: the file's days are a fault themselves.

    `first`: the first day that is simulated.
    """
    days, warm_up = data.get("days", USUAL_DAYS), data.get("warm_up_days", USUAL_WARM_UP)
    if not (_is_number(days, LEAST_DAYS, MOST_DAYS) and _is_number(warm_up, 0, MOST_WARM_UP)):
        return None
    return first + timedelta(days=days + warm_up)


def date_faults(change: AnyChange, first: date, until: date) -> Iterator[tuple[str, str]]:
    """Key and words of each date with which the change changes nothing, or not on that day.

    `first`: the first day that is simulated. `until`: the day after the last release counted.
    """
    match change:
        case Close() | OpenBeds() | OpenPremises() | StayLength():
            # A day to leave (`leave_by`) may be any: stays that would outlast it do not fit.
            yield from _since(change.since, first, until, "the first day that is simulated")
        case DemandFactor():
            # Who is released on the first day may have been referred long before it.
            earliest = first - timedelta(days=MOST_NOTICE)
            yield from _since(change.since, earliest, until, "the first referral that is drawn")
        case EarlyRelease():
            if change.first >= until:
                yield "first", _late(change.first, until)
            elif change.first < first < change.until:
                yield "first", _early(change.first, first, "the first day that is simulated")
            if change.first < until < change.until:
                yield (
                    "until",
                    f"{long_day(change.until)} is after the simulated days: end it on "
                    f"{long_day(until)} or earlier, the day after the last release counted",
                )
            if change.until <= first:
                yield (
                    "until",
                    f"{long_day(change.until)} is not after the first day that is simulated, "
                    f"{long_day(first)}: nothing would change",
                )


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _since(since: date | None, first: date, until: date, what: str) -> Iterator[tuple[str, str]]:
    if since is not None and since >= until:
        yield "since", _late(since, until)
    elif since is not None and since < first:
        yield "since", _early(since, first, what)


def _early(day: date, first: date, what: str) -> str:
    return f"{long_day(day)} is before {what}, {long_day(first)}: give that day or a later one"


def _late(day: date, until: date) -> str:
    last = long_day(until - timedelta(days=1))
    return f"{long_day(day)} is after the last release counted, {last}: nothing would change"
