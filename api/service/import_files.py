"""Import files: uploads by what they hold, read, seated and recorded in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from allocator.ingest import Complaint, Sources
from allocator.ingest.missing_risk import missing_risk
from allocator.plain_words import counted
from allocator.problem import Problem
from api.access.actor import Actor
from api.service.basis import basis_of
from api.service.change import Change
from api.service.imported import as_numbers
from api.service.importing import import_problem
from api.service.left_out import record_left_out
from api.service.reading_files import read_apart
from api.service.refusals import BusyError, InvalidError
from api.service.register import Answer, Register
from api.service.seats import seats_for
from api.service.seeing import hidden_people

COLUMNS_OF_PEOPLE = frozenset({"crn", "CRN", "other_crn", "name", "noms"})
"""Columns whose cells no error message repeats."""
SUBJECTS_TOLD = frozenset(
    {
        # a file, or a place in one
        "columns_not_read",
        "crn_unusual",
        "encoding",
        "file_not_read",
        "folder_not_read",
        "no_referrals",
        "row_left_out",
        "rows_not_needed",
        "separation_not_needed",
        "separation_waits",
        "sheet_not_read",
        "zone_not_needed",
        "zone_waits",
        # premises, a room or a bed
        "bed_code_shared",
        "bed_named_twice",
        "legacy_arson_column",
        "location_doubtful",
        "location_unusable",
        "premises_closed",
        "premises_overbooked",
        "premises_without_beds",
        "room_rows_disagree",
        "single_with_two_beds",
        # the id of a referral or of a booking
        "arrival_not_recorded",
        "licence_ends_first",
        "outcode_unknown",
        "overstay",
        "placement_over",
        "preferred_premises_unknown",
        "release_long_past",
        "risk_contradicted",
        # how many
        "mappa_level_inferred",
        "mappa_level_unknown",
        "nights_assumed",
        "offences_unknown",
        "restrictions_unknown",
        "rosh_inferred",
        "rosh_unknown",
        "tier_unknown",
    }
)
"""Notes of which the subject is told: of others, new ones too, it may be a person's reference."""
AT_ONCE = 1
"""Imports under way in this process: each has a reader of 4 GiB, and then a solver."""
AGAIN_S = 30
_UNDER_WAY = threading.BoundedSemaphore(AT_ONCE)


def import_files(
    register: Register,
    actor: Actor,
    key: str | None,
    sources: Sources,
    asked: Mapping[str, Any],
    memory_gib: float,
) -> Answer:
    """Bring the files into the register. Raises InvalidError with every complaint, and
    ConflictError when somebody changed meanwhile what they speak of.

    `asked`: what was sent, the files by their digests: what makes this import the same as another.
    """
    known = register.answered(actor, "import_files", key, asked)
    if known is not None:
        return known
    with _alone():
        return _imported(register, actor, key, sources, asked, memory_gib)


@contextmanager
def _alone() -> Iterator[None]:
    if not _UNDER_WAY.acquire(blocking=False):
        raise BusyError(
            "another import is under way: send this one again when it is done",
            code="importing",
            retry_after_s=AGAIN_S,
        )
    try:
        yield
    finally:
        _UNDER_WAY.release()


def _imported(
    register: Register,
    actor: Actor,
    key: str | None,
    sources: Sources,
    asked: Mapping[str, Any],
    memory_gib: float,
) -> Answer:
    with register.reading() as connection:
        basis = basis_of(connection, sources.as_of, register.policy)
        hidden = hidden_people(connection, actor)
    reading = read_apart(sources, register.policy, basis.known, hidden)
    if reading.problem is None:
        raise InvalidError(
            f"{counted(len(reading.complaints), 'fault')}; nothing was imported",
            [as_told(complaint) for complaint in reading.complaints],
        )
    seats = seats_for(reading.problem, basis, register.policy, memory_gib)
    problem: Problem = reading.problem
    left_out = [as_told(complaint) for complaint in reading.left_out]
    rows = len({(each["file"], each["sheet"], each["row"]) for each in left_out})
    of_referrals = missing_risk(problem)
    notes = [
        {
            "code": n.code,
            "subject": _safe(n.code, n.subject),
            "referrals": list(of_referrals.get(n.code, ())),
        }
        for n in problem.notes
    ]

    def bring_in(change: Change) -> Answer:
        done = import_problem(change, problem, seats, basis)
        record_left_out(change, with_faults=rows, by_hand=int(asked.get("taken_out", 0)))
        told = {**as_numbers(done), "left_out": left_out, "notes": notes}
        return Answer(201, {**told, "register_seq": change.register_seq})

    return register.perform(actor, "import_files", key, asked, bring_in)


def as_told(complaint: Complaint) -> dict[str, object]:
    """A complaint about a file, without people's references."""
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
        "also_row": complaint.also_row,
    }


def _safe(code: str, subject: str) -> str:
    """The subject of a note, unless it may be a person's reference."""
    return subject if code in SUBJECTS_TOLD else ""
