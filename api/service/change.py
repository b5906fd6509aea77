"""Change: one transaction under the lock, in which everything done is recorded and applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from sqlite3 import SQLITE_CONSTRAINT_FOREIGNKEY
from typing import Any

from sqlalchemy import Connection, String, select
from sqlalchemy.exc import IntegrityError

from allocator.nights import Stay
from allocator.policy import Policy
from api.access.actor import Actor
from api.service.held_nights import yielding
from api.service.refusals import ConflictError, InvalidError, NotThereError, StaleError
from api.store.apply import HOLDERS, apply
from api.store.chain import Happening, append, head, log_access
from api.store.tables import EVENTS, OF_KIND
from api.store.values import Row, as_json, from_json


@dataclass
class Change:
    """What a change may look at and do. It is committed whole or not at all."""

    connection: Connection
    actor: Actor
    at: datetime
    today: date
    policy: Policy
    events: list[int] = field(default_factory=list)
    holds_shrunk: list[str] = field(default_factory=list)
    """Holds that gave up nights because something else has them."""
    freed: list[tuple[str, Stay]] = field(default_factory=list)
    """Nights of beds that somebody else may have: once all is done, open bids are flagged."""

    # ---- reading ---------------------------------------------------------------------------

    def row(self, kind: str, identifier: str) -> Row:
        """The record. Raises NotThereError."""
        found = self.find(kind, identifier)
        if found is None:
            raise NotThereError(f"there is no {WORDS[kind]} {identifier}")
        return found

    def find(self, kind: str, identifier: str) -> Row | None:
        """The record, or None."""
        table = OF_KIND[kind]
        found = self.connection.execute(select(table).where(table.c.id == identifier)).mappings()
        row = found.first()
        return None if row is None else dict(row)

    def rows(self, kind: str, *conditions: Any) -> list[Row]:
        """Records of a kind, in order of id."""
        table = OF_KIND[kind]
        found = self.connection.execute(select(table).where(*conditions).order_by(table.c.id))
        return [dict(row) for row in found.mappings()]

    def outlines(self, kind: str, names: Iterable[str], *conditions: Any) -> list[Row]:
        """Of the same these columns and the id: for lists of thousands to sort and cut."""
        table = OF_KIND[kind]
        wanted = list(dict.fromkeys(["id", *names]))
        columns = [table.c[name] for name in wanted]
        found = self.connection.execute(select(*columns).where(*conditions))
        return [dict(zip(wanted, row, strict=True)) for row in found]

    def in_full(self, kind: str, outlines: Sequence[Row]) -> list[Row]:
        """The records of these outlines, in their order."""
        table = OF_KIND[kind]
        rows = {
            row["id"]: row for row in self.rows(kind, table.c.id.in_([r["id"] for r in outlines]))
        }
        return [rows[row["id"]] for row in outlines]

    @property
    def register_seq(self) -> int:
        """The number of the last event."""
        return head(self.connection, EVENTS)[0]

    # ---- doing -----------------------------------------------------------------------------

    def record(self, action: str, kind: str, row: Mapping[str, Any], **facts: Any) -> Row:
        """Write that something happened to a record, which is now `row`; the row."""
        return self.record_all(action, kind, [row], **facts)[0]

    def record_all(
        self, action: str, kind: str, rows: Iterable[Mapping[str, Any]], **facts: Any
    ) -> list[Row]:
        """The same for many records at once.

        Raises ConflictError when a bed or a person would have two stays on one night, or a record
        would be without one that it needs.
        """
        written = [_kept_whole(kind, as_json(row)) for row in rows]
        happenings = [
            Happening(action, kind, str(row["id"]), {"row": row, **as_json(facts)})
            for row in written
        ]
        self._write(happenings)
        made = [from_json(OF_KIND[kind], row) for row in written]
        if kind in HOLDERS:
            self._have_holds_yield(kind, made)
        return made

    def _have_holds_yield(self, kind: str, rows: Sequence[Row]) -> None:
        """No night is held that somebody has, however they came by it."""
        smaller = yielding(self.connection, kind, rows, self.today)
        self.holds_shrunk += [str(row["id"]) for row in smaller]
        if smaller:
            self.record_all("hold.yielded", "hold", smaller, to=kind)

    def remove(self, action: str, kind: str, identifier: str, **facts: Any) -> None:
        """Write that a record is gone."""
        self._write([Happening(action, kind, identifier, {"row": None, **as_json(facts)})])

    def frees(self, bed_id: str, first_night: date, end: date) -> None:
        """Somebody else may have the bed on these nights, unless what follows takes them."""
        self.freed.append((bed_id, Stay(first_night, end)))

    def tell_of_access(self, verb: str, what: str, subjects: Iterable[str]) -> None:
        """Write that someone saw, was given or joined data about these records."""
        log_access(
            self.connection,
            at=self.at,
            actor_id=self.actor.id,
            actor_name=self.actor.name,
            verb=verb,
            what=what,
            subjects=subjects,
        )

    def _write(self, happenings: Sequence[Happening]) -> None:
        self.events += append(
            self.connection,
            happenings,
            at=self.at,
            actor_id=self.actor.id,
            actor_name=self.actor.name,
        )
        try:
            apply(self.connection, happenings)
        except IntegrityError as error:
            # The paths that change these look first and say what is in the way: the last guard.
            if _is_of_a_link(error):
                raise ConflictError(
                    "a record would be without one that it needs: something is still in it, or "
                    "what it belongs to is gone",
                    code="in-use",
                ) from error
            raise ConflictError(
                "a bed or a person would have two stays on one night", code="night-taken"
            ) from error


def _is_of_a_link(error: IntegrityError) -> bool:
    """Whether a foreign key was broken, and not a night held twice; each database has its word."""
    fault = error.orig
    sqlite = getattr(fault, "sqlite_errorcode", None) == SQLITE_CONSTRAINT_FOREIGNKEY
    return sqlite or getattr(fault, "sqlstate", None) == "23503"


def _kept_whole(kind: str, row: Row) -> Row:
    """The row. Raises InvalidError for text that a column cannot hold, on any database:
    SQLite would take it, and PostgreSQL fail.
    """
    for name, value in row.items():
        column = OF_KIND[kind].c[name].type
        longest = column.length if isinstance(column, String) else None
        if isinstance(value, str) and longest is not None and len(value) > longest:
            raise InvalidError(
                f"{name} of a {WORDS[kind]} has {len(value)} characters; at most {longest} are kept"
            )
    return row


def check_version(row: Row, version: int | None) -> None:
    """Raise StaleError unless the change was made against the record as it is."""
    if version is not None and version != row["version"]:
        raise StaleError(
            f"this record is at version {row['version']}, and the change was made against "
            f"{version}: read it again",
            current=row["version"],
        )


WORDS = {
    "premises": "premises",
    "room": "room",
    "bed": "bed",
    "out_of_service": "out-of-service record",
    "referral": "referral",
    "booking": "booking",
    "separation": "separation",
    "zone": "exclusion zone",
    "attempt": "attempt",
    "flag": "flag",
    "run": "run",
    "study": "study",
    "proposal": "proposal",
    "mark": "mark",
    "erasure": "erasure",
    "hold": "hold",
    "forecast": "forecast",
    "advice": "advice",
}
