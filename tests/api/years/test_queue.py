"""Cells as rows with a lease: each is run, whoever dies on the way, with the same figures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from allocator.errors import AllocatorError
from allocator.simulate.cell import Cell, run_cell
from allocator.simulate.changes import OpenBeds, OutOfServiceRate
from allocator.simulate.setting import Setting
from allocator.simulate.sweep import sweep
from api.years import worker as years_worker
from api.years.executor import CellFailed, QueueExecutor
from api.years.queue import MOST_ATTEMPTS, Queue
from api.years.worker import work
from tests.api import postgresql
from tests.simulate.test_study import Here

ROOT = Path(__file__).parents[3]
SHORT = Setting(size="S", days=14, warm_up_days=7)
CELLS = [
    Cell(replace(SHORT, replication=n, changes=changes), "first-come")
    for n in (1, 2)
    for changes in ((), (OutOfServiceRate(2.0), OpenBeds("NE003", 2)))
]


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(not postgresql.is_here(), reason="no PostgreSQL here"),
        ),
    ]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'years.db'}"
        return
    with postgresql.database(request.getfixturevalue("server")) as found:
        yield found


def test_a_sweep_through_the_queue_gives_what_one_here_gives(url: str, tmp_path: Path) -> None:
    here = sweep(CELLS, tmp_path / "here", executor=Here())
    queue = Queue(url)
    over = threading.Event()
    thread = threading.Thread(target=work, args=(queue, "w", over.is_set))
    thread.start()
    with QueueExecutor(Queue(url)) as executor:
        there = sweep(CELLS, tmp_path / "there", executor=executor)
    over.set()
    thread.join()
    queue.close()
    assert [(r.cell, r.tally, r.ledger, r.wanted) for r in there] == [
        (r.cell, r.tally, r.ledger, r.wanted) for r in here
    ]


def test_two_workers_never_have_one_cell(url: str) -> None:
    queue, other = Queue(url), Queue(url)
    for cell in CELLS:
        queue.put(cell)
    leased = [each.lease("w", 0.0, 60.0) for _ in CELLS for each in (queue, other)]
    keys = [each.key for each in leased if each is not None]
    assert sorted(keys) == sorted(cell.key for cell in CELLS)


def test_a_cell_whose_worker_is_lost_is_anothers_and_the_first_may_say_nothing_of_it(
    url: str,
) -> None:
    queue = Queue(url)
    key = queue.put(CELLS[0])
    first = queue.lease("one", now=0.0, lease_s=60.0)
    assert first is not None
    assert queue.lease("two", now=59.0, lease_s=60.0) is None
    second = queue.lease("two", now=61.0, lease_s=60.0)
    assert second is not None
    result = run_cell(CELLS[0])
    assert not queue.renew(first, 62.0, 60.0)
    assert not queue.finish(first, result)
    assert list(queue.ended([key])) == []
    assert queue.finish(second, result)
    (ended,) = queue.ended([key])
    assert ended.result == result


def test_a_cell_that_its_workers_die_of_is_given_up(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'years.db'}")
    key = queue.put(CELLS[0])
    for attempt in range(MOST_ATTEMPTS):
        assert queue.lease("w", now=100.0 * attempt, lease_s=60.0) is not None
    assert queue.lease("w", now=1e6, lease_s=60.0) is None
    (ended,) = queue.ended([key])
    assert ended.fault == "its worker was lost 3 times"
    queue.put(CELLS[0])
    assert queue.lease("w", now=2e6, lease_s=60.0) is not None


def test_a_worker_on_which_files_are_not_the_same_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'years.db'}")
    key = queue.put(CELLS[0])
    monkeypatch.setattr("allocator.simulate.setting.SIMULATION_VERSION", 999)
    monkeypatch.setattr(years_worker, "run_cell", lambda cell: pytest.fail("it was run"))
    assert work(queue, "w", lambda: False, until_empty=True) == 1
    (ended,) = queue.ended([key])
    assert ended.fault is not None
    assert "not the same" in ended.fault


def test_a_cell_that_fails_fails_the_sweep_in_words(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'years.db'}")
    wrong = Cell(replace(SHORT, changes=(OpenBeds("none such"),)), "first-come")
    queue.put(wrong)
    work(queue, "w", lambda: False, until_empty=True)
    with (
        QueueExecutor(queue) as executor,
        pytest.raises(CellFailed, match="no premises has the id none such"),
    ):
        # A cell that failed before waits again when it is asked for.
        threading.Thread(target=_one_more, args=(queue,)).start()
        sweep([wrong], tmp_path / "cells", executor=executor)


def _one_more(queue: Queue) -> None:
    while not work(queue, "w", lambda: False, until_empty=True):
        time.sleep(0.05)


def test_the_queue_takes_cells_and_no_other_work(tmp_path: Path) -> None:
    with (
        QueueExecutor(Queue(f"sqlite:///{tmp_path / 'years.db'}")) as executor,
        pytest.raises(TypeError, match="nothing else"),
    ):
        executor.submit(os.getcwd)


def test_a_worker_that_is_killed_costs_only_the_cell_it_was_at(
    tmp_path: Path,
) -> None:
    """The process dies with a cell in hand; its lease runs out, and another worker takes it."""
    url = f"sqlite:///{tmp_path / 'years.db'}"
    queue = Queue(url)
    for cell in CELLS:
        queue.put(cell)
    code = (
        "import sys, time, api.years.worker as w; from api.years.queue import Queue\n"
        "def stuck(cell): print('at it', flush=True); time.sleep(600)\n"
        "w.run_cell, w.LEASE_S, w.BEAT_S = stuck, 3.0, 0.5\n"
        "w.work(Queue(sys.argv[1]), 'doomed', lambda: False)\n"
    )
    doomed = subprocess.Popen(
        [sys.executable, "-c", code, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert doomed.stdout is not None
    assert doomed.stdout.readline() == "at it\n"
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    ran = 0
    while ran < len(CELLS):
        ran += work(queue, "w", lambda: False, until_empty=True)
        time.sleep(0.1)
    assert work(queue, "w", lambda: False, until_empty=True) == 0
    found = {each.key: each.result for each in queue.ended(cell.key for cell in CELLS)}
    assert {cell.key for cell in CELLS} == set(found)
    assert all(result is not None for result in found.values())


def test_the_command_refuses_an_executor_that_there_is_not(tmp_path: Path) -> None:
    small = str(ROOT / "fixtures" / "scenario" / "small.yaml")
    refused = CliRunner().invoke(
        app, ["scenario", small, "-o", str(tmp_path / "out"), "--executor", "cloud=9"]
    )
    assert refused.exit_code != 0
    assert "there is no 'cloud'" in str(refused.exception)
    assert "queue=ADDRESS" in str(refused.exception)


def worker_process(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.years", url], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_says_so_and_gives_its_year_back(
    tmp_path: Path, how: signal.Signals
) -> None:
    url = f"sqlite:///{tmp_path / 'years.db'}"
    queue = Queue(url)
    queue.put(Cell(replace(SHORT, size="L", days=1820), "look-ahead"))
    with worker_process(url) as worker:
        assert worker.stderr is not None
        assert "waits for simulated years at sqlite:///" in worker.stderr.readline()
        while not queue.being_run(time.time()):
            assert worker.poll() is None
            time.sleep(0.05)
        worker.send_signal(how)
        said = worker.stderr.read()
    assert said == "Stopped. The year in hand was given back. 0 years run.\n"
    assert worker.returncode == 130
    assert queue.lease("another", time.time(), 60.0) is not None


def test_a_worker_says_what_it_ran(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'years.db'}"
    key = Queue(url).put(CELLS[0])
    ran = subprocess.run(
        [sys.executable, "-m", "api.years", url, "--until-empty"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    first, one, last = ran.stderr.splitlines()
    assert "waits for simulated years" in first
    assert one.startswith(f"first-come, year 1, {key[:12]}: done, ")
    assert last == "No year waits any more. 1 year run."


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("foo", "not that of a database"),
        ("sqlite:////no/such/folder/years.db", "does not answer"),
        ("mysql://me:secret@host/x", "no such kind of database"),
    ],
)
def test_an_address_of_nothing_is_refused_in_one_line_without_its_password(
    tmp_path: Path, address: str, words: str
) -> None:
    with worker_process(address) as worker:
        assert worker.stderr is not None
        said = worker.stderr.read()
    assert worker.returncode == 2
    refused = CliRunner().invoke(
        app, ["simulate", "-o", str(tmp_path / "out"), "--executor", f"queue={address}"]
    )
    assert isinstance(refused.exception, AllocatorError)
    for text in (said, f"{refused.exception}\n"):
        assert words in text
        assert text.count("\n") == 1
        assert "secret" not in text


def test_a_queue_that_no_worker_looks_at_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.years.executor.PATIENCE_S", 0.0)
    queue = Queue(f"sqlite:///{tmp_path / 'years.db'}")
    heard: list[str] = []
    with QueueExecutor(queue, heard.append) as executor:
        executor.submit(run_cell, CELLS[0])
        executor.submit(run_cell, CELLS[1])
        while not heard:
            time.sleep(0.05)
        work(queue, "w", lambda: False, until_empty=True)
    assert len(heard) == 1
    assert "python -m api.years" in heard[0]
