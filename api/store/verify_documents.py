"""Verify documents: what runs were given and made is there, and is what it was."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from api.store.tables import (
    ADVICE,
    ERASURES,
    EVENT_PAYLOADS,
    EVENTS,
    FORECASTS,
    RUN_DOCUMENTS,
    RUNS,
    STUDIES,
)
from api.store.values import sha256

FORECAST_NEEDED = FORECASTS.c.current | FORECASTS.c.id.in_(
    select(ADVICE.c.forecast_id).where(ADVICE.c.status != "failed")
)
"""Forecasts whose documents stay: the current one, and those that advice rests on or waits for."""


def document_faults(connection: Connection) -> Iterator[str]:
    """Each document that is gone and no erasure names, and each that is not what its hash says."""
    kept = set(connection.execute(select(RUN_DOCUMENTS.c.hash)).scalars())
    for name, whose in sorted(_wanted(connection).items()):
        if name not in kept:
            yield f"a document of {whose} is gone and no erasure names it: {name}"
    for name in sorted(kept):  # one at a time: a register may hold gigabytes of them
        content = connection.execute(
            select(RUN_DOCUMENTS.c.content).where(RUN_DOCUMENTS.c.hash == name)
        ).scalar_one()
        if not _is(content, name):
            yield f"a document is not what it was: {name}"


def _wanted(connection: Connection) -> dict[str, str]:
    """By hash, a record that has the document; without what was erased."""
    found = {
        str(name): f"run {run_id}"
        for run_id, *names in connection.execute(
            select(RUNS.c.id, RUNS.c.snapshot, RUNS.c.plan, RUNS.c.reasons)
        )
        for name in names
        if name is not None
    }
    for kind, wanted in (
        ("run", select(ADVICE.c.id, ADVICE.c.document).where(ADVICE.c.document.is_not(None))),
        ("forecast", select(FORECASTS.c.id, FORECASTS.c.document).where(FORECAST_NEEDED)),
    ):
        found |= {str(name): f"{kind} {of}" for of, name in connection.execute(wanted)}
    found |= {
        name: f"study {study_id}"
        for study_id, names in documents_of_studies(connection).items()
        for name in names
    }
    asked = (
        select(EVENTS.c.subject, EVENT_PAYLOADS.c.payload)
        .join(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
        .where(EVENTS.c.action == "run.requested")
    )
    for run_id, payload in connection.execute(asked):
        if isinstance(payload, dict) and "policy_document" in payload:
            found[str(payload["policy_document"])] = f"run {run_id}"
    erased = {
        name
        for names in connection.execute(select(ERASURES.c.documents)).scalars()
        for name in names
    }
    return {name: whose for name, whose in found.items() if name not in erased}


def documents_of_studies(connection: Connection) -> dict[str, set[str]]:
    """Hashes of all that a study was given and made, by the study's id."""
    columns = [STUDIES.c[name] for name in ("asked", "snapshot", "forecast", "policy_file")]
    wanted = select(STUDIES.c.id, STUDIES.c.files, STUDIES.c.figures, *columns)
    return {
        str(study_id): {file["hash"] for file in files} | {str(name) for name in names if name}
        for study_id, files, *names in connection.execute(wanted)
    }


def _is(content: bytes, name: str) -> bool:
    try:
        return sha256(zlib.decompress(content)) == name
    except zlib.error:
        return False
