"""No text of a problem, a policy or a plan ever becomes a formula or a link in a spreadsheet."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from allocator.export.folder import sheets_of, write_outputs
from allocator.export.safe_text import STARTS_A_FORMULA
from tests.export.hostile import hostile

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("mailto:x","y")',
    "{=1}",
    "mailto:x@example.org",
]
CSV_FILES = ["plan.csv", "spaces.csv", "unplaced.csv", "bookings.csv"]


@pytest.fixture(params=PAYLOADS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    plan, problem, policy, reasons = hostile(request.param)
    write_outputs(plan, problem, policy, tmp_path / "out", reasons)
    return tmp_path / "out"


def test_no_cell_of_a_csv_file_starts_a_formula(folder: Path) -> None:
    cells = 0
    for name in CSV_FILES:
        text = (folder / name).read_bytes().decode("utf-8-sig")
        for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
            for cell in row:
                cells += bool(cell)
                assert cell[:1] not in STARTS_A_FORMULA or cell.lstrip("-").isdecimal()
                assert not cell.strip().startswith(("=", "@", "＝", "＠"))
    assert cells > 60


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 200
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(folder / "plan.xlsx") as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower()]
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if p.isprintable()])
def test_the_workbook_holds_every_text_as_it_was_written(payload: str, tmp_path: Path) -> None:
    plan, problem, policy, reasons = hostile(payload)
    write_outputs(plan, problem, policy, tmp_path / "out", reasons)
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "plan.xlsx"))
    for name, table in sheets_of(plan, problem, policy, reasons).items():
        read = book.get_sheet_by_name(name).to_python()
        assert read[0] == list(table.headings)
        texts = [[cell for cell in row if isinstance(cell, str) and cell] for row in table.rows]
        found = [[cell for cell in row if isinstance(cell, str) and cell] for row in read[1:]]
        assert found == texts
