"""allocator template: an empty file to fill in, or the schema of a file we write."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.outputs import writing_to
from allocator.errors import UnwritableFile
from allocator.whole_file import write_whole


class TemplateName(StrEnum):
    """What a template can be asked for."""

    RELEASE_LIST = "release-list"
    RELEASE_HISTORY = "release-history"
    MATCHING_OUTCOMES = "matching-outcomes"
    PREMISES = "premises"
    ROOMS = "rooms"
    PLACEMENTS = "placements"
    OUT_OF_SERVICE = "out-of-service"
    OUT_OF_SERVICE_REPORT = "out-of-service-report"
    SEPARATIONS = "separations"
    ZONES = "zones"
    RESTRICTIONS = "restrictions"
    OUTCODES = "outcodes"
    PROBLEM_SCHEMA = "problem-schema"
    PLAN_SCHEMA = "plan-schema"


SCHEMAS = frozenset({TemplateName.PROBLEM_SCHEMA, TemplateName.PLAN_SCHEMA})


def template_command(
    name: Annotated[TemplateName, typer.Argument(help="Which file.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write: .csv, .xlsx, or .json.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Write an empty file with one synthetic example row, or a JSON Schema.

    In a workbook a second sheet explains the columns. A file that is there is not written over.
    """
    _refuse(name, output, force)
    with writing_to(output):
        if name in SCHEMAS:
            write_whole(output, schema_text(name).encode())
        else:
            from allocator.ingest.recognise import LAYOUTS
            from allocator.ingest.templates import write_template

            write_template(next(layout for layout in LAYOUTS if layout.name == name), output)
    typer.echo(f"Written: {output}")


def _refuse(name: TemplateName, output: Path, force: bool) -> None:
    """Raise UnwritableFile for a name that says another kind of file, and for a file in use."""
    endings = (".json",) if name in SCHEMAS else (".csv", ".xlsx")
    if output.suffix.casefold() not in endings:
        raise UnwritableFile(f"{output}: the name must end in {' or '.join(endings)}")
    if output.exists() and not force:
        raise UnwritableFile(f"{output} is there already; --force writes over it")


def schema_text(name: TemplateName) -> str:
    """The JSON Schema of problem.json or plan.json, as it is kept in docs/."""
    from allocator.problem_file import plan_schema, problem_schema

    schema = problem_schema() if name is TemplateName.PROBLEM_SCHEMA else plan_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
