"""Routes of the estate: premises, rooms and beds. Nothing here is about a person."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from allocator.estate import Bed, Premises, Room
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import (
    After,
    Key,
    Limit,
    TheRegister,
    Version,
    made,
    now,
    once,
    reading,
    same_id,
    tagged,
)
from api.routes.lists import page
from api.service import estate
from api.service.change import Change
from api.service.held_nights import in_force
from api.store.tables import BEDS, HOLDS, PREMISES, ROOMS
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.holds_shown import BedHold, bed_hold
from api.wire.shown import BedShown, Page, PremisesShown, RoomShown

router = APIRouter(prefix="/v1", tags=["Estate"])
Filter = Annotated[str | None, Query(max_length=200)]


def _premises(row: Row) -> PremisesShown:
    return PremisesShown(id=row["id"], version=row["version"], details=row["details"])


def _room(row: Row) -> RoomShown:
    return RoomShown(**{k: row[k] for k in ("id", "version", "premises_id", "details")})


def _bed(row: Row) -> BedShown:
    return BedShown(**{k: row[k] for k in ("id", "version", "room_id", "premises_id", "details")})


def _holds(change: Change, *conditions: Any) -> dict[str, list[BedHold]]:
    """Holds in force, by bed."""
    found: dict[str, list[BedHold]] = defaultdict(list)
    for row in in_force(change.connection, change.today, *conditions):
        found[row["bed_id"]].append(bed_hold(row))
    return found


def _only(column: Any, wanted: str | bool | None) -> list[Any]:
    return [] if wanted is None else [column == wanted]


# ---- premises -------------------------------------------------------------------------------


@router.get("/premises", responses=problems())
def list_premises(
    register: TheRegister,
    actor: Permitted,
    gender: Filter = None,
    region: Filter = None,
    area: Filter = None,
    open: bool | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[PremisesShown]:
    """Premises in order of id."""
    conditions = [
        *_only(PREMISES.c.gender, gender),
        *_only(PREMISES.c.region, region),
        *_only(PREMISES.c.area, area),
        *_only(PREMISES.c.open, open),
    ]
    with reading(register, actor) as change:
        return page(change.rows("premises", *conditions), (), limit, after, _premises)


@router.get("/premises/{identifier:path}", responses=problems(404))
def get_premises(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> PremisesShown:
    """One premises; its ETag is what a change is made against."""
    with reading(register, actor) as change:
        return tagged(_premises(change.row("premises", identifier)), response)


@router.post(
    "/premises",
    status_code=201,
    response_model=PremisesShown,
    responses=problems(409),
    openapi_extra=described(Premises),
)
def create_premises(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[Premises, Depends(body_of(Premises))],
) -> Response:
    """Open a premises."""
    return once(
        register,
        actor,
        request,
        key,
        value,
        lambda change: made(_premises(estate.create(change, value)), request.url.path),
    )


@router.put(
    "/premises/{identifier:path}",
    response_model=PremisesShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Premises),
)
def change_premises(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[Premises, Depends(body_of(Premises))],
) -> Response:
    """The premises is now this."""
    same_id(identifier, value.id)
    return once(
        register,
        actor,
        request,
        None,
        value,
        lambda change: now(_premises(estate.update(change, value, version))),
    )


@router.delete(
    "/premises/{identifier:path}", status_code=204, responses=problems(404, 409, 412, 428)
)
def remove_premises(
    identifier: str, register: TheRegister, actor: Permitted, version: Version
) -> Response:
    """Take away a premises that has no rooms."""
    with register.changing(actor) as change:
        estate.remove(change, "premises", identifier, version)
    return Response(status_code=204)


# ---- rooms ----------------------------------------------------------------------------------


@router.get("/rooms", responses=problems())
def list_rooms(
    register: TheRegister,
    actor: Permitted,
    premises_id: Filter = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[RoomShown]:
    """Rooms in order of id."""
    with reading(register, actor) as change:
        rows = change.rows("room", *_only(ROOMS.c.premises_id, premises_id))
        return page(rows, (), limit, after, _room)


@router.get("/rooms/{identifier:path}", responses=problems(404))
def get_rooms(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> RoomShown:
    """One room."""
    with reading(register, actor) as change:
        return tagged(_room(change.row("room", identifier)), response)


@router.post(
    "/rooms",
    status_code=201,
    response_model=RoomShown,
    responses=problems(404, 409),
    openapi_extra=described(Room),
)
def create_rooms(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[Room, Depends(body_of(Room))],
) -> Response:
    """Add a room to a premises."""
    return once(
        register,
        actor,
        request,
        key,
        value,
        lambda change: made(_room(estate.create(change, value)), request.url.path),
    )


@router.put(
    "/rooms/{identifier:path}",
    response_model=RoomShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Room),
)
def change_rooms(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[Room, Depends(body_of(Room))],
) -> Response:
    """The room is now this."""
    same_id(identifier, value.id)
    return once(
        register,
        actor,
        request,
        None,
        value,
        lambda change: now(_room(estate.update(change, value, version))),
    )


@router.delete("/rooms/{identifier:path}", status_code=204, responses=problems(404, 409, 412, 428))
def remove_rooms(
    identifier: str, register: TheRegister, actor: Permitted, version: Version
) -> Response:
    """Take away a room that has no beds."""
    with register.changing(actor) as change:
        estate.remove(change, "room", identifier, version)
    return Response(status_code=204)


# ---- beds -----------------------------------------------------------------------------------


@router.get("/beds", responses=problems())
def list_beds(
    register: TheRegister,
    actor: Permitted,
    premises_id: Filter = None,
    room_id: Filter = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[BedShown]:
    """Beds in order of id."""
    conditions = [*_only(BEDS.c.premises_id, premises_id), *_only(BEDS.c.room_id, room_id)]
    with reading(register, actor) as change:
        held = _holds(change)
        return page(
            change.rows("bed", *conditions),
            (),
            limit,
            after,
            lambda row: _bed(row).model_copy(update={"holds": held.get(row["id"], [])}),
        )


@router.get("/beds/{identifier:path}", responses=problems(404))
def get_beds(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> BedShown:
    """One bed."""
    with reading(register, actor) as change:
        found = _bed(change.row("bed", identifier))
        held = _holds(change, HOLDS.c.bed_id == identifier).get(identifier, [])
        return tagged(found.model_copy(update={"holds": held}), response)


@router.post(
    "/beds",
    status_code=201,
    response_model=BedShown,
    responses=problems(404, 409),
    openapi_extra=described(Bed),
)
def create_beds(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[Bed, Depends(body_of(Bed))],
) -> Response:
    """Add a bed to a room."""
    return once(
        register,
        actor,
        request,
        key,
        value,
        lambda change: made(_bed(estate.create(change, value)), request.url.path),
    )


@router.put(
    "/beds/{identifier:path}",
    response_model=BedShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Bed),
)
def change_beds(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[Bed, Depends(body_of(Bed))],
) -> Response:
    """The bed is now this."""
    same_id(identifier, value.id)
    return once(
        register,
        actor,
        request,
        None,
        value,
        lambda change: now(_bed(estate.update(change, value, version))),
    )


@router.delete("/beds/{identifier:path}", status_code=204, responses=problems(404, 409, 412, 428))
def remove_beds(
    identifier: str, register: TheRegister, actor: Permitted, version: Version
) -> Response:
    """Take away a bed that nobody has ever been booked into."""
    with register.changing(actor) as change:
        estate.remove(change, "bed", identifier, version)
    return Response(status_code=204)
