"""results.json: the file as it was read, every year's tally and ledger, intervals and answers."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from allocator import __version__
from allocator.scenario.answers import Answers
from allocator.scenario.csv_files import bands_of, is_synthetic
from allocator.scenario.figures import change_of, figures, mean_of
from allocator.scenario.file import BASE, ScenarioFile
from allocator.scenario.gate_report import GateChange
from allocator.scenario.study import Study
from allocator.simulate.about import About
from allocator.simulate.compare import Interval
from allocator.simulate.ledger import Unmet
from allocator.simulate.setting import SIMULATION_VERSION
from allocator.simulate.tally import Tally

RESULTS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Year:
    """One simulated year. `key`: SHA-256 of all that it depends on, the name of its kept file."""

    replication: int
    key: str
    tally: Tally
    ledger: tuple[Unmet, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario under one method; `differences` are to the base, None for the base itself."""

    scenario: str
    method: str
    figures: dict[str, Interval | None]
    differences: dict[str, Interval | None] | None
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The whole file. `half` of an interval is None where there was one year."""

    version: int
    synthetic_estate: bool
    allocator: str
    simulation_version: int
    file: ScenarioFile
    about: About
    warnings: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    gate: tuple[GateChange, ...]
    answers: Answers


_RESULTS = TypeAdapter(Results)


def results_json(study: Study, gate: list[GateChange], answers: Answers) -> bytes:
    """The text of results.json."""
    found = Results(
        RESULTS_VERSION,
        is_synthetic(study),
        __version__,
        SIMULATION_VERSION,
        study.file,
        study.about,
        study.warnings,
        tuple(_outcome(study, *key) for key in study.years),
        tuple(gate),
        answers,
    )
    return _RESULTS.dump_json(found, indent=1)


def _outcome(study: Study, scenario: str, method: str) -> Outcome:
    told = figures(bands_of(study))
    ours, theirs = study.tallies(scenario, method), study.tallies(BASE, method)
    return Outcome(
        scenario,
        method,
        {each.name: mean_of(each, ours) for each in told},
        None if scenario == BASE else {each.name: change_of(each, ours, theirs) for each in told},
        tuple(
            Year(r.cell.setting.replication, r.cell.key, r.tally, r.ledger)
            for r in study.years[scenario, method]
        ),
    )
