"""Timefold: local search in Java, in a process of its own, from the greedy plan.

Two forms. "bed-and-delay" is as its bed-allocation example does it: a bed and a delay for each
person, and rules as constraint streams. "strongest" has one choice a person, moves that eject and
rehouse people, and a score that is kept up by hand. The community edition has one search thread.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.plan import EndedBy, Plan
from benchmarks.methods import timefold_engine
from benchmarks.methods.as_plan import as_plan
from benchmarks.methods.choices import Person, people
from benchmarks.methods.situation import Situation
from benchmarks.methods.start_and_finish import greedy_start, seats_and_placed
from benchmarks.methods.timefold_file import write_problem


def timefold(situation: Situation, form: str, *, seed: int, limit_s: float) -> Plan:
    """The plan reached within the limit; it has no bounds. Raises NotHereError without Java."""
    everyone = [person for person in people(situation) if len(person.beds)]
    found = _search(situation, everyone, form, seed, limit_s) if everyone else {}
    seats, placed = seats_and_placed(situation, found)
    return as_plan(
        situation, seats, placed, effort=f"Timefold, {form}", ended_by=EndedBy.TIME_LIMIT
    )


def _search(
    situation: Situation, everyone: list[Person], form: str, seed: int, limit_s: float
) -> dict[str, tuple[int, int]]:
    """Bed and day by person."""
    with TemporaryDirectory() as folder:
        problem, answer = Path(folder) / "problem", Path(folder) / "answer"
        write_problem(situation, everyone, greedy_start(situation), problem)
        timefold_engine.run(form, problem, answer, limit_s=limit_s, seed=seed)
        rows = [line.split() for line in answer.read_text(encoding="ascii").splitlines()]
    return {everyone[int(person)].id: (int(bed), int(day)) for person, bed, day in rows}
