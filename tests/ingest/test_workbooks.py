"""XLSX as it comes, and XLSX made to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from allocator.ingest import Complaint, Reading
from tests.ingest.files import codes, problem_of, read

HEADER = ["referral_id", "crn", "gender", "release_date"]
ROW = ["R1", "X000001", "Male", "2026-06-01"]
CONTENT_TYPES = "[Content_Types].xml"


def _book(*rows: Sequence[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows or (HEADER, ROW):
        book.active.append(list(row))  # type: ignore[union-attr]
    return book


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(folder: Path, data: bytes, **options: Any) -> Reading:
    path = folder / "list.xlsx"
    path.write_bytes(data)
    return read(folder, referrals=(path,), **options)


def _refusal(folder: Path, data: bytes) -> Complaint:
    (complaint,) = _read(folder, data).complaints
    assert complaint.whole_file
    return complaint


def _changed(data: bytes, **parts: bytes | None) -> bytes:
    """The workbook with parts replaced, added, or (None) left out; `/` is written `__`."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in wanted:
                new.writestr(name, old.read(name))
        for name, text in wanted.items():
            if text is not None:
                new.writestr(name, text)
    return out.getvalue()


def _sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    "cell", [date(2026, 6, 1), datetime(2026, 6, 1, 9, 30), "01/06/2026", 46174, 46174.5, "46174"]
)
def test_a_date_is_read_as_a_date_as_text_and_as_a_serial_number(tmp_path: Path, cell: Any) -> None:
    data = _bytes(_book(HEADER, [*ROW[:3], cell]))
    assert problem_of(_read(tmp_path, data)).referrals[0].release_date == date(2026, 6, 1)


def test_serial_dates_of_the_other_calendar_are_read_by_it(tmp_path: Path) -> None:
    book = _book(HEADER, [*ROW[:3], 44712])
    book.epoch = datetime(1904, 1, 1)
    assert problem_of(_read(tmp_path, _bytes(book))).referrals[0].release_date == date(2026, 6, 1)


def test_numbers_booleans_and_text_are_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    book = _book(
        [*HEADER, "nights", "hate_offence", "age", "religion"],
        ["0012", *ROW[1:], 70, True, 40.0, time(9, 30)],
    )
    referral = problem_of(_read(tmp_path, _bytes(book))).referrals[0]
    assert (referral.id, referral.nights) == ("0012", 70)
    assert [offence.value for offence in referral.offences] == ["hate"]
    assert referral.protected == (("age", "40"), ("religion", "09:30:00"))


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for column, (name, cell) in enumerate(zip(HEADER, [*ROW[:2], "?", ROW[3]], strict=True), 2):
        sheet.cell(3, column, name)
        sheet.cell(6, column, cell)
    (complaint,) = _read(tmp_path, _bytes(book)).complaints
    assert (complaint.place.sheet, complaint.place.row) == ("Sheet", 6)
    assert (complaint.column, complaint.value) == ("gender", "?")


def test_a_formula_that_was_never_calculated_is_named(tmp_path: Path) -> None:
    data = _bytes(_book(HEADER, ROW, ["R2", "X000002", '="Ma"&"le"', "2026-06-01"]))
    (complaint,) = _read(tmp_path, data).complaints
    assert (complaint.place.row, complaint.column) == (3, "gender")
    assert "never calculated" in complaint.wrong


