"""Reasons: why each person of a run has a bed or none, and what would change it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from allocator.explain import (
    Main,
    Situation,
    explain_placed,
    explain_unplaced,
    level_up,
    placed_json,
    unplaced_json,
)
from api.problems import problems
from api.routes.asking import After, Limit
from api.routes.lists import page
from api.routes.reason_models import (
    LevelUpTold,
    MainReason,
    PlacedTold,
    ReasonTold,
    UnplacedTold,
)
from api.routes.run_reads import ReferralId, Restricted, Seen, TheRun
from api.service.other_stays import NOT_TOLD, as_told, without_other_stays
from api.service.refusals import NotThereError
from api.service.run_values import Why, reasons_of
from api.service.situations import SITUATIONS
from api.store.values import Row
from api.wire.shown import Page

router = APIRouter()
Few = Annotated[int, Query(ge=1, le=50, description="Records on a page; each takes a while.")]


@router.get("/runs/{run_id}/explanations", responses=problems(404, 409))
def run_explanations(found: TheRun, limit: Limit = 50, after: After = None) -> Page[ReasonTold]:
    """Everyone whom the run leaves without a bed, with the main reason.

    Without people whom you may not see: the plan names those.
    """
    reasons = _reasons(found)

    def show(row: Row) -> ReasonTold:
        name = row["id"]
        why = reasons[name]
        main = MainReason(kind=why.main, text=why.text)
        return ReasonTold(referral_id=name, code=why.code, main_reason=main)

    told = page(_rows(reasons), (), limit, after, show)
    found.log(each.referral_id for each in told.records)
    return told


@router.get(
    "/runs/{run_id}/explanations/{referral_id}",
    responses=problems(404, 409),
    response_model_exclude_unset=True,
)
def run_explanation(
    found: TheRun, referral_id: ReferralId
) -> UnplacedTold | PlacedTold | Restricted:
    """Why one person has that bed, or none and what would change it. All of it is verified."""
    if referral_id in found.restricted:
        return Restricted(referral_id=referral_id, restricted=True)
    with SITUATIONS.of(found.register, found.run) as situation:
        told = found.told(explained(referral_id, situation))
    with found.register.reading() as connection:
        told = without_other_stays(connection, found.actor, told)
    found.log([referral_id])
    if told["outcome"] == "placed":
        return PlacedTold.model_validate(told)
    return UnplacedTold.model_validate(told)


@router.get(
    "/runs/{run_id}/level-up",
    responses=problems(404, 409),
    response_model_exclude_unset=True,
)
def run_level_up(found: TheRun, limit: Few = 20, after: After = None) -> Page[LevelUpTold]:
    """Who without a bed would be shown one, were their risk assessed one level higher.

    Without people whom you may not see: the plan names those. Without bids whose person has a bed
    on those nights already, and those of which that is not told: no assessment would change it.
    """
    left_out = (Main.SAME_PERSON.code, NOT_TOLD.code)
    reasons = {name: why for name, why in _reasons(found).items() if why.code not in left_out}
    with SITUATIONS.of(found.register, found.run) as situation:

        def show(row: Row) -> LevelUpTold:
            answer = level_up(situation.problem.referrals_by_id[row["id"]], situation)
            return LevelUpTold.model_validate(found.told(answer.as_json()))

        told = page(_rows(reasons), (), limit, after, show)
    found.log(each.referral_id for each in told.records)
    return told


def explained(referral_id: str, situation: Situation) -> dict[str, Any]:
    """Why one person of a run has that bed or none, as JSON. Raises NotThereError."""
    referral = situation.problem.referrals_by_id.get(referral_id)
    if referral is None:
        raise NotThereError(f"there is no referral {referral_id} in this run")
    if referral_id in situation.plan.placement_of:
        return placed_json(explain_placed(referral, situation))
    found = explain_unplaced(referral, situation)
    return unplaced_json(found, level_up(referral, situation) if found.tried else None)


def _reasons(found: Seen) -> dict[str, Why]:
    """Of those whom the reader may see: to be in the list is to have no bed."""
    with found.register.reading() as connection:
        reasons = as_told(connection, found.actor, reasons_of(connection, found.run))
    return {name: why for name, why in reasons.items() if name not in found.restricted}


def _rows(reasons: dict[str, Why]) -> list[Row]:
    return [{"id": name} for name in sorted(reasons)]
