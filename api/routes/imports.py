"""Routes of files: everything the command line reads, in; the whole register, out."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from pydantic import Field
from starlette.datastructures import UploadFile as Upload

from allocator.ingest import Sources
from allocator.problem_file import problem_to_json
from api.access.actor import Actor
from api.access.dependencies import Permitted
from api.document import PROBLEM_FILE
from api.problems import problems
from api.routes.asking import Key, TheRegister, reading, reply, seen
from api.service.import_files import import_files as imported
from api.service.refusals import InvalidError
from api.service.register import Answer, Register
from api.service.seeing import restricted
from api.store.snapshot import snapshot
from api.wire.form import check_form, what_came
from api.wire.words import Day, Shown

router = APIRouter(prefix="/v1", tags=["Files"])
MOST_FILES = 40
SUFFIXES = (".csv", ".xlsx", ".json", ".geojson", ".tsv", ".txt")
ONE_FILE = ("premises", "rooms", "placements", "separations", "restrictions", "outcodes")
MANY_FILES = ("referrals", "out_of_service", "zones")
WORDS = ("as_of", "skip_bad_rows")
LONGEST_NAME = 100
One = Annotated[UploadFile | None, File()]
Many = Annotated[list[UploadFile] | None, File()]


class LeftOut(Shown):
    """A row that was left out. `value` is empty where the column holds people's references."""

    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    wrong: str
    mend: str
    also_row: int | None = Field(None, description="The row of the file that it contradicts.")


class Noted(Shown):
    """Something found in the files that a person should know; docs/formats.md has the codes."""

    code: str
    subject: str
    referrals: list[str] = Field(
        [], description="Ids, of a note that tells how many referrals lack something."
    )


class Imported(Shown):
    """What an import did: counts by kind, and ids of what could not be held."""

    recorded: dict[str, int]
    changed: dict[str, int]
    changed_referrals: list[str] = Field(
        [], description="Ids of those of which the files said something else."
    )
    surplus: list[str]
    in_conflict: list[str]
    left_closed: list[str]
    holds_shrunk: list[str]
    left_out: list[LeftOut]
    notes: list[Noted]
    register_seq: int


@router.post(
    "/imports",
    status_code=201,
    response_model=Imported,
    responses=problems(400, 409, 413, 503),
    dependencies=[Depends(check_form({*ONE_FILE, *WORDS}, MANY_FILES))],
)
def import_files(
    register: TheRegister,
    actor: Permitted,
    request: Request,
    key: Key,
    premises: One = None,
    rooms: One = None,
    placements: One = None,
    separations: One = None,
    restrictions: One = None,
    outcodes: One = None,
    referrals: Many = None,
    out_of_service: Many = None,
    zones: Many = None,
    as_of: Annotated[Day | None, Form(description="The files' day; today unless given.")] = None,
    skip_bad_rows: Annotated[bool, Form()] = False,
) -> Response:
    """Bring files into the register, all of them or nothing.

    The same layouts and the same complaints as `allocator import`. Files may come alone: what they
    name is looked up among what is there. A field that is not one of these is refused.
    """
    one = {
        "premises": premises,
        "rooms": rooms,
        "placements": placements,
        "separations": separations,
        "restrictions": restrictions,
        "outcodes": outcodes,
    }
    given = {kind: [file] for kind, file in one.items() if file is not None}
    many = {"referrals": referrals, "out_of_service": out_of_service, "zones": zones}
    given |= {kind: files for kind, files in many.items() if files}
    if not given:
        raise InvalidError(
            f"no files were sent: {what_came(request)}. Send them as multipart/form-data in "
            f"the fields {', '.join((*ONE_FILE, *MANY_FILES))}"
        )
    return reply(brought_in(register, actor, key, given, as_of, skip_bad_rows, request))


def brought_in(
    register: Register,
    actor: Actor,
    key: str,
    given: Mapping[str, Sequence[Upload]],
    as_of: date | None,
    skip_bad_rows: bool,
    request: Request,
    taken_out: int = 0,
) -> Answer:
    """Bring these files in, by what they hold. Raises InvalidError with every complaint.

    `taken_out`: rows that the sender says they took out beforehand.
    """
    if sum(map(len, given.values())) > MOST_FILES:
        raise InvalidError(f"send at most {MOST_FILES} files at once")
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        kept, digests = kept_files(given, Path(folder))
        found: dict[str, Any] = {
            kind: paths[0] if kind in ONE_FILE else tuple(paths) for kind, paths in kept.items()
        }
        day = as_of or register.clock.today()
        sources = replace(Sources(as_of=day, skip_bad_rows=skip_bad_rows), **found)
        asked: dict[str, Any] = {
            "digests": digests,
            # As it was sent: the same request is the same after midnight.
            "as_of": None if as_of is None else as_of.isoformat(),
            "skip_bad_rows": skip_bad_rows,
        }
        if taken_out:
            asked["taken_out"] = taken_out
        memory_gib = request.app.state.settings.memory_gib
        return imported(register, actor, key, sources, asked, memory_gib)


_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/json": {"schema": PROBLEM_FILE}}}
}


@router.get("/export/problem.json", responses=_FILE | problems(), response_class=Response)
def export_register(
    register: TheRegister, actor: Permitted, request: Request, as_of: Day | None = None
) -> Response:
    """The register as a problem file, for the command line. A disclosure, and logged as one."""
    with reading(register, actor) as change:
        problem = snapshot(change.connection, as_of or change.today, register.policy)
        hidden = restricted(change.connection, actor)
    if hidden:
        raise InvalidError(
            "the register holds cases that you may not see: someone named on them can export it",
            code="restricted-cases",
        )
    given = [each.id for each in problem.referrals] + [each.id for each in problem.bookings]
    seen(register, actor, request, given, verb="disclosure")
    return Response(problem_to_json(problem), media_type="application/json")


def kept_files(
    given: Mapping[str, Sequence[Upload]], folder: Path
) -> tuple[dict[str, list[Path]], dict[str, list[str]]]:
    """The uploads as files, each in a folder of its own, and their digests."""
    paths: dict[str, list[Path]] = {}
    digests: dict[str, list[str]] = {}
    names = Counter(file.filename for files in given.values() for file in files)
    for kind, files in given.items():
        for number, file in enumerate(files, start=1):
            suffix = Path(file.filename or "").suffix.casefold()
            if suffix not in SUFFIXES:
                raise InvalidError(
                    f"the {kind} file must end in .csv, .xlsx, .json or .geojson", code="file-kind"
                )
            name = kind if len(files) == 1 else f"{kind}-{number}"
            own = Path(file.filename or "").stem if names[file.filename] == 1 else ""
            path = folder / name / f"{own if _can_be_told(own) else name}{suffix}"
            path.parent.mkdir()
            with path.open("wb") as to:
                shutil.copyfileobj(file.file, to)
            paths.setdefault(kind, []).append(path)
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            digests.setdefault(kind, []).append(digest)
    return paths, digests


def _can_be_told(stem: str) -> bool:
    """Whether complaints may call a file by the name that its sender knows it by."""
    return 0 < len(stem) <= LONGEST_NAME and stem.isprintable() and not set(stem) & {"/", "\\"}
