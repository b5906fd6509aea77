"""A PostgreSQL of the tests' own: Debian's programs, a folder that goes, and a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

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
def database(server: str) -> Iterator[str]:
    """An empty database on a server, for one test."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def _run(program: str, *arguments: str, check: bool = True) -> None:
    path = PROGRAMS[-1] / program if PROGRAMS else Path(program)
    # PostgreSQL refuses to run as root.
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*before, str(path), *arguments], check=check, capture_output=True, cwd="/", timeout=60
    )
