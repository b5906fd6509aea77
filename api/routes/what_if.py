"""What if: a person new or changed, asked of a finished plan, of which nothing changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from pydantic import Field, TypeAdapter, model_validator

from allocator.explain import Situation
from allocator.referral import Referral
from api.problems import problems
from api.routes.reason_models import SupposedTold
from api.routes.run_reads import Seen, TheRun
from api.routes.values_in import value_from
from api.service.known import as_known
from api.service.refusals import InvalidError, NotAllowedError, NotThereError
from api.service.seeing import hidden_people, is_pseudonymous
from api.service.situations import SITUATIONS
from api.service.supposing import suppose
from api.store.records import details
from api.wire.body import body_of, described
from api.wire.words import Body, Id

router = APIRouter()
_REFERRAL = TypeAdapter(Referral)
NOBODY = {"id": "what-if", "crn": "what-if"}
"""Someone new need not be anyone."""


class WhatIf(Body):
    """A person of the run with other facts, or someone new; fields as in problem.json."""

    referral_id: Id | None = None
    changes: dict[str, Any] = Field(
        default_factory=dict, description="Fields of the referral that are otherwise."
    )
    referral: dict[str, Any] | None = Field(
        default=None, description="A whole new referral. Without `id` and `crn` it is nobody's."
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.referral_id is None) == (self.referral is None):
            raise ValueError("Either referral_id or referral, please.")
        if self.referral is not None and self.changes:
            raise ValueError("Changes go with referral_id.")
        return self


@router.post(
    "/runs/{run_id}/what-if",
    responses=problems(404, 409),
    response_model_exclude_unset=True,
    openapi_extra=described(WhatIf),
)
def run_what_if(found: TheRun, body: Annotated[WhatIf, Depends(body_of(WhatIf))]) -> SupposedTold:
    """Where someone would go with the least disturbance, or why nowhere. Changes nothing."""
    hidden: frozenset[str] = frozenset()
    if body.referral is not None:
        hidden = _hidden(found, body.referral)
    elif body.referral_id in found.restricted:
        raise NotThereError(f"there is no referral {body.referral_id} in this run")
    with SITUATIONS.of(found.register, found.run) as situation:
        referral = _supposed(body, situation)
        told = suppose(_nobody(referral, hidden), situation)
    found.log([referral.id])
    return SupposedTold.model_validate(found.told(_as(told, referral.crn)))


def _supposed(body: WhatIf, situation: Situation) -> Referral:
    problem = situation.problem
    if body.referral is not None:
        referral = value_from(_REFERRAL, {**NOBODY, **body.referral}, "referral")
        if referral.id in problem.referrals_by_id:
            raise InvalidError("this referral is in the run: give referral_id and changes")
        return as_known(referral, problem.premises, problem.as_of, where="referral")
    known = problem.referrals_by_id.get(str(body.referral_id))
    if known is None:
        raise NotThereError(f"there is no referral {body.referral_id} in this run")
    if {"id", "crn"} & body.changes.keys():
        raise InvalidError("a referral keeps its id and its CRN")
    changed = value_from(_REFERRAL, {**details(known), **body.changes}, "changes")
    return as_known(changed, problem.premises, problem.as_of, before=known, where="changes")


def _hidden(found: Seen, referral: dict[str, Any]) -> frozenset[str]:
    """CRNs of whom the actor may know nothing. Raises NotAllowedError for a role without CRNs."""
    if referral.get("crn") is None:
        return frozenset()
    if is_pseudonymous(found.actor):
        raise NotAllowedError("Leave the CRN out: your role sees none.", code="no-crn")
    with found.register.reading() as connection:
        return hidden_people(connection, found.actor)


def _nobody(referral: Referral, hidden: frozenset[str]) -> Referral:
    """As nobody's, where the answer would tell where the person is and from whom they are kept.

    So the answer is the one to a CRN that nobody has: a refusal would say that somebody has it.
    """
    return replace(referral, crn=NOBODY["crn"]) if referral.crn in hidden else referral


def _as(told: dict[str, Any], crn: str) -> dict[str, Any]:
    """The answer with the CRN that was asked about."""
    explanation = told["explanation"]
    if explanation is None:
        return told
    return {**told, "explanation": _with_crn(explanation, crn)}


def _with_crn(value: dict[str, Any], crn: str) -> dict[str, Any]:
    inner = {k: _with_crn(v, crn) if isinstance(v, dict) else v for k, v in value.items()}
    return {**inner, "crn": crn} if "crn" in value else inner
