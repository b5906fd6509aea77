"""allocator scenario: what a closure, more beds or another rule would come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.executors import LOCAL, ExecutorName, running_in
from allocator.cli.outputs import writing_to
from allocator.cli.scenario_table import answer_lines, print_differences, print_results
from allocator.cli.watching_years import watching_years
from allocator.export import words
from allocator.export.safe_text import visible
from allocator.export.simulated_words import (
    days_words,
    estate_words,
    interval_words,
    knowledge_words,
    years_words,
)
from allocator.scenario.answers import Answers
from allocator.scenario.ask import ask
from allocator.scenario.csv_files import is_synthetic
from allocator.scenario.file import Questions, ScenarioFile, setting_of
from allocator.scenario.outputs import WRITTEN, scenario_texts
from allocator.scenario.read import read_scenario
from allocator.scenario.study import Study, cells_of, study_of
from allocator.simulate.cell import Cell, Result
from allocator.simulate.sweep import sweep
from allocator.whole_file import write_whole

CELLS = "cells"
_QUESTIONS = "Questions, asked of the base"


def scenario_command(
    path: Annotated[
        Path, typer.Argument(metavar="FILE.yaml", help="See allocator template scenario.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes. The figures do not depend on it.")
    ] = 2,
    executor: ExecutorName = LOCAL,
    best_sites: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=500,
            metavar="N",
            help="What one bed more is worth, run at the N premises of the highest price.",
            rich_help_panel=_QUESTIONS,
        ),
    ] = None,
    closures: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=500,
            metavar="N",
            help="Which closing hurts least, run at the N premises of the lowest price.",
            rich_help_panel=_QUESTIONS,
        ),
    ] = None,
    enough_beds: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=500,
            metavar="MOST",
            help="How few beds more, at most MOST, so that nobody of band 1 goes without.",
            rich_help_panel=_QUESTIONS,
        ),
    ] = None,
) -> None:
    """Try what a planner would change on simulated years: the same people, beds and breakages.

    Writes results.csv, differences.csv, ledger.csv, results.json and report.html. Years are kept in
    the folder as they come: after a stop the same command goes on. Every year passes the referee.
    Exit code 0: done. 2: refused, with every fault of the file listed and nothing run; or an output
    that cannot be written. 3: a process in which years ran was ended. 130: Ctrl-C or SIGTERM.
    What was run is kept.
    """
    file = _with_questions(read_scenario(path), best_sites, closures, enough_beds)
    with writing_to(output):
        output.mkdir(parents=True, exist_ok=True)

    # One pool for everything: a process that is started anew loads the solver anew.
    with running_in(executor, workers) as pool:

        def run(doing: str, cells: Sequence[Cell]) -> tuple[Result, ...]:
            with writing_to(output), watching_years(doing, len(cells)) as told:
                return sweep(cells, output / CELLS, executor=pool, told=told)

        study = study_of(file, run("Simulating years", cells_of(file)))
        answers = ask(file, partial(run, "Answering"))
    _write(study, answers, output)
    _tell(study, answers, output)


def _with_questions(
    file: ScenarioFile, best_sites: int | None, closures: int | None, enough_beds: int | None
) -> ScenarioFile:
    """What an option asks goes before what the file asks."""
    asked = file.questions
    return replace(
        file,
        questions=Questions(
            asked.method,
            best_sites or asked.best_sites,
            closures or asked.closures,
            enough_beds or asked.enough_beds,
        ),
    )


def _write(study: Study, answers: Answers, output: Path) -> None:
    texts = scenario_texts(study, answers)
    with writing_to(output):
        for name, text in texts.items():
            write_whole(output / name, text)


def _tell(study: Study, answers: Answers, output: Path) -> None:
    file = study.file
    typer.echo(words.SYNTHETIC if is_synthetic(study) else words.DRAWN)
    setting = setting_of(file.base, file.days, file.warm_up_days)
    typer.echo(f"{estate_words(setting, study.about)}\n{knowledge_words(setting, study.about)}")
    typer.echo(
        f"{years_words(file.replications)} for each scenario and method. "
        f"{days_words(study.about)} {interval_words(file.replications)}\n"
    )
    for warning in study.warnings:
        typer.echo(f"Look again. {visible(warning)}")
    if study.warnings:
        typer.echo("")
    print_results(study)
    if file.scenarios:
        typer.echo("")
        print_differences(study)
    for line in answer_lines(answers, study.names):
        typer.echo(line)
    typer.echo(
        "\nunmet: people who never had a bed; weighted by their band. Simulated, not observed: it "
        f"says nothing of what anyone did.\nWritten: {', '.join(WRITTEN)} in {output}"
    )
