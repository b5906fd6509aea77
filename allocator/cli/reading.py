"""Reading files for a command: progress on a terminal, complaints on stderr, a summary in words."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import typer

from allocator.cli.exit_codes import REFUSED
from allocator.ingest import Complaint, Reading, Sources, read_files
from allocator.ingest.assemble import CANNOT_BE_LEFT_OUT
from allocator.plain_words import counted
from allocator.policy import Policy
from allocator.problem import Problem

SHOWN = 200
TOLD = frozenset(
    {"columns_not_read", "sheet_not_read", "file_not_read", "folder_not_read", "no_referrals"}
)
"""Notes that are said at once: something that was given has no part in the problem."""


def problem_or_exit(sources: Sources, policy: Policy) -> Problem:
    """The problem in the files. Where there is none: every complaint on stderr, exit code 2."""
    reading = _read(sources, policy)
    if reading.problem is None:
        tell(reading.complaints)
        count = len(reading.complaints)
        typer.echo(f"{counted(count, 'fault')}; nothing was written.", err=True)
        typer.echo(_about_leaving_out(reading.complaints, sources.skip_bad_rows), err=True)
        raise typer.Exit(REFUSED)
    for note in reading.notes:
        if note.code in TOLD:
            typer.echo(note.text, err=True)
    if reading.left_out:
        tell(reading.left_out)
        rows = len({complaint.place for complaint in reading.left_out})
        typer.echo(f"{counted(rows, 'row')} left out.", err=True)
    return reading.problem


def _about_leaving_out(complaints: Sequence[Complaint], asked: bool) -> str:
    """Whether rows with a fault may be left out, and why not."""
    if any(complaint.whole_file for complaint in complaints):
        return "A fault of a whole file cannot be passed over."
    if any(complaint.protects for complaint in complaints):
        return f"--skip-bad-rows {'is' if asked else 'would be'} of no help: {CANNOT_BE_LEFT_OUT}."
    return "With --skip-bad-rows the other rows are read."


def summary(problem: Problem) -> str:
    """What was read, and how many notes of each kind."""
    closed = sum(not premises.open for premises in problem.premises)
    residents = sum(booking.resident for booking in problem.bookings)
    lines = [
        f"As of {problem.as_of}{' (synthetic)' if problem.synthetic else ''}:",
        f"  {len(problem.premises)} premises ({closed} closed to new people), "
        f"{len(problem.rooms)} rooms, {len(problem.beds)} beds",
        f"  {len(problem.out_of_service)} out-of-service records",
        f"  {len(problem.referrals)} referrals",
        f"  {len(problem.bookings)} bookings ({residents} residents)",
        f"  {len(problem.separations)} separations, {len(problem.zones)} exclusion zones",
    ]
    counts = Counter(note.code for note in problem.notes)
    if counts:
        lines.append("Notes, in full in the problem file:")
        lines += [f"  {count:5} {code}" for code, count in sorted(counts.items())]
    return "\n".join(lines)


def _read(sources: Sources, policy: Policy) -> Reading:
    if not sys.stderr.isatty():
        return read_files(sources, policy)
    from rich.console import Console

    with Console(stderr=True).status("Reading") as status:
        return read_files(sources, policy, lambda name: status.update(f"Reading {name}"))


def tell(complaints: Sequence[Complaint]) -> None:
    """Complaints on stderr, the first of very many."""
    for complaint in complaints[:SHOWN]:
        typer.echo(str(complaint), err=True)
    if len(complaints) > SHOWN:
        typer.echo(f"and {len(complaints) - SHOWN} more", err=True)
