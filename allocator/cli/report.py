"""`allocator report`: a plan as one page of HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from allocator.cli.outputs import writing_to
from allocator.cli.settings import the_policy
from allocator.errors import AllocatorError
from allocator.explain import reasons
from allocator.problem_file import read_plan, read_problem
from allocator.report.checked import RefusedPlanError, report_html
from allocator.whole_file import write_whole

BREACHED = 1
UNREADABLE = 2


def report_command(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan to show.")],
    problem_file: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="The problem it was made for.")
    ],
    policy_name: Annotated[
        str | None, typer.Option("--policy", help="A packaged policy by name, or a policy file.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path(
        "report.html"
    ),
) -> None:
    """Write one self-contained page about a plan. A plan that fails the check is refused.

    Ends with 0 when written, 1 when the plan fails the check, 2 when a file cannot be read or
    written.
    """
    console = Console(stderr=True)
    try:
        with console.status("Checking the plan and drawing the report"):
            plan, problem = read_plan(plan_file), read_problem(problem_file)
            policy = the_policy(policy_name)
            page = report_html(plan, problem, policy, reasons(plan, problem, policy))
        with writing_to(output):
            write_whole(output, page.encode())
    except RefusedPlanError as refused:
        typer.echo(f"allocator report: {refused}", err=True)
        raise typer.Exit(BREACHED) from refused
    except AllocatorError as error:
        typer.echo(f"allocator report: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    typer.echo(f"{output}: report of the plan, {len(page.encode()) / 1e6:.1f} MB")
