"""Judge: a simulated year put before the referee, as if it had been planned on the first day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from allocator.check import Breach, check
from allocator.nights import Stay
from allocator.plan import EndedBy, Placement, Plan, PlanStatus, Seat
from allocator.problem_file import problem_hash
from allocator.referral import Referral
from allocator.simulate.year import Decided, Year

NOT_ASKED = frozenset({"level", "levels", "plan_complete"})
"""A year has no levels: these say only that they are missing."""


def breaches(year: Year) -> list[Breach]:
    """Everything unlawful in the stays of the year; levels are not asked about.

    Each stay is a referral that asks for the nights it had. Someone who was moved has several,
    one after the other. Nights past the planned departure were nobody's decision and are not
    judged; that two people never had one bed on one night, the board itself sees to.
    """
    world = year.world
    estate = world.problem
    slept = [each for each in year.decided if not each.resident]
    referrals = tuple(_as_referral(each) for each in slept)
    slept_by = {each.number: each.stay for each in reversed(year.decided) if each.resident}
    bookings = tuple(
        replace(booking, stay=Stay(booking.stay.arrival, slept_by[asking.number].departure))
        for asking, booking in world.residents
        if asking.number in slept_by
    )
    problem = replace(
        estate,
        referrals=referrals,
        bookings=bookings,
    )
    notice = [timedelta(days=days) for days in world.policy.commit_by_days]
    plan = Plan(
        as_of=problem.as_of,
        problem_hash=problem_hash(problem),
        policy_name=world.policy.name,
        policy_hash=world.policy.digest,
        status=PlanStatus.FEASIBLE,
        ended_by=EndedBy.EFFORT,
        placements=tuple(
            Placement(
                referral.id,
                each.bed_id,
                each.stay,
                band := world.policy.band_of(referral),
                max(problem.as_of, each.stay.arrival - notice[band - 1]),
            )
            for referral, each in zip(referrals, slept, strict=True)
        ),
        unplaced=(),
        seats=tuple(
            Seat(booking.id, str(booking.bed_id), inferred=False) for booking in problem.bookings
        ),
        synthetic=problem.synthetic,
    )
    return [found for found in check(plan, problem, world.policy) if found.code not in NOT_ASKED]


def _as_referral(each: Decided) -> Referral:
    referral = each.asking.referral
    return replace(
        referral,
        id=f"{referral.id}-{each.number}",
        release_date=each.stay.arrival,
        latest_arrival=each.stay.arrival,
        nights=each.stay.nights,
    )
