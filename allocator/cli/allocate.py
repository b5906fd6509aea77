"""`allocator allocate`: from a problem, or straight from files, to a checked plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from allocator.cli.advising import forecast_of, tell_advice, warn_of
from allocator.cli.judging import pass_or_exit
from allocator.cli.reading import problem_or_exit
from allocator.cli.settings import memory_gib, the_policy
from allocator.cli.solving import solved
from allocator.cli.source_options import (
    AsOf,
    OutcodesFile,
    OutOfServiceFiles,
    OverstayNights,
    PlacementsFile,
    PolicyName,
    PremisesFile,
    ReferralFiles,
    RestrictionsFile,
    RoomsFile,
    SeparationsFile,
    SkipBadRows,
    ZonesFiles,
    sources_of,
)
from allocator.cli.writing import refuse_unwritable, write_everything
from allocator.errors import UnreadableFile
from allocator.explain import reasons
from allocator.export.summary import print_summary
from allocator.holding import Advice, advise
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import read_plan, read_problem
from allocator.solver_process import Limits, SolveRequest

PIPE_WIDTH = 100
_SOLVING = "Solving"


class Effort(StrEnum):
    """How much work is done before an unproven level is left as it is."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


def allocate_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    problem_path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROBLEM",
            help="A problem file, or a folder of files. Or name the files by the options below.",
        ),
    ] = None,
    policy_name: PolicyName = None,
    effort: Annotated[
        Effort, typer.Option(help="How hard to try.", rich_help_panel=_SOLVING)
    ] = Effort.STANDARD,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Stop after so long, with the best plan so far. It makes a plan that a second "
            "run may not repeat.",
            rich_help_panel=_SOLVING,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Same seed, same plan.", rich_help_panel=_SOLVING)
    ] = 0,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            help="Processor cores to use; more than two bring nothing. The plan depends on it only "
            "where the time limit has a say in the search.",
            rich_help_panel=_SOLVING,
        ),
    ] = 2,
    memory_limit: Annotated[
        float | None,
        typer.Option(
            min=0.5,
            metavar="GIB",
            help="Memory that the solver may use: 8, or what the settings file says.",
            rich_help_panel=_SOLVING,
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="An earlier plan.json, to change as little of it as other aims allow."),
    ] = None,
    allow_displacement: Annotated[
        bool,
        typer.Option("--allow-displacement", help="Bookings may be moved to other premises."),
    ] = False,
    forecast: Annotated[
        Path | None,
        typer.Option(
            help="Who may yet be referred (see allocator forecast): say also whom to make firm, "
            "whom to leave provisional and which beds to hold, as allocator hold does."
        ),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Say how the solve goes, line by line, on stderr.")
    ] = False,
    premises: PremisesFile = None,
    rooms: RoomsFile = None,
    referrals: ReferralFiles = None,
    placements: PlacementsFile = None,
    out_of_service: OutOfServiceFiles = None,
    separations: SeparationsFile = None,
    zones: ZonesFiles = None,
    restrictions: RestrictionsFile = None,
    outcodes: OutcodesFile = None,
    as_of: AsOf = None,
    overstay_nights: OverstayNights = None,
    skip_bad_rows: SkipBadRows = False,
) -> None:
    """Plan who sleeps in which bed, check the plan, and write it with its reasons.

    Exit code 0: a plan that passed the check, also when people are without a bed; they are
    listed. 2: wrong input. 3: the solver did not finish. 4: its plan did not pass the check.
    """
    policy = the_policy(policy_name)
    expected = None if forecast is None else forecast_of(forecast, policy)
    if problem_path is not None and not problem_path.is_dir():
        _refuse_beside_a_problem(
            {
                "--premises": premises,
                "--rooms": rooms,
                "--referrals": referrals,
                "--placements": placements,
                "--out-of-service": out_of_service,
                "--separations": separations,
                "--zones": zones,
                "--restrictions": restrictions,
                "--outcodes": outcodes,
                "--as-of": as_of,
                "--overstay-nights": overstay_nights,
                "--skip-bad-rows": skip_bad_rows or None,
            }
        )
        problem = read_problem(problem_path)
    else:
        sources = sources_of(
            problem_path,
            premises=premises,
            rooms=rooms,
            referrals=referrals,
            placements=placements,
            out_of_service=out_of_service,
            separations=separations,
            zones=zones,
            restrictions=restrictions,
            outcodes=outcodes,
            as_of=as_of,
            overstay_nights=overstay_nights,
            skip_bad_rows=skip_bad_rows,
        )
        problem = problem_or_exit(sources, policy)
    refuse_unwritable(output)
    request = SolveRequest(
        problem,
        policy,
        effort=effort.value,
        seed=seed,
        workers=workers,
        time_limit_s=time_limit,
        keep=None if keep is None else read_plan(keep),
        displacement=allow_displacement,
    )
    plan, code = solved(
        request, Limits(memory_gib=memory_limit or memory_gib(Limits().memory_gib)), verbose
    )
    if keep is not None and not plan.kept_plan:
        typer.echo(f"{keep} has no placement for anyone on this list: nothing to keep.", err=True)
    pass_or_exit(plan, problem, policy, output)
    advice = None if expected is None else advise(plan, problem, policy, expected, seed=seed)
    _show_and_write(plan, problem, policy, output, report=not no_report, advice=advice)
    if expected is not None:
        warn_of(expected, plan.as_of)
    if code:
        raise typer.Exit(code)


def _refuse_beside_a_problem(options: Mapping[str, object]) -> None:
    """A problem file has its date and everything else in it: these would change nothing."""
    given = [name for name, value in options.items() if value not in (None, [], ())]
    if given:
        raise UnreadableFile(
            f"{', '.join(given)}: of no effect with a problem file; give a problem file, or the "
            "files it is read from, not both"
        )


def _show_and_write(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    folder: Path,
    *,
    report: bool,
    advice: Advice | None,
) -> None:
    why = reasons(plan, problem, policy)
    paths = write_everything(plan, problem, policy, folder, why, report=report, advice=advice)
    # A pipe has no width of its own, and the tables must not depend on who reads them.
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    print_summary(plan, problem, policy, console)
    if advice is not None:
        typer.echo("\nPeople not yet referred\n")
        tell_advice(advice)
    typer.echo(f"\nWritten to {folder}: {', '.join(path.name for path in paths)}")
