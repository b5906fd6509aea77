"""A synthetic problem as the files a coordinator would have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from allocator.generate.people_files import (
    write_placements,
    write_polygons,
    write_release_list,
    write_separations,
    write_zones,
)
from allocator.generate.stock_files import (
    write_out_of_service,
    write_premises,
    write_restrictions,
    write_rooms,
)
from allocator.problem import Problem

WRITERS: dict[str, Callable[[Problem, Path], None]] = {
    "premises.csv": write_premises,
    "rooms.csv": write_rooms,
    "release-list.csv": write_release_list,
    "placements.csv": write_placements,
    "out-of-service.csv": write_out_of_service,
    "separations.csv": write_separations,
    "zones.csv": write_zones,
    "zones.geojson": write_polygons,
    "restrictions.csv": write_restrictions,
}
"""Each file, and what writes it."""

README = "README.txt"
_TEXT = """\
SYNTHETIC. Every person, premises and figure in this folder was made up by a program.
The postcodes' first halves are real places, so that distances mean something; the rest is not.
The plan's date (--as-of) is {as_of}.
"""


def write_files(problem: Problem, folder: Path) -> list[Path]:
    """Write every file of the problem into the folder; the paths, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in WRITERS]
    for path in paths:
        WRITERS[path.name](problem, path)
    readme = folder / README
    readme.write_text(_TEXT.format(as_of=problem.as_of), encoding="utf-8")
    return [*paths, readme]
