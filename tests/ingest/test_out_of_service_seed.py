"""Out-of-service beds by code, with the ministry's header."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.estate import OutOfService
from allocator.ingest import Reading
from allocator.nights import Stay
from tests.ingest import real_headers
from tests.ingest.files import problem_of, read, write

GOOD = {
    "premisesId": "APX1",
    "bedId": "apx1-1",
    "startDate": "2026-05-10",
    "endDate": "12/05/2026",
    "reasonId": "Invented works",
    "isCancelled": "NO",
}


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "oos.csv", real_headers.OUT_OF_SERVICE_SEED, *rows)
    return read(folder, out_of_service=(path,))


def test_both_days_given_are_out_of_service(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, GOOD))
    nights = Stay(date(2026, 5, 10), date(2026, 5, 13))
    assert problem.out_of_service == (OutOfService("APX1-1", nights, "Invented works"),)
    assert not problem.bed_is_usable("APX1-1", date(2026, 5, 12))
    assert problem.bed_is_usable("APX1-1", date(2026, 5, 13))


def test_one_day_alone_is_one_night(tmp_path: Path) -> None:
    (record,) = problem_of(_read(tmp_path, GOOD | {"endDate": "2026-05-10"})).out_of_service
    assert record.nights.nights == 1


def test_a_cancelled_row_is_left_out(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, GOOD | {"isCancelled": "YES"}))
    assert problem.out_of_service == ()
    assert [note.code for note in problem.notes if "cancelled" in note.text] == ["rows_not_needed"]


def test_records_of_one_bed_may_overlap(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, GOOD, GOOD | {"startDate": "2026-05-11"}))
    assert len(problem.out_of_service) == 2


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"endDate": "2026-05-09"}, "endDate"),
        ({"bedId": "APX2-1"}, "bedId"),
        ({"premisesId": "APX9"}, "premisesId"),
        ({"startDate": ""}, "startDate"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    (complaint,) = _read(tmp_path, GOOD | cells).complaints
    assert (complaint.place.row, complaint.column) == (2, column)
