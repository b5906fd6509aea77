"""Erasing: all that is held of one person goes, and an event stays that says that it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from sqlalchemy import Column, delete, select, tuple_

from api.access.actor import Actor
from api.service.change import Change
from api.service.kept_forms import forget_forms_of
from api.service.leases import QUEUED, RUNNING
from api.service.new_id import new_id
from api.service.person import Person, Whom, nobody, the_person
from api.service.referrals import OPEN, PLACED
from api.service.refusals import ConflictError, InvalidError, NotAllowedError, NotThereError
from api.service.register import Register
from api.service.retention import require_due
from api.service.traces import AT_ONCE, Traces, look, payloads_of
from api.store.apply import HOLDING
from api.store.by_many import by_many
from api.store.tables import ANSWERS, EVENT_PAYLOADS, RUN_DOCUMENTS, RUNS, STUDIES
from api.store.values import Row

AskedFor = Literal["request", "retention"]


def traces_before(register: Register, actor: Actor, whom: Whom) -> Traces | None:
    """What the erasure will find, looked for without the lock; None: there is nobody.

    Raises nothing: who has been erased already gets the answer that was stored.
    """
    with register.reading() as connection:
        change = register.change(connection, actor)
        try:
            return look(connection, the_person(change, whom))
        except NotThereError:
            return None


def erase(
    change: Change,
    whom: Whom,
    before: Traces | None,
    *,
    asked_for: AskedFor,
    reason: str,
    retention_days: int | None,
) -> Row:
    """Erase a person; the record of it. Raises ConflictError while something stands in the way.

    The caller logs it. The reason must not say who it was.
    """
    if not change.actor.is_person:
        raise NotAllowedError("only a named person erases")
    person = the_person(change, whom)
    if person.crn.casefold() in reason.casefold():
        raise InvalidError("the reason stays for good: leave the person's CRN out of it")
    traces = look(change.connection, person, before)
    standing = list(_standing(change, person, traces))
    if standing:
        told = "; ".join(f"{each['kind']} {each['id']} is {each['status']}" for each in standing)
        raise ConflictError(
            f"this person cannot be erased yet: {told}", code="still-needed", records=standing
        )
    if asked_for == "retention":
        require_due(change, person, retention_days)
    payloads = payloads_of(change.connection, person, traces)
    if not (person.named or payloads or traces.documents or traces.answers):
        raise nobody()
    _delete(change, EVENT_PAYLOADS.c.seq, payloads)
    _delete(change, RUN_DOCUMENTS.c.hash, sorted(traces.documents))
    _delete_answers(change, sorted(traces.answers))
    forget_forms_of(change, person.marks)
    return change.record(
        "person.erased",
        "erasure",
        {
            "id": new_id(),
            "version": 1,
            "at": change.at,
            "erased_by": change.actor.name,
            "asked_for": asked_for,
            "reason": reason,
            "records": person.named,
            "events": payloads,
            "documents": sorted(traces.documents),
        },
    )


def _standing(change: Change, person: Person, traces: Traces) -> Iterator[dict[str, str]]:
    """Records for which the person's data are needed still."""
    needed = {"referral": (OPEN, PLACED), "booking": HOLDING}
    for kind, statuses in needed.items():
        for row in person.records[kind]:
            if row["status"] in statuses:
                yield {"kind": kind, "id": row["id"], "status": row["status"]}
    for run in change.rows("run", RUNS.c.status.in_((QUEUED, RUNNING))):
        if traces.documents & _needs(change, run):
            yield {"kind": "run", "id": run["id"], "status": run["status"]}
    for study in change.rows("study", STUDIES.c.status.in_((QUEUED, RUNNING))):
        if traces.documents & {study["asked"], study["snapshot"], study["forecast"]}:
            yield {"kind": "study", "id": study["id"], "status": study["status"]}


def _needs(change: Change, run: Row) -> set[str]:
    """Documents without which an unfinished run could not be solved."""
    kept = select(RUNS.c.plan).where(RUNS.c.id == run["kept_run"])
    return {run["snapshot"], *change.connection.execute(kept).scalars()}


def _delete(change: Change, column: Column[Any], values: Sequence[Any]) -> None:
    for some in by_many(values):
        change.connection.execute(delete(column.table).where(column.in_(some)))


def _delete_answers(change: Change, keys: Sequence[tuple[str, str]]) -> None:
    for some in by_many(keys, AT_ONCE):
        mine = tuple_(ANSWERS.c.actor_id, ANSWERS.c.key).in_(some)
        change.connection.execute(delete(ANSWERS).where(mine))
