"""Snapshot: the register as a problem, as it stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from allocator.estate import Bed, Premises, Room
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.safeguards import ExclusionZone, Separation
from api.store.apply import HOLDING
from api.store.by_many import by_many
from api.store.kept_states import KeptStates
from api.store.marks import is_synthetic
from api.store.records import booking, held_nights, out_of_service, read, referral
from api.store.tables import (
    BEDS,
    BOOKINGS,
    HOLDS,
    OUT_OF_SERVICE,
    PREMISES,
    REFERRALS,
    ROOMS,
    SEPARATIONS,
    ZONES,
)
from api.store.values import Row

_BARE: KeptStates[Problem] = KeptStates(2)
"""All premises as they stand, with nobody in them and nobody's safeguards."""


def snapshot(
    connection: Connection,
    as_of: date,
    policy: Policy,
    *,
    premises: frozenset[str] | None = None,
    crns: frozenset[str] = frozenset(),
) -> Problem:
    """Everything that a plan depends on; every open bid is a referral of it.

    With `premises`, only those, the people there, and the people in `crns` and their zones.
    """
    part = [] if premises is None else [_concerned(premises, crns)]
    stays = _rows(connection, BOOKINGS, BOOKINGS.c.status.in_(HOLDING), *part)
    bids = _bids(connection, stays, None if premises is None else crns)
    sites = None if premises is None else premises | {row["premises_id"] for row in stays}
    return _problem(connection, as_of, policy, stays, bids, sites, None if not part else crns)


def empty_estate(
    connection: Connection, as_of: date, policy: Policy, crns: frozenset[str]
) -> Problem:
    """All premises with nobody in them, and the zones and separations of these people: what says
    which beds are lawful for somebody wherever others are.
    """
    bare = _BARE.of(
        connection, lambda: _problem(connection, as_of, policy, [], {}, None, frozenset()), as_of
    )
    return replace(bare, separations=_separations(connection, crns), zones=_zones(connection, crns))


def _problem(
    connection: Connection,
    as_of: date,
    policy: Policy,
    stays: list[Row],
    bids: dict[str, Row],
    sites: frozenset[str] | None,
    crns: frozenset[str] | None,
) -> Problem:
    """With these stays and bids. `sites` None: all premises; `crns` None: everyone's safeguards."""

    def there(table: Table, column: Any, *conditions: Any) -> list[Row]:
        return _rows(connection, table, *_among(column, sites), *conditions)

    return Problem(
        as_of=as_of,
        premises=tuple(read(Premises, row) for row in there(PREMISES, PREMISES.c.id)),
        rooms=tuple(read(Room, row) for row in there(ROOMS, ROOMS.c.premises_id)),
        beds=tuple(read(Bed, row) for row in there(BEDS, BEDS.c.premises_id)),
        out_of_service=tuple(
            out_of_service(row)
            for row in there(
                OUT_OF_SERVICE,
                OUT_OF_SERVICE.c.premises_id,
                ~OUT_OF_SERVICE.c.cancelled,
                OUT_OF_SERVICE.c.end > as_of,
            )
        ),
        referrals=tuple(referral(row) for row in bids.values() if row["status"] == "open"),
        bookings=tuple(
            booking(
                row,
                referral(bids[row["referral_id"]]) if row["referral_id"] in bids else None,
                as_of,
                policy.overstay_nights,
            )
            for row in stays
            if (row["departure"] > as_of or row["status"] == "arrived")
            and not _asks_again(row, bids)
        ),
        separations=_separations(connection, crns),
        zones=_zones(connection, crns),
        held=tuple(
            nights
            for row in there(
                HOLDS,
                HOLDS.c.premises_id,
                HOLDS.c.status == "current",
                HOLDS.c.until > as_of,
                HOLDS.c.end > as_of,
            )
            for nights in held_nights(row)
        ),
        synthetic=is_synthetic(connection),
    )


def _separations(connection: Connection, crns: frozenset[str] | None) -> tuple[Separation, ...]:
    """Of these people, from one another or from anybody; None: everyone's."""
    return tuple(
        read(Separation, row)
        for row in _rows(connection, SEPARATIONS)
        if crns is None or row["crn"] in crns or row["other_crn"] in crns
    )


def _zones(connection: Connection, crns: frozenset[str] | None) -> tuple[ExclusionZone, ...]:
    """The same of exclusion zones."""
    rows = _rows(connection, ZONES, *_among(ZONES.c.crn, crns))
    return tuple(read(ExclusionZone, row) for row in rows)


def _bids(connection: Connection, stays: list[Row], crns: frozenset[str] | None) -> dict[str, Row]:
    """Open bids (with `crns`, of those people alone), and the bids that these stays are for."""
    open_bids = [REFERRALS.c.status == "open", *_among(REFERRALS.c.crn, crns)]
    rows = _rows(connection, REFERRALS, *open_bids)
    ids = [row["referral_id"] for row in stays if row["referral_id"] is not None]
    for some in by_many(ids):
        rows += _rows(connection, REFERRALS, REFERRALS.c.id.in_(some))
    return {row["id"]: row for row in sorted(rows, key=lambda row: str(row["id"]))}


def _asks_again(stay: Row, bids: dict[str, Row]) -> bool:
    """Whether no bed holds the booking and its bid is open: the person is in the plan as a bid."""
    bid = bids.get(stay["referral_id"])
    waits = stay["surplus"] and stay["status"] == "upcoming"
    return bool(waits and bid is not None and bid["status"] == "open")


def _concerned(premises: frozenset[str], crns: frozenset[str]) -> Any:
    return or_(BOOKINGS.c.premises_id.in_(sorted(premises)), BOOKINGS.c.crn.in_(sorted(crns)))


def _among(column: Any, wanted: frozenset[str] | None) -> list[Any]:
    return [] if wanted is None else [column.in_(sorted(wanted))]


def _rows(connection: Connection, table: Table, *conditions: Any) -> list[Row]:
    found = connection.execute(select(table).where(*conditions).order_by(table.c.id))
    return [dict(row) for row in found.mappings()]
