"""Routes of erasure: a person is erased, what has been, and who is due."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, model_validator

from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import (
    After,
    Key,
    Limit,
    TheRegister,
    made,
    once,
    reading,
    seen,
    tagged,
)
from api.routes.lists import page
from api.service import erasing, retention
from api.service.change import Change
from api.service.person import Whom
from api.service.register import Answer
from api.settings import Settings
from api.store.values import Row
from api.wire.body import body_of, described
from api.wire.shown import Page
from api.wire.words import Body, Crn, Id, Reason, Shown

router = APIRouter(prefix="/v1/erasures", tags=["Data protection"])
AskedFor = Literal["request", "retention"]


class Erase(Body):
    """Whom to erase, by one of the three, and why. The CRN in a body: addresses are logged."""

    crn: Crn | None = None
    referral_id: Id | None = Field(default=None, description="The person of this referral.")
    booking_id: Id | None = Field(default=None, description="The person of this booking.")
    reason: Reason = Field(description="It is kept for good: do not say who the person is.")
    asked_for: AskedFor = Field(
        default="request",
        description="`retention` is refused unless the retention period has passed.",
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if [self.crn, self.referral_id, self.booking_id].count(None) != 2:
            raise ValueError("Exactly one of crn, referral_id and booking_id, please.")
        return self


class ErasedRecord(Shown):
    """A record that is gone."""

    kind: str
    id: str


class ErasureShown(Shown):
    """That a person was erased. Of whom it was, ids alone."""

    id: str
    version: int
    at: datetime
    erased_by: str
    asked_for: AskedFor
    reason: str
    records: list[ErasedRecord]
    events: list[int] = Field(description="Events whose payloads are gone.")
    documents: list[str] = Field(description="Hashes of documents of runs that are gone.")


class DueShown(Shown):
    """Someone who is due, by ids of their records. `restricted`: their stays are not told of."""

    referrals: list[str]
    bookings: list[str]
    last_event: datetime
    restricted: bool


def _shown(row: Row) -> ErasureShown:
    records = [ErasedRecord(kind=kind, id=identifier) for kind, identifier in row["records"]]
    return ErasureShown(**{**row, "records": records})


@router.post(
    "",
    status_code=201,
    response_model=ErasureShown,
    responses=problems(404, 409),
    openapi_extra=described(Erase),
)
def erase_person(
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    body: Annotated[Erase, Depends(body_of(Erase))],
) -> Response:
    """Erase all that is held of a person, for good. Refused while a record of theirs goes on.

    Documents of runs that the person is in go whole, for everyone in them.
    """
    settings: Settings = request.app.state.settings
    whom = Whom(body.crn, body.referral_id, body.booking_id)
    before = erasing.traces_before(register, actor, whom)

    def erase(change: Change) -> Answer:
        row = erasing.erase(
            change,
            whom,
            before,
            asked_for=body.asked_for,
            reason=body.reason,
            retention_days=settings.retention_days,
        )
        ids = [row["id"], *(identifier for _, identifier in row["records"])]
        change.tell_of_access("erasure", request.scope["route"].name, sorted(ids))
        return made(_shown(row), "/v1/erasures")

    return once(register, actor, request, key, body, erase)


@router.get("", responses=problems())
def list_erasures(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[ErasureShown]:
    """Erasures, the newest first."""
    with reading(register, actor) as change:
        rows = change.outlines("erasure", ["at"])
        found = page(rows, ("-at",), limit, after, lambda row: row)
        some = [_shown(row) for row in change.in_full("erasure", found.records)]
    seen(register, actor, request, [each.id for each in some])
    return Page(records=some, after=found.after, total=found.total)


@router.get("/due", responses=problems(409))
def list_due_erasures(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    limit: Limit = 50,
    after: After = None,
) -> Page[DueShown]:
    """People of whom nothing has happened for longer than `retention_days`, the longest first."""
    settings: Settings = request.app.state.settings
    with reading(register, actor) as change:
        people = retention.due(change, settings.retention_days)
    rows = [{"id": each.an_id, "last_event": each.last_event, "due": each} for each in people]
    found = page(rows, ("last_event",), limit, after, lambda row: _due_shown(row["due"]))
    seen(
        register,
        actor,
        request,
        {name for each in found.records for name in (*each.referrals, *each.bookings)},
    )
    return found


@router.get("/{identifier}", responses=problems(404))
def get_erasure(
    identifier: str, register: TheRegister, actor: Permitted, request: Request, response: Response
) -> ErasureShown:
    """One erasure."""
    with reading(register, actor) as change:
        found = _shown(change.row("erasure", identifier))
    seen(register, actor, request, [identifier])
    return tagged(found, response)


def _due_shown(due: retention.Due) -> DueShown:
    return DueShown(
        referrals=due.referrals,
        bookings=due.bookings,
        last_event=due.last_event,
        restricted=due.restricted,
    )
