"""Routes of holds: beds kept for people of the higher bands who are yet to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, StrictInt, model_validator

from allocator.nights import Stay
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
from api.routes.lists import order_of, page
from api.service import advised_holds, hold_report, holds
from api.service.change import Change
from api.service.held_nights import with_status
from api.service.refusals import InvalidError
from api.service.register import Answer
from api.store.tables import HOLDS
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.holds_shown import HoldShown, HoldStatus
from api.wire.shown import Page
from api.wire.words import Body, Day, Id, Named, Reason, Shown

router = APIRouter(prefix="/v1/holds", tags=["Holds"])
SORTS = ("until", "first_night", "made_at", "id")
USUAL_DAYS = 30
LONGEST_DAYS = 400


class NewHold(Body):
    """A bed to be kept. With `run_id`, as that run advised; what is said besides goes before it."""

    bed_id: Id
    run_id: Id | None = Field(default=None, description="A run whose advice holds this bed.")
    first_night: Day | None = Field(
        default=None, description="With a run, only where it holds the bed twice."
    )
    last_night: Day | None = None
    lowest_band: Annotated[StrictInt, Field(ge=1, le=99)] | None = Field(
        default=None, description="Kept for people known to be of bands 1 to this."
    )
    until: Day | None = Field(default=None, description="The day on which it ends by itself.")
    why: Reason | None = None
    owner_id: Id | None = Field(default=None, description="Who answers for it; you, if not said.")
    owner_name: Named | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        by_hand = (self.first_night, self.last_night, self.lowest_band, self.until, self.why)
        if self.run_id is None and None in by_hand:
            raise ValueError("A hold by hand needs its nights, lowest_band, until and why.")
        if (self.owner_id is None) != (self.owner_name is None):
            raise ValueError("An owner has an id and a name.")
        return self


class HoldRelease(Body):
    """Why the bed need not be held any longer."""

    reason: Reason


class HoldExtension(Body):
    """Another day on which the hold ends by itself."""

    until: Day
    reason: Reason


class HoldFigures(Shown):
    """What happened to holds on these days, by how often. `overridden`: passed over by somebody."""

    first: date
    last: date
    made: int
    advised: int = Field(description="Of those made, as a run advised.")
    used: int
    overridden: int
    yielded: int
    released: int
    extended: int
    expired: int


@router.get("", responses=problems())
def list_holds(
    register: TheRegister,
    actor: Permitted,
    status: HoldStatus | None = None,
    premises_id: Annotated[str | None, Query(max_length=200)] = None,
    bed_id: Annotated[str | None, Query(max_length=200)] = None,
    owner_id: Annotated[str | None, Query(max_length=200)] = None,
    run_id: Annotated[str | None, Query(max_length=200)] = None,
    sort: Annotated[
        str, Query(max_length=40, description=f"One of {', '.join(sorted(SORTS))}.")
    ] = "until",
    limit: Limit = 50,
    after: After = None,
) -> Page[HoldShown]:
    """Holds, those that end first before others unless asked otherwise; ended ones too."""
    wanted = {"premises_id": premises_id, "bed_id": bed_id, "owner_id": owner_id, "run_id": run_id}
    conditions: list[Any] = [
        HOLDS.c[name] == value for name, value in wanted.items() if value is not None
    ]
    with reading(register, actor) as change:
        by_status = [] if status is None else with_status(status, change.today)
        rows = change.rows("hold", *conditions, *by_status)
        return page(
            rows, order_of(sort, SORTS), limit, after, lambda row: HoldShown.of(row, change.today)
        )


@router.get("/report", responses=problems())
def hold_figures(
    register: TheRegister,
    actor: Permitted,
    first: Annotated[Day | None, Query(alias="from", description="The first day.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last; today.")] = None,
) -> HoldFigures:
    """How many holds were made, used, passed over and let go of; the last 30 days unless asked."""
    end = last or register.clock.today()
    begin = first or end - timedelta(days=USUAL_DAYS)
    if not begin <= end <= begin + timedelta(days=LONGEST_DAYS):
        raise InvalidError(f"from must not be after to, nor more than {LONGEST_DAYS} days before")
    with register.reading() as connection:
        found = hold_report.report(connection, begin, end)
    return HoldFigures(first=begin, last=end, **found)


@router.get("/{identifier}", responses=problems(404))
def get_holds(
    identifier: str, register: TheRegister, actor: Permitted, response: Response
) -> HoldShown:
    """One hold."""
    with reading(register, actor) as change:
        return tagged(HoldShown.of(change.row("hold", identifier), change.today), response)


@router.post(
    "",
    status_code=201,
    response_model=HoldShown,
    responses=problems(404, 409),
    openapi_extra=described(NewHold),
)
def create_hold(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    wanted: Annotated[NewHold, Depends(body_of(NewHold))],
) -> Response:
    """Hold a bed, by hand or as a run advised. Refused on nights that somebody has."""

    def make(change: Change) -> Answer:
        row = holds.make(
            change, _wanted(change, wanted), advised_holds.seats_for(change, wanted.run_id)
        )
        return made(HoldShown.of(row, change.today), router.prefix)

    return once(register, actor, request, key, wanted, make)


@router.post(
    "/{identifier}/release",
    response_model=HoldShown,
    responses=problems(404, 409),
    openapi_extra=described(HoldRelease),
)
def release_hold(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    why: Annotated[HoldRelease, Depends(body_of(HoldRelease))],
) -> Response:
    """Let go of the bed before its day; open bids that it could serve are flagged."""
    return once(
        register,
        actor,
        request,
        key,
        why,
        lambda change: _now(change, holds.release(change, identifier, why.reason)),
    )


@router.post(
    "/{identifier}/extension",
    response_model=HoldShown,
    responses=problems(404, 409, 412, 428),
    openapi_extra=described(HoldExtension),
)
def extend_hold(
    identifier: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    version: Version,
    request: Request,
    to: Annotated[HoldExtension, Depends(body_of(HoldExtension))],
) -> Response:
    """Hold the bed until another day, later or sooner."""
    return once(
        register,
        actor,
        request,
        key,
        to,
        lambda change: _now(change, holds.extend(change, identifier, to.until, to.reason, version)),
    )


def _wanted(change: Change, asked: NewHold) -> holds.Wanted:
    owner = None
    if asked.owner_id is not None and asked.owner_name is not None:
        owner = (asked.owner_id, asked.owner_name)
    said = advised_holds.Said(
        asked.first_night, asked.last_night, asked.lowest_band, asked.until, asked.why, owner
    )
    if asked.run_id is not None:
        return advised_holds.as_advised(change, asked.run_id, asked.bed_id, said)
    assert asked.first_night and asked.last_night and asked.lowest_band
    assert asked.until and asked.why
    if asked.last_night < asked.first_night:
        raise InvalidError("the last night is before the first")
    nights = Stay(asked.first_night, asked.last_night + timedelta(days=1))
    return holds.Wanted(asked.bed_id, nights, asked.lowest_band, asked.until, asked.why, owner)


def _now(change: Change, row: Row) -> Answer:
    return now(HoldShown.of(row, change.today))
