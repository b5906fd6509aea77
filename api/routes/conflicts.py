"""The route of conflicts: stays that facts as they now are do not allow."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import After, Limit, TheRegister, reading, seen
from api.routes.lists import page
from api.service.conflicts import KINDS, Conflict, Kind, conflicts
from api.service.seeing import hidden_people
from api.store.values import Row
from api.wire.shown import Page
from api.wire.words import Shown

router = APIRouter(prefix="/v1", tags=["Nobody dropped"])
ORDER = ("first_night", "kind")


class ConflictShown(Shown):
    """Stays that may not be, until somebody moves a person or corrects the fact.

    Of one that concerns a person whom the reader may not see only that it is there.
    """

    id: str
    kind: Kind
    text: str
    first_night: date = Field(description="The first night from today on.")
    restricted: bool
    about: str | None = Field(description="The separation, zone, bed or out-of-service record.")
    bookings: list[str]


@router.get("/conflicts", responses=problems())
def list_conflicts(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[ConflictShown]:
    """Stays that a separation, an exclusion zone or a bed does not allow; the soonest first.

    Found anew at each request: one goes when it is mended, and not before.
    """
    with reading(register, actor) as change:
        hidden = hidden_people(change.connection, actor)
        found = {each.id: each for each in conflicts(change)}
    rows = [{"id": c.id, "first_night": c.first_night, "kind": c.kind} for c in found.values()]

    def show(row: Row) -> ConflictShown:
        return _shown(found[row["id"]], hidden)

    told = page(rows, ORDER, limit, after, show)
    seen(register, actor, request, {name for each in told.records for name in each.bookings})
    return told


def _shown(conflict: Conflict, hidden: frozenset[str]) -> ConflictShown:
    restricted = bool(conflict.crns & hidden)
    return ConflictShown(
        id=conflict.id,
        kind=conflict.kind,
        text=KINDS[conflict.kind],
        first_night=conflict.first_night,
        restricted=restricted,
        about=None if restricted else conflict.about,
        bookings=[] if restricted else list(conflict.bookings),
    )
