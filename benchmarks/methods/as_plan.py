"""A method's answer as a plan that says of itself what is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from allocator.check import recompute
from allocator.nights import Stay
from allocator.plan import EndedBy, LevelReached, Placement, Plan, PlanStatus, Seat, Sense, Surplus
from allocator.problem_file import problem_hash
from benchmarks.methods.situation import Situation

FEWEST = {"uncovered_nights", "bookings_disturbed", "miles_beyond", "miles", "scarce_features"}
UNITS = {
    "residents_kept": "people",
    "bookings_kept": "people",
    "bookings_suited": "people",
    "placed": "people",
    "urgent_first": "points",
    "uncovered_nights": "nights",
    "miles_beyond": "tenths of a mile",
    "miles": "tenths of a mile",
    "preferred_premises": "points",
    "desirable_criteria": "criteria",
    "scarce_features": "features",
}


def as_plan(
    situation: Situation,
    seats: Mapping[str, str],
    placed: Mapping[str, tuple[str, int]],
    *,
    effort: str,
    ended_by: EndedBy = EndedBy.EFFORT,
    bounds: Mapping[str, int] | None = None,
    seconds: float = 0.0,
) -> Plan:
    """The plan; `placed` gives bed and arrival day by referral. A level is proven by its bound."""
    problem, policy = situation.problem, situation.policy
    named = {b.id: b.bed_id is None for b in situation.bookings_ahead}
    plan = Plan(
        as_of=problem.as_of,
        problem_hash=problem_hash(problem),
        policy_name=policy.name,
        policy_hash=policy.digest,
        status=PlanStatus.FEASIBLE,
        ended_by=ended_by,
        placements=tuple(_placement(situation, r, *placed[r]) for r in sorted(placed)),
        unplaced=tuple(sorted(r.id for r in problem.referrals if r.id not in placed)),
        seats=tuple(Seat(b, seats[b], inferred=named[b]) for b in sorted(seats)),
        surplus=tuple(
            Surplus(b.id, b.premises_id)
            for b in sorted(situation.bookings_ahead, key=lambda b: b.id)
            if b.id not in seats
        ),
        effort=effort,
        seconds=seconds,
        synthetic=problem.synthetic,
    )
    values = recompute(plan, problem, policy)
    levels = tuple(_level(code, values[code], (bounds or {}).get(code)) for code in values)
    proven = all(level.proven for level in levels)
    return replace(
        plan, levels=levels, status=PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
    )


def _placement(situation: Situation, referral_id: str, bed: str, day: int) -> Placement:
    referral = situation.problem.referrals_by_id[referral_id]
    stay = Stay.of(situation.date(day), referral.nights)
    band = situation.policy.band_of(referral)
    notice = timedelta(days=situation.policy.commit_by_days[band - 1])
    return Placement(
        referral_id, bed, stay, band, max(situation.problem.as_of, stay.arrival - notice)
    )


def _level(code: str, value: int, bound: int | None) -> LevelReached:
    aim, _, band = code.partition("/")
    fields: dict[str, Any] = {
        "aim": aim,
        "band": int(band) if band else None,
        "sense": Sense.FEWEST if aim in FEWEST else Sense.MOST,
        "unit": UNITS.get(aim, "people"),
        "value": value,
        "bound": bound,
        "proven": bound == value,
    }
    return LevelReached(**fields)
