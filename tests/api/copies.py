"""Copies: a database is made once a process, and copied wherever the same is wanted again."""

import shutil
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from api.store.database import Database
from tests.api import postgresql

_MADE: dict[tuple[str, Hashable], str] = {}
"""The URL of what was made, by the server it is on and what it is."""


def have(url: str, kind: Hashable, make: Callable[[Database], None]) -> Database:
    """The database at the URL: a copy of the first of its kind if there was none.

    `make` makes the first, and sees to one that is there.
    """
    database = Database(url)
    if database.is_sqlite:
        file = Path(_file(url))
        there = file.exists()
        if not there:
            shutil.copyfile(_file(_first("sqlite", kind, make)), file)
    else:
        there = postgresql.is_there(url)
        if not there:
            postgresql.create(url, _first(postgresql.server_of(url), kind, make))
    if there:
        make(database)
    return database


def _first(server: str, kind: Hashable, make: Callable[[Database], None]) -> str:
    if (server, kind) not in _MADE:
        if server == "sqlite":
            url = f"sqlite:///{_folder().name}/{len(_MADE)}.db"
        else:
            url = postgresql.named(server, f"first_{len(_MADE)}")
            postgresql.create(url)
        database = Database(url)
        make(database)
        # Closed, because what is in use cannot be copied.
        database.close()
        _MADE[server, kind] = url
    return _MADE[server, kind]


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="first-")


def _file(url: str) -> str:
    file = make_url(url).database
    assert file
    return file
