"""Registers for tests: a real database in a file, filled with a problem, at a day of its own."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.ingest import read_files
from allocator.problem_file import problem_hash
from api.access.actor import Actor, Role
from api.routes import runs as run_routes
from api.service import runs
from api.service.clock import Clock
from api.service.importing import import_problem
from api.service.leases import QueueLimits
from api.service.register import Register
from api.store.migrate import upgrade
from api.worker.loop import run_worker
from tests.api.copies import have
from tests.api.front import front, knock, local_settings
from tests.fixtures.folders import FIXTURES, sources

AS_OF = date(2026, 11, 2)
COORDINATOR = Actor("local:A Tester", "A Tester", frozenset({Role.COORDINATOR}))
LIMITS = QueueLimits()


class Moving:
    """A clock that goes as ours does, from nine o'clock of another day; tests put it forward."""

    def __init__(self, day=AS_OF):
        start = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.ahead = start - datetime.now(UTC)

    def now(self):
        return datetime.now(UTC) + self.ahead

    def put_forward(self, **span):
        self.ahead += timedelta(**span)


@cache
def tiny():
    """The problem of fixtures/tiny."""
    return read_files(sources(FIXTURES / "tiny", AS_OF)).problem


def make_register(where, problem=None, *, moving=None, planned=False):
    """A register in a folder, or at a database's URL, that holds the problem; `planned`: and a run
    over it, finished by the real solver.
    """
    url = where if isinstance(where, str) else f"sqlite:///{where / 'register.db'}"
    clock = Clock((moving or Moving()).now)
    # A copy can be had again within the hour, and nothing in it has yet to happen.
    at = clock.now().replace(minute=0, second=0, microsecond=0)

    def make(database):
        upgrade(database)
        if problem is not None:
            register = Register(database, clock=Clock(lambda: at))
            with register.changing(COORDINATOR) as change:
                import_problem(change, problem, {})
            if planned:
                with TemporaryDirectory() as folder:
                    finished_run(register, Path(folder), effort="quick")

    kind = (problem and problem_hash(problem), at, planned)
    return Register(have(url, kind, make), clock=clock)


def application(folder, register, **settings):
    """The service's front over the register, with the routes of runs."""
    app = front(local_settings(folder, **settings), routers=(run_routes.router,))
    app.state.register = register
    return app


def client(app, *roles):
    """Someone with these roles."""
    return knock(app, *(roles or (Role.COORDINATOR,)))


def settings_for(folder, **changes):
    """Settings under which a lost worker is soon noticed."""
    return local_settings(folder, **{"lease_s": 3, "beat_s": 1, "study_processes": 0, **changes})


@contextmanager
def working(register, folder, **options):
    """A worker in a thread, for as long as the block lasts."""
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker, args=(register, settings_for(folder), stop), kwargs=options
    )
    worker.start()
    try:
        yield stop
    finally:
        stop.set()
        worker.join()


def ask(register, actor=COORDINATOR, **asked):
    """A run that waits."""
    with register.changing(actor) as change:
        return runs.request(change, **{"limits": LIMITS, **asked})


def rows(register, kind, *conditions):
    """Records as they are now."""
    with register.reading() as connection:
        return register.change(connection, COORDINATOR).rows(kind, *conditions)


def row(register, kind, identifier):
    """One record as it is now."""
    with register.reading() as connection:
        return register.change(connection, COORDINATOR).row(kind, identifier)


def ended(register, run_id, seconds=60):
    """The run once it has ended."""
    return until(
        lambda: row(register, "run", run_id),
        lambda run: run["status"] not in ("queued", "running"),
        seconds,
    )


def until(look, is_so, seconds=60):
    """What is seen when it is so at last."""
    end = time.monotonic() + seconds
    while not is_so(found := look()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def finished_run(register, folder, **asked):
    """A run that a real worker and the real solver have brought to its end."""
    run = ask(register, **asked)
    with working(register, folder):
        run = ended(register, run["id"])
    assert run["status"] == "finished", run["fault"]
    return run
