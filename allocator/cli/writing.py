"""The output folder of a plan that has passed the referee."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from allocator.cli.advising import ADVICE_FILES, advice_files
from allocator.cli.judging import BREACHES, REJECTED_PLAN
from allocator.cli.outputs import writing_to
from allocator.errors import UnwritableFile
from allocator.export.folder import WRITTEN, write_outputs
from allocator.holding import Advice
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import problem_to_json
from allocator.report.page import page_html

REPORT = "report.html"
PROBLEM = "problem.json"


def refuse_unwritable(folder: Path) -> None:
    """Raise UnwritableFile when the folder could not be made or written: better now than later."""
    with writing_to(folder):
        nearest = next(
            path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
        )
        if not nearest.is_dir():
            raise UnwritableFile(f"{folder}: {nearest} is not a folder")
        for name in (*WRITTEN, PROBLEM, REPORT, *ADVICE_FILES):
            if (folder / name).is_dir():
                raise UnwritableFile(f"{folder / name}: a folder is where a file should be")
        # Rights alone do not tell: the disk may be read-only or full.
        with tempfile.TemporaryDirectory(prefix=".allocator.", dir=nearest) as probe:
            (Path(probe) / "probe").write_bytes(b"?")


def write_everything(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    folder: Path,
    reasons: Mapping[str, str] | None,
    *,
    report: bool,
    advice: Advice | None = None,
) -> list[Path]:
    """Tables, plan and problem, and the report and advice when wanted. The paths written.

    What an earlier plan left in the folder and this one has not is taken away: it would be taken
    for this one's. Raises UnwritableFile, with the folder as it was.
    """
    advised = None if advice is None else advice.by_referral
    beside = {PROBLEM: problem_to_json(problem)}
    if report:
        beside[REPORT] = page_html(plan, problem, policy, reasons, advised).encode()
    if advice is not None:
        beside |= advice_files(advice)
    may_be_there = (REPORT, *ADVICE_FILES, REJECTED_PLAN, BREACHES)
    stale = tuple(name for name in may_be_there if name not in beside)
    with writing_to(folder):
        return write_outputs(
            plan, problem, policy, folder, reasons, beside=beside, stale=stale, advised=advised
        )
