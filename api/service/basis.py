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
from api.service.refusals import ConflictError
from api.store.snapshot import snapshot
from api.store.tables import OF_KIND
from api.store.values import Row, canonical, sha256

BY_VERSION = ("premises", "room", "bed", "booking")


@dataclass(frozen=True, slots=True)
class Basis:
    """What was there. `marks`: by kind and id, what changes when the record's facts do."""

    problem: Problem
    marks: Mapping[tuple[str, str], object]

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
    return Basis(snapshot(connection, as_of, policy), marks)


def _mark(kind: str, row: Row) -> object:
    """Of a bid its details: its rung and its owner change all day."""
    return sha256(canonical(row["details"])) if kind == "referral" else row["version"]
