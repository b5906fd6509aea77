"""Results: the plan that a run made, what proves it, and how it differs from another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from allocator.plan import LevelReached, Placement, Plan
from api.problems import problems
from api.routes.plan_models import (
    BedTold,
    Certificates,
    ComparisonTold,
    DifferenceTold,
    LevelBeside,
    LevelTold,
    PlacementTold,
    PlanTold,
    SeatTold,
)
from api.routes.run_reads import Restricted, Seen, TheRun
from api.service.comparison import Difference, compare
from api.service.run_values import plan_of
from api.service.seeing import hidden_people, the_run
from api.store.tables import BOOKINGS
from api.wire.words import Id

router = APIRouter()


@router.get("/runs/{run_id}/plan", responses=problems(404, 409))
def run_plan(found: TheRun) -> PlanTold:
    """The plan of a finished run. It has passed the referee, and decides nothing."""
    with found.register.reading() as connection:
        plan = plan_of(connection, found.run)
        people = sorted(hidden_people(connection, found.actor))
        theirs = select(BOOKINGS.c.id).where(BOOKINGS.c.crn.in_(people))
        hidden = set(connection.execute(theirs).scalars())
    everyone = _everyone(plan)
    found.log(everyone)
    return PlanTold(
        run_id=found.run["id"],
        as_of=plan.as_of,
        status=plan.status.value,
        ended_by=plan.ended_by.value,
        problem_hash=plan.problem_hash,
        policy_name=plan.policy_name,
        policy_hash=plan.policy_hash,
        versions=dict(plan.versions),
        synthetic=plan.synthetic,
        levels=[_level(level) for level in plan.levels],
        placements=[
            _placement(p) for p in plan.placements if p.referral_id not in found.restricted
        ],
        unplaced=[name for name in plan.unplaced if name not in found.restricted],
        seats=[
            SeatTold(booking_id=s.booking_id, bed_id=s.bed_id, inferred=s.inferred, moved=s.moved)
            for s in plan.seats
            if s.booking_id not in hidden
        ],
        surplus=[s.booking_id for s in plan.surplus if s.booking_id not in hidden],
        restricted=_restricted(everyone, found),
    )


@router.get("/runs/{run_id}/certificates", responses=problems(404, 409))
def run_certificates(found: TheRun) -> Certificates:
    """What proves the bounds of the plan. Prices of beds: nobody's data."""
    with found.register.reading() as connection:
        plan = plan_of(connection, found.run)
    return Certificates(
        run_id=found.run["id"],
        problem_hash=plan.problem_hash,
        policy_hash=plan.policy_hash,
        certificates=list(plan.certificates),
    )


@router.get("/runs/{run_id}/comparison", responses=problems(404, 409))
def compare_runs(
    found: TheRun,
    other: Annotated[Id, Query(alias="with", description="The run to compare with.")],
) -> ComparisonTold:
    """Who has gained, lost or moved from the other run to this one, and the levels of both."""
    with found.register.reading() as connection:
        here = plan_of(connection, found.run)
        there = plan_of(connection, the_run(connection, found.actor, other))
    told = compare(here, there)
    changed = (*told.gained, *told.lost, *told.moved, *told.only_here, *told.only_there)
    found.log({d.referral_id for d in changed}, "combination")

    def open_ids(differences: tuple[Difference, ...]) -> list[str]:
        return [d.referral_id for d in differences if d.referral_id not in found.restricted]

    def open_only(differences: tuple[Difference, ...]) -> list[DifferenceTold]:
        return [_difference(d) for d in differences if d.referral_id not in found.restricted]

    return ComparisonTold(
        here=found.run["id"],
        there=other,
        gained=open_only(told.gained),
        lost=open_only(told.lost),
        moved=open_only(told.moved),
        only_here=open_ids(told.only_here),
        only_there=open_ids(told.only_there),
        levels=[_beside(*level) for level in told.levels],
        # Of both plans, whether it changed for them or not: that too would tell.
        restricted=_restricted(_everyone(here) | _everyone(there), found),
    )


def _everyone(plan: Plan) -> set[str]:
    return {*plan.placement_of, *plan.unplaced}


def _restricted(named: set[str], found: Seen) -> list[Restricted]:
    """Those of whom nothing is told, not even in which of the lists they are."""
    return [Restricted(referral_id=name) for name in sorted(named & found.restricted)]


def _level(level: LevelReached) -> LevelTold:
    return LevelTold(
        code=level.code,
        unit=level.unit,
        sense=level.sense.value,
        value=level.value,
        bound=level.bound,
        proven=level.proven,
    )


def _placement(placement: Placement) -> PlacementTold:
    return PlacementTold(
        referral_id=placement.referral_id,
        bed_id=placement.bed_id,
        arrival=placement.stay.arrival,
        departure=placement.stay.departure,
        band=placement.band,
        decide_by=placement.decide_by,
    )


def _difference(difference: Difference) -> DifferenceTold:
    return DifferenceTold(
        referral_id=difference.referral_id,
        here=_bed(difference.here),
        there=_bed(difference.there),
    )


def _bed(placement: Placement | None) -> BedTold | None:
    if placement is None:
        return None
    stay = placement.stay
    return BedTold(bed_id=placement.bed_id, arrival=stay.arrival, departure=stay.departure)


def _beside(code: str, here: LevelReached | None, there: LevelReached | None) -> LevelBeside:
    known = here or there
    assert known is not None
    return LevelBeside(
        code=code,
        unit=known.unit,
        here=None if here is None else here.value,
        there=None if there is None else there.value,
    )
