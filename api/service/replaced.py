"""Replaced: proposals that nobody had decided when a newer plan's came in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from api.service.change import Change
from api.service.plan_needs import lost_in
from api.service.proposal_lists import LOST, by_status
from api.service.smallest_changes import last_run
from api.store.tables import EVENTS, PROPOSALS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Waiting:
    """The plan whose proposals the next one overtakes: so many that can still be accepted, and so
    many that are lost.
    """

    run: Row
    proposals: int
    lost: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """The plan before, with its proposals that were overtaken, and those made, by band."""

    run: Row
    overtaken: Mapping[int, int]
    made: Mapping[int, int]
    new: Mapping[int, int]
    """Of those made, by band: for bids recorded after the plan before was asked for."""
    otherwise: int
    """Of the plan before: overtaken already, for their bids were placed or closed."""

    @property
    def more(self) -> dict[int, int]:
        """By band, how many more were made than overtaken; below 0: fewer."""
        bands = sorted({*self.overtaken, *self.made})
        return {band: self.made.get(band, 0) - self.overtaken.get(band, 0) for band in bands}


def waiting(change: Change) -> Waiting | None:
    """What the next plan will take the place of; None: nothing is to be decided."""
    run = last_run(change.connection)
    if run is None:
        return None
    found = by_status(change.connection, run["id"], len(lost_in(change, run["id"])))
    proposals, lost = found.get("proposed", 0), found.get(LOST, 0)
    return Waiting(run, proposals, lost) if proposals or lost else None


def replaced_by(connection: Connection, run: Row) -> Replaced | None:
    """What this plan took the place of as it was done; None: nothing waited, or it came late."""
    before = None if run["ended_at"] is None else last_run(connection, run["ended_at"])
    if before is None:
        return None
    theirs = (EVENTS.c.kind == "proposal") & (EVENTS.c.subject == PROPOSALS.c.id)
    # A booking may have overtaken others since or before: this plan's came at its own moment.
    then = (EVENTS.c.action == "proposal.superseded", EVENTS.c.at == run["ended_at"])
    wanted = select(PROPOSALS.c.band, func.count()).group_by(PROPOSALS.c.band)
    overtaken = wanted.select_from(PROPOSALS.join(EVENTS, theirs)).where(
        PROPOSALS.c.run_id == before["id"], *then
    )
    made = wanted.where(PROPOSALS.c.run_id == run["id"])
    recorded = (EVENTS.c.kind == "referral") & (EVENTS.c.subject == PROPOSALS.c.referral_id)
    new = made.select_from(PROPOSALS.join(EVENTS, recorded)).where(
        EVENTS.c.action == "referral.recorded", EVENTS.c.seq > before["register_seq"]
    )
    counts = _by_band(connection, overtaken)
    if not counts:
        return None
    every = by_status(connection, before["id"])["superseded"]
    return Replaced(
        before,
        counts,
        _by_band(connection, made),
        _by_band(connection, new),
        every - sum(counts.values()),
    )


def _by_band(connection: Connection, counted: Select[Any]) -> dict[int, int]:
    return {int(band): int(number) for band, number in connection.execute(counted)}
