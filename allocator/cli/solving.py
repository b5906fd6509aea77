"""Solving for a command: the child process, what is seen of it, and what is said of its end."""

from __future__ import annotations

from dataclasses import replace

import typer

from allocator.cli.exit_codes import STOPPED, UNFINISHED
from allocator.cli.watching import Heard, counting_interrupts, watching
from allocator.plan import EndedBy, Plan
from allocator.solver_process import Ended, Limits, Outcome, SolveRequest, solve_apart


def solved(request: SolveRequest, limits: Limits, verbose: bool) -> tuple[Plan, int]:
    """The plan to go on with, and the exit code that the command must end with.

    Says on stderr how the solve ended, unless it simply finished; exits when there is no plan.
    """
    heard = Heard()
    with counting_interrupts(heard.planning) as interrupts, watching(verbose) as watch:
        outcome = solve_apart(
            request, limits, watch=heard.passing_on(watch), stop_requests=interrupts
        )
    if outcome.ended is Ended.STOPPED:
        outcome = replace(outcome, plan=None)  # as was said before the second Ctrl-C
    _say(outcome, limits, verbose)
    code = _code(outcome)
    if outcome.plan is None:
        raise typer.Exit(code)
    if outcome.plan.ended_by is EndedBy.INTERRUPTED:
        typer.echo("Interrupted: best plan so far.", err=True)
    return outcome.plan, code


def _code(outcome: Outcome) -> int:
    return {Ended.FINISHED: 0, Ended.STOPPED: STOPPED}.get(outcome.ended, UNFINISHED)


def _say(outcome: Outcome, limits: Limits, verbose: bool) -> None:
    if outcome.ended is Ended.FINISHED:
        return
    if outcome.ended is Ended.STOPPED:
        typer.echo("Stopped.", err=True)
    else:
        typer.echo(f"The solver did not finish: {outcome.fault}.", err=True)
    if outcome.ended is Ended.OUT_OF_MEMORY:
        typer.echo(f"It may use {limits.memory_gib:g} GiB; see --memory-limit.", err=True)
    if verbose and outcome.log:
        typer.echo(outcome.log, err=True)
    if outcome.plan is None:
        typer.echo("There is no plan, and nothing was written.", err=True)
    else:
        typer.echo("What follows is the best plan it had found.", err=True)
