"""A folder of files: nothing that was meant to be read is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from allocator.cli import app
from allocator.errors import UnreadableFile
from allocator.ingest import Sources
from allocator.ingest.folder import OUTPUTS, with_folder
from allocator.problem_file import read_problem
from tests.ingest import real_headers
from tests.ingest.files import AS_OF, a_premises, a_release, a_room, write

LIST = "referral_id,crn,gender,release_date"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Premises and rooms."""
    files = tmp_path / "files"
    files.mkdir()
    write(files / "premises.csv", real_headers.PREMISES, a_premises())
    write(files / "rooms.csv", real_headers.ROOMS, a_room())
    return files


def _refusal(folder: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        with_folder(folder, Sources(AS_OF))
    return str(refused.value)


def _import(folder: Path) -> Result:
    output = folder.parent / "problem.json"
    words = ["import", str(folder), "--as-of", str(AS_OF), "-o", str(output)]
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize(
    "name",
    ["zones.json", "apart.tsv", "notes.txt", "list.xlsm", "list.xls", "list.ODS", "zones.xlsb"],
)
def test_a_file_that_looks_like_data_and_is_not_read_is_a_fault(folder: Path, name: str) -> None:
    (folder / name).write_text("crn\tother_crn\n")
    refusal = _refusal(folder)
    assert name in refusal
    assert "give it as .csv, .xlsx or .geojson, or move it away" in refusal


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_what_this_program_writes_is_told_apart(folder: Path, name: str) -> None:
    (folder / name).write_text("crn,kind\n")
    refusal = _refusal(folder)
    assert f"{name}: has the name of an output of this program" in refusal
    assert "choose another folder for output" in refusal


def test_every_file_at_fault_is_named_at_once(folder: Path) -> None:
    for name in ("zones.json", "plan.csv", "rooms2.csv", "other.csv"):
        (folder / name).write_text("apCode,roomNumber\n" if name == "rooms2.csv" else "a,b\n")
    refusal = _refusal(folder)
    assert all(name in refusal for name in ("zones.json", "plan.csv", "rooms2.csv", "other.csv"))


@pytest.mark.parametrize(
    "name", ["README.txt", "README.md", "~$rooms.xlsx", ".hidden.csv", "map.pdf", "Licence.TXT"]
)
def test_what_is_no_data_is_passed_over(folder: Path, name: str) -> None:
    (folder / name).write_text("nothing to read")
    assert with_folder(folder, Sources(AS_OF)).notes == ()


def test_a_folder_in_the_folder_is_noted(folder: Path) -> None:
    (folder / "old").mkdir()
    result = _import(folder)
    assert result.exit_code == 0, result.output
    assert "old: a folder in the folder; nothing in it was read" in result.stderr
    notes = read_problem(folder.parent / "problem.json").notes
    assert "folder_not_read" in {note.code for note in notes}


def test_a_file_that_another_stands_in_for_is_noted(folder: Path) -> None:
    (folder / "zones.csv").write_text("crn,kind\n")
    other = folder.parent / "other.csv"
    sources = with_folder(folder, Sources(AS_OF, zones=(other,)))
    assert sources.zones == (other,)
    (note,) = sources.notes
    assert "zones.csv" in note.text and "--zones" in note.text


def test_a_file_of_the_folder_may_be_given_by_name_whatever_it_is_called(folder: Path) -> None:
    path = folder / "bookings.csv"
    path.write_text("placement_id,premises_name\n")
    sources = with_folder(folder, Sources(AS_OF, placements=path))
    assert (sources.placements, sources.notes) == (path, ())


def test_a_folder_without_a_release_list_says_so(folder: Path) -> None:
    result = _import(folder)
    assert result.exit_code == 0
    assert "no referrals were read" in result.stderr
    write(folder / "list.csv", LIST, a_release())
    assert _import(folder).stderr == ""


def test_a_column_that_is_not_read_is_named_with_the_nearest_known_one(folder: Path) -> None:
    row = a_release(aproved="x", outcodes="B1", shoe_size="9")
    write(folder / "list.csv", LIST, row)
    result = _import(folder)
    assert result.exit_code == 0, result.output
    assert "3 columns not read" in result.stderr
    assert "outcodes (did you mean outcode?)" in result.stderr
    assert "shoe_size" in result.stderr
