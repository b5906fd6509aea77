"""Small random problems: nothing that brute force finds is better than the solver's plan."""

import pytest

from allocator.solving import solve
from tests.solving.oracle_run import Run

BATCHES, CASES_A_BATCH = 6, 100
"""The first of the cases that `python -m tests.solving.oracle_run` runs by the thousand."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_plan_is_lawful_proven_and_as_good_as_brute_force_finds(batch, record_property):
    seeds = range(batch * CASES_A_BATCH, (batch + 1) * CASES_A_BATCH)
    faults = {seed: found for seed in seeds if (found := list(Run.of(seed).faults()))}
    record_property("cases", len(seeds))
    print(f"{len(seeds) - len(faults)} of {len(seeds)} small problems solved as brute force does")
    assert faults == {}


def test_the_cases_reach_what_is_to_be_tried():
    runs = [Run.of(seed) for seed in range(BATCHES * CASES_A_BATCH)]
    tried = {(run.effort, run.workers, run.case.displacement) for run in runs}
    assert len(tried) == 3 * 2 * 2
    assert sum(bool(run.case.kept_plan) for run in runs) > 100


def test_a_wrong_plan_is_seen(monkeypatch):
    # The comparison itself can fail: nobody is placed, and the bookings are left where they were.
    def places_nobody(problem, policy, **asked):
        return solve(problem.with_referrals(()), policy, **asked)

    run = next(run for run in map(Run.of, range(100)) if run.effort == "standard")
    monkeypatch.setattr("tests.solving.oracle_run.solve", places_nobody)
    assert any(fault.startswith("plan_complete") for fault in run.faults())
