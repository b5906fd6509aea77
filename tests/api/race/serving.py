"""Serving: a service in a process of its own, to be killed; and a change that kills its own."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn
from sqlalchemy import event, text

from api.app import create_app
from api.service.register import Register
from tests.api.filled import a_person, register_at
from tests.api.front import local_settings
from tests.api.race.clients import context_of
from tests.api.race.orders import Order, carry_out

LAST = -1
"""Stands for the moment after the commit, before anybody hears of it."""


class Service:
    """The application over a register, served by uvicorn in a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        ours, theirs = context_of().Pipe()
        self._process = context_of().Process(target=_serve, args=(url, folder, theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not ours.poll(60):
            raise TimeoutError("the service does not start")
        self.port: int = ours.recv()
        ours.close()

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        self._process.kill()
        self._process.join()


def _serve(url: str, folder: Path, pipe: Connection) -> None:
    log = os.open(folder / "service.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    settings = local_settings(folder, database_url=url, workers=0)
    app = create_app(settings, register_at(url))
    listening = socket.create_server(("127.0.0.1", 0))
    pipe.send(listening.getsockname()[1])
    pipe.close()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    server.run(sockets=[listening])


def statements_of(url: str, order: Order) -> int:
    """How many statements the change takes before its answer is kept, found out by undoing it."""
    register = register_at(url)
    with _counting(register, None) as counted:
        outcome = carry_out(_Undoing(register), a_person("Who counts"), order, "counting")
    register.database.close()
    assert "_UndoneError" in outcome.fault, outcome
    return len(counted)


def die_at(url: str, order: Order, key: str, statement: int) -> None:
    """Begin the change in another process that dies right after this statement of it."""
    process = context_of().Process(target=_die_at, args=(url, order, key, statement))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, process.exitcode


def _die_at(url: str, order: Order, key: str, statement: int) -> None:
    register = register_at(url)
    register.database.check()
    with _counting(register, statement):
        outcome = carry_out(register, a_person(), order, key)
    if statement == LAST and outcome.holder is not None:
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _counting(register: Register, last: int | None) -> Iterator[list[None]]:
    counted: list[None] = []

    @event.listens_for(register.database.engine, "after_cursor_execute")
    def count(*_: object) -> None:
        counted.append(None)
        if len(counted) == last:
            _die()

    yield counted


class _UndoneError(Exception):
    pass


class _Undoing:
    """A register that undoes what is performed."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def perform(self, actor, route, key, request, command):
        def and_fail(change):
            command(change)
            raise _UndoneError

        return self._register.perform(actor, route, key, request, and_fail)


def wait_until_alone(register: Register) -> None:
    """PostgreSQL goes on for a moment with what a killed client began: wait until it has not."""
    if register.database.is_sqlite:
        return
    # Whatever still changes has the lock, and whoever has none cannot begin.
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while True:
        register.database.close()
        with register.reading() as connection:
            if not connection.execute(others).scalar_one():
                return
