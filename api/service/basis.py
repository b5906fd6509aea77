"""Basis: the register as files were read against it, which may have changed when they are taken in.

Reading takes seconds and is done without the lock. What somebody changed meanwhile must stand, and
where a file says otherwise of the same record, somebody must look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from allocator.estate import Bed, Premises, Room
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from api.service.refusals import ConflictError
from api.store.apply import HOLDING
from api.store.records import referral
from api.store.snapshot import snapshot
from api.store.tables import BOOKINGS, OF_KIND, REFERRALS
from api.store.values import Row, canonical, sha256

BY_VERSION = ("premises", "room", "bed", "booking")
MAY_CHANGE = ("open", "placed")
"""States of bids that files may still change."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What was there. `marks`: by kind and id, what changes when the record's facts do."""

    problem: Problem
    marks: Mapping[tuple[str, str], object]
    beds: Mapping[str, str]
    """The bed that holds each booking, whoever named it."""
    bids: tuple[Referral, ...] = ()
    """Every bid that files may change: those that are open, and those that have a bed."""

    @property
    def known(self) -> Problem:
        """What files are read against: they may lack columns for what is known of any bid."""
        return self.problem.with_referrals(self.bids)

    def said(self, kind: str) -> Mapping[str, Premises | Room | Bed]:
        """The estate's records of a kind as files were read against them, by id."""
        found: dict[str, tuple[Premises | Room | Bed, ...]] = {
            "premises": self.problem.premises,
            "room": self.problem.rooms,
            "bed": self.problem.beds,
        }
        return {each.id: each for each in found[kind]}

    def require_unchanged(self, kind: str, identifier: str, now: Row | None) -> None:
        """Raise ConflictError when the record a file speaks of is another than it was."""
        mark = None if now is None else _mark(kind, now)
        if self.marks.get((kind, identifier)) != mark:
            raise ConflictError(
                f"{kind} {identifier} was changed while the files were read: look at it, and "
                "send the files again",
                code="changed-meanwhile",
                kind=kind,
                record_id=identifier,
            )


def basis_of(connection: Connection, as_of: date, policy: Policy) -> Basis:
    """The register as it is now."""
    marks: dict[tuple[str, str], object] = {}
    for kind in (*BY_VERSION, "referral"):
        table = OF_KIND[kind]
        wanted = table.c.details if kind == "referral" else table.c.version
        for row in connection.execute(select(table.c.id, wanted)).mappings():
            marks[kind, row["id"]] = _mark(kind, dict(row))
    held = select(BOOKINGS.c.id, BOOKINGS.c.bed_id).where(
        BOOKINGS.c.status.in_(HOLDING), ~BOOKINGS.c.surplus, BOOKINGS.c.bed_id.is_not(None)
    )
    beds = {row["id"]: row["bed_id"] for row in connection.execute(held).mappings()}
    wanted_bids = select(REFERRALS).where(REFERRALS.c.status.in_(MAY_CHANGE))
    bids = tuple(
        referral(dict(row))
        for row in connection.execute(wanted_bids.order_by(REFERRALS.c.id)).mappings()
    )
    return Basis(snapshot(connection, as_of, policy), marks, beds, bids)


def _mark(kind: str, row: Row) -> object:
    """Of a bid its details: its rung and its owner change all day."""
    return sha256(canonical(row["details"])) if kind == "referral" else row["version"]
