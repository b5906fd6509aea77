"""Advice beside a plan: its files, and the lines that a person reads first."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from allocator.errors import UnreadableFile
from allocator.export.advice import holds_csv, standings_csv
from allocator.forecast import Forecast, read_forecast
from allocator.forecast.cautions import cautions
from allocator.holding import Advice, State, refuse_other_policy
from allocator.holding.file import advice_to_json
from allocator.policy import Policy

ADVICE_FILES = ("standings.csv", "holds.csv", "advice.json")
PIPE_WIDTH = 100


def forecast_of(path: Path, policy: Policy) -> Forecast:
    """The forecast. Raises UnreadableFile, also when it is of another policy."""
    forecast = read_forecast(path)
    try:
        refuse_other_policy(forecast, policy)
    except ValueError as error:
        raise UnreadableFile(f"{path}: {error}") from error
    return forecast


def warn_of(forecast: Forecast, day: date) -> None:
    """Say what should make one think twice about a forecast that is used on a day."""
    basis = forecast.basis
    for _, text in cautions(basis.until, basis.referrals, day):
        typer.echo(f"Beware of the forecast. {text}", err=True)


def advice_files(advice: Advice) -> dict[str, bytes]:
    """What is written of it, by file name."""
    texts = (standings_csv(advice), holds_csv(advice), advice_to_json(advice))
    return dict(zip(ADVICE_FILES, texts, strict=True))


def tell_advice(advice: Advice) -> None:
    """How many are firm, provisional and held back, and the gain and price by band."""
    made_up = "Synthetic: invented people. " if advice.synthetic else ""
    typer.echo(
        f"{made_up}Advice of {advice.as_of} until {advice.next_meeting}, from {advice.futures} "
        f"futures; a person decides.\n"
        f"firm {advice.count(State.FIRM)}, provisional {advice.count(State.PROVISIONAL)}, "
        f"held back {advice.count(State.HELD_BACK)}; beds held {len(advice.holds)}.\n"
    )
    if advice.doubtful:
        typer.echo(
            f"{advice.doubtful} of the provisional keep a bed in fewer futures than it takes to be "
            "made firm (standings.csv):\nas things stand they may well be held back when their day "
            "comes.\n"
        )
    if advice.refused:
        typer.echo(
            f"{advice.refused} of those held back cannot arrive any more by then (standings.csv, "
            "then_too_late): for\nthem to hold the bed is to go without one.\n"
        )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    headings = ("band", "firm", "provisional", "held back", "expected", "gain")
    for heading in headings:
        table.add_column(heading, justify="right")
    for change in advice.changes:
        own = [each.state for each in advice.standings if each.band == change.band]
        table.add_row(
            str(change.band),
            *(str(own.count(state)) for state in State),
            f"{change.expected:.1f}",
            f"{change.gain:+.1f}",
        )
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)
    typer.echo(
        "\nexpected: people of the band who are not referred yet, and will be both referred and\n"
        f"released by {advice.looked_until}. gain: people more of the band with a bed than if\n"
        "everyone due were made firm, a future; below 0: the price. In some futures those held\n"
        "back have a bed all the same. firm: due before the next meeting, and not held back; the\n"
        "counts of the plan's own table say only whose day to decide has come."
    )
