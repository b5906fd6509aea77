"""The route of one person's data: all that is held, for somebody who asks what is held of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from allocator.holding import Standing
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import TheRegister, reading, seen
from api.routes.bids import bids_shown
from api.routes.proposals_read import ProposalShown, stands
from api.service.advising import standings_of
from api.service.change import Change
from api.service.person_data import ANOTHER, PersonData, held_of
from api.store.values import Row, written_moment
from api.wire.body import body_of, described
from api.wire.shown import (
    AttemptShown,
    BookingShown,
    EventShown,
    ReferralShown,
    ZoneShown,
    booking_shown,
)
from api.wire.words import Body, Crn, Shown

router = APIRouter(prefix="/v1/people", tags=["Data protection"])


class PersonAsked(Body):
    """Whose data are wanted. In a body, because addresses are written to logs."""

    crn: Crn


class AttemptHeld(AttemptShown):
    """A day on which a bid of theirs failed."""

    referral_id: str


class FlagHeld(Shown):
    """Why a bid of theirs was, or is, to be looked at again."""

    referral_id: str
    why: str
    about: str
    raised: datetime
    cleared: bool


class SeparationHeld(Shown):
    """That they are kept apart from somebody, and not from whom."""

    id: str
    version: int
    kept_apart_from: str
    radius_miles: float | None


class AccessHeld(Shown):
    """That somebody looked at, was given or joined records of theirs."""

    seq: int
    at: datetime
    verb: str
    route: str
    actor_name: str


class PersonHeld(Shown):
    """Everything that is held of one person. Free text is as it was written."""

    crn: str
    as_of: date
    bids: list[ReferralShown]
    bookings: list[BookingShown]
    attempts: list[AttemptHeld]
    flags: list[FlagHeld]
    zones: list[ZoneShown]
    separations: list[SeparationHeld]
    proposals: list[ProposalShown]
    timeline: list[EventShown] = Field(
        description="Every event of these records; `facts.row` is the record after it. No facts: "
        "they are erased, or another person's."
    )
    runs: list[str] = Field(description="Runs whose documents hold the person.")
    studies: list[str] = Field(description="Studies likewise.")
    accesses: list[AccessHeld]
    accesses_left_out: int = Field(description="Older entries than those listed.")


@router.post(
    "/export",
    response_model=PersonHeld,
    responses=problems(404),
    openapi_extra=described(PersonAsked),
)
def export_person(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    wanted: Annotated[PersonAsked, Depends(body_of(PersonAsked))],
) -> PersonHeld:
    """All that is held of a person, to answer their request. A disclosure, and logged as one.

    404: nothing is held, or the person's case is one that you may not see.
    """
    with reading(register, actor) as change:
        held = held_of(change, wanted.crn)
        told = _told(change, held)
    seen(register, actor, request, held.person.ids, verb="disclosure")
    return told


def _told(change: Change, held: PersonData) -> PersonHeld:
    records = held.person.records
    return PersonHeld(
        crn=held.person.crn,
        as_of=change.today,
        bids=bids_shown(change, records["referral"]),
        bookings=[booking_shown(row, hidden=False) for row in records["booking"]],
        attempts=[AttemptHeld(**_of(AttemptHeld, row)) for row in records["attempt"]],
        flags=[FlagHeld(**_of(FlagHeld, row)) for row in records["flag"]],
        zones=[ZoneShown(**_of(ZoneShown, row)) for row in records["zone"]],
        separations=[_separation(row) for row in records["separation"]],
        proposals=[
            ProposalShown(
                **_of(ProposalShown, row),
                **stands(_standing(change, row)),
                firm=row["decide_by"] <= change.today,
            )
            for row in records["proposal"]
        ],
        timeline=[_event(row) for row in held.events],
        runs=held.runs,
        studies=held.studies,
        accesses=[AccessHeld(**_of(AccessHeld, row), route=row["what"]) for row in held.accesses],
        accesses_left_out=held.accesses_left_out,
    )


def _standing(change: Change, proposal: Row) -> Standing | None:
    """What the advice on the run says of the proposal."""
    run = change.row("run", proposal["run_id"])
    return standings_of(change.connection, run).get(proposal["referral_id"])


def _of(kind: type[Shown], row: Row) -> Row:
    """The columns that this kind tells of."""
    return {name: value for name, value in row.items() if name in kind.model_fields}


def _separation(row: Row) -> SeparationHeld:
    return SeparationHeld(
        id=row["id"],
        version=row["version"],
        kept_apart_from=ANOTHER,
        radius_miles=row["details"]["radius_miles"],
    )


def _event(row: Row) -> EventShown:
    told = _of(EventShown, row)
    return EventShown(**{**told, "at": written_moment(row["at"]), "facts": row["payload"]})
