"""Nothing is shown or written that the referee has not passed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

from allocator.check import Breach, check
from allocator.cli.outputs import writing_to
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import write_plan
from allocator.whole_file import write_whole

REJECTED = 4
REJECTED_PLAN = "rejected-plan.json"
BREACHES = "rejected-plan-breaches.json"
SHOWN = 20


def pass_or_exit(plan: Plan, problem: Problem, policy: Policy, folder: Path) -> None:
    """Return when the plan has no breach; else keep it for whoever mends the solver, and exit."""
    breaches = check(plan, problem, policy)
    if not breaches:
        return
    text = json.dumps([asdict(breach) for breach in breaches], indent=1)
    with writing_to(folder):
        write_plan(plan, folder / REJECTED_PLAN)
        write_whole(folder / BREACHES, f"{text}\n".encode())
    _say(breaches, folder)
    raise typer.Exit(REJECTED)


def _say(breaches: list[Breach], folder: Path) -> None:
    typer.echo(
        "The solver's plan did not pass the check. That is a fault of this program, not of the "
        "files.\nNo plan was written. Please report it, with these files if you may share them:",
        err=True,
    )
    typer.echo(f"  {folder / REJECTED_PLAN}\n  {folder / BREACHES}", err=True)
    for breach in breaches[:SHOWN]:
        typer.echo(f"  {breach.code}: {breach.text}", err=True)
    if len(breaches) > SHOWN:
        typer.echo(f"  and {len(breaches) - SHOWN} more", err=True)
