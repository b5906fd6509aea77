"""A plan's output folder, written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from allocator.export.bookings import bookings_table, seated_bookings
from allocator.export.csv_plan import plan_table
from allocator.export.levels import levels_table
from allocator.export.notes import notes_table
from allocator.export.placed import placed_people
from allocator.export.spaces import spaces_table
from allocator.export.summary_table import summary_table
from allocator.export.table import Table
from allocator.export.unplaced import unplaced_people, unplaced_table
from allocator.export.xlsx import workbook_bytes
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import write_plan

CSV_OF_SHEET = {
    "Placements": "plan.csv",
    "Spaces": "spaces.csv",
    "Without a bed": "unplaced.csv",
    "Bookings": "bookings.csv",
}
WRITTEN = ("plan.json", *CSV_OF_SHEET.values(), "plan.xlsx")
"""Names of the files of a plan."""


def write_outputs(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    folder: Path,
    reasons: Mapping[str, str] | None = None,
    *,
    beside: Mapping[str, bytes] | None = None,
    stale: Collection[str] = (),
    advised: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write plan.json, the CSV files and plan.xlsx, and return their paths.

    `reasons`: main reason by id for those without a bed. `beside`: more files, by name. `stale`:
    names of files of an earlier plan that go with it. `advised`: see `placed_people`. Other files
    in the folder are left alone. Raises OSError, with the folder as it was, when anything cannot
    be written.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder may be ours to write in and its parent not.
    near = folder if folder.is_dir() else folder.parent
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=near))
    try:
        names = _write_all(plan, problem, policy, aside, reasons, advised)
        for name, data in (beside or {}).items():
            (aside / name).write_bytes(data)
            names.append(name)
        _move_in(names, stale, aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return [folder / name for name in names]


def sheets_of(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    reasons: Mapping[str, str] | None = None,
    advised: Mapping[str, str] | None = None,
) -> dict[str, Table]:
    """Every table of a plan by the name of its sheet, in the workbook's order."""
    placed = placed_people(plan, problem, policy, advised)
    return {
        "Summary": summary_table(plan, problem, policy, placed),
        "Placements": plan_table(placed, problem),
        "Spaces": spaces_table(placed, problem),
        "Without a bed": unplaced_table(unplaced_people(plan, problem, policy, reasons), problem),
        "Bookings": bookings_table(seated_bookings(plan, problem), problem),
        "Levels": levels_table(plan, problem, policy),
        "Notes": notes_table(plan, problem, policy),
    }


def _write_all(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    folder: Path,
    reasons: Mapping[str, str] | None,
    advised: Mapping[str, str] | None,
) -> list[str]:
    sheets = sheets_of(plan, problem, policy, reasons, advised)
    write_plan(plan, folder / "plan.json")
    for sheet, name in CSV_OF_SHEET.items():
        (folder / name).write_bytes(sheets[sheet].to_csv())
    (folder / "plan.xlsx").write_bytes(workbook_bytes(sheets, plan.as_of))
    return list(WRITTEN)


def _move_in(names: Sequence[str], stale: Collection[str], aside: Path, folder: Path) -> None:
    """Put the new files where the old ones were; on a failure put the old ones back."""
    before = aside / "before"
    before.mkdir()
    made_here = not folder.exists()
    folder.mkdir(exist_ok=True)
    moved: list[str] = []
    try:
        for name in (*names, *stale):
            if (folder / name).is_dir():
                raise IsADirectoryError(f"{folder / name} is a folder")
            if (folder / name).exists():
                (folder / name).rename(before / name)
            moved.append(name)
            if name not in stale:
                (aside / name).rename(folder / name)
    except BaseException:  # Ctrl-C too
        for name in moved:
            (folder / name).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                (before / name).rename(folder / name)
        if made_here:
            folder.rmdir()
        raise
