"""Outcome: a choice of options written as a plan, with what each level reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version

import numpy as np
import numpy.typing as npt

from allocator.nights import Stay
from allocator.plan import (
    Certificate,
    EndedBy,
    LevelReached,
    Placement,
    Plan,
    PlanStatus,
    Seat,
    Surplus,
)
from allocator.problem_file import problem_hash
from allocator.solving.beds import run_of_each
from allocator.solving.model import Model
from allocator.solving.settled import ahead

Ints = npt.NDArray[np.int64]


def as_plan(
    model: Model,
    option_of: Ints,
    levels: Sequence[LevelReached],
    certificates: Sequence[Certificate],
    *,
    ended_by: EndedBy,
    displacement: bool,
    effort: str,
    seed: int,
    seconds: float,
    timed: bool = False,
) -> Plan:
    """Every referral placed or unplaced, every booking seated or surplus."""
    problem = model.problem
    placements, seats = _given(model, option_of)
    placed = {placement.referral_id for placement in placements}
    seated = {seat.booking_id for seat in seats}
    proven = all(level.proven for level in levels)
    return Plan(
        as_of=problem.as_of,
        problem_hash=problem_hash(problem),
        policy_name=model.policy.name,
        policy_hash=model.policy.digest,
        status=PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE,
        ended_by=EndedBy.PROVEN if proven else ended_by,
        placements=tuple(sorted(placements, key=lambda p: p.referral_id)),
        unplaced=tuple(sorted(r.id for r in problem.referrals if r.id not in placed)),
        seats=tuple(sorted(seats, key=lambda s: s.booking_id)),
        surplus=tuple(
            Surplus(booking.id, booking.premises_id)
            for booking in sorted(problem.bookings, key=lambda b: b.id)
            if booking.id not in seated and ahead(booking, problem) is not None
        ),
        levels=tuple(levels),
        certificates=tuple(certificates),
        displacement=displacement,
        kept_plan=tuple(
            (referral, premises, arrival)
            for referral, (premises, arrival) in sorted(model.gains.keep.items())
        ),
        effort=effort,
        seed=seed,
        seconds=round(seconds, 3),
        versions=(("highspy", version("highspy")),),
        synthetic=problem.synthetic,
        timed=timed,
    )


def _given(model: Model, option_of: Ints) -> tuple[list[Placement], list[Seat]]:
    problem, policy = model.problem, model.policy
    placements = []
    seats = [
        Seat(booking.id, str(booking.bed_id), inferred=False) for booking in model.settled.kept
    ]
    for option, (_, run) in run_of_each(model.stock, model.options, option_of).items():
        party = model.parties[int(model.options.party[option])]
        if party.booking is not None:
            home = problem.premises_of_bed(run.bed_id).id == party.booking.premises_id
            seats.append(
                Seat(
                    party.id,
                    run.bed_id,
                    inferred=party.booking.bed_id is None and home,
                    moved=not home,
                    reason="" if home else "displaced for a person of a higher band",
                )
            )
            continue
        arrival = model.stock.date(int(model.options.arrival[option]))
        early = timedelta(days=policy.commit_by_days[party.band - 1])
        placements.append(
            Placement(
                party.id,
                run.bed_id,
                Stay.of(arrival, party.nights),
                party.band,
                max(problem.as_of, arrival - early),
            )
        )
    return placements, seats
