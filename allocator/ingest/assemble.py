"""Parts to a problem: put together, sorted, and said what a person should know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from allocator.ingest.clashes import clash_notes
from allocator.ingest.complaints import Complaint, Place
from allocator.ingest.context import Context
from allocator.ingest.file_reader import FileReader, Progress
from allocator.ingest.missing_risk import missing_risk
from allocator.ingest.parts import Parts
from allocator.ingest.sources import Reading, Sources
from allocator.plain_words import counted
from allocator.policy import Policy, load_policy
from allocator.problem import Note, Problem

LONG_PAST_DAYS = 28
CANNOT_BE_LEFT_OUT = "a row that protects people cannot be left out"


def read_files(
    sources: Sources,
    policy: Policy | None = None,
    progress: Progress = lambda _: None,
    known: Problem | None = None,
    untold: frozenset[str] = frozenset(),
) -> Reading:
    """The problem in the files, or every complaint about them; never half a problem.

    `known`: what there is already. Its estate stands in for premises and rooms that are not among
    the files, and files may name its people; they are no part of what is read. What a file has no
    column for stays as it is known. `untold`: people of whom nothing that is known is told, or
    counts.
    """
    policy = policy or load_policy()
    given = sources.overstay_nights
    nights = policy.overstay_nights if given is None else given
    context = Context(sources.as_of, policy, nights, sources.skip_bad_rows)
    parts = FileReader(sources, context, progress, known, untold).read()
    if known is None and not parts.referrals:
        context.findings.note("no_referrals", "referrals", "no referrals were read")
    complaints = tuple(context.findings.complaints)
    notes = (*sources.notes, *context.findings.notes)
    if complaints and not (sources.skip_bad_rows and _can_skip(complaints)):
        return Reading(None, tuple(_told(complaints, sources.skip_bad_rows)), notes)
    try:
        problem = _problem(parts, sources, [*notes, *_left_out_notes(complaints)])
    except ValueError as error:
        fault = Complaint(Place("all files"), str(error), "correct the files", whole_file=True)
        return Reading(None, (*complaints, fault), notes)
    return Reading(problem, (), problem.notes, left_out=complaints)


def _can_skip(complaints: Iterable[Complaint]) -> bool:
    return not any(complaint.whole_file or complaint.protects for complaint in complaints)


def _told(complaints: Iterable[Complaint], skipping: bool) -> Iterator[Complaint]:
    """The complaints of a reading that is refused: those to mend, with no more words than help."""
    for complaint in complaints:
        if skipping and complaint.protects:
            yield replace(complaint, mend=f"{complaint.mend}: {CANNOT_BE_LEFT_OUT}")
        elif not complaint.follows:
            yield complaint


def _problem(parts: Parts, sources: Sources, notes: list[Note]) -> Problem:
    """Sorted by id, so that the order of files and rows makes no difference."""
    problem = Problem(
        as_of=sources.as_of,
        premises=tuple(sorted(parts.premises, key=lambda each: each.id)),
        rooms=tuple(sorted(parts.rooms, key=lambda each: each.id)),
        beds=tuple(sorted(parts.beds, key=lambda each: each.id)),
        out_of_service=tuple(
            sorted(
                parts.out_of_service,
                key=lambda each: (
                    each.bed_id,
                    each.nights.arrival,
                    each.nights.departure,
                    each.reason,
                ),
            )
        ),
        referrals=tuple(sorted(parts.referrals, key=lambda each: each.id)),
        bookings=tuple(sorted(parts.bookings, key=lambda each: each.id)),
        separations=tuple(sorted(parts.separations, key=lambda each: (each.crn, each.other_crn))),
        zones=tuple(sorted(parts.zones, key=lambda each: (each.crn, repr(each)))),
        synthetic=parts.synthetic,
    )
    every = [*notes, *_problem_notes(problem), *clash_notes(problem)]
    return replace(problem, notes=tuple(sorted(set(every), key=_order)))


def _order(note: Note) -> tuple[str, str, str]:
    return note.code, note.subject, note.text


def _left_out_notes(complaints: Iterable[Complaint]) -> Iterator[Note]:
    for complaint in complaints:
        yield Note("row_left_out", str(complaint.place), str(complaint))


def _problem_notes(problem: Problem) -> Iterator[Note]:
    with_beds = {room.premises_id for room in problem.rooms}
    for premises in problem.premises:
        if premises.id not in with_beds:
            yield Note("premises_without_beds", premises.id, f"{premises.id} has no beds")
    yield from _doubtful_days(problem)
    yield from _missing_risk(problem)


def _doubtful_days(problem: Problem) -> Iterator[Note]:
    """Requests whose dates leave no night, or are so long past that a year may be wrong."""
    for each in problem.referrals:
        if each.licence_expiry is not None and each.licence_expiry <= each.release_date:
            yield Note(
                "licence_ends_first",
                each.id,
                f"the licence of {each.id} ends by the release date: no bed is lawful",
            )
        if (problem.as_of - each.release_date).days > LONG_PAST_DAYS:
            yield Note(
                "release_long_past",
                each.id,
                f"{each.id} was due for release on {each.release_date}, more than "
                f"{LONG_PAST_DAYS} days ago",
            )


_MISSING: Mapping[str, str] = {
    "offences_unknown": "offences not known, all or some, for {referrals}: each such kind is read "
    "as applying; write NONE in criteria (or NO in the release list) where there are none",
    "tier_unknown": "no risk tier for {referrals}: read as the highest",
    "rosh_unknown": "no risk of serious harm for {referrals}: read as the highest",
    "mappa_level_unknown": "no MAPPA level for {referrals}: read as the highest",
    "restrictions_unknown": "local restrictions not known for {referrals}: read as all of those "
    "that premises have",
    "rosh_inferred": "risk of serious harm inferred from the tier for {referrals}",
    "mappa_level_inferred": "MAPPA level inferred from the tier for {referrals}",
    "nights_assumed": "no length of stay for {referrals}: the policy's for their AP type",
}
"""By code of the note, in their order, what is not said and how it is read."""


def _missing_risk(problem: Problem) -> Iterator[Note]:
    """How many referrals lack what rules read with most caution, and how to mend it."""
    missing = missing_risk(problem)
    for code, text in _MISSING.items():
        if count := len(missing[code]):
            yield Note(code, "referrals", text.format(referrals=counted(count, "referral")))
