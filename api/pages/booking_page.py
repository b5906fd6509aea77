"""Booking page: what every page about one booking shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.responses import HTMLResponse

from api.pages.visit import Visit
from api.routes.asking import reading
from api.service import bookings
from api.service.bed_names import bed_names
from api.service.moves import moved_from, moved_to

LONGEST_REASON = 2_000
CHANGED = (
    "Somebody has changed this booking since you loaded the page: it is shown as it is now, "
    "and nothing was recorded"
)


def booking_page(
    visit: Visit,
    identifier: str,
    template: str,
    status: int = 200,
    *,
    seen: Sequence[str] = (),
    **more: Any,
) -> HTMLResponse:
    """The page of a booking by this template. `seen`: of whom else it tells, for the access log."""
    with reading(visit.register, visit.actor) as change:
        row = bookings.the_booking(change, identifier)
        before, after = moved_from(change, row), moved_to(change, row)
        moves = [each.booking for each in (before, after) if each is not None]
        names = bed_names(change, {each["bed_id"] or "" for each in [row, *moves]})
        premises = change.row("premises", row["premises_id"])["name"]
    visit.log([identifier, *(each["id"] for each in moves), *seen])
    return visit.page(
        template,
        status,
        booking=row,
        bed=names[row["bed_id"]].place if row["bed_id"] in names else None,
        premises=premises,
        moved_from=before,
        moved_to=after,
        bed_names=names,
        said={name: value for name, value in visit.form.items() if isinstance(value, str)},
        **more,
    )
