"""Verify: the chain recomputed, rows made again from the events alone, documents hashed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, create_engine, select

from api.store.apply import apply, hold_nights
from api.store.chain import FIRST, Happening, broken_link
from api.store.tables import (
    ACCESS_LOG,
    BED_NIGHTS,
    EVENT_PAYLOADS,
    EVENTS,
    METADATA,
    OF_KIND,
    PERSON_NIGHTS,
)
from api.store.values import as_json, canonical, sha256
from api.store.verify_documents import document_faults
from api.store.verify_triggers import trigger_faults

AT_ONCE = 2_000
SHOWN = 50


@dataclass(slots=True)
class Verdict:
    """What was looked at, and everything found wrong, in words without personal data."""

    events: int = 0
    accesses: int = 0
    rows: int = 0
    erased: int = 0
    """Payloads that are gone: their events stand, and an erasure must name each of them."""
    head: str = FIRST
    access_head: str = FIRST
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    def fault(self, text: str) -> None:
        if len(self.faults) < SHOWN:
            self.faults.append(text)


def verify(connection: Connection, head: str | None = None) -> Verdict:
    """Look at the whole register. `head`: a hash that the timeline had once and must hold."""
    verdict = Verdict()
    try:
        _look(connection, verdict, head)
    except (ValueError, TypeError) as error:  # text that is no JSON, or no moment
        verdict.fault(
            f"something after entry {verdict.accesses} of the access log and event "
            f"{verdict.events} cannot be read: {type(error).__name__}"
        )
    return verdict


def _look(connection: Connection, verdict: Verdict, head: str | None) -> None:
    _accesses(connection, verdict)
    # Every timeline begins with what an empty register has for a head.
    seen_head = head is None or head == FIRST
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as fresh:
        prev = FIRST
        gone: set[int] = set()
        named: set[int] = set()
        for chunk in _chunks(_events(connection)):
            happenings: list[Happening] = []
            for link, payload in chunk:
                verdict.events += 1
                wrong = broken_link(link, prev)
                if wrong:
                    verdict.fault(f"event {link['seq']} {wrong}")
                if link["seq"] != verdict.events:
                    verdict.fault(f"event {verdict.events} is missing")
                    verdict.events = link["seq"]
                prev = link["hash"]
                seen_head = seen_head or prev == head
                if payload is None:
                    verdict.erased += 1
                    gone.add(link["seq"])
                    continue
                if sha256(canonical(payload)) != link["payload_hash"]:
                    verdict.fault(f"the payload of event {link['seq']} is not what it was")
                if link["kind"] == "erasure":
                    named |= _named(payload)
                happenings.append(Happening(link["action"], link["kind"], link["subject"], payload))
            try:
                # Nights at the end: cut anywhere else, two stays that changed beds would clash.
                apply(fresh, happenings, nights=False)
            except Exception as error:  # whatever it is, the events do not make a register
                verdict.fault(
                    f"events up to {verdict.events} cannot be applied: {type(error).__name__}"
                )
                return
        verdict.head = prev
        if not seen_head:
            verdict.fault("the timeline does not hold the head that was given: its end is missing")
        for seq in sorted(gone - named):
            verdict.fault(f"the payload of event {seq} is gone and no erasure names it")
        for seq in sorted(named - gone):
            verdict.fault(f"the payload of event {seq} is there though an erasure names it")
        try:
            hold_nights(fresh)
        except Exception as error:  # likewise
            verdict.fault(f"nights cannot be held as the events say: {type(error).__name__}")
            return
        for table in (*OF_KIND.values(), BED_NIGHTS, PERSON_NIGHTS):
            _compare(connection, fresh, table, verdict)
    for fault in (*trigger_faults(connection), *document_faults(connection)):
        verdict.fault(fault)


def _named(payload: dict[str, Any]) -> set[int]:
    """Numbers of the events whose payloads an erasure took; applying finds what is no erasure."""
    row = payload.get("row")
    return set(row.get("events", ())) if isinstance(row, dict) else set()


def _accesses(connection: Connection, verdict: Verdict) -> None:
    prev = FIRST
    for row in connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.seq)).mappings():
        verdict.accesses += 1
        wrong = broken_link(dict(row), prev)
        if wrong:
            verdict.fault(f"entry {row['seq']} of the access log {wrong}")
        prev = row["hash"]
    verdict.access_head = prev


def _events(connection: Connection) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    joined = EVENTS.outerjoin(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
    wanted = select(EVENTS, EVENT_PAYLOADS.c.payload).select_from(joined).order_by(EVENTS.c.seq)
    for row in connection.execution_options(yield_per=AT_ONCE).execute(wanted).mappings():
        link = {column.name: row[column.name] for column in EVENTS.columns}
        yield link, row["payload"]


def _chunks(events: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(events, AT_ONCE)):
        yield chunk


def _compare(live: Connection, fresh: Connection, table: Table, verdict: Verdict) -> None:
    """Differences between the rows there are and the rows there should be."""
    there, should = _rows(live, table), _rows(fresh, table)
    verdict.rows += len(there)
    for key in sorted(there.keys() | should.keys()):
        if there.get(key) == should.get(key):
            continue
        if key not in should:
            what = "is in the register and not in the timeline"
        elif key not in there:
            what = "is in the timeline and not in the register"
        else:
            what = "differs from the timeline"
        verdict.fault(f"a row of {table.name} {what}: {key_text(table, key)}")


def key_text(table: Table, key: tuple[Any, ...]) -> str:
    """The key, unless it holds a person's reference."""
    return "a person's night" if table is PERSON_NIGHTS else "/".join(map(str, key))


def _rows(connection: Connection, table: Table) -> dict[tuple[Any, ...], bytes]:
    keys = [column.name for column in table.primary_key.columns]
    return {
        tuple(str(row[name]) for name in keys): canonical(as_json(dict(row)))
        for row in connection.execute(select(table)).mappings()
    }
