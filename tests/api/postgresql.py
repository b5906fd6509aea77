"""A PostgreSQL of the tests' own: Debian's programs, a folder that goes, and a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from psycopg import Connection, connect
from sqlalchemy import make_url

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
REQUIRED = os.environ.get("ALLOCATOR_TEST_POSTGRESQL") == "required"
"""Whether a machine without PostgreSQL fails the tests instead of leaving them out."""


def is_here() -> bool:
    """Whether PostgreSQL's programs are on this machine."""
    return bool(PROGRAMS) or REQUIRED


@contextmanager
def cluster() -> Iterator[str]:
    """A running server; the URL of its first database, which no test uses."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    # No fsync: a test's data may go when the machine does, and it is ten times as quick.
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    try:
        _run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
        _run("pg_ctl", "-D", str(data), "-o", settings, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        if data.exists():
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def address(server: str) -> Iterator[str]:
    """The URL of a database that is not there yet, for one test; it goes with the test."""
    url = named(server, f"test_{uuid4().hex}")
    try:
        yield url
    finally:
        _tell(server, f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")


@contextmanager
def database(server: str) -> Iterator[str]:
    """An empty database on a server, for one test."""
    with address(server) as url:
        create(url)
        yield url


def create(url: str, like: str | None = None) -> None:
    """Make the database, empty or as another is that nobody has open."""
    # The other strategy writes each page into the log: three times the work.
    _tell(
        server_of(url),
        f"CREATE DATABASE {_name(url)} TEMPLATE {_name(like) if like else 'template1'}"
        " STRATEGY file_copy",
    )


def is_there(url: str) -> bool:
    """Whether the database is on its server."""
    return bool(_tell(server_of(url), f"SELECT FROM pg_database WHERE datname = '{_name(url)}'"))


def named(server: str, name: str) -> str:
    """The URL of a database on a server."""
    return server.replace("/postgres?", f"/{name}?")


def server_of(url: str) -> str:
    """The server that a database is on."""
    return url.replace(f"/{_name(url)}?", "/postgres?")


def _name(url: str) -> str:
    name = make_url(url).database
    assert name
    return name


def _tell(server: str, statement: str) -> int:
    """Have the server do something; how many rows came of it."""
    return _told(server).execute(statement).rowcount


@cache
def _told(server: str) -> Connection:
    return connect(server.replace("+psycopg", ""), autocommit=True)


def _run(program: str, *arguments: str, check: bool = True) -> None:
    path = PROGRAMS[-1] / program if PROGRAMS else Path(program)
    # PostgreSQL refuses to run as root.
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*before, str(path), *arguments], check=check, capture_output=True, cwd="/", timeout=60
    )
