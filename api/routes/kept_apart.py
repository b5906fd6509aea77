"""Routes of separations and exclusion zones: who and what a person must be kept away from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from allocator.geography.point import Point
from allocator.geography.zones import polygons_from_geojson
from allocator.safeguards import ExclusionZone, Separation
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
    seen,
    tagged,
)
from api.routes.lists import page
from api.service import estate, kept_out
from api.service.change import Change
from api.service.conflicts import bookings_against
from api.service.refusals import InvalidError, NotThereError
from api.service.register import Answer
from api.service.seeing import hidden_people
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import Page, SeparationShown, ZoneShown

router = APIRouter(prefix="/v1", tags=["Kept apart"])


def _pair(row: Row) -> SeparationShown:
    return SeparationShown(id=row["id"], version=row["version"], details=row["details"])


def _zone(row: Row) -> ZoneShown:
    return ZoneShown(id=row["id"], version=row["version"], details=row["details"])


def _pair_now(change: Change, row: Row) -> SeparationShown:
    return _pair(row).model_copy(update={"conflicts": bookings_against(change, row["id"])})


def _zone_now(change: Change, row: Row) -> ZoneShown:
    return _zone(row).model_copy(update={"conflicts": bookings_against(change, row["id"])})


def _two_people(value: Separation) -> None:
    if value.crn == value.other_crn:
        raise InvalidError("a person cannot be kept apart from themselves")


def _is_drawn(value: ExclusionZone) -> None:
    """Refuse a polygon that nobody can be inside of: every plan would fail on it."""
    if value.polygon is None:
        return
    drawn = {"type": "MultiPolygon", "coordinates": value.polygon.polygons}
    try:
        polygons = polygons_from_geojson(drawn)
    except ValueError:  # its words repeat the place
        raise InvalidError(
            "a polygon needs rings of four or more [longitude, latitude], the last as the first"
        ) from None
    for longitude, latitude in (spot for rings in polygons for ring in rings for spot in ring):
        if not Point(latitude, longitude).in_great_britain:
            raise InvalidError("the polygon is not in Great Britain; longitude comes first")


def _of_places_there_are(change: Change, value: ExclusionZone) -> None:
    """A name that is no premises' would protect nobody, and nobody would notice."""
    strangers = [p for p in sorted(value.premises_ids) if change.find("premises", p) is None]
    if strangers:
        raise InvalidError("a zone names premises that are not in the register")


def _one(change: Change, kind: str, identifier: str) -> Row:
    row = change.row(kind, identifier)
    if {row["crn"], row.get("other_crn")} & hidden_people(change.connection, change.actor):
        raise NotThereError(f"there is no {kind} {identifier}")
    return row


@router.get("/separations", responses=problems())
def list_separations(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[SeparationShown]:
    """Pairs of people kept apart."""
    with reading(register, actor) as change:
        hidden = hidden_people(change.connection, change.actor)
        rows = [r for r in change.rows("separation") if not {r["crn"], r["other_crn"]} & hidden]
        found = page(rows, (), limit, after, _pair)
    seen(register, actor, request, [each.id for each in found.records])
    return found


@router.get("/separations/{identifier}", responses=problems(404))
def get_separations(
    identifier: str, register: TheRegister, actor: Permitted, request: Request, response: Response
) -> SeparationShown:
    """One pair."""
    with reading(register, actor) as change:
        found = _pair(_one(change, "separation", identifier))
    seen(register, actor, request, [identifier])
    return tagged(found, response)


@router.post(
    "/separations",
    status_code=201,
    response_model=SeparationShown,
    responses=problems(409),
    openapi_extra=described(Separation),
)
def create_separations(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[Separation, Depends(body_of(Separation))],
) -> Response:
    """Keep two people apart. `conflicts`: where they are not, and must be moved."""

    _two_people(value)

    def create(change: Change) -> Answer:
        return made(_pair_now(change, estate.keep_apart(change, value)), "/v1/separations")

    return once(register, actor, request, key, value, create)


@router.put(
    "/separations/{identifier}",
    response_model=SeparationShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Separation),
)
def change_separations(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[Separation, Depends(body_of(Separation))],
) -> Response:
    """The pair, or the radius, is now this."""

    _two_people(value)

    def change_it(change: Change) -> Answer:
        _one(change, "separation", identifier)
        row = estate.change_separation(change, identifier, value, version)
        return now(_pair_now(change, row))

    return once(register, actor, request, None, value, change_it)


@router.delete("/separations/{identifier}", status_code=204, responses=problems(404, 412, 428))
def remove_separations(
    identifier: str, register: TheRegister, actor: Permitted, version: Version
) -> Response:
    """The two need not be kept apart any more."""
    with register.changing(actor) as change:
        _one(change, "separation", identifier)
        estate.lift(change, "separation", identifier, version)
    return Response(status_code=204)


@router.get("/zones", responses=problems())
def list_zones(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[ZoneShown]:
    """Exclusion zones."""
    with reading(register, actor) as change:
        hidden = hidden_people(change.connection, change.actor)
        rows = [row for row in change.rows("zone") if row["crn"] not in hidden]
        found = page(rows, (), limit, after, _zone)
    seen(register, actor, request, [each.id for each in found.records])
    return found


@router.get("/zones/{identifier}", responses=problems(404))
def get_zones(
    identifier: str, register: TheRegister, actor: Permitted, request: Request, response: Response
) -> ZoneShown:
    """One zone."""
    with reading(register, actor) as change:
        found = _zone(_one(change, "zone", identifier))
    seen(register, actor, request, [identifier])
    return tagged(found, response)


@router.post(
    "/zones",
    status_code=201,
    response_model=ZoneShown,
    responses=problems(409),
    openapi_extra=described(ExclusionZone),
)
def create_zones(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    value: Annotated[ExclusionZone, Depends(body_of(ExclusionZone))],
) -> Response:
    """Keep a person out of places. `conflicts`: where they are in one, and must be moved."""

    _is_drawn(value)

    def create(change: Change) -> Answer:
        _of_places_there_are(change, value)
        return made(_zone_now(change, estate.keep_out(change, value)), "/v1/zones")

    return once(register, actor, request, key, value, create)


@router.put(
    "/zones/{identifier}",
    response_model=ZoneShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(ExclusionZone),
)
def change_zones(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    value: Annotated[ExclusionZone, Depends(body_of(ExclusionZone))],
) -> Response:
    """The zone is now this."""

    _is_drawn(value)

    def change_it(change: Change) -> Answer:
        _one(change, "zone", identifier)
        _of_places_there_are(change, value)
        row = estate.change_zone(change, identifier, value, version)
        return now(_zone_now(change, row))

    return once(register, actor, request, None, value, change_it)


@router.delete("/zones/{identifier}", status_code=204, responses=problems(404, 412, 428))
def remove_zones(
    identifier: str, register: TheRegister, actor: Permitted, version: Version
) -> Response:
    """The zone holds no more."""
    with register.changing(actor) as change:
        kept_out.lift(change, identifier, version)
    return Response(status_code=204)
