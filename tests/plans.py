"""Plans written down by a test: who sleeps where, and everything else as the referee has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from allocator.check import recompute
from allocator.check.facts import Facts
from allocator.check.levels import levels_of
from allocator.nights import Stay
from allocator.plan import (
    EndedBy,
    LevelReached,
    Placement,
    Plan,
    PlanStatus,
    Seat,
    Surplus,
)
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import problem_hash
from tests.builders import day, default_policy


def a_placement(
    problem: Problem, policy: Policy, referral_id: str, bed_id: str, arrival: date
) -> Placement:
    """A placement with the length, the band and the decision day that it should have."""
    referral = problem.referrals_by_id[referral_id]
    band = policy.band_of(referral)
    notice = timedelta(days=policy.commit_by_days[band - 1])
    return Placement(
        referral_id=referral_id,
        bed_id=bed_id,
        stay=Stay.of(arrival, referral.nights),
        band=band,
        decide_by=max(problem.as_of, arrival - notice),
    )


def a_plan(
    problem: Problem,
    policy: Policy | None = None,
    *,
    placements: Iterable[tuple[str, str, int]] = (),
    seats: Mapping[str, str] | None = None,
    displacement: bool = False,
    **changes: Any,
) -> Plan:
    """A plan that says of itself what is so; lawful when placements and seats are.

    `placements` holds (referral, bed, arrival as a day number). Settled bookings are seated where
    they must be; `seats` gives beds to open ones by booking, and the others are surplus.
    """
    policy = policy or default_policy()
    placed = tuple(a_placement(problem, policy, r, b, day(n)) for r, b, n in placements)
    bare = Plan(
        as_of=problem.as_of,
        problem_hash=problem_hash(problem),
        policy_name=policy.name,
        policy_hash=policy.digest,
        status=PlanStatus.FEASIBLE,
        ended_by=EndedBy.EFFORT,
        placements=placed,
        unplaced=tuple(
            r.id for r in problem.referrals if r.id not in {p.referral_id for p in placed}
        ),
        displacement=displacement,
        kept_plan=changes.pop("kept_plan", ()),
        synthetic=problem.synthetic,
    )
    seated, surplus = _answers(Facts(bare, problem, policy), seats or {})
    plan = replace(bare, seats=seated, surplus=surplus)
    return replace(with_levels(plan, problem, policy), **changes)


def with_levels(plan: Plan, problem: Problem, policy: Policy) -> Plan:
    """The plan with the levels it reaches, and no bound on any."""
    values = recompute(plan, problem, policy)
    reached = tuple(
        LevelReached(
            aim=level.aim.code,
            band=level.band,
            sense=level.aim.sense,
            unit=level.aim.unit,
            value=values[level.code],
            bound=None,
            proven=False,
        )
        for level in levels_of(plan, policy)
    )
    return replace(plan, levels=reached)


def _answers(facts: Facts, beds: Mapping[str, str]) -> tuple[tuple[Seat, ...], tuple[Surplus, ...]]:
    seats, surplus = [], []
    for booking in facts.bookings:
        bed_id = beds.get(booking.id)
        if booking.id in facts.kept_ids:
            bed_id = bed_id or booking.bed_id
        if bed_id is None:
            surplus.append(Surplus(booking.id, booking.premises_id))
            continue
        moved = facts.places[bed_id].premises.id != booking.premises_id
        inferred = booking.bed_id is None and not moved
        reason = "makes room for someone" if moved else ""
        seats.append(Seat(booking.id, bed_id, inferred=inferred, moved=moved, reason=reason))
    return tuple(seats), tuple(surplus)
