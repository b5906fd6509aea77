"""allocator simulate: years on which ways to decide are tried."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.executors import LOCAL, ExecutorName, running_in
from allocator.cli.exit_codes import REFUSED
from allocator.cli.generate import SizeName, Windows
from allocator.cli.outputs import writing_to
from allocator.cli.settings import policy_named
from allocator.cli.simulate_table import price_lines, print_methods
from allocator.cli.source_options import PolicyName
from allocator.cli.watching_years import watching_years
from allocator.export import words
from allocator.export.simulated_words import (
    days_words,
    estate_words,
    interval_words,
    knowledge_words,
    years_words,
)
from allocator.forecast import read_forecast
from allocator.generate.defaults import LOAD
from allocator.policy import load_policy
from allocator.problem_file import read_problem
from allocator.report.simulated_texts import by_method, simulated_texts
from allocator.simulate.about import about
from allocator.simulate.cell import Cell
from allocator.simulate.methods import METHODS
from allocator.simulate.setting import Setting
from allocator.simulate.sweep import sweep
from allocator.simulate.tally import Tally
from allocator.whole_file import write_whole

USUAL = ["first-come", "commit-all", "commit-by", "look-ahead"]
_ESTATE = "The estate and who comes"

OF_SYNTHETIC = ("size", "load", "windows")
"""Options of a synthetic estate: a problem has its own, and its forecast says who comes."""
OF_NO_FORECAST = ("known",)


class Known(StrEnum):
    """As `Setting.known`."""

    HISTORY = "history"
    TRUE = "true"


def simulate_command(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    problem: Annotated[
        Path | None,
        typer.Argument(help="A problem.json with the estate; without it a synthetic one."),
    ] = None,
    forecast: Annotated[
        Path | None,
        typer.Option(
            help="A forecast.json: what those who decide know; with a problem also who comes.",
            rich_help_panel=_ESTATE,
        ),
    ] = None,
    size: Annotated[
        SizeName, typer.Option(help="Of the synthetic estate.", rich_help_panel=_ESTATE)
    ] = SizeName.S,
    seed: Annotated[
        int, typer.Option(min=0, help="Same seed, same years.", rich_help_panel=_ESTATE)
    ] = 1,
    load: Annotated[
        float,
        typer.Option(
            min=0.2, max=10, help="Nights asked for against beds.", rich_help_panel=_ESTATE
        ),
    ] = LOAD.value,
    windows: Annotated[
        Windows, typer.Option(help="How long people can wait.", rich_help_panel=_ESTATE)
    ] = Windows.MIXED,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help=f"One of {', '.join(METHODS)}. May be given several times; "
            f"without it {', '.join(USUAL)}.",
            show_default=False,
        ),
    ] = None,
    years: Annotated[int, typer.Option(min=1, max=1000, help="Random years.")] = 5,
    days: Annotated[int, typer.Option(min=28, max=1820, help="Days counted in each.")] = 364,
    warm_up: Annotated[
        int, typer.Option(min=0, max=728, help="Days before them that are not counted.")
    ] = 91,
    known: Annotated[
        Known,
        typer.Option(
            help="What those who decide know without --forecast: a forecast fitted to two other "
            "synthetic years, or the process itself.",
            rich_help_panel=_ESTATE,
        ),
    ] = Known.HISTORY,
    forecast_factor: Annotated[
        float, typer.Option(min=0, max=10, help="Make the forecast wrong by this factor.")
    ] = 1.0,
    policy_name: PolicyName = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 2,
    executor: ExecutorName = LOCAL,
) -> None:
    """Try ways to decide on simulated years: the same people, beds and breakages for each.

    Writes by-band.csv, differences.csv, results.json and housed-on-the-day.svg. Years that were
    run before are kept in the folder and not run again. Every year passes the referee.
    Exit code 0: done. 2: refused, nothing written. 3: a process in
    which years ran was ended, what was run is kept. 130: Ctrl-C or SIGTERM; what was run is kept.
    """
    names = list(dict.fromkeys(method or USUAL))
    unknown = [name for name in names if name not in METHODS]
    if unknown:
        _refuse(f"there is no method {unknown[0]!r}; there are {', '.join(METHODS)}")
    if problem is not None and forecast is None:
        _refuse("a problem needs --forecast: it says who comes. See allocator forecast --help")
    if problem is not None:
        _refuse_of_synthetic(context, OF_SYNTHETIC, "a problem")
    if forecast is not None:
        _refuse_of_synthetic(context, OF_NO_FORECAST, "--forecast")
    policy_name = policy_named(policy_name)
    load_policy(policy_name)  # refused here and not in another process
    for path in (problem, forecast):
        if path is not None and not path.is_file():
            _refuse(f"{path}: there is no such file")
    if forecast is not None:
        _require_readable(forecast, problem)
    base = Setting(
        size=size.value,
        seed=seed,
        load=load,
        windows=windows.value,
        problem=None if problem is None else str(problem.resolve()),
        forecast=None if forecast is None else str(forecast.resolve()),
        known=known.value,
        forecast_factor=forecast_factor,
        policy=policy_name,
        days=days,
        warm_up_days=warm_up,
    )
    settings = [replace(base, replication=number) for number in range(1, years + 1)]
    cells = [Cell(setting, name) for setting in settings for name in names]
    with (
        running_in(executor, workers) as pool,
        writing_to(output),
        watching_years("Simulating years", len(cells)) as told,
    ):
        results = sweep(cells, output / "cells", executor=pool, told=told)
    found = by_method(results)
    texts = simulated_texts(results)
    with writing_to(output):
        for name, text in texts.items():
            write_whole(output / name, text)
    _tell(base, found, years, output)


def _tell(base: Setting, found: dict[str, list[Tally]], years: int, output: Path) -> None:
    what = about(base)
    typer.echo(words.SYNTHETIC if what.synthetic_estate else words.DRAWN)
    typer.echo(f"{estate_words(base, what)}\n{knowledge_words(base, what)}")
    typer.echo(f"{years_words(years)}. {days_words(what)} {interval_words(years)}\n")
    print_methods(found)
    typer.echo("")
    for line in price_lines(found):
        typer.echo(line)
    typer.echo(
        "\nunmet people: those who never had a bed; weighted by their band. Simulated, not "
        "observed: it says nothing of what anyone did.\n"
        f"Written: by-band.csv, differences.csv, results.json and housed-on-the-day.svg in {output}"
    )


def _refuse_of_synthetic(context: typer.Context, names: tuple[str, ...], given: str) -> None:
    """Options that would change nothing beside what is given."""
    sources = {name: context.get_parameter_source(name) for name in names}
    asked = [
        f"--{name}" for name, source in sources.items() if source and source.name == "COMMANDLINE"
    ]
    if asked:
        _refuse(
            f"{' and '.join(asked)} would change nothing beside {given}: "
            "leave out the one or the other"
        )


def _require_readable(forecast: Path, problem: Path | None) -> None:
    """Read both before anything is begun; a forecast that begins later than its problem is refused.

    People come from the problem's date on, and such a forecast knows none of them.
    """
    known = read_forecast(forecast)
    if problem is None:
        return
    try:
        known.require_by(read_problem(problem).as_of)
    except ValueError as error:
        _refuse(str(error))


def _refuse(text: str) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(REFUSED)
