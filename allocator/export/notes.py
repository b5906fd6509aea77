"""The notes of a plan as a table: what needs a person, what was assumed, what the input had."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.export.attention import needs_attention
from allocator.export.table import Column, Table
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem

Line = tuple[str, str, str]


def notes_table(plan: Plan, problem: Problem, policy: Policy) -> Table:
    """One row a finding and subject."""
    return Table.of(_COLUMNS, note_lines(plan, problem, policy))


def note_lines(plan: Plan, problem: Problem, policy: Policy) -> Iterator[Line]:
    """Kind, subject and text: first what needs a person, then assumptions, then the input's."""
    for finding in needs_attention(plan, problem, policy):
        for subject in finding.subjects:
            yield "needs a person", subject, finding.text
    for referral in problem.referrals:
        for a in referral.assumptions:
            yield "assumption", referral.id, f"{a.field} read as {a.read_as}: {a.why}"
    for note in problem.notes:
        yield f"input: {note.code}", note.subject, note.text


_COLUMNS: tuple[Column[Line], ...] = (
    Column("kind", 28, lambda line: line[0]),
    Column("subject", 22, lambda line: line[1]),
    Column("text", 90, lambda line: line[2]),
)
