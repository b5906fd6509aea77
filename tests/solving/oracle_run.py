"""Thousands of small random problems: the solver's plan beside the best that brute force finds.

python -m tests.solving.oracle_run --cases 5000 --seed 0
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from allocator.check import check
from allocator.plan import EndedBy, Plan, PlanStatus, Sense
from allocator.solving import solve
from tests.oracle import Oracle
from tests.plans import a_plan
from tests.strategies import SmallCase, a_small_case

EFFORTS = ("quick", "standard", "standard", "standard", "thorough")
ADVICE = "each fault is reproduced by --cases 1 --seed <its seed>"


@dataclass(frozen=True)
class Run:
    """A small problem and how the solver is asked about it, all from one seed."""

    seed: int
    case: SmallCase
    effort: str
    workers: int

    @classmethod
    def of(cls, seed: int) -> Run:
        """The same run from the same seed."""
        dice = Random(seed)
        case = a_small_case(dice)
        return cls(seed, case, dice.choice(EFFORTS), dice.choice((1, 1, 1, 2)))

    def solved(self) -> Plan:
        """The solver's plan."""
        return solve(
            self.case.problem,
            self.case.policy,
            effort=self.effort,
            seed=self.seed,
            workers=self.workers,
            keep=an_earlier_plan(self.case),
            displacement=self.case.displacement,
        )

    def faults(self) -> Iterator[str]:
        """Everything that a right plan of a small problem would not show."""
        case = self.case
        try:
            plan = self.solved()
        except Exception as error:  # whatever it is, the other cases are still of interest
            yield f"ends with {type(error).__name__}: {error}"
            return
        yield from (f"{b.code}: {b.text}" for b in check(plan, case.problem, case.policy))
        if set(plan.kept_plan) != set(case.kept_plan):
            yield f"keeps {plan.kept_plan}, was given {case.kept_plan}"
        stated = {level.code: level.value for level in plan.levels}
        if case.displacement:
            yield from self._worse_than_without_moves(plan, stated)
            return
        oracle = Oracle(case.problem, case.policy, False, case.kept_plan)
        for code, value in oracle.best_values().items():
            if stated.get(code) != value:
                yield f"{code} is {stated.get(code)}, the best plan has {value}"
                break
        if plan.status is not PlanStatus.OPTIMAL or plan.ended_by is not EndedBy.PROVEN:
            open_ones = [level.code for level in plan.levels if not level.proven]
            yield f"is {plan.status}, ended by {plan.ended_by}; not proven: {open_ones}"

    def _worse_than_without_moves(self, plan: Plan, stated: dict[str, int]) -> Iterator[str]:
        """With moves the plan claims no proof; it is still no worse than the best without."""
        case = self.case
        if any(level.proven or level.bound is not None for level in plan.levels):
            yield "claims a bound although bookings may move"
        without = Oracle(case.problem, case.policy, False, case.kept_plan).best_values()
        for level in plan.levels:
            value = stated[level.code]
            still = without.get(level.code, 0)
            if value != still:
                if level.aim == "bookings_kept":
                    # One that may move is no longer a fact in a bed that is out of service.
                    break
                if (value < still) == (level.sense is Sense.MOST):
                    yield f"{level.code} is {value}, without moves {still}"
                break


def an_earlier_plan(case: SmallCase) -> Plan | None:
    """A plan with the placements of `kept_plan`, lawful or not: it is only looked up."""
    if not case.kept_plan:
        return None
    problem = case.problem
    beds = {problem.premises_of_bed(bed.id).id: bed.id for bed in problem.beds}
    placements = [
        (referral_id, beds[premises_id], (arrival - problem.as_of).days)
        for referral_id, premises_id, arrival in case.kept_plan
    ]
    return a_plan(problem, case.policy, placements=placements)


def main() -> int:
    """Run the cases, print each fault as it is found and one line at the end."""
    parser = argparse.ArgumentParser(description=__doc__, epilog=ADVICE)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    seen: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.cases):
        run = Run.of(seed)
        seen["displacement"] += run.case.displacement
        seen["kept plan"] += bool(run.case.kept_plan)
        seen["two workers"] += run.workers == 2
        faults = list(run.faults())
        seen["wrong"] += bool(faults)
        for fault in faults:
            print(f"seed {seed} ({run.effort}, {run.workers} workers): {fault}", flush=True)
    told = ", ".join(f"{count} {what}" for what, count in seen.items())
    print(f"{asked.cases} cases from seed {asked.seed}: {told}")
    return 1 if seen["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
