"""allocator generate: a synthetic problem as a coordinator's files."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.outputs import writing_to
from allocator.generate import SIZES, generate, write_files
from allocator.generate.defaults import AS_OF, LOAD
from allocator.generate.history_file import NAME, history_of, write_history


class SizeName(StrEnum):
    """The sizes a person may ask for by name."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


class Windows(StrEnum):
    """How long after release people may still arrive."""

    FIXED = "fixed"
    MIXED = "mixed"
    LONG = "long"


def generate_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")],
    size: Annotated[SizeName, typer.Option(help="How big the estate and the list are.")] = (
        SizeName.S
    ),
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same problem.")] = 1,
    windows: Annotated[
        Windows, typer.Option(help="fixed: arrive on release; long: any of 28 days.")
    ] = Windows.MIXED,
    load: Annotated[
        float, typer.Option(min=0.2, max=10, help="Demand against beds; more means fewer beds.")
    ] = LOAD.value,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help=f"The plan's date. [{AS_OF.value}]"),
    ] = None,
    overbooked: Annotated[
        bool, typer.Option("--overbooked", help="Book some premises beyond their beds.")
    ] = False,
    history: Annotated[
        int,
        typer.Option(
            min=0,
            max=1800,
            metavar="DAYS",
            help="Also write a synthetic release history of so many days, for allocator forecast.",
        ),
    ] = 0,
) -> None:
    """Make up a synthetic problem: invented premises and people, as the files to import."""
    problem = generate(
        size.value,
        seed,
        windows=windows.value,
        load=load,
        as_of=AS_OF.value if as_of is None else as_of.date(),
        overbooked=overbooked,
    )
    with writing_to(output):
        paths = write_files(problem, output)
        if history:
            paths.append(output / NAME)
            people = history_of(size.value, seed, history, problem.as_of, load)
            write_history(people, problem.as_of, paths[-1])
    made = SIZES[size.value]
    typer.echo(
        f"Synthetic problem {made.name}, seed {seed}, as of {problem.as_of}: "
        f"{len(problem.premises)} premises, {len(problem.beds)} beds, "
        f"{len(problem.bookings)} residents and bookings, {len(problem.referrals)} referrals.\n"
        f"{len(paths)} files in {output}"
    )
