"""What a finished run leaves in the register: proposals, attempts, flags, and a sound timeline."""

import pytest

from allocator.solving import solve
from api.service import referrals, run_ends, runs
from api.service.leases import ALLOCATOR
from api.service.run_values import Why, problem_of
from api.store.verify import verify
from api.worker.claim import claim
from tests.api.registers import (
    COORDINATOR,
    LIMITS,
    ask,
    finished_run,
    make_register,
    row,
    rows,
    tiny,
)


@pytest.fixture
def register(database_url):
    return make_register(database_url, tiny())


def sound(register):
    with register.reading() as connection:
        return verify(connection).faults == []


def finish(register, run, attempt):
    with register.reading() as connection:
        plan = solve(problem_of(connection, run), register.policy)
    why = {name: Why("all_taken", "every lawful bed is taken", "Words.") for name in plan.unplaced}
    with register.changing(ALLOCATOR) as change:
        return run_ends.finish(change, run["id"], attempt, plan, why)


def test_who_is_placed_is_proposed_and_who_is_not_has_failed_once(register, tmp_path):
    run = finished_run(register, tmp_path)
    proposed = {each["referral_id"]: each for each in rows(register, "proposal")}
    assert {name: each["bed_id"] for name, each in proposed.items()} == {
        "R1": "A-1",
        "R2": "A-2",
        "R4": "B-2",
        "R5": "B-1",
    }
    assert {each["status"] for each in proposed.values()} == {"proposed"}
    (attempt,) = rows(register, "attempt")
    assert (attempt["referral_id"], attempt["run_id"]) == ("R3", run["id"])
    assert attempt["code"] == "all_taken"
    assert attempt["details"]["main"] == "every lawful bed is taken"
    assert row(register, "referral", "R3")["failed_attempts"] == 1
    assert sound(register)


def test_a_second_run_supersedes_the_first_and_counts_no_second_attempt_that_day(
    register, tmp_path
):
    first, second = finished_run(register, tmp_path), finished_run(register, tmp_path)
    of_run = {first["id"]: set(), second["id"]: set()}
    for each in rows(register, "proposal"):
        of_run[each["run_id"]].add(each["status"])
    assert of_run == {first["id"]: {"superseded"}, second["id"]: {"proposed"}}
    assert len(rows(register, "attempt")) == 2
    assert row(register, "referral", "R3")["failed_attempts"] == 1
    assert sound(register)


def test_an_earlier_run_that_finishes_later_proposes_nothing_to_decide(register):
    slow, fast = ask(register), ask(register)
    for _ in range(2):
        with register.changing(ALLOCATOR) as change:
            claim(change, "w", 60)
    finish(register, fast, 1)
    finish(register, slow, 1)
    status = {each["run_id"]: each["status"] for each in rows(register, "proposal")}
    assert status == {slow["id"]: "superseded", fast["id"]: "proposed"}
    assert {each["run_id"] for each in rows(register, "attempt")} == {fast["id"]}


def test_nothing_is_proposed_for_a_bid_that_was_closed_meanwhile(register):
    run = ask(register)
    with register.changing(ALLOCATOR) as change:
        claim(change, "w", 60)
    with register.changing(COORDINATOR) as change:
        for name in ("R1", "R3"):
            bid = referrals.the_bid(change, name)
            referrals.close(change, bid, referrals.WITHDRAWN, "referral.withdrawn", "gone home")
    finish(register, run, 1)
    assert {each["referral_id"] for each in rows(register, "proposal")} == {"R2", "R4", "R5"}
    assert rows(register, "attempt") == []
    assert sound(register)


def test_flags_raised_before_the_snapshot_are_cleared_and_later_ones_stay(register):
    def flag(about):
        with register.changing(COORDINATOR) as change:
            bids = [referrals.the_bid(change, name) for name in ("R1", "R3")]
            referrals.raise_flag(change, bids, "bed_freed", about)

    flag("A-1")
    run = ask(register)
    with register.changing(ALLOCATOR) as change:
        claim(change, "w", 60)
    flag("A-2")
    finish(register, run, 1)
    cleared = {
        (each["about"], each["referral_id"]): each["cleared"] for each in rows(register, "flag")
    }
    assert cleared == {
        ("A-1", "R1"): True,
        ("A-1", "R3"): True,
        ("A-2", "R1"): False,
        ("A-2", "R3"): False,
    }


def test_a_run_over_a_problem_leaves_the_register_as_it_is(register, tmp_path):
    finished_run(register, tmp_path, over=runs.PROBLEM, problem=tiny())
    assert rows(register, "proposal") == rows(register, "attempt") == []
    assert sound(register)


def test_a_replay_places_everyone_alike_and_proposes_nothing(register, tmp_path):
    run = finished_run(register, tmp_path, time_limit_s=60)
    before = rows(register, "proposal")
    with register.changing(COORDINATOR) as change:
        again = runs.replay(change, run["id"], LIMITS)
    assert (again["replay_of"], again["time_limit_s"]) == (run["id"], None)
    assert again["snapshot"] == run["snapshot"]
    with register.changing(ALLOCATOR) as change:
        claim(change, "w", 60)
    finish(register, again, 1)
    assert rows(register, "proposal") == before


def test_little_is_changed_of_the_run_that_is_to_be_kept(register, tmp_path):
    run = finished_run(register, tmp_path)
    again = finished_run(register, tmp_path, keep_run=run["id"])
    beds = {}
    for each in rows(register, "proposal"):
        beds.setdefault(each["run_id"], {})[each["referral_id"]] = each["bed_id"]
    assert beds[run["id"]] == beds[again["id"]]
