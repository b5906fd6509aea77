"""Ask: the questions of a scenario file, one after another."""

from __future__ import annotations

from allocator.scenario.answers import Answers
from allocator.scenario.ask_sites import Run, best_sites, least_harm
from allocator.scenario.enough_beds import enough_beds
from allocator.scenario.file import ScenarioFile


def ask(file: ScenarioFile, run: Run) -> Answers:
    """An answer for each question that is asked."""
    asked = file.questions
    method = asked.method or file.methods[0]
    return Answers(
        best_sites=None
        if asked.best_sites is None
        else best_sites(file, asked.best_sites, method, run),
        closures=None if asked.closures is None else least_harm(file, asked.closures, method, run),
        enough_beds=None
        if asked.enough_beds is None
        else enough_beds(file, asked.enough_beds, method, run),
    )
