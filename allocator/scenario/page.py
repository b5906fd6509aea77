"""The page of a study: tables beside pictures, in one file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

from markupsafe import Markup

from allocator.export import words
from allocator.export.simulated_words import days_words, estate_words, knowledge_words
from allocator.plain_words import percent
from allocator.report.environment import environment
from allocator.scenario.answers import Answers
from allocator.scenario.answers_in_words import enough_words, sites_words
from allocator.scenario.csv_files import bands_of, is_synthetic
from allocator.scenario.figures import Told, change_of, figures, mean_of
from allocator.scenario.file import BASE, setting_of
from allocator.scenario.gate_report import GateChange
from allocator.scenario.in_words import called, change_in_words
from allocator.scenario.ledger_table import by_cause
from allocator.scenario.pictures import causes_chart, differences_chart
from allocator.scenario.study import Study
from allocator.simulate.compare import CutInterval, Interval

PICTURED = ("weighted_unmet", "on_the_day_band_1")


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one scenario under one method, as words."""

    scenario: str
    method: str
    cells: tuple[str, ...]


def scenario_page(study: Study, gate: list[GateChange], answers: Answers) -> str:
    """The page. Every year on it passed the referee when it was run."""
    bands = bands_of(study)
    told = [each for each in figures(bands) if not each.name.startswith("asked")]
    file = study.file
    setting = setting_of(file.base, file.days, file.warm_up_days)
    return (
        environment()
        .get_template("scenario.html.jinja")
        .render(
            words=words,
            css=_stylesheet(),
            study=study,
            synthetic=is_synthetic(study),
            bands=bands,
            told=told,
            levels=_levels(study, told),
            changes=_changes(study, told),
            pictures=[differences_chart(study, name) for name in PICTURED]
            if study.file.scenarios
            else [],
            causes=_causes(study),
            gate=gate,
            answers=answers,
            interval=change_words,
            scenarios=study.file.scenarios,
            in_words=change_in_words,
            called=called,
            sites_words=sites_words,
            enough_words=enough_words,
            estate=estate_words(setting, study.about),
            knowledge=knowledge_words(setting, study.about),
            days=days_words(study.about),
            many=file.replications > 1,
        )
    )


def _levels(study: Study, told: list[Told]) -> list[Row]:
    return [
        Row(
            *(scenario, method),
            tuple(_level(mean_of(each, study.tallies(scenario, method)), each) for each in told),
        )
        for scenario, method in study.years
    ]


def _changes(study: Study, told: list[Told]) -> list[Row]:
    found = []
    for scenario, method in study.years:
        if scenario != BASE:
            ours, theirs = study.tallies(scenario, method), study.tallies(BASE, method)
            cells = (change_words(change_of(each, ours, theirs), each.share) for each in told)
            found.append(Row(scenario, method, tuple(cells)))
    return found


def _causes(study: Study) -> list[dict[str, Any]]:
    """A table and a picture for each scenario, under the first method."""
    method = study.file.methods[0]
    return [
        {
            "scenario": scenario,
            "method": method,
            "rows": by_cause(study.years[scenario, method], bands_of(study)),
            "picture": causes_chart(study, scenario, method),
        }
        for scenario in study.scenarios
    ]


def change_words(found: Interval | None, share: bool = False) -> str:
    """`-12.0 (-20.1 to -3.9)`; a share's in points."""
    if found is None:
        return "–"
    times = 100 if share else 1
    mean = f"{times * found.mean:+,.1f}"
    if found.low is None or found.high is None:
        return mean
    return f"{mean} ({times * found.low:+,.1f} to {times * found.high:+,.1f})"


def _level(found: Interval | None, told: Told) -> str:
    if found is None:
        return "–"
    times = 100 if told.share else 1
    half = "" if found.half is None else f" ± {times * found.half:,.1f}"
    if isinstance(found, CutInterval):
        half = found.spread(times, 1)
    if told.share:
        return f"{percent(found.mean, 1)}{half} %"
    return f"{found.mean:,.1f}{half}"


def _stylesheet() -> Markup:
    folder = resources.files("allocator.report") / "templates"
    return Markup((folder / "page.css").read_text(encoding="utf-8"))
