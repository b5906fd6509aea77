"""`allocator hold`: what to make firm now, for a plan beside a forecast."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from allocator.check import check
from allocator.cli.advising import ADVICE_FILES, advice_files, forecast_of, tell_advice, warn_of
from allocator.cli.outputs import writing_to
from allocator.cli.settings import the_policy
from allocator.errors import AllocatorError
from allocator.holding import advise
from allocator.holding.advise import FUTURES
from allocator.problem_file import read_plan, read_problem
from allocator.whole_file import write_whole

BREACHED = 1
UNREADABLE = 2


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
        policy = the_policy(policy_name)
        expected = forecast_of(forecast, policy)
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
        for name, content in advice_files(advice).items():
            write_whole(output / name, content)
    tell_advice(advice)
    warn_of(expected, plan.as_of)
    typer.echo(f"Written: {', '.join(ADVICE_FILES)} in {output}")
