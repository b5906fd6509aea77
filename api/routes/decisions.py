"""The route by which a named person decides on a proposal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from allocator.nights import Stay
from api.access.dependencies import Permitted
from api.problems import problems
from api.routes.asking import Key, TheRegister, once, reading, shown, telling_of_others
from api.service.change import Change
from api.service.decisions import Action, Decision
from api.service.decisions import decide as decided
from api.service.next_best import next_best
from api.service.refusals import ConflictError, NotThereError
from api.service.register import Answer
from api.wire.body import body_of, described
from api.wire.shown import BookingShown, booking_shown
from api.wire.words import Body, Day, Id, Reason, Shown, Words

router = APIRouter(prefix="/v1/runs", tags=["Decisions"])


class DecisionBody(Body):
    """Accept as proposed; change to another bed or other dates; or refuse.

    A change or a refusal needs a reason; so does accepting before the proposal's day.
    """

    action: Action
    reason: Words = ""
    bed_id: Id | None = None
    arrival: Day | None = None
    departure: Day | None = None
    seen_through: Annotated[int, Field(ge=0, lt=2**53)] | None = Field(
        default=None,
        description="The number of the last event that you have seen; only after `changed-since`.",
    )
    override_hold: Reason | None = Field(
        default=None, description="Why a hold that keeps the person out is passed over."
    )
    keep_out: bool = Field(
        default=False,
        description="With a refusal: an exclusion zone for these premises is recorded, with the "
        "reason: plans propose them to this person no more. DELETE /v1/zones/{id} lifts it.",
    )
    seen_otherwise: bool = Field(
        default=False,
        description="That you have seen what another bid of the person says otherwise of risk; "
        "only after `risk-contradicted`.",
    )


class Decided(Shown):
    """What the decision came to. `costs`: what a change costs the person, in words."""

    run_id: str
    referral_id: str
    status: str
    booking: BookingShown | None
    costs: list[str]


@router.post(
    "/{run_id}/proposals/{referral_id}/decision",
    response_model=Decided,
    responses=problems(404, 409),
    openapi_extra=described(DecisionBody),
)
def decide(
    run_id: str,
    referral_id: str,
    register: TheRegister,
    actor: Permitted,
    key: Key,
    request: Request,
    body: Annotated[DecisionBody, Depends(body_of(DecisionBody))],
) -> Response:
    """Decide on one proposal. Accepting or changing books the bed, at once or not at all."""
    decision = Decision(
        body.action,
        body.reason,
        body.bed_id,
        body.arrival,
        body.departure,
        body.seen_through,
        body.override_hold or "",
        body.keep_out,
        body.seen_otherwise,
    )

    def make(change: Change) -> Answer:
        proposal, booking, costs = decided(change, run_id, referral_id, decision)
        return shown(
            Decided(
                run_id=run_id,
                referral_id=referral_id,
                status=proposal["status"],
                booking=None if booking is None else booking_shown(booking, hidden=False),
                costs=costs,
            )
        )

    try:
        with telling_of_others(register, actor, request):
            return once(register, actor, request, key, body, make)
    except ConflictError as refusal:
        if refusal.code in ("bed-taken", "bed-out-of-service", "night-taken", "held"):
            # Looked for when the lock is let go: it may take a second at national size.
            with reading(register, actor) as change:
                refusal.extra["next_best"] = _elsewhere(change, run_id, referral_id, body)
        raise


def _elsewhere(
    change: Change, run_id: str, referral_id: str, body: DecisionBody
) -> dict[str, object] | None:
    try:
        proposal = change.row("proposal", f"{run_id}/{referral_id}")
    except NotThereError:
        return None
    proposed = Stay(proposal["arrival"], proposal["departure"])
    arrival = body.arrival or proposed.arrival
    stay = (
        Stay(arrival, body.departure)
        if body.departure is not None and body.departure > arrival
        else Stay.of(arrival, proposed.nights)
    )
    return next_best(change, referral_id, stay)
