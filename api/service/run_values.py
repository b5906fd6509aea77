"""Run values: a run's documents as values of the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from api.service.documents import document
from api.service.kept_answers import KeptAnswers
from api.service.refusals import ConflictError, NotThereError
from api.store.tables import EVENT_PAYLOADS, EVENTS
from api.store.values import Row


@dataclass(frozen=True, slots=True)
class Why:
    """Why a plan leaves someone without a bed: a code, the kind in words, and a sentence.

    `changes`: the smallest that would each give them one; `nothing`: that none of the kinds tried
    would. Both empty: nobody has looked, as in plans made before this was kept.
    """

    code: str
    main: str
    text: str
    changes: tuple[str, ...] = ()
    nothing: str = ""


_PROBLEM = TypeAdapter(Problem)
_PLAN = TypeAdapter(Plan)
_PLANS: KeptAnswers[Plan] = KeptAnswers(2)
"""A national one is four million characters: tenths of a second to read."""
_POLICY = TypeAdapter(Policy)
_REASONS = TypeAdapter(dict[str, Why])


def plan_text(plan: Plan) -> bytes:
    """The plan as a document."""
    return _PLAN.dump_json(plan)


def policy_text(policy: Policy) -> bytes:
    """The policy as a document."""
    return _POLICY.dump_json(policy)


def reasons_text(reasons: Mapping[str, Why]) -> bytes:
    """The reasons as a document, in order of referral."""
    return _REASONS.dump_json(dict(sorted(reasons.items())))


def problem_of(connection: Connection, run: Row) -> Problem:
    """What the run plans for."""
    return _PROBLEM.validate_json(document(connection, run["snapshot"]))


def policy_of(connection: Connection, run: Row) -> Policy:
    """The policy that the run was asked for under, whatever the service has now."""
    return _POLICY.validate_json(document(connection, policy_document(connection, run)))


def policy_document(connection: Connection, run: Row) -> str:
    """The hash of that policy's document, which stands in the timeline."""
    payload = connection.execute(
        select(EVENT_PAYLOADS.c.payload)
        .join(EVENTS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.kind == "run", EVENTS.c.subject == run["id"])
        .where(EVENTS.c.action == "run.requested")
    ).scalar()
    if payload is None:
        raise NotThereError("what this run was asked has been erased", code="erased")
    return str(payload["policy_document"])


def plan_of(connection: Connection, run: Row) -> Plan:
    """The plan that the run made. Raises ConflictError unless it finished."""
    name = _made(run, "plan")
    return _PLANS.of(connection, run, lambda: _PLAN.validate_json(document(connection, name)))


def reasons_of(connection: Connection, run: Row) -> dict[str, Why]:
    """Why each person without a bed has none, by referral. Raises ConflictError likewise."""
    return _REASONS.validate_json(document(connection, _made(run, "reasons")))


def _made(run: Row, what: str) -> str:
    if run["status"] != "finished" or run[what] is None:
        raise ConflictError(
            f"run {run['id']} is {run['status']}: there is no plan to look at",
            code="not-finished",
            status_now=run["status"],
        )
    return str(run[what])
