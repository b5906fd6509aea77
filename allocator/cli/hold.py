"""`allocator hold`: what to make firm now, for a plan beside a forecast."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from allocator.check import check
from allocator.cli.outputs import writing_to
from allocator.cli.settings import the_policy
from allocator.errors import AllocatorError
from allocator.export.advice import holds_csv, standings_csv
from allocator.forecast import read_forecast
from allocator.holding import Advice, State, advise
from allocator.holding.advise import FUTURES
from allocator.holding.file import advice_to_json
from allocator.problem_file import read_plan, read_problem
from allocator.whole_file import write_whole

BREACHED = 1
UNREADABLE = 2
PIPE_WIDTH = 100


def hold_command(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan.")],
    problem_file: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="The problem it was made for.")
    ],
    forecast: Annotated[
        Path, typer.Option(help="Who may yet be referred: see allocator forecast.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    next_meeting: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d/%m/%Y"], help="When it is asked again; in a week, if not said."
        ),
    ] = None,
    futures: Annotated[int, typer.Option(min=4, max=1000, help="Draws from the forecast.")] = (
        FUTURES
    ),
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same advice.")] = 0,
    policy_name: Annotated[
        str | None, typer.Option("--policy", help="A packaged policy by name, or a policy file.")
    ] = None,
) -> None:
    """Say who to make firm, who stays provisional, and which beds to hold for people to come.

    It advises: a person decides. Writes standings.csv, holds.csv and advice.json.
    Ends with 0 when written, 1 when the plan fails the check, 2 when a file cannot be read or
    written, or they do not go together.
    """
    try:
        plan, problem = read_plan(plan_file), read_problem(problem_file)
        policy, expected = the_policy(policy_name), read_forecast(forecast)
    except AllocatorError as error:
        typer.echo(f"allocator hold: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    breaches = check(plan, problem, policy)
    if breaches:
        typer.echo(
            f"allocator hold: the plan does not pass the check ({breaches[0].text}): "
            "see allocator check",
            err=True,
        )
        raise typer.Exit(BREACHED)
    meeting = None if next_meeting is None else next_meeting.date()
    try:
        advice = advise(
            plan, problem, policy, expected, seed=seed, futures=futures, next_meeting=meeting
        )
    except ValueError as error:
        typer.echo(f"allocator hold: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    with writing_to(output):
        write_whole(output / "standings.csv", standings_csv(advice))
        write_whole(output / "holds.csv", holds_csv(advice))
        write_whole(output / "advice.json", advice_to_json(advice))
    _tell(advice, output)


def _tell(advice: Advice, output: Path) -> None:
    made_up = "Synthetic: invented people. " if advice.synthetic else ""
    typer.echo(
        f"{made_up}Advice of {advice.as_of} until {advice.next_meeting}, from {advice.futures} "
        f"futures; a person decides.\n"
        f"firm {advice.count(State.FIRM)}, provisional {advice.count(State.PROVISIONAL)}, "
        f"held back {advice.count(State.HELD_BACK)}; beds held {len(advice.holds)}.\n"
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
        "\nexpected: people of the band not yet referred, in the days looked at. gain: people more "
        "of the band\nwith a bed than if everyone due were made firm, a future; below 0: the price."
        f"\nWritten: standings.csv, holds.csv and advice.json in {output}"
    )
