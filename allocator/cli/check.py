"""`allocator check`: the referee, for a plan that anyone made."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.check import Breach, check
from allocator.cli.settings import the_policy
from allocator.errors import AllocatorError
from allocator.plan import Plan
from allocator.problem_file import read_plan, read_problem

BREACHED = 1
UNREADABLE = 2


def check_command(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan to judge.")],
    problem_file: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="The problem it was made for.")
    ],
    policy_name: Annotated[
        str | None, typer.Option("--policy", help="A packaged policy by name, or a policy file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check a plan against every rule, its stated levels and its certificates.

    Exit code 0: lawful, and all it states is so. 1: breaches, which are listed. 2: unreadable.
    """
    try:
        plan, problem = read_plan(plan_file), read_problem(problem_file)
        policy = the_policy(policy_name)
    except AllocatorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREADABLE) from error
    breaches = check(plan, problem, policy)
    typer.echo(
        json.dumps(_summary(plan, breaches), indent=1) if as_json else _words(plan, breaches)
    )
    if breaches:
        raise typer.Exit(BREACHED)


def _summary(plan: Plan, breaches: list[Breach]) -> dict[str, Any]:
    return {
        "lawful": not breaches,
        "breaches": [asdict(breach) for breach in breaches],
        "certified": _certified(plan),
        "not_certified": _not_certified(plan),
    }


def _words(plan: Plan, breaches: list[Breach]) -> str:
    if breaches:
        count = "1 breach" if len(breaches) == 1 else f"{len(breaches)} breaches"
        return "\n".join([*(f"{b.code}: {b.text}" for b in breaches), count])
    lines = [
        f"Lawful. Referrals placed {len(plan.placements)}, unplaced {len(plan.unplaced)}; "
        f"bookings seated {len(plan.seats)}, surplus {len(plan.surplus)}.",
        f"Levels recomputed: {len(plan.levels)}; certificates added up: {len(plan.certificates)}.",
    ]
    without = _not_certified(plan)
    if without:
        lines.append(f"Bounds stated without a certificate: {', '.join(without)}.")
    return "\n".join(lines)


def _certified(plan: Plan) -> list[str]:
    return [certificate.level for certificate in plan.certificates]


def _not_certified(plan: Plan) -> list[str]:
    """Levels whose bound is stated and which no certificate speaks for."""
    certified = set(_certified(plan))
    return [
        level.code
        for level in plan.levels
        if level.bound is not None and level.code not in certified
    ]
