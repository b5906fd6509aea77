"""Seeing: who may see a run, whose names are left out of it, and for whom CRNs are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, null, select

from api.access.actor import Actor, Role
from api.service.referrals import visible
from api.service.refusals import NotThereError
from api.store.tables import REFERRALS, RUNS, STUDIES
from api.store.values import Row

_KNOW_PEOPLE = frozenset({Role.COORDINATOR, Role.MANAGER})
_OVERSEE = frozenset({Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})
_KEYS = frozenset({"crn", "other_crn"})


def the_run(connection: Connection, actor: Actor, run_id: str) -> Row:
    """A run that the actor may see. Raises NotThereError, the same for absent and others'."""
    found = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).mappings().first()
    if found is None or not may_see(dict(found), actor):
        raise NotThereError(f"there is no run {run_id}")
    return dict(found)


def may_see(run: Row, actor: Actor) -> bool:
    """Runs and studies are for everyone whose role has them, over a problem for its sender."""
    own: bool = run["over"] != "problem" or run["requested_by"] == actor.id
    return own or bool(actor.roles & _OVERSEE)


def runs_seen_by(actor: Actor) -> list[Any]:
    """The same, as conditions on a list of runs."""
    if actor.roles & _OVERSEE:
        return []
    return [(RUNS.c.over == "register") | (RUNS.c.requested_by == actor.id)]


def studies_seen_by(actor: Actor) -> list[Any]:
    """The same of studies."""
    if actor.roles & _OVERSEE:
        return []
    return [(STUDIES.c.over != "problem") | (STUDIES.c.requested_by == actor.id)]


def is_pseudonymous(actor: Actor) -> bool:
    """Whether the actor sees no CRN: planners do not."""
    return not actor.roles & _KNOW_PEOPLE


def restricted(connection: Connection, actor: Actor) -> frozenset[str]:
    """Ids of the referrals of which the actor may see nothing but the id."""
    return frozenset(str(row["id"]) for row in _restricted(connection, actor))


def hidden_people(connection: Connection, actor: Actor) -> frozenset[str]:
    """CRNs of the people whom the actor may not know of."""
    return frozenset(str(row["crn"]) for row in _restricted(connection, actor))


def bids_of_hidden(connection: Connection, actor: Actor) -> frozenset[str]:
    """Ids of every bid of the people whom the actor may not know of, restricted or not.

    What is proposed for one of them would tell of the others.
    """
    theirs = REFERRALS.c.crn.in_(sorted(hidden_people(connection, actor)))
    found = connection.execute(select(REFERRALS.c.id).where(theirs)).scalars()
    return frozenset(str(each) for each in found)


def is_hidden(connection: Connection, actor: Actor, crn: str) -> bool:
    """Whether the actor may not know of this person: any of their bids is restricted to others."""
    theirs = REFERRALS.c.crn == crn
    return bool(_restricted(connection, actor, theirs))


def _restricted(connection: Connection, actor: Actor, *conditions: Any) -> list[Row]:
    wanted = select(REFERRALS.c.id, REFERRALS.c.crn, REFERRALS.c.restricted_to).where(
        REFERRALS.c.restricted_to.is_not(null()), *conditions
    )
    rows = connection.execute(wanted).mappings()
    return [dict(row) for row in rows if not visible(dict(row), actor)]


def without_crns(value: Any) -> Any:
    """A JSON value with every field that holds a CRN left out."""
    if isinstance(value, dict):
        return {name: without_crns(inner) for name, inner in value.items() if name not in _KEYS}
    return [without_crns(inner) for inner in value] if isinstance(value, list) else value
