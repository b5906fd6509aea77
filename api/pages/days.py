"""Days: a day in the address of a page."""

from __future__ import annotations

from datetime import date

from api.pages.at_fields import Summary, at
from api.pages.visit import Visit
from api.service.refusals import InvalidError
from api.wire.words import FIRST_YEAR, LAST_YEAR


def day_asked(visit: Visit, name: str, otherwise: date) -> date:
    """The day that the address names. Raises InvalidError for what is none."""
    return day_from(visit.asked(name), name) or otherwise


def day_from(text: str, name: str) -> date | None:
    """The day in a field; None: it is empty. Raises InvalidError for what is none."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or len(text) != 10 or not FIRST_YEAR <= found.year < LAST_YEAR:
        raise InvalidError(f"Write the day of “{name}” as YYYY-MM-DD, from {FIRST_YEAR} on.")
    return found


def days_asked(
    visit: Visit, first: str = "from", last: str = "to"
) -> tuple[tuple[date | None, date | None], Summary]:
    """The two days of a span in the address, and what is wrong with them, each at its field."""
    wrong: Summary = []
    days: dict[str, date | None] = dict.fromkeys((first, last))
    for name in days:
        try:
            days[name] = day_from(visit.asked(name), name)
        except InvalidError as refusal:
            wrong += at(name, refusal.detail)
    begin, end = days[first], days[last]
    if begin is not None and end is not None and end < begin:
        wrong += at(last, f"The day of “{last}” must not be before that of “{first}”")
    return (begin, end), wrong
