"""The report on out-of-service beds, as CSV and as the workbook that it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from allocator.estate import OutOfService
from allocator.ingest import Reading
from allocator.nights import Stay
from tests.ingest import real_headers
from tests.ingest.files import problem_of, read, write

GOOD = {
    "roomName": "1",
    "bedName": "1 - 1",
    "ap": "Invented House APX1",
    "apQCode": "Q100",
    "reason": "Invented works",
    "startDate": "2026-05-10",
    "endDate": "2026-05-12",
    "cancelled": "false",
    "lengthDays": "3",
}
EXPECTED = (OutOfService("APX1-1", Stay(date(2026, 5, 10), date(2026, 5, 13)), "Invented works"),)


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "oos.csv", real_headers.OUT_OF_SERVICE_REPORT, *rows)
    return read(folder, out_of_service=(path,))


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"apQCode": ""},
        {"ap": "apx1", "apQCode": ""},
        {"bedName": "APX1-1"},
        {"apQCode": "Q999"},
    ],
)
def test_a_bed_is_found_by_premises_room_and_name(tmp_path: Path, cells: dict[str, str]) -> None:
    assert problem_of(_read(tmp_path, GOOD | cells)).out_of_service == EXPECTED


def test_the_report_is_read_from_its_own_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "sheet0"
    names = real_headers.OUT_OF_SERVICE_REPORT.split(",")
    sheet.append(names)
    sheet.append([GOOD.get(name) for name in names])
    sheet["I2"] = date(2026, 5, 10)
    path = tmp_path / "oos.xlsx"
    book.save(path)
    assert problem_of(read(tmp_path, out_of_service=(path,))).out_of_service == EXPECTED


def test_a_cancelled_row_is_left_out(tmp_path: Path) -> None:
    assert problem_of(_read(tmp_path, GOOD | {"cancelled": "true"})).out_of_service == ()


def test_both_layouts_may_be_given_together(tmp_path: Path) -> None:
    report = write(tmp_path / "a.csv", real_headers.OUT_OF_SERVICE_REPORT, GOOD)
    seed = write(
        tmp_path / "b.csv",
        real_headers.OUT_OF_SERVICE_SEED,
        {
            "premisesId": "APX2",
            "bedId": "APX2-1",
            "startDate": "2026-05-01",
            "endDate": "2026-05-01",
        },
    )
    problem = problem_of(read(tmp_path, out_of_service=(report, seed)))
    assert [record.bed_id for record in problem.out_of_service] == ["APX1-1", "APX2-1"]


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"bedName": "1 - 2"}, "bedName"),
        ({"ap": "Nowhere", "apQCode": ""}, "ap"),
        ({"endDate": "2026-05-09"}, "endDate"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    (complaint,) = _read(tmp_path, GOOD | cells).complaints
    assert (complaint.place.row, complaint.column) == (2, column)
