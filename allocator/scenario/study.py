"""Study: the cells of a scenario file, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from allocator.scenario.file import BASE, ScenarioFile, setting_of
from allocator.scenario.no_effect import warnings_of
from allocator.simulate.about import About, about
from allocator.simulate.cell import Cell, Result
from allocator.simulate.changes import AnyChange
from allocator.simulate.setting import Setting, inputs_of
from allocator.simulate.tally import Tally

Years = tuple[Result, ...]
"""Results of one scenario and method, in the order of the replications."""


@dataclass(frozen=True, slots=True)
class Study:
    """Results by scenario (the base first) and method, both in the order of the file."""

    file: ScenarioFile
    about: About
    years: Mapping[tuple[str, str], Years]
    warnings: tuple[str, ...] = ()
    """Changes that changed nothing."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the premises of the base are called, by their ids."""

    @property
    def scenarios(self) -> tuple[str, ...]:
        return (BASE, *(each.name for each in self.file.scenarios))

    def tallies(self, scenario: str, method: str) -> list[Tally]:
        """One a year."""
        return [result.tally for result in self.years[scenario, method]]


def cells_of(file: ScenarioFile) -> list[Cell]:
    """Every scenario, method and replication; those of one world side by side."""
    changes = [(), *(each.changes for each in file.scenarios)]
    return [
        Cell(replace(setting, changes=each), method)
        for setting in replications(file)
        for each in changes
        for method in file.methods
    ]


def replications(file: ScenarioFile, changes: tuple[AnyChange, ...] = ()) -> list[Setting]:
    """The setting of each random year."""
    first = setting_of(file.base, file.days, file.warm_up_days)
    numbers = range(1, file.replications + 1)
    return [replace(first, replication=number, changes=changes) for number in numbers]


def study_of(file: ScenarioFile, results: Sequence[Result]) -> Study:
    """The study of results that are in the order of `cells_of`."""
    names = [BASE, *(each.name for each in file.scenarios)]
    keys = [(name, method) for name in names for method in file.methods]
    base = setting_of(file.base, file.days, file.warm_up_days)
    called = {each.id: each.name for each in inputs_of(base).problem.premises}
    years = {key: tuple(results[n :: len(keys)]) for n, key in enumerate(keys)}
    warnings = warnings_of(file, replications(file), years)
    return Study(file, about(base), years, warnings, called)
