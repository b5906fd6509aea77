"""A user's own table of outcodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.geography.point import Point
from allocator.ingest import Reading
from tests.ingest.files import a_release, codes, problem_of, read, write


def _read(folder: Path, *rows: tuple[str, str, str]) -> Reading:
    names = ("outcode", "latitude", "longitude")
    cells = (dict(zip(names, row, strict=True)) for row in rows)
    table = write(folder / "outcodes.csv", ",".join(names), *cells)
    releases = write(
        folder / "list.csv",
        "referral_id,crn,gender,release_date,outcode",
        a_release("R1", outcode="ZZ9"),
        a_release("R2", outcode="SE5"),
    )
    return read(folder, outcodes=table, referrals=(releases,))


def test_the_users_table_takes_the_place_of_the_packaged_one(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, ("zz9", "52.1", "-1.1")))
    assert [referral.location for referral in problem.referrals] == [Point(52.1, -1.1), None]
    assert "outcode_unknown" in codes(problem)


@pytest.mark.parametrize(
    "row, column",
    [
        (("ZZ9", "-1.1", "52.1"), "latitude"),
        (("ZZ9", "500", "0"), "latitude"),
        (("ZZ8", "52.2", "-1.1"), "outcode"),
        (("Leeds", "52.2", "-1.1"), "outcode"),
        (("ZZ9", "north", "-1.1"), "latitude"),
    ],
)
def test_a_bad_row_is_complained_of(tmp_path: Path, row: tuple[str, str, str], column: str) -> None:
    (complaint,) = _read(tmp_path, ("ZZ8", "52.1", "-1.1"), row).complaints
    assert (complaint.place.row, complaint.column) == (3, column)
