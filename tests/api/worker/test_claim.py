"""Claims: whose run it is, for how long, and what a worker that was too late may still say."""

import pytest

from allocator.solving import solve
from api.service import run_ends, runs
from api.service.leases import ALLOCATOR
from api.service.refusals import ConflictError
from api.service.run_values import Why, problem_of
from api.worker.claim import claim, renew
from tests.api.registers import Moving, ask, make_register, row, rows, tiny


@pytest.fixture
def moving():
    return Moving()


@pytest.fixture
def register(database_url, moving):
    return make_register(database_url, tiny(), moving=moving)


def claimed(register, worker="w"):
    with register.changing(ALLOCATOR) as change:
        return claim(change, worker, 30)


def solved(register, run):
    with register.reading() as connection:
        problem = problem_of(connection, run)
    plan = solve(problem, register.policy, seed=run["seed"])
    return plan, {name: Why("code", "main", "text") for name in plan.unplaced}


def test_the_run_that_waits_longest_is_claimed_and_nobody_else_gets_it(register):
    first, second = ask(register), ask(register)
    assert claimed(register).row["id"] == first["id"]
    assert claimed(register).row["id"] == second["id"]
    assert claimed(register) is None


def test_a_run_whose_lease_ran_out_is_claimed_again_with_another_number(register, moving):
    ask(register)
    assert claimed(register).attempt == 1
    moving.put_forward(seconds=29)
    assert claimed(register) is None
    moving.put_forward(seconds=2)
    assert claimed(register).attempt == 2


def test_a_lease_that_is_renewed_does_not_run_out(register, moving):
    ask(register)
    mine = claimed(register)
    moving.put_forward(seconds=20)
    with register.changing(ALLOCATOR) as change:
        renew(change, mine, 30, [])
    moving.put_forward(seconds=20)
    assert claimed(register) is None


def test_a_run_is_given_up_when_a_third_worker_is_lost_over_it(register, moving):
    run = ask(register)
    for _ in range(3):
        assert claimed(register) is not None
        moving.put_forward(seconds=31)
    assert claimed(register) is None
    given_up = row(register, "run", run["id"])
    assert (given_up["status"], given_up["fault"].split(":")[0]) == ("failed", "gave-up")


def test_a_worker_that_ends_well_does_not_count_as_lost(register):
    run = ask(register)
    for _ in range(5):
        mine = claimed(register)
        with register.changing(ALLOCATOR) as change:
            run_ends.release(change, run["id"], mine.attempt)
    assert row(register, "run", run["id"])["status"] == "queued"


def test_a_run_that_was_called_off_while_its_worker_was_lost_is_cancelled(register, moving):
    run = ask(register)
    claimed(register)
    with register.changing(ALLOCATOR) as change:
        runs.cancel(change, run["id"])
    moving.put_forward(seconds=31)
    assert claimed(register) is None
    assert row(register, "run", run["id"])["status"] == "cancelled"


@pytest.mark.parametrize("again", [True, False], ids=["claimed again", "only queued again"])
def test_a_result_of_an_attempt_that_is_over_is_refused(register, moving, again):
    run = ask(register)
    zombie = claimed(register)
    moving.put_forward(seconds=31)
    if again:
        assert claimed(register).attempt == 2
    else:
        with register.changing(ALLOCATOR) as change:
            run_ends.requeue(change, run_ends.ours(change, run["id"], 1), "run.lease_lost")
    plan, why = solved(register, run)
    before = row(register, "run", run["id"])
    for ending in (
        lambda change: run_ends.finish(change, run["id"], zombie.attempt, plan, why),
        lambda change: run_ends.fail(change, run["id"], zombie.attempt, "code", "words"),
        lambda change: run_ends.release(change, run["id"], zombie.attempt),
        lambda change: run_ends.stopped(change, run["id"], zombie.attempt),
        lambda change: renew(change, zombie, 30, []),
    ):
        with pytest.raises(ConflictError) as refused, register.changing(ALLOCATOR) as change:
            ending(change)
        assert refused.value.code == "lease-lost"
    assert row(register, "run", run["id"]) == before
    assert rows(register, "proposal") == []


def test_a_finished_run_cannot_be_finished_twice(register):
    run = ask(register)
    mine = claimed(register)
    plan, why = solved(register, run)
    with register.changing(ALLOCATOR) as change:
        run_ends.finish(change, run["id"], mine.attempt, plan, why)
    with pytest.raises(ConflictError), register.changing(ALLOCATOR) as change:
        run_ends.finish(change, run["id"], mine.attempt, plan, why)


def test_a_plan_that_comes_after_somebody_called_the_run_off_is_not_kept(register):
    run = ask(register)
    mine = claimed(register)
    with register.changing(ALLOCATOR) as change:
        runs.cancel(change, run["id"])
    plan, why = solved(register, run)
    with register.changing(ALLOCATOR) as change:
        run_ends.finish(change, run["id"], mine.attempt, plan, why)
    after = row(register, "run", run["id"])
    assert (after["status"], after["plan"]) == ("cancelled", None)
    assert rows(register, "proposal") == []
