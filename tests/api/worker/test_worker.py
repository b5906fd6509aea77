"""The worker: real processes, real solver, liars, deaths and wishes to stop."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from allocator.solving import solve
from api.service import runs
from api.store.tables import EVENTS, RUN_STATE
from api.store.verify import verify
from tests.api.registers import (
    COORDINATOR,
    Moving,
    ask,
    ended,
    make_register,
    row,
    rows,
    tiny,
    until,
    working,
)
from tests.api.worker import liars

ROOT = Path(__file__).parents[3]


@pytest.fixture
def moving():
    return Moving()


@pytest.fixture
def register(tmp_path, moving):
    return make_register(tmp_path, tiny(), moving=moving)


@pytest.fixture
def either(database_url, moving):
    """On SQLite and on PostgreSQL: where what counts is who holds the lock."""
    return make_register(database_url, tiny(), moving=moving)


@contextmanager
def process(register, folder, moving, solver):
    told = [register.database.url, str(folder), str(moving.ahead.total_seconds())]
    command = [sys.executable, "-m", "tests.api.worker.process", *told]
    name = f"{solver.__module__}:{solver.__name__}"
    started = subprocess.Popen([*command, name], cwd=ROOT)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def running(register, run_id):
    """The run once its solver has said something."""
    until(lambda: state(register, run_id)["progress"], bool)
    return row(register, "run", run_id)


def state(register, run_id):
    with register.reading() as connection:
        return runs.state_of(connection, run_id)


def actions(register, run_id):
    wanted = select(EVENTS.c.action).where(EVENTS.c.kind == "run", EVENTS.c.subject == run_id)
    with register.reading() as connection:
        return Counter(connection.execute(wanted).scalars())


@pytest.mark.parametrize("liar", liars.LIARS, ids=lambda liar: liar.__name__)
def test_a_plan_that_is_not_what_it_says_is_never_kept(register, tmp_path, liar):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liar)):
        run = ended(register, run["id"])
    assert (run["status"], run["plan"], run["reasons"]) == ("failed", None, None)
    assert run["fault"].startswith("failed_verification: ")
    assert liars.LIARS[liar] in run["fault"]
    assert rows(register, "proposal") == rows(register, "attempt") == []


def test_a_solver_that_dies_leaves_a_fault_without_anybodys_data(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.dies)):
        run = ended(register, run["id"])
    assert run["status"] == "failed"
    assert run["fault"].startswith("solver-failed: KeyError in liars.py")
    assert "nobody" not in run["fault"]


def test_the_best_plan_of_a_solver_that_died_is_kept_and_says_so(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.shows_a_plan_and_dies)):
        run = ended(register, run["id"])
    assert run["status"] == "finished"
    assert run["fault"].startswith("solver-failed: ")
    assert len(rows(register, "proposal")) == 4


def test_a_fault_of_ours_fails_the_run_and_the_worker_goes_on(register, tmp_path):
    lost, fine = ask(register), ask(register, over=runs.PROBLEM, problem=tiny(), seed=1)
    with register.changing(COORDINATOR) as change:
        change.record("run.requested", "run", {**lost, "snapshot": "0" * 64})
    with working(register, tmp_path):
        assert ended(register, lost["id"])["fault"].startswith("internal: ")
        assert ended(register, fine["id"])["status"] == "finished"


def test_a_run_that_is_called_off_is_stopped_within_seconds(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.sleeps)):
        running(register, run["id"])
        with register.changing(COORDINATOR) as change:
            assert runs.cancel(change, run["id"])["status"] == "running"
        assert ended(register, run["id"], 10)["status"] == "cancelled"
    assert actions(register, run["id"])["run.cancel_asked"] == 1


def test_how_far_a_solve_is_can_be_read_while_it_runs(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.sleeps)):
        running(register, run["id"])
        told = state(register, run["id"])
        level = {"level": "placed/1", "value": 1, "bound": 2, "elapsed_s": 0.1, "note": ""}
        assert told["progress"] == [level]
        first = told["lease_until"]
        until(lambda: state(register, run["id"])["lease_until"], lambda lease: lease > first)


def test_what_a_solve_is_at_before_its_first_level_can_be_read(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.prepares)):
        running(register, run["id"])
        (told,) = state(register, run["id"])["progress"]
        assert (told["level"], told["note"]) == ("preparing", "first plan")


def test_a_worker_that_is_told_to_stop_gives_its_run_back(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.sleeps)):
        running(register, run["id"])
    assert row(register, "run", run["id"])["status"] == "queued"
    with working(register, tmp_path):
        assert ended(register, run["id"])["status"] == "finished"


def test_a_worker_that_is_killed_loses_its_run_to_another_and_it_finishes_once(
    either, tmp_path, moving
):
    run = ask(either)
    with process(either, tmp_path, moving, liars.sleeps) as worker:
        running(either, run["id"])
        solvers = psutil.Process(worker.pid).children(recursive=True)
        assert solvers
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        _gone, alive = psutil.wait_procs(solvers, timeout=10)
        assert not alive
        with working(either, tmp_path):
            assert ended(either, run["id"], 30)["status"] == "finished"
    assert actions(either, run["id"]) == {
        "run.requested": 1,
        "run.claimed": 2,
        "run.lease_lost": 1,
        "run.finished": 1,
    }
    assert state(either, run["id"])["attempt"] == 2


def test_a_worker_that_was_frozen_and_comes_back_changes_nothing(either, tmp_path, moving):
    run = ask(either)
    with process(either, tmp_path, moving, liars.sleeps) as worker:
        running(either, run["id"])
        worker.send_signal(signal.SIGSTOP)
        with working(either, tmp_path):
            done = ended(either, run["id"], 30)
        solvers = psutil.Process(worker.pid).children(recursive=True)
        worker.send_signal(signal.SIGCONT)
        # It notices, and kills its solver.
        _gone, alive = psutil.wait_procs(solvers, timeout=20)
        assert not alive
        assert row(either, "run", run["id"]) == done
    assert actions(either, run["id"])["run.finished"] == 1


def test_a_process_that_is_told_to_end_gives_its_run_back_and_ends(register, tmp_path, moving):
    run = ask(register)
    with process(register, tmp_path, moving, liars.sleeps) as worker:
        running(register, run["id"])
        worker.terminate()
        assert worker.wait(20) == 0
    assert row(register, "run", run["id"])["status"] == "queued"
    assert actions(register, run["id"])["run.released"] == 1


def test_two_workers_share_the_runs_and_do_each_once(either, tmp_path, moving):
    asked = [ask(either, over=runs.PROBLEM, problem=tiny(), seed=n) for n in range(4)]
    with process(either, tmp_path, moving, solve), working(either, tmp_path):
        for run in asked:
            assert ended(either, run["id"], 60)["status"] == "finished"
    for run in asked:
        done = actions(either, run["id"])
        assert done["run.claimed"] == 1
        assert done["run.finished"] == 1
    with either.reading() as connection:
        assert verify(connection).faults == []


def test_the_command_works_off_a_queue_and_ends_when_told(tmp_path):
    problem = tiny()
    moving = Moving()
    moving.ahead *= 0
    register = make_register(tmp_path, moving=moving)
    run = ask(register, over=runs.PROBLEM, problem=problem)
    environment = {**os.environ, "ALLOCATOR_DATA_FOLDER": str(tmp_path)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "api.worker"], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    try:
        assert ended(register, run["id"])["status"] == "finished"
        worker.terminate()
        lines, _ = worker.communicate(timeout=20)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert b'"event": "run ended"' in lines
    assert not any(r.crn.encode() in lines for r in problem.referrals)


def test_a_worker_refuses_a_database_that_is_not_at_its_schema(tmp_path):
    environment = {**os.environ, "ALLOCATOR_DATA_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "api.worker"], cwd=ROOT, env=environment, capture_output=True
    )
    assert done.returncode == 1
    assert b"schema" in done.stderr


def test_bids_rise_on_the_ladder_while_a_worker_is_there(register, tmp_path, moving):
    before = row(register, "referral", "R5")["rung"]
    moving.put_forward(days=20)
    with working(register, tmp_path):
        until(lambda: row(register, "referral", "R5")["rung"], lambda rung: rung > before)


def test_a_lease_is_kept_up_through_a_solve_longer_than_it(register, tmp_path):
    run = ask(register)
    with working(register, tmp_path, solver=liars.named(liars.sleeps)):
        running(register, run["id"])
        time.sleep(4)
        with register.reading() as connection:
            lease = connection.execute(select(RUN_STATE.c.lease_until)).scalar()
        assert lease > register.clock.now()
        assert actions(register, run["id"]) == {"run.requested": 1, "run.claimed": 1}
