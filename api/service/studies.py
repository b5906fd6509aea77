"""Studies: simulated years and scenarios, over a made-up estate, the register, or a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from allocator.scenario.file import ScenarioFile
from api.access.actor import Actor
from api.service.change import Change
from api.service.documents import Packed, document, keep
from api.service.leases import FINISHED, Leases, QueueLimits
from api.service.new_id import new_id
from api.service.refusals import ConflictError, NotThereError
from api.service.runs import versions_here
from api.service.seeing import may_see
from api.store.tables import EVENTS, STUDIES, STUDY_STATE
from api.store.values import Row

Kind = Literal["scenario", "simulation"]
Over = Literal["synthetic", "register", "problem"]
SCENARIO: Final = "scenario"
SIMULATION: Final = "simulation"
SYNTHETIC: Final = "synthetic"
REGISTER: Final = "register"
PROBLEM: Final = "problem"
CURRENT: Final = "current"
"""As the forecast of a base: the one that is current in the register."""
STUDY_LEASES = Leases("study", "studies", STUDIES, STUDY_STATE)
ASKED = TypeAdapter(ScenarioFile)
PROBLEM_FILE, FORECAST_FILE, POLICY_FILE = "problem.json", "forecast.json", "policy.toml"
"""What the file of a study calls what goes with it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A study that has been looked at and can be run. The `file` of a simulation has no scenario.

    `register_seq`: the last event that `problem` holds, where that is the register.
    """

    kind: Kind
    over: Over
    name: str | None
    file: Packed
    as_asked: tuple[str, Packed]
    """What was sent, and the name under which it can be had again."""
    problem: Packed | None
    forecast: Packed | None
    policy_file: Packed | None
    policy: str
    register_seq: int


def request(change: Change, wanted: Wanted, limits: QueueLimits) -> Row:
    """Ask for a study, which waits for a worker. Raises TooManyError when too many do, and
    ConflictError when somebody was erased since the register was read for it.
    """
    STUDY_LEASES.require_room(change, limits)
    connection = change.connection
    _require_nobody_erased_since(connection, wanted)

    def kept(document: Packed | None) -> str | None:
        return None if document is None else keep(connection, document)

    name, sent = wanted.as_asked
    keep(connection, sent)
    row = {
        "id": new_id(),
        "kind": wanted.kind,
        "over": wanted.over,
        "name": wanted.name,
        "policy": wanted.policy,
        "register_seq": wanted.register_seq,
        "requested_by": change.actor.id,
        "requested_at": change.at,
        "asked": keep(connection, wanted.file),
        "snapshot": kept(wanted.problem),
        "forecast": kept(wanted.forecast),
        "policy_file": kept(wanted.policy_file),
        "figures": None,
        "files": [file_row(name, sent)],
        "fault": None,
        "ended_at": None,
    }
    return STUDY_LEASES.queue(change, row, versions=versions_here())


def _require_nobody_erased_since(connection: Connection, wanted: Wanted) -> None:
    """Looking at a study takes long and holds no lock: who is erased meanwhile is in what was read,
    and would be kept again.
    """
    if wanted.over != REGISTER:
        return
    since = (EVENTS.c.seq > wanted.register_seq) & (EVENTS.c.kind == "erasure")
    if connection.execute(select(EVENTS.c.seq).where(since).limit(1)).first() is not None:
        raise ConflictError(
            "somebody was erased from the register while this study was looked at; nothing of it "
            "was kept: ask for it again",
            code="erased-meanwhile",
        )


def finish(
    change: Change, study: Row, attempt: int, figures: Packed, files: dict[str, Packed]
) -> Row:
    """Keep what the study came to. Raises ConflictError when it is not ours."""

    def made() -> Row:
        for each in (figures, *files.values()):
            keep(change.connection, each)
        written = [file_row(*each) for each in files.items()]
        return {"figures": figures.hash, "files": [*written, *study["files"]]}

    return STUDY_LEASES.finish(change, study["id"], attempt, made)


def the_study(connection: Connection, actor: Actor, study_id: str) -> Row:
    """A study that the actor may see. Raises NotThereError, the same for absent and others'."""
    found = connection.execute(select(STUDIES).where(STUDIES.c.id == study_id)).mappings().first()
    if found is None or not may_see(dict(found), actor):
        raise NotThereError(f"there is no study {study_id}")
    return dict(found)


def figures_of(connection: Connection, study: Row) -> bytes:
    """Its figures as JSON. Raises ConflictError unless it finished."""
    if study["status"] != FINISHED or study["figures"] is None:
        raise ConflictError(
            f"study {study['id']} is {study['status']}: there are no figures to look at",
            code="not-finished",
            status_now=study["status"],
        )
    return document(connection, study["figures"])


def file_of(connection: Connection, study: Row, name: str) -> bytes:
    """The content of one of its files. Raises NotThereError when there is none of that name."""
    for each in study["files"]:
        if each["name"] == name:
            return document(connection, each["hash"])
    there = ", ".join(each["name"] for each in study["files"])
    raise NotThereError(
        f"study {study['id']} has no such file; it has {there}", code="no-such-file"
    )


def file_row(name: str, content: Packed) -> dict[str, object]:
    """A file as the study's row lists it."""
    return {"name": name, "hash": content.hash, "bytes": content.size}
