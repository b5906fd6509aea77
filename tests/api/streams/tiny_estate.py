"""A tiny estate: two premises, five beds, one shared room; six people; five who act.

Everything is invented. Built through the register's own functions, once, into a file to copy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from allocator.estate import Bed, Premises, Room
from allocator.safeguards import Separation
from allocator.vocabulary import ApType, Criterion, Gender
from api.access.actor import Actor, Role
from api.service import estate
from api.service.clock import Clock
from api.service.register import Register
from api.store.database import Database
from api.store.migrate import upgrade

START = datetime(2026, 10, 23, 9, 30, tzinfo=UTC)
"""Two days before the clocks go back, so that streams cross the change."""
FIRST_DAY = date(2026, 10, 23)
ROOMS = {
    "A-1": ("A", ("A-1-1",), True),
    "A-2": ("A", ("A-2-1", "A-2-2"), False),
    "B-1": ("B", ("B-1-1",), False),
    "B-2": ("B", ("B-2-1",), True),
}
"""Each room: its premises, its beds, whether it is suitable for arson offences."""
BEDS = {bed: room for room, (_, beds, _) in ROOMS.items() for bed in beds}
PEOPLE = tuple(f"X{number}" for number in range(1, 7))
WOMAN = "X6"
"""No premises here is for women: she is never lawfully placed."""
APART = frozenset({"X1", "X2"})
"""Never at one premises on one night."""

COORDINATORS = (
    Actor("c1", "Ashe Coordinator", frozenset({Role.COORDINATOR})),
    Actor("c2", "Brook Coordinator", frozenset({Role.COORDINATOR})),
)
MANAGER = Actor("m1", "Cole Manager", frozenset({Role.MANAGER}))
SYSTEM = Actor("s1", "A feeding system", frozenset({Role.SERVICE}))
ADMINISTRATOR = Actor("d1", "Dale Administrator", frozenset({Role.ADMINISTRATOR}))


def premises(identifier: str, *, name: str = "", is_open: bool = True) -> Premises:
    """One of the two, men's, of the normal type."""
    return Premises(
        id=identifier,
        name=name or f"Premises {identifier}",
        gender=Gender.MAN,
        ap_types=frozenset({ApType.NORMAL}),
        open=is_open,
    )


def room(identifier: str, *, arson: bool) -> Room:
    """One of the four."""
    fitting = frozenset({Criterion.IS_ARSON_SUITABLE}) if arson else frozenset()
    return Room(identifier, ROOMS[identifier][0], f"Room {identifier}", fitting)


def bed(identifier: str, *, name: str = "") -> Bed:
    """One of the five, always there."""
    return Bed(identifier, BEDS[identifier], name or f"Bed {identifier}")


def build(path: Path) -> None:
    """The register on the first day: an estate, two people to keep apart, and nobody."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    register = Register(database, clock=Clock(lambda: START))
    with register.changing(ADMINISTRATOR) as change:
        for identifier in ("A", "B"):
            estate.create(change, premises(identifier))
        for identifier, (_, beds, arson) in ROOMS.items():
            estate.create(change, room(identifier, arson=arson))
            for each in beds:
                estate.create(change, bed(each))
        estate.keep_apart(change, Separation(*sorted(APART)))
    database.close()
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
