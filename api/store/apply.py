"""Apply: rows as events leave them. An event's payload holds the row of its subject afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Connection, Insert, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from allocator.nights import Stay
from api.store.chain import Happening
from api.store.tables import BED_NIGHTS, OF_KIND, PERSON_NIGHTS
from api.store.values import Row, from_json

MANY = 500
"""Ids in one statement; SQLite takes a limited number of parameters."""
HOLDING = ("upcoming", "arrived")
"""Statuses of a booking that holds its nights."""
HOLDERS = ("booking", "out_of_service")
"""Kinds of records that hold nights."""
ERASED_IN_ORDER = ("flag", "attempt", "proposal", "zone", "separation", "booking", "referral")
"""Kinds of records that an erasure takes; those that hang on others first."""


def apply(connection: Connection, happenings: Sequence[Happening], *, nights: bool = True) -> None:
    """Bring the rows up to these events, in their order; `nights`: and the nights they hold.

    Raises IntegrityError when a night would be held twice.
    """
    together: dict[str, Happening] = {}
    kind = ""
    for happening in happenings:
        # Rows of one kind go in together; one subject twice must keep its order.
        if together and (kind != happening.kind or happening.subject in together):
            _apply_together(connection, kind, list(together.values()), nights)
            together = {}
        kind = happening.kind
        together[happening.subject] = happening
    if together:
        _apply_together(connection, kind, list(together.values()), nights)


def hold_nights(connection: Connection) -> None:
    """All nights that the rows hold, where none are held yet.

    Raises IntegrityError when a night would be held twice.
    """
    for kind in HOLDERS:
        rows = connection.execute(select(OF_KIND[kind])).mappings()
        _insert_nights(connection, kind, [dict(row) for row in rows])


def _apply_together(
    connection: Connection, kind: str, happenings: Sequence[Happening], nights: bool
) -> None:
    table = OF_KIND[kind]
    rows = {h.subject: h.payload.get("row") for h in happenings}
    _forget(connection, table, [subject for subject, row in rows.items() if row is None])
    kept = [from_json(table, row) for row in rows.values() if row is not None]
    if kept:
        _put(connection, table, kept)
    if nights and kind in HOLDERS:
        _hold(connection, kind, list(rows), kept)
    if kind == "erasure":
        for row in kept:
            _erase(connection, row["records"])


def _erase(connection: Connection, records: Sequence[Sequence[str]]) -> None:
    """Forget the rows that an erasure names, whatever earlier events have left of them."""
    for kind in ERASED_IN_ORDER:
        gone = [identifier for of_kind, identifier in records if of_kind == kind]
        _forget(connection, OF_KIND[kind], gone)
        if kind == "booking":
            _hold(connection, kind, gone, [])


def _forget(connection: Connection, table: Table, subjects: list[str]) -> None:
    for first in range(0, len(subjects), MANY):
        connection.execute(delete(table).where(table.c.id.in_(subjects[first : first + MANY])))


def _put(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Rows that are new, and rows in place of those with their id."""
    connection.execute(_putting(table, connection.dialect.name), rows)


@cache
def _putting(table: Table, database: str) -> Insert:
    """Made once for each table: that takes as long as carrying it out."""
    put = (sqlite if database == "sqlite" else postgresql).insert(table)
    others = {c.name: put.excluded[c.name] for c in table.columns if not c.primary_key}
    putting: Insert = put.on_conflict_do_update(index_elements=["id"], set_=others)
    return putting


def _hold(connection: Connection, kind: str, subjects: list[str], rows: Sequence[Row]) -> None:
    """Nights of beds and people as these rows hold them."""
    for table in (BED_NIGHTS, PERSON_NIGHTS):
        for first in range(0, len(subjects), MANY):
            some = subjects[first : first + MANY]
            connection.execute(delete(table).where(table.c.holder.in_(some)))
    _insert_nights(connection, kind, rows)


def _insert_nights(connection: Connection, kind: str, rows: Sequence[Row]) -> None:
    beds, people = nights_held(kind, rows)
    if beds:
        connection.execute(insert(BED_NIGHTS), beds)
    if people:
        connection.execute(insert(PERSON_NIGHTS), people)


def nights_held(kind: str, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of `bed_nights` and `person_nights` that these records hold, in order."""
    beds: list[Row] = []
    people: list[Row] = []
    for row in rows:
        if kind == "out_of_service":
            if not row["cancelled"] and not row["in_conflict"]:
                beds += [
                    {"bed_id": row["bed_id"], "night": night, "holder": row["id"]}
                    for night in _nights(row["first_night"], row["end"])
                ]
        elif row["status"] in HOLDING and not row["surplus"] and row["bed_id"] is not None:
            for night in _nights(row["held_from"], row["departure"]):
                beds.append({"bed_id": row["bed_id"], "night": night, "holder": row["id"]})
                people.append({"crn": row["crn"], "night": night, "holder": row["id"]})
    beds.sort(key=lambda each: (each["bed_id"], each["night"]))
    people.sort(key=lambda each: (each["crn"], each["night"]))
    return beds, people


def nights_spanned(kind: str, rows: Sequence[Row]) -> list[tuple[str, Stay]]:
    """Bed and nights that each of these records holds."""
    if kind == "out_of_service":
        held = [row for row in rows if not row["cancelled"] and not row["in_conflict"]]
        return [(row["bed_id"], Stay(row["first_night"], row["end"])) for row in held]
    return [
        (row["bed_id"], Stay(row["held_from"], row["departure"]))
        for row in rows
        if row["status"] in HOLDING
        and not row["surplus"]
        and row["bed_id"] is not None
        and row["held_from"] < row["departure"]
    ]


def _nights(first: date, end: date) -> list[date]:
    return [first + timedelta(days=day) for day in range((end - first).days)]