@pytest.mark.parametrize(
    "cell, wrong",
    [
        ('<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error"),
        ('<c r="C2"><f>A1</f></c>', "never calculated"),
        ('<c r="C2"><f>A1</f><v/></c>', "never calculated"),
        ('<c r="C2" t="str"><f>A1</f><v></v></c>', "is blank"),
    ],
)
def test_a_cell_without_a_value_is_told_from_a_blank_one(
    tmp_path: Path, cell: str, wrong: str
) -> None:
    texts = [
        [
            f'<c r="{c}{n}" t="inlineStr"><is><t>{text}</t></is></c>'
            for c, text in zip("ABCD", row, strict=True)
        ]
        for n, row in enumerate((HEADER, ROW), 1)
    ]
    texts[1][2] = cell
    sheet = _sheet("".join(f'<row r="{n}">{"".join(row)}</row>' for n, row in enumerate(texts, 1)))
    (complaint,) = _read(tmp_path, _changed(_bytes(_book()), **{SHEET: sheet})).complaints
    assert (complaint.place.row, complaint.column) == (2, "gender")
    assert wrong in complaint.wrong


def test_a_calculated_formula_gives_its_value(tmp_path: Path) -> None:
    data = _bytes(_book(HEADER, [*ROW[:2], "=B1", ROW[3]]))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    calculated = (
        sheet.replace(b"<f>B1</f><v></v>", b"<f>B1</f><v>Male</v>")
        .replace(b"<f>B1</f><v />", b"<f>B1</f><v>Male</v>")
        .replace(b"<f>B1</f><v/>", b"<f>B1</f><v>Male</v>")
        .replace(b'r="C2"', b'r="C2" t="str"')
    )
    assert calculated != sheet
    assert _read(tmp_path, _changed(data, **{SHEET: calculated})).problem is not None


def test_the_sheet_in_our_layout_is_read_and_a_second_one_is_noted(tmp_path: Path) -> None:
    book = _book()
    book.create_sheet("Cover", 0).append(["An invented list"])
    book.create_sheet("More").append(HEADER)
    problem = problem_of(_read(tmp_path, _bytes(book)))
    assert len(problem.referrals) == 1
    assert "sheet_not_read" in codes(problem)


SHEET = "xl__worksheets__sheet1_dot_xml"


def test_macros_are_refused(tmp_path: Path) -> None:
    data = _changed(_bytes(_book()), xl__vbaProject_dot_bin=b"macro")
    assert "macros" in _refusal(tmp_path, data).wrong


def test_links_to_other_workbooks_are_refused(tmp_path: Path) -> None:
    data = _changed(_bytes(_book()), xl__externalLinks__externalLink1_dot_xml=b"<a/>")
    assert "linked" in _refusal(tmp_path, data).wrong


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bad = b'<!DOCTYPE a [<!ENTITY b "c">]>' + _sheet("")
    assert "document type" in _refusal(tmp_path, _changed(_bytes(_book()), **{SHEET: bad})).wrong


@pytest.mark.parametrize("row, column", [(50_002, "A"), (1_048_576, "A"), (1, "DQ"), (1, "XFD")])
def test_a_cell_far_out_is_refused_before_room_is_made_for_it(
    tmp_path: Path, row: int, column: str
) -> None:
    far = _sheet(f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>')
    assert "more than" in _refusal(tmp_path, _changed(_bytes(_book()), **{SHEET: far})).wrong


def test_the_last_cell_within_bounds_is_let_through(tmp_path: Path) -> None:
    book = _book()
    book.active["DP50001"] = "x"  # type: ignore[index]
    (complaint,) = _read(tmp_path, _bytes(book)).complaints
    assert complaint.place.row == 50_001


def test_a_bomb_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    bomb = _changed(_bytes(_book()), **{SHEET: b" " * (30 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "unpacks" in _refusal(tmp_path, bomb).wrong


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    bomb = _changed(_bytes(_book()), xl__media__a_dot_bin=b" " * (30 * 1024 * 1024))
    size = (30 * 1024 * 1024).to_bytes(4, "little")
    assert bomb.count(size) >= 2
    assert "unpacks" in _refusal(tmp_path, bomb.replace(size, (9).to_bytes(4, "little"))).wrong


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    data = _changed(_bytes(_book()), xl__media__a_dot_bin=b"x" * 77_777)
    lying = data.replace((77_777).to_bytes(4, "little"), (77_776).to_bytes(4, "little"))
    assert lying != data
    assert _refusal(tmp_path, lying).wrong


def test_a_thousand_and_one_parts_are_refused(tmp_path: Path) -> None:
    parts = {f"xl__media__{number}_dot_bin": b"" for number in range(1_001)}
    assert "too many parts" in _refusal(tmp_path, _changed(_bytes(_book()), **parts)).wrong


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 200,
        _bytes(_book())[:2_000],
        _bytes(_book())[:-40],
        _changed(_bytes(_book()), xl__workbook_dot_xml=None),
        _changed(_bytes(_book()), xl__workbook_dot_xml=b"<workbook>"),
        _changed(_bytes(_book()), **{SHEET: b"\xff\xfe\0"}),
        _changed(_bytes(_book()), **{SHEET: _sheet('<row r="x"/>')}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
    ],
)
def test_what_is_not_a_sound_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    assert _refusal(tmp_path, data).mend


def test_too_many_different_texts_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("allocator.ingest.limits.SHARED_STRINGS", 2)
    data = _changed(
        _bytes(_book()), xl__sharedStrings_dot_xml=b"<sst>" + b"<si><t>a</t></si>" * 3 + b"</sst>"
    )
    assert "different texts" in _refusal(tmp_path, data).wrong


def test_a_sheet_under_another_name_is_not_let_past_unseen(tmp_path: Path) -> None:
    name = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(_bytes(_book()))) as parts:
        rels = parts.read(name).replace(b"sheet1.xml", b"sheet1.dat")
    data = _changed(_bytes(_book()), xl___rels__workbook_dot_xml_dot_rels=rels)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"sheet1.dat" in parts.read(name)
    assert "unknown kind" in _refusal(tmp_path, data).wrong
