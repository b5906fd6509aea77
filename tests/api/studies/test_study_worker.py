"""Studies at work: called off, lost with their worker, and never in the way of a run."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from api.access.actor import Role
from api.worker import study
from tests.api.lives import a_service_at, sound
from tests.api.registers import ask, ended, row, until
from tests.api.studies.asking import (
    LONG,
    SMALL,
    actions,
    ask_scenario,
    asked,
    begun,
    cells,
    ended_study,
    studying,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def service(tmp_path):
    return a_service_at(f"sqlite:///{tmp_path / 'register.db'}", tmp_path)


@pytest.fixture
def either(database_url, tmp_path):
    """On SQLite and on PostgreSQL: where what counts is who holds the lock."""
    return a_service_at(database_url, tmp_path)


@contextmanager
def process(service):
    told = [service.register.database.url, str(service.folder)]
    ahead = str(service.moving.ahead.total_seconds())
    command = [sys.executable, "-m", "tests.api.studies.process", *told, ahead]
    started = subprocess.Popen(command, cwd=ROOT)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def children():
    """Processes that this one has started and that are still there."""
    return psutil.Process().children(recursive=True)


def test_one_that_is_called_off_in_the_middle_of_a_year_is_stopped_within_seconds(service):
    planner = service.client(Role.PLANNER, name="Pat")
    study_id = asked(planner, {"kind": "scenario", "scenario": LONG})
    before = set(children())
    with studying(service.register, service.folder):
        begun(service.register, study_id)
        assert set(children()) - before
        told = planner.client.post(f"/v1/studies/{study_id}/cancellation").json()
        assert (told["status"], told["cancel_asked"]) == ("running", True)
        assert ended_study(service.register, study_id, 10)["status"] == "cancelled"
        until(lambda: set(children()) - before, lambda left: not left, 10)
    assert "study.cancel_asked" in actions(service.register, study_id)
    assert list((service.folder / "studies").glob("study-*")) == []
    again = planner.client.post(f"/v1/studies/{study_id}/cancellation")
    assert again.json()["status"] == "cancelled"


def test_one_that_waits_is_called_off_at_once(service):
    planner = service.client(Role.PLANNER)
    study_id = ask_scenario(planner)
    told = planner.client.post(f"/v1/studies/{study_id}/cancellation").json()
    assert told["status"] == "cancelled"
    assert actions(service.register, study_id) == ["study.requested", "study.cancelled"]


def test_a_run_does_not_wait_for_a_study(service):
    study_id = asked(service.client(Role.PLANNER), {"kind": "scenario", "scenario": LONG})
    with studying(service.register, service.folder):
        begun(service.register, study_id)
        run = ask(service.register, effort="quick")
        assert ended(service.register, run["id"])["status"] == "finished"
        assert row(service.register, "study", study_id)["status"] == "running"
    # The worker was told to stop: another will go on with it.
    assert row(service.register, "study", study_id)["status"] == "queued"
    assert actions(service.register, study_id)[-1] == "study.released"


@pytest.mark.slow
def test_one_whose_worker_is_killed_goes_on_and_runs_no_year_twice(either, monkeypatch):
    study_id = ask_scenario(either.client(Role.PLANNER), SMALL.replace("days: 28", "days: 112"))
    with process(either) as worker:
        until(lambda: cells(either.register), bool, 120)
        theirs = psutil.Process(worker.pid).children(recursive=True)
        assert len(theirs) >= 2
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        _gone, alive = psutil.wait_procs(theirs, timeout=10)
        assert not alive
    kept = set(cells(either.register))
    assert 0 < len(kept) < 8
    left = list((either.folder / "studies").glob("study-*"))
    assert len(left) == 1
    ran = []
    keep = study.keep
    monkeypatch.setattr(study, "keep", lambda *told: (ran.append(told[1]), keep(*told)))
    with studying(either.register, either.folder):
        assert ended_study(either.register, study_id)["status"] == "finished"
    assert set(ran) == set(cells(either.register)) - kept
    assert len(ran) == len(set(ran)) > 0
    assert not left[0].exists()
    assert actions(either.register, study_id) == [
        "study.requested",
        "study.claimed",
        "study.lease_lost",
        "study.claimed",
        "study.finished",
    ]
    sound(either.register)


def test_one_that_takes_too_long_is_ended_and_says_so(service):
    study_id = asked(service.client(Role.PLANNER), {"kind": "scenario", "scenario": LONG})
    with studying(service.register, service.folder, study_longest_s=4):
        found = ended_study(service.register, study_id)
    assert found["status"] == "failed"
    assert found["fault"] == "overdue: it took longer than 4 s; its years are kept"


def test_one_that_needs_more_memory_than_it_may_is_ended_and_says_so(service):
    study_id = ask_scenario(service.client(Role.PLANNER))
    with studying(service.register, service.folder, study_memory_gib=0.5):
        found = ended_study(service.register, study_id)
    assert found["status"] == "failed"
    assert found["fault"].split(": ")[0] in ("out-of-memory", "study-failed")
    assert found["figures"] is None
