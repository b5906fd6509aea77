"""The solver's process: what it is asked, what it says, and every way in which it can go wrong."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from allocator.plan import EndedBy
from allocator.problem_file import problem_hash
from allocator.solver_process import Ended, Limits, SolveRequest, solve_apart
from tests.builders import a_problem, a_referral, a_resident, an_estate, default_policy
from tests.plans import a_plan
from tests.solver_process import stand_ins

ROOT = Path(__file__).parents[2]
PROBLEM = a_problem(
    **an_estate({"P1": (1, 1)}),
    referrals=[a_referral("r", release_date=5)],
    bookings=[a_resident("in")],
)


def asked(solver, **options):
    return SolveRequest(PROBLEM, default_policy(), solver=stand_ins.named(solver), **options)


def test_a_plan_comes_back_as_the_solver_made_it():
    outcome = solve_apart(asked(stand_ins.places_nobody, effort="quick", seed=3))
    assert outcome.ended is Ended.FINISHED
    assert outcome.plan == a_plan(PROBLEM, effort="quick", seed=3)
    assert outcome.plan.problem_hash == problem_hash(PROBLEM)


def test_every_option_reaches_the_solver():
    keep = a_plan(PROBLEM, seed=9)
    request = asked(
        stand_ins.tells_what_it_was_asked, workers=2, time_limit_s=5, keep=keep, displacement=True
    )
    assert dict(solve_apart(request).plan.versions) == {"told": "(2, 5.0, 9, True)"}


def test_progress_is_heard_while_it_runs():
    heard = []
    solve_apart(asked(stand_ins.places_nobody), watch=heard.append)
    assert [(p.level, p.value, p.bound, p.note) for p in heard] == [("placed/1", 0, None, "begun")]


def test_what_native_code_prints_does_not_spoil_the_answer():
    assert solve_apart(asked(stand_ins.prints_on_stdout)).ended is Ended.FINISHED


def test_one_request_to_stop_brings_the_best_plan_so_far():
    heard = []
    outcome = solve_apart(
        asked(stand_ins.stops_when_asked), watch=heard.append, stop_requests=lambda: len(heard)
    )
    assert outcome.ended is Ended.FINISHED
    assert outcome.plan.ended_by is EndedBy.INTERRUPTED


def test_two_requests_kill():
    outcome = solve_apart(asked(stand_ins.sleeps), stop_requests=lambda: 2)
    assert (outcome.ended, outcome.plan) == (Ended.STOPPED, None)


def test_a_solver_that_does_not_answer_the_request_to_stop_is_killed():
    limits = Limits(patience_s=0.2)
    outcome = solve_apart(asked(stand_ins.sleeps), limits, stop_requests=lambda: 1)
    assert (outcome.ended, outcome.plan) == (Ended.OVERDUE, None)


def test_a_solver_past_its_time_limit_is_killed_and_its_last_plan_kept():
    request = asked(stand_ins.shows_a_plan_and_sleeps, time_limit_s=0.2)
    outcome = solve_apart(request, Limits(grace_s=0.2))
    assert outcome.ended is Ended.OVERDUE
    assert outcome.plan.seed == 2
    assert outcome.plan.ended_by is EndedBy.TIME_LIMIT


def test_a_solver_past_its_time_limit_without_a_plan_is_given_longer_and_then_killed():
    limits = Limits(grace_s=0.0, patience_s=0.5)
    outcome = solve_apart(asked(stand_ins.sleeps, time_limit_s=0.1), limits)
    assert (outcome.ended, outcome.plan) == (Ended.OVERDUE, None)
    assert outcome.fault == "it was 0.5 s past its time limit and was killed"


def test_a_crash_is_told_with_its_signal():
    outcome = solve_apart(asked(stand_ins.aborts))
    assert (outcome.ended, outcome.plan) == (Ended.FAILED, None)
    assert outcome.fault == "it crashed (SIGABRT)"


def test_a_crash_leaves_the_last_plan_shown():
    outcome = solve_apart(asked(stand_ins.shows_a_plan_and_aborts))
    assert outcome.ended is Ended.FAILED
    assert outcome.plan == a_plan(PROBLEM)


def test_an_error_is_told_without_anybodys_data():
    outcome = solve_apart(asked(stand_ins.raises))
    assert outcome.ended is Ended.FAILED
    assert outcome.fault.startswith("KeyError in stand_ins.py, line ")
    assert PROBLEM.referrals[0].crn not in outcome.fault


def test_our_own_errors_are_told_in_their_words():
    outcome = solve_apart(asked(stand_ins.raises_one_of_ours))
    assert outcome.fault == "a row is over its budget"


def test_leaving_without_an_answer_is_a_failure():
    assert solve_apart(asked(stand_ins.leaves)).fault == "it ended without an answer (exit code 7)"


def test_a_solver_that_takes_all_memory_stops_at_its_limit():
    before = psutil.Process().memory_info().rss
    outcome = solve_apart(asked(stand_ins.takes_all_memory), Limits(memory_gib=1))
    assert (outcome.ended, outcome.plan) == (Ended.OUT_OF_MEMORY, None)
    assert psutil.Process().memory_info().rss - before < 50 * 2**20


def test_an_unknown_solver_is_a_failure_and_no_exception():
    request = SolveRequest(PROBLEM, default_policy(), solver="allocator.nowhere:solve")
    assert solve_apart(request).fault.startswith("ModuleNotFoundError")


def is_running(process_id):
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(process_ids):
    for _ in range(200):
        if not any(is_running(process_id) for process_id in process_ids):
            return True
        time.sleep(0.05)
    return False


def test_processes_that_the_solver_started_die_with_it():
    heard = []
    solve_apart(
        asked(stand_ins.starts_another_and_sleeps),
        watch=heard.append,
        stop_requests=lambda: 2 * len(heard),
    )
    (progress,) = heard
    assert wait_until_gone(int(word) for word in progress.note.split())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is asked on Linux only")
def test_the_solver_dies_when_its_parent_is_killed():
    code = """
        from tests.solver_process import test_solve_apart as here
        here.solve_apart(
            here.asked(here.stand_ins.says_who_it_is_and_sleeps),
            watch=lambda progress: print(progress.note, flush=True),
        )
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    assert wait_until_gone([child])


def test_a_file_in_the_working_folder_does_not_pass_for_a_module(tmp_path, monkeypatch):
    (tmp_path / "allocator").mkdir()
    (tmp_path / "allocator" / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert solve_apart(asked(stand_ins.places_nobody)).ended is Ended.FINISHED


def test_a_killed_solver_is_taken_for_want_of_memory():
    heard = []

    def kill_it(progress):
        heard.append(progress)
        os.kill(int(progress.note), signal.SIGKILL)

    outcome = solve_apart(asked(stand_ins.says_who_it_is_and_sleeps), watch=kill_it)
    assert outcome.ended is Ended.OUT_OF_MEMORY
    assert "killed from outside" in outcome.fault
