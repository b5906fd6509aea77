"""Import files: uploads by what they hold, read, seated and recorded in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocator.ingest import Complaint, Sources
from allocator.ingest.complaints import counted
from allocator.problem import Problem
from api.access.actor import Actor
from api.service.basis import basis_of
from api.service.imported import as_numbers
from api.service.importing import import_problem
from api.service.reading_files import read_apart
from api.service.refusals import InvalidError
from api.service.register import Answer, Register
from api.service.seats import seats_for

COLUMNS_OF_PEOPLE = frozenset({"crn", "CRN", "other_crn", "name", "noms"})
"""Columns whose cells no error message repeats."""

NOTES_OF_PEOPLE = frozenset(
    {
        "crn_unusual",
        "person_booked_twice",
        "separation_not_needed",
        "separation_waits",
        "zone_not_needed",
        "zone_waits",
    }
)
"""Notes whose subject is a person's reference."""


def import_files(
    register: Register,
    actor: Actor,
    key: str | None,
    sources: Sources,
    digests: Mapping[str, Sequence[str]],
    memory_gib: float,
) -> Answer:
    """Bring the files into the register. Raises InvalidError with every complaint, and
    ConflictError when somebody changed meanwhile what they speak of.

    `digests`: of the files, by what they hold: what makes this import the same as another.
    """
    with register.reading() as connection:
        basis = basis_of(connection, sources.as_of, register.policy)
    there = basis.problem
    reading = read_apart(sources, register.policy, there)
    if reading.problem is None:
        raise InvalidError(
            f"{counted(len(reading.complaints), 'fault')}; nothing was imported",
            [_told(complaint) for complaint in reading.complaints],
        )
    seats = seats_for(reading.problem, there, register.policy, memory_gib)
    problem: Problem = reading.problem

    request = {
        "digests": {kind: list(found) for kind, found in digests.items()},
        "as_of": sources.as_of.isoformat(),
        "skip_bad_rows": sources.skip_bad_rows,
    }
    left_out = [_told(complaint) for complaint in reading.left_out]
    notes = [{"code": n.code, "subject": _safe(n.code, n.subject)} for n in problem.notes]
    return register.perform(
        actor,
        "import_files",
        key,
        request,
        lambda change: Answer(
            201,
            {
                **as_numbers(import_problem(change, problem, seats, basis)),
                "left_out": left_out,
                "notes": notes,
                "register_seq": change.register_seq,
            },
        ),
    )


def _told(complaint: Complaint) -> dict[str, object]:
    place = complaint.place
    shown = "" if complaint.column in COLUMNS_OF_PEOPLE else complaint.value
    return {
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": complaint.column,
        "value": shown[:60],
        "wrong": complaint.wrong,
        "mend": complaint.mend,
    }


def _safe(code: str, subject: str) -> str:
    """The subject of a note, unless it is a person's reference."""
    return "" if code in NOTES_OF_PEOPLE else subject
