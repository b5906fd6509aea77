"""A synthetic release history: what the true process made, as it is known on one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from allocator.coming import Coming
from allocator.generate import headers
from allocator.generate.csv_file import Cell, write_csv
from allocator.generate.options import SIZES, Options
from allocator.generate.people_files import referral_cells
from allocator.generate.problem import generate_with
from allocator.generate.year import TrueDemand
from allocator.streams import Streams

NAME = "release-history.csv"


def write_history(people: Iterable[Coming], known_on: date, path: Path) -> None:
    """The people with what is known of them on this day; later facts are not in the file.

    In this world everyone who is not withdrawn has a bed from the release date on.
    """
    rows = (_cells(each, known_on) for each in people)
    header = headers.RELEASE_HISTORY
    write_csv(path, header, ([cells.get(name) for name in header] for cells in rows))


def generate_history(options: Options, seed: int, days: int) -> tuple[Coming, ...]:
    """Everyone referred in so many days to the day before the plan's date."""
    truth = TrueDemand(options, generate_with(options, seed).premises)
    return truth.people(Streams(seed), options.as_of - timedelta(days=days), options.as_of)


def history_of(size: str, seed: int, days: int, as_of: date, load: float) -> tuple[Coming, ...]:
    """The same by the name of a size."""
    return generate_history(Options(SIZES[size], load=load, as_of=as_of), seed, days)


def _cells(coming: Coming, known_on: date) -> dict[str, Cell]:
    cells = referral_cells(coming.referral, synthetic=True)
    cells["referred_on"] = coming.referred_on
    release = coming.referral.release_date
    if coming.changed_on is not None and coming.changed_on < known_on:
        cells["changed_on"], cells["changed_release"] = coming.changed_on, coming.changed_release
    if coming.changed_release is not None:
        release = coming.changed_release
    if coming.withdrawn_on is not None:
        if coming.withdrawn_on < known_on:
            cells |= {"outcome": "withdrawn", "withdrawn_on": coming.withdrawn_on}
        return cells
    if release >= known_on:
        return cells
    if not coming.arrives:
        return cells | {"outcome": "not arrived"}
    departure = release + timedelta(days=coming.nights)
    cells |= {"outcome": "arrived", "arrived_on": release}
    return cells | ({"departed_on": departure} if departure <= known_on else {})
