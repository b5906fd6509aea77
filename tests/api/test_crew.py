"""Workers of `serve`: one that ends is started again, its absence is told, and none outlives it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from api.crew import Crew, LostWorkerError
from api.service.waiting import NobodyWorksError, check_workers
from api.worker.claim import claim
from tests.api.registers import COORDINATOR, Moving, ask, make_register, tiny, until
from tests.api.service import a_service
from tests.api.test_walkthrough import a_free_port, answers

ROOT = Path(__file__).parents[2]
SHORT = "import sys; open(sys.argv[1], 'a').write(sys.argv[2:][-1] + '\\n')"
LONG = "import signal; signal.pause()"


def python(code, *arguments):
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_a_worker_that_ends_is_started_again_and_told_of_its_parent(tmp_path):
    told = tmp_path / "told"
    crew = Crew(1, python(SHORT, told), soonest_s=0.01)
    crew.start()
    try:
        until(
            lambda: told.read_text().split() if told.exists() else [], lambda found: len(found) >= 3
        )
    finally:
        crew.stop()
    ended = told.read_text().split()
    assert set(ended) == {str(os.getpid())}
    crew.stop()
    assert told.read_text().split() == ended, "and none after the end"


def test_the_crew_is_whole_or_says_that_it_is_not():
    crew = Crew(2, python(LONG), soonest_s=600)
    with pytest.raises(LostWorkerError):
        crew.check()
    crew.start()
    try:
        until(lambda: whole(crew), bool)
        ours = [each for each in psutil.Process().children() if LONG in each.cmdline()]
        ours[0].kill()
        until(lambda: whole(crew), lambda is_whole: not is_whole)
    finally:
        crew.stop()


def whole(crew):
    try:
        crew.check()
    except LostWorkerError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux does it")
def test_a_service_that_is_killed_leaves_no_worker(tmp_path):
    port = a_free_port()
    environment = {
        **os.environ,
        "ALLOCATOR_DATA_FOLDER": str(tmp_path),
        "ALLOCATOR_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "api", "serve"]
    with (tmp_path / "log").open("w") as log:
        service = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: service.poll() is None and answers(port), bool)
        (worker,) = until(lambda: psutil.Process(service.pid).children(), bool)
        # Both have begun: a worker asks the kernel before it says so.
        until(lambda: (tmp_path / "log").read_text().count('"event": "started"') == 2, bool)
    finally:
        service.send_signal(signal.SIGKILL)
        service.wait()
    until(worker.is_running, lambda running: not running)


# ---- health ----------------------------------------------------------------------------------


def test_a_run_that_nobody_takes_up_is_told_of(tmp_path):
    moving = Moving()
    register = make_register(tmp_path, tiny(), moving=moving)
    check_workers(register)
    ask(register)
    check_workers(register)
    moving.put_forward(seconds=61)
    with pytest.raises(NobodyWorksError):
        check_workers(register)


def test_a_run_may_wait_while_another_is_solved(tmp_path):
    moving = Moving()
    register = make_register(tmp_path, tiny(), moving=moving)
    ask(register)
    ask(register)
    moving.put_forward(seconds=90)
    with register.changing(COORDINATOR) as change:
        assert claim(change, "a worker", 30.0)
    check_workers(register)
    moving.put_forward(seconds=31)
    with pytest.raises(NobodyWorksError):
        check_workers(register)


def test_health_says_that_nobody_works(tmp_path):
    service = a_service(tmp_path)
    ask(service.register)
    assert service.client("planner").get("/health").json()["checks"]["runs"] == "ok"
    service.moving.put_forward(seconds=61)
    answer = service.client("planner").get("/health")
    assert (answer.status_code, answer.json()["checks"]["runs"]) == (503, "failing")
