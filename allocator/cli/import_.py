"""allocator import: the files people have, to one problem file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.outputs import writing_to
from allocator.cli.reading import problem_or_exit, summary
from allocator.cli.settings import the_policy
from allocator.cli.source_options import (
    AsOf,
    Folder,
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
from allocator.problem_file import write_problem


def import_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="The problem file to write.")],
    folder: Folder = None,
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
    policy_name: PolicyName = None,
) -> None:
    """Read CSV or XLSX files and write one checked problem file.

    Exit code 0: everything was read, or the wrong rows were left out as asked. 2: refused, with
    every fault listed and nothing written.
    """
    sources = sources_of(
        folder,
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
    problem = problem_or_exit(sources, the_policy(policy_name))
    with writing_to(output):
        write_problem(problem, output)
    typer.echo(summary(problem))
    typer.echo(f"Written: {output}")
