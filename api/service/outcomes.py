"""Outcomes: how a finished run ended and what it came to, without its plan being read.

The timeline has them from the moment at which the run finished. Of a run that finished before that
was kept, they are read from its plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from allocator.plan import EndedBy, Plan
from api.service.kept_answers import KeptAnswers
from api.service.leases import FINISHED
from api.service.refusals import NotThereError
from api.service.run_values import plan_of
from api.store.tables import EVENT_PAYLOADS, EVENTS
from api.store.values import Row

_REPEATABLE = frozenset({EndedBy.PROVEN, EndedBy.EFFORT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, a hash of who has which bed, and the versions that made it.

    `timed`: a time limit had a say in which plan it is.
    """

    ended_by: EndedBy
    beds: str
    versions: Mapping[str, str]
    timed: bool

    @property
    def repeatable(self) -> bool:
        """Whether the same problem, policy, seed and versions come to it again."""
        return is_repeatable(self.ended_by, timed=self.timed)


@dataclass(frozen=True, slots=True)
class Compared:
    """A replay beside the run that was made again. `repeatable`: it had to come to the same."""

    same: bool
    same_versions: bool
    repeatable: bool


_OF_PLANS: KeptAnswers[Outcome] = KeptAnswers(200)


def is_repeatable(ended_by: EndedBy, *, timed: bool) -> bool:
    """Whether a plan that ended so comes out the same when it is made again; `timed` as above."""
    return ended_by in _REPEATABLE and not timed


def outcome(plan: Plan) -> Outcome:
    """What a plan came to."""
    placed = [
        [p.referral_id, p.bed_id, f"{p.stay.arrival}", f"{p.stay.departure}", f"{p.decide_by}"]
        for p in plan.placements
    ]
    seated = [[s.booking_id, s.bed_id, s.inferred, s.moved, s.reason] for s in plan.seats]
    text = json.dumps([sorted(placed), sorted(seated)], separators=(",", ":"))
    beds = hashlib.sha256(text.encode()).hexdigest()
    return Outcome(plan.ended_by, beds, dict(plan.versions), plan.timed)


def as_facts(found: Outcome) -> dict[str, Any]:
    """The same for the timeline."""
    return {
        "ended_by": found.ended_by.value,
        "beds": found.beds,
        "versions": dict(found.versions),
        "timed": found.timed,
    }


def outcomes_of(connection: Connection, runs: Iterable[Row]) -> dict[str, Outcome]:
    """By id, of those that finished and of which it is known still: one query for all of them."""
    finished = {str(run["id"]): run for run in runs if run["status"] == FINISHED}
    if not finished:
        return {}
    wanted = (
        select(EVENTS.c.subject, EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "run", EVENTS.c.subject.in_(finished))
        .where(EVENTS.c.action == "run.finished")
    )
    found = {}
    for name, payload in connection.execute(wanted):
        if "beds" in payload:
            ended = EndedBy(payload["ended_by"])
            found[str(name)] = Outcome(
                ended, payload["beds"], payload["versions"], payload.get("timed", False)
            )
    for name in finished.keys() - found.keys():
        if known := _of_plan(connection, finished[name]):
            found[name] = known
    return found


def _of_plan(connection: Connection, run: Row) -> Outcome | None:
    try:
        return _OF_PLANS.of(connection, run, lambda: outcome(plan_of(connection, run)))
    except NotThereError:  # erased since
        return None


def compared(here: Outcome, there: Outcome) -> Compared:
    """A replay, and the run that was made again."""
    same_versions = here.versions == there.versions
    repeatable = same_versions and here.repeatable and there.repeatable
    return Compared(here.beds == there.beds, same_versions, repeatable)
