"""CSV as it comes: encodings, delimiters, line breaks, headers, and files that are too large."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.ingest import Complaint, Reading
from allocator.ingest.csv_file import WINDOWS
from allocator.problem import Problem
from tests.ingest.files import a_release, codes, csv_text, problem_of, read

HEADER = "referral_id,crn,gender,release_date"
ROW = "R1,X000001,Male,2026-06-01"


def _read(folder: Path, data: bytes | str) -> Reading:
    path = folder / "list.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read(folder, referrals=(path,))


def _problem(folder: Path, data: bytes | str) -> Problem:
    return problem_of(_read(folder, data))


def _refusal(folder: Path, data: bytes | str) -> Complaint:
    (complaint,) = _read(folder, data).complaints
    assert complaint.whole_file
    return complaint


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    text = f"{HEADER},religion\n{ROW},Zoë’s\n"
    problem = _problem(tmp_path, text.encode(encoding))
    assert problem.referrals[0].protected == (("religion", "Zoë’s"),)
    assert ("encoding" in codes(problem)) == (encoding == "cp1252")
    assert encoding != "cp1252" or WINDOWS in problem.notes[0].text


@pytest.mark.parametrize(
    "data", [b"\x81\x8d\x8f", b"a,b\x00c\n", b"\xff\xfea", b"\x89PNG\r\n\x1a\n\x00"]
)
def test_what_is_not_text_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "not a text file" in _refusal(tmp_path, data).wrong


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_each_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    problem = _problem(tmp_path, f"{HEADER}\n{ROW}\n".replace(",", mark))
    assert problem.referrals[0].crn == "X000001"


def test_line_breaks_in_quotes_and_blank_lines_do_not_upset_the_row_numbers(tmp_path: Path) -> None:
    text = f'{HEADER},note\n\n{ROW},"one\ntwo"\n,,,,\nR2,X000002,?,2026-06-01,\n'
    (complaint,) = _read(tmp_path, text).complaints
    assert (complaint.place.row, complaint.column, complaint.value) == (5, "gender", "?")


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_each_line_ending_is_read(tmp_path: Path, ending: str) -> None:
    assert len(_problem(tmp_path, f"{HEADER}{ending}{ROW}{ending}").referrals) == 1


def test_a_header_is_known_in_any_case_and_order(tmp_path: Path) -> None:
    text = " RELEASE_DATE ,Gender,Crn,Referral_ID,Shoe size\n2026-06-01,Male,X000001,R1,9\n"
    problem = _problem(tmp_path, text)
    assert problem.referrals[0].id == "R1"
    (note,) = [note for note in problem.notes if note.code == "columns_not_read"]
    assert "Shoe size" in note.text


def test_a_missing_column_is_named_with_the_nearest_found(tmp_path: Path) -> None:
    reading = _read(tmp_path, "referral_id,crn,sex,release_date\nR1,X000001,Male,2026-06-01\n")
    (complaint,) = reading.complaints
    assert (complaint.column, complaint.whole_file) == ("gender", True)
    reading = _read(tmp_path, "referral_id,crn,gendre,release_date\nR1,X000001,Male,2026-06-01\n")
    assert "gendre" in reading.complaints[0].mend


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    assert "twice" in _refusal(tmp_path, f"{HEADER},CRN\n{ROW},X000002\n").wrong


def test_a_file_of_another_layout_is_told_apart(tmp_path: Path) -> None:
    text = csv_text("apCode,roomNumber", {"apCode": "APX1", "roomNumber": "1"})
    assert "looks like rooms" in _refusal(tmp_path, text).wrong


def test_cells_beyond_the_header_are_complained_of(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, f"{HEADER}\n{ROW},extra\n").complaints
    assert complaint.place.row == 2
    assert "5 cells" in complaint.wrong


def test_a_short_row_lacks_its_last_cells(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, f"{HEADER}\nR1,X000001,Male\n").complaints
    assert (complaint.column, complaint.wrong) == ("release_date", "is blank")


@pytest.mark.parametrize("text", ["0012", "Null", "NaN", "1e5"])
def test_text_that_looks_like_something_else_stays_text(tmp_path: Path, text: str) -> None:
    assert _problem(tmp_path, f"{HEADER}\n{text},X000001,Male,2026-06-01\n").referrals[0].id == text


def test_the_apostrophe_against_formulas_is_taken_off_once(tmp_path: Path) -> None:
    text = f"{HEADER}\n'=1+1,X000001,Male,2026-06-01\n''=2,X000001,Male,2026-06-01\n"
    assert [r.id for r in _problem(tmp_path, text).referrals] == ["''=2", "=1+1"]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    assert "empty" in _refusal(tmp_path, text).wrong


def test_a_quotation_mark_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    complaint = _refusal(tmp_path, f'{HEADER}\n"{ROW}\n' + f"{ROW}\n" * 10_000)
    assert "quotation mark" in complaint.mend


def test_a_cell_of_too_many_characters_is_refused(tmp_path: Path) -> None:
    fits, too_long = "x" * 4_000, "x" * 4_001
    assert _read(tmp_path, f"{HEADER},note\n{ROW},{fits}\n").problem is not None
    complaint = _refusal(tmp_path, f"{HEADER},note\n{ROW},{too_long}\n")
    assert "4000 characters" in complaint.wrong
    assert complaint.place.row == 2


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    more = ",".join(f"c{number}" for number in range(116))
    assert _read(tmp_path, f"{HEADER},{more}\n{ROW}\n").problem is not None
    assert "120 columns" in _refusal(tmp_path, f"{HEADER},{more},c116\n{ROW}\n").wrong


def test_a_million_rows_are_refused_at_the_first_too_many(tmp_path: Path) -> None:
    complaint = _refusal(tmp_path, f"{HEADER}\n" + "R,X000001,Male,\n" * 1_000_000)
    assert "50000 rows" in complaint.wrong
    assert complaint.place.row == 50_002


def test_a_file_of_too_many_bytes_is_refused_unread(tmp_path: Path) -> None:
    assert "20 MiB" in _refusal(tmp_path, b"x" * (20 * 1024 * 1024 + 1)).wrong


def test_rows_can_go_on_without_the_bad_ones_and_each_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    good, bad = a_release("R1"), a_release("R2", tier="?", rosh="?")
    path.write_text(csv_text(HEADER + ",tier,rosh", good, bad))
    reading = read(tmp_path, referrals=(path,), skip_bad_rows=True)
    problem = problem_of(reading)
    assert [referral.id for referral in problem.referrals] == ["R1"]
    assert [complaint.column for complaint in reading.left_out] == ["tier", "rosh"]
    left_out = [note for note in problem.notes if note.code == "row_left_out"]
    assert [note.subject for note in left_out] == ["list.csv, row 3", "list.csv, row 3"]


def test_a_fault_of_the_whole_file_is_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("referral_id,release_date\n")
    assert read(tmp_path, referrals=(path,), skip_bad_rows=True).problem is None


def test_a_file_marked_synthetic_marks_the_problem(tmp_path: Path) -> None:
    assert not _problem(tmp_path, f"{HEADER},synthetic\n{ROW},NO\n").synthetic
    assert _problem(tmp_path, f"{HEADER},synthetic\n{ROW},YES\n").synthetic


def test_a_row_that_slipped_to_the_right_is_never_taken_for_one_to_leave_out(
    tmp_path: Path,
) -> None:
    header = "placement_request_id,crn,gender,expected_arrival_date,application_withdrawal_date"
    slipped = "M1,X000001,Male,1 June, 2026,\n"
    (complaint,) = _read(tmp_path, f"{header}\n{slipped.strip()}x\n").complaints
    assert "6 cells" in complaint.wrong


def test_a_refused_estate_is_not_complained_of_by_every_file_that_names_it(tmp_path: Path) -> None:
    estate = tmp_path / "estate.csv"
    estate.write_text("apCode,name\nAPX1,Invented House\n")
    listed = tmp_path / "list.csv"
    listed.write_text(csv_text(HEADER, a_release(gender="?")))
    complaints = read(tmp_path, premises=estate, referrals=(listed,)).complaints
    assert [(c.place.file, c.column) for c in complaints] == [
        ("estate.csv", "gender"),
        ("list.csv", "gender"),
    ]
