"""`allocator import` and `allocator template`, from the shell's side."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from allocator.cli import COMMANDS, app
from allocator.ingest import today
from allocator.problem_file import read_problem
from tests.ingest import real_headers
from tests.ingest.files import a_premises, a_release, a_room, write

LIST = "referral_id,crn,gender,release_date"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files in a folder of their own."""
    files = tmp_path / "files"
    files.mkdir()
    write(files / "premises.csv", real_headers.PREMISES, a_premises())
    write(files / "rooms.csv", real_headers.ROOMS, a_room())
    write(files / "list.csv", LIST, a_release(), a_release("R2"))
    (files / "README.txt").write_text("not a table")
    return files


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_folder_is_read_by_headers_alone(folder: Path) -> None:
    output = folder / "out" / "problem.json"
    result = _run("import", folder, "--as-of", "2026-05-01", "-o", output)
    assert result.exit_code == 0, result.output
    problem = read_problem(output)
    assert (problem.as_of, len(problem.referrals)) == (date(2026, 5, 1), 2)
    assert "2 referrals" in result.stdout
    assert result.stderr == ""


def test_the_same_files_by_name_give_the_same_problem(folder: Path) -> None:
    first, second = folder / "a.json", folder / "b.json"
    _run("import", folder, "--as-of", "2026-05-01", "-o", first)
    files = ("--premises", folder / "premises.csv", "--rooms", folder / "rooms.csv")
    more = ("--referrals", folder / "list.csv", "--as-of", "01/05/2026")
    assert _run("import", *files, *more, "-o", second).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_faults_are_told_on_stderr_and_nothing_is_written(folder: Path) -> None:
    write(folder / "list.csv", LIST, a_release(gender="?"), a_release("R2", crn="!"))
    output = folder / "problem.json"
    result = _run("import", folder, "--as-of", "2026-05-01", "-o", output)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "row 2, column gender" in result.stderr
    assert "row 3, column crn" in result.stderr
    assert not list(folder.glob("problem*"))


def test_bad_rows_may_be_left_out_and_are_listed(folder: Path) -> None:
    write(folder / "list.csv", LIST, a_release(gender="?"), a_release("R2"))
    output = folder / "problem.json"
    result = _run("import", folder, "--as-of", "2026-05-01", "--skip-bad-rows", "-o", output)
    assert result.exit_code == 0
    assert "row 2, column gender" in result.stderr
    assert [note.code for note in read_problem(output).notes].count("row_left_out") == 1


@pytest.mark.parametrize(
    "name, text",
    [("rooms2.csv", "apCode,roomNumber\n"), ("other.csv", "a,b\n"), ("bad.csv", "\0")],
)
def test_a_folder_that_is_unclear_is_refused_with_the_files_name(
    folder: Path, name: str, text: str
) -> None:
    (folder / name).write_text(text)
    program = [sys.executable, "-c", "from allocator.cli import main; main()"]
    refused = subprocess.run(
        [*program, "import", folder, "-o", folder / "problem.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_an_estate_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert _run("import", "-o", tmp_path / "problem.json").exit_code != 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "now, day",
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_the_day_is_londons(now: datetime, day: date) -> None:
    assert today(now) == day


def test_a_template_is_written_for_the_asking(tmp_path: Path) -> None:
    output = tmp_path / "made" / "list.csv"
    assert _run("template", "release-list", "-o", output).exit_code == 0
    assert output.read_text(encoding="utf-8-sig").startswith("referral_id,crn,gender")


def test_starting_up_loads_no_solver_and_no_data_frames() -> None:
    code = (
        "import sys, allocator.cli, allocator.cli.import_\n"
        "assert not {'ortools', 'highspy', 'pandas', 'altair'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_each_command_that_is_there_can_show_its_help() -> None:
    for name in COMMANDS:
        result = _run(name, "--help")
        assert result.exit_code == 0 or "No such command" in result.output
