"""allocator template: an empty file to fill in, or the schema of a file we write."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class TemplateName(StrEnum):
    """What a template can be asked for."""

    RELEASE_LIST = "release-list"
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


def template_command(
    name: Annotated[TemplateName, typer.Argument(help="Which file.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write: .csv, .xlsx, or .json.")
    ],
) -> None:
    """Write an empty file with one synthetic example row, or a JSON Schema.

    In a workbook a second sheet explains the columns.
    """
    if name in (TemplateName.PROBLEM_SCHEMA, TemplateName.PLAN_SCHEMA):
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(schema_text(name), encoding="utf-8")
    else:
        from allocator.ingest.recognise import LAYOUTS
        from allocator.ingest.templates import write_template

        write_template(next(layout for layout in LAYOUTS if layout.name == name), output)
    typer.echo(f"Written: {output}")


def schema_text(name: TemplateName) -> str:
    """The JSON Schema of problem.json or plan.json, as it is kept in docs/."""
    from allocator.problem_file import plan_schema, problem_schema

    schema = problem_schema() if name is TemplateName.PROBLEM_SCHEMA else plan_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
