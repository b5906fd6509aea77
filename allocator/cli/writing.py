"""The output folder of a plan that has passed the referee."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from allocator.errors import UnreadableFile
from allocator.export.folder import write_outputs
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import write_problem
from allocator.report.page import page_html

REPORT = "report.html"
PROBLEM = "problem.json"


def refuse_unwritable(folder: Path) -> None:
    """Raise UnreadableFile when the folder could not be made or written: better now than later."""
    nearest = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    if not nearest.is_dir():
        raise UnreadableFile(f"{folder}: {nearest} is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UnreadableFile(f"{folder}: {nearest} cannot be written")


def write_everything(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    folder: Path,
    reasons: Mapping[str, str] | None,
    *,
    report: bool,
) -> list[Path]:
    """Tables, plan and problem, and the report when it is wanted. The paths written."""
    page = page_html(plan, problem, policy, reasons) if report else None
    paths = write_outputs(plan, problem, policy, folder, reasons)
    write_problem(problem, folder / PROBLEM)
    paths.append(folder / PROBLEM)
    if page is not None:
        _write_whole(folder / REPORT, page)
        paths.append(folder / REPORT)
    return paths


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
