"""The picture of occupancy: one row a premises, one stacked column a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allocator.report.occupancy import USES, PremisesWeeks, Use

LEFT = 220
"""Room for the premises' name."""
TOP = 24
COLUMN = 22
ROW = 22
BAR_WIDTH = 20
BAR_HEIGHT = 18
LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place in a picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class OccupancyPicture:
    """Shapes for one area: a path for each use, the names of the rows and the dates on top."""

    width: int
    height: int
    frames: str
    paths: tuple[tuple[Use, str], ...]
    names: tuple[Label, ...]
    remarks: tuple[Label, ...]
    dates: tuple[Label, ...]


def occupancy_picture(rows: Sequence[PremisesWeeks], starts: Sequence[date]) -> OccupancyPicture:
    """Columns are filled from below in the order of USES; white on top is free.

    The height of a column is the bed-nights that exist that week, so a premises always fills it.
    """
    drawn: dict[Use, list[str]] = {use: [] for use in USES if use is not Use.FREE}
    for row, entry in enumerate(rows):
        for column, week in enumerate(entry.weeks):
            below = float(TOP + row * ROW + BAR_HEIGHT)
            for use, count in zip(USES, week.bed_nights, strict=True):
                if count and use is not Use.FREE:
                    height = BAR_HEIGHT * count / week.total
                    below -= height
                    drawn[use].append(_box(LEFT + column * COLUMN, below, height))
    right = LEFT + len(starts) * COLUMN
    return OccupancyPicture(
        width=right + 150,
        height=TOP + len(rows) * ROW + 4,
        frames="".join(
            _box(LEFT, TOP + row * ROW, BAR_HEIGHT, right - LEFT) for row in range(len(rows))
        ),
        paths=tuple((use, "".join(boxes)) for use, boxes in drawn.items()),
        names=tuple(
            Label(LEFT - 8, _middle(row), _short(entry.premises.name))
            for row, entry in enumerate(rows)
        ),
        remarks=tuple(
            Label(right + 4, _middle(row), _remark(entry)) for row, entry in enumerate(rows)
        ),
        dates=tuple(
            Label(LEFT + column * COLUMN, TOP - 8, f"{start.day} {start:%b}")
            for column, start in enumerate(starts)
            if column % 2 == 0
        ),
    )


def _box(x: float, y: float, height: float, width: int = BAR_WIDTH) -> str:
    return f"M{x:g} {y:.1f}h{width}v{height:.1f}h-{width}z"


def _middle(row: int) -> float:
    return TOP + row * ROW + BAR_HEIGHT / 2 + 4


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _remark(entry: PremisesWeeks) -> str:
    if entry.beds == 0:
        return "no beds"
    free = min(week.bed_nights[USES.index(Use.FREE)] for week in entry.weeks)
    words = f"least free {free / 7:.1f}"
    return f"{words}, {entry.surplus} surplus" if entry.surplus else words
