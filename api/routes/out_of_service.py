"""Routes of out-of-service records: beds that cannot be used on some nights."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

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
    tagged,
)
from api.routes.lists import page
from api.service import out_of_service
from api.store.tables import OUT_OF_SERVICE
from api.wire.body import body_of, described
from api.wire.shown import OutOfServiceShown, Page
from api.wire.words import Body, Day, Id, Reason

router = APIRouter(prefix="/v1/out-of-service", tags=["Out of service"])


class Entry(Body):
    """Nights on which a bed is out of use, the last one included, as the service writes them."""

    bed_id: Id
    first_night: Day
    last_night: Day
    reason: Reason


class Alteration(Body):
    """Other nights, or another reason."""

    first_night: Day
    last_night: Day
    reason: Reason


class Cancellation(Body):
    """Why the record is taken back."""

    reason: Reason


@router.get("", responses=problems())
def list_out_of_service(
    register: TheRegister,
    actor: Permitted,
    premises_id: Annotated[str | None, Query(max_length=200)] = None,
    bed_id: Annotated[str | None, Query(max_length=200)] = None,
    cancelled: bool = False,
    limit: Limit = 50,
    after: After = None,
) -> Page[OutOfServiceShown]:
    """Records in order of id; cancelled ones on demand."""
    conditions: list[Any] = [] if cancelled else [~OUT_OF_SERVICE.c.cancelled]
    if premises_id is not None:
        conditions.append(OUT_OF_SERVICE.c.premises_id == premises_id)
    if bed_id is not None:
        conditions.append(OUT_OF_SERVICE.c.bed_id == bed_id)
    with reading(register, actor) as change:
        rows = change.rows("out_of_service", *conditions)
        return page(rows, (), limit, after, OutOfServiceShown.of)


@router.get("/{identifier}", responses=problems(404))
def get_out_of_service(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> OutOfServiceShown:
    """One record."""
    with reading(register, actor) as change:
        found = OutOfServiceShown.of(change.row("out_of_service", identifier))
    return tagged(found, response)


@router.post(
    "",
    status_code=201,
    response_model=OutOfServiceShown,
    responses=problems(404, 409),
    openapi_extra=described(Entry),
)
def create_out_of_service(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    entry: Annotated[Entry, Depends(body_of(Entry))],
) -> Response:
    """Take a bed out of use. Refused while somebody is booked there on those nights."""
    return once(
        register,
        actor,
        request,
        key,
        entry,
        lambda change: made(
            OutOfServiceShown.of(
                out_of_service.enter(
                    change, entry.bed_id, entry.first_night, entry.last_night, entry.reason
                )
            ),
            router.prefix,
        ),
    )


@router.put(
    "/{identifier}",
    response_model=OutOfServiceShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(Alteration),
)
def change_out_of_service(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    version: Version,
    request: Request,
    to: Annotated[Alteration, Depends(body_of(Alteration))],
) -> Response:
    """Other nights, or another reason; what it was stays in the timeline."""
    return once(
        register,
        actor,
        request,
        None,
        to,
        lambda change: now(
            OutOfServiceShown.of(
                out_of_service.alter(
                    change, identifier, to.first_night, to.last_night, to.reason, version
                )
            )
        ),
    )


@router.post(
    "/{identifier}/cancellation",
    response_model=OutOfServiceShown,
    responses=problems(404, 409),
    openapi_extra=described(Cancellation),
)
def cancel_out_of_service(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    cancellation: Annotated[Cancellation, Depends(body_of(Cancellation))],
) -> Response:
    """The bed can be used after all; open bids that it could serve are flagged."""
    return once(
        register,
        actor,
        request,
        key,
        cancellation,
        lambda change: now(
            OutOfServiceShown.of(out_of_service.cancel(change, identifier, cancellation.reason))
        ),
    )
