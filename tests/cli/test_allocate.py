"""`allocator allocate`: what it writes, what it says, and how it ends. The solver is a stand-in."""

import csv
import errno
import json
import os
import pty
import signal
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from allocator.cli import allocate
from allocator.errors import AllocatorError, UnwritableFile
from allocator.explain import reasons
from allocator.plan import EndedBy
from allocator.problem_file import read_plan, read_problem, write_plan, write_problem
from allocator.solver_process import SolveRequest
from allocator.solving.effort import EFFORTS
from tests.builders import a_referral, default_policy
from tests.plans import a_plan
from tests.solver_process import stand_ins
from tests.solver_process.test_solve_apart import PROBLEM

ROOT = Path(__file__).parents[2]
TINY = ROOT / "fixtures" / "tiny"
APP = typer.Typer()
APP.command()(allocate.allocate_command)
WRITTEN = {
    "plan.json", "plan.csv", "spaces.csv", "unplaced.csv", "bookings.csv", "plan.xlsx",
    "problem.json", "report.html",
}  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch):
    write_problem(PROBLEM, tmp_path / "problem.json")

    def with_solver(solver, *options, source=None):
        request = partial(SolveRequest, solver=stand_ins.named(solver))
        monkeypatch.setattr(allocate, "SolveRequest", request)
        source = [str(tmp_path / "problem.json")] if source is None else source
        return CliRunner().invoke(APP, [*source, "-o", str(tmp_path / "out"), *options])

    return with_solver


def test_a_plan_that_passes_the_check_is_shown_and_written(run, tmp_path):
    result = run(stand_ins.places_nobody)
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == WRITTEN
    assert "a named person decides every placement" in result.stdout
    assert read_problem(tmp_path / "out" / "problem.json") == PROBLEM


def test_a_person_without_a_bed_is_no_failure_and_is_listed_with_a_reason(run, tmp_path):
    result = run(stand_ins.places_nobody)
    assert result.exit_code == 0
    with (tmp_path / "out" / "unplaced.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["referral_id"] == PROBLEM.referrals[0].id
    (reason,) = reasons(a_plan(PROBLEM), PROBLEM, default_policy()).values()
    assert row["main_reason"] == reason


def test_nothing_is_said_on_stderr_in_a_pipe(run):
    assert run(stand_ins.places_nobody).stderr == ""


def test_in_a_pipe_progress_is_told_line_by_line_when_asked(run):
    stderr = run(stand_ins.places_nobody, "--verbose").stderr
    assert stderr == "    0.5 s  placed/1  value 0  bound –  begun\n"


def test_the_report_can_be_left_out(run, tmp_path):
    run(stand_ins.places_nobody, "--no-report")
    assert {path.name for path in (tmp_path / "out").iterdir()} == WRITTEN - {"report.html"}


def test_the_options_reach_the_solver(run, tmp_path):
    write_plan(a_plan(PROBLEM, seed=4), tmp_path / "kept.json")
    options = [
        "--workers",
        "2",
        "--time-limit",
        "7",
        "--allow-displacement",
        "--no-report",
        "--keep",
    ]
    result = run(stand_ins.tells_what_it_was_asked, *options, str(tmp_path / "kept.json"))
    assert result.exit_code == 0, result.output
    told = dict(read_plan(tmp_path / "out" / "plan.json").versions)["told"]
    assert told == "(2, 7.0, 4, True)"


def test_the_efforts_are_the_solvers():
    assert [effort.value for effort in allocate.Effort] == list(EFFORTS)


def test_files_are_read_directly(run, tmp_path):
    files = ["premises", "rooms", "release-list"]
    options = [
        word
        for name in files
        for word in (f"--{name.replace('release-list', 'referrals')}", str(TINY / f"{name}.csv"))
    ]
    result = run(stand_ins.places_nobody, source=[*options, "--as-of", "2026-11-02"])
    assert result.exit_code == 0, result.output
    assert len(read_problem(tmp_path / "out" / "problem.json").referrals) == 5


def test_a_folder_of_files_is_read_directly(run, tmp_path):
    result = run(stand_ins.places_nobody, source=[str(TINY), "--as-of", "2026-11-02"])
    assert result.exit_code == 0, result.output
    assert len(read_problem(tmp_path / "out" / "problem.json").zones) == 1


def test_faults_in_the_files_end_with_two_and_nothing_is_written(run, tmp_path):
    folder = ROOT / "fixtures" / "awkward" / "month-first-date"
    result = run(stand_ins.places_nobody, source=[str(folder), "--as-of", "2026-11-02"])
    assert result.exit_code == 2
    assert "release-list.csv" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--policy", "no-such-policy"],
        ["--keep", "no-such-plan.json"],
        ["--rooms", str(TINY / "rooms.csv")],
        ["--zones", str(TINY / "zones.csv")],
        ["--as-of", "2026-11-02"],
        ["--overstay-nights", "0"],
        ["--skip-bad-rows"],
    ],
)
def test_other_wrong_input_is_refused_before_anything_is_solved(run, tmp_path, options):
    result = run(stand_ins.sleeps, *options)
    assert isinstance(result.exception, AllocatorError)  # which `main` turns into exit code 2
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_solved(run, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    assert "is not a folder" in str(run(stand_ins.sleeps).exception)


def test_a_folder_where_a_file_should_be_is_found_before_anything_is_solved(run, tmp_path):
    (tmp_path / "out" / "plan.csv").mkdir(parents=True)
    exception = run(stand_ins.sleeps).exception
    assert isinstance(exception, UnwritableFile)
    assert "plan.csv: a folder is where a file should be" in str(exception)


def test_a_full_disk_is_found_before_anything_is_solved(run, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("allocator.cli.writing.tempfile.TemporaryDirectory", full)
    exception = run(stand_ins.sleeps).exception
    assert isinstance(exception, UnwritableFile)
    assert "No space left on device" in str(exception)


def test_a_disk_that_is_full_at_the_end_leaves_the_folder_as_it_was(run, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.csv").write_text("old")
    monkeypatch.setattr("allocator.export.folder.workbook_bytes", full)
    assert isinstance(run(stand_ins.places_nobody).exception, UnwritableFile)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["plan.csv"]
    assert (tmp_path / "out" / "plan.csv").read_text() == "old"


def test_without_a_report_an_earlier_plans_is_taken_away(run, tmp_path):
    run(stand_ins.places_nobody)
    assert (tmp_path / "out" / "report.html").exists()
    (tmp_path / "out" / "mine.html").write_text("mine")
    assert run(stand_ins.places_nobody, "--no-report").exit_code == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == WRITTEN - {"report.html"} | {"mine.html"}


def test_a_plan_with_nothing_to_keep_is_said_to_be_so(run, tmp_path):
    write_plan(a_plan(PROBLEM), tmp_path / "kept.json")
    result = run(stand_ins.places_nobody, "--keep", str(tmp_path / "kept.json"))
    assert "nothing to keep" in result.stderr


def test_whoever_asks_no_more_is_left_out_of_the_plan_that_is_kept(tmp_path):
    since = a_referral("booked since", release_date=5)
    before = PROBLEM.with_referrals([*PROBLEM.referrals, since])
    placements = [("r", "P1-R1-B1", 5), ("booked since", "P1-R2-B1", 5)]
    write_plan(a_plan(before, placements=placements), tmp_path / "kept.json")
    write_problem(PROBLEM, tmp_path / "problem.json")
    names = [str(tmp_path / name) for name in ("problem.json", "kept.json", "out")]
    result = CliRunner().invoke(APP, [names[0], "--keep", names[1], "-o", names[2], "--no-report"])
    assert result.exit_code == 0, result.output
    plan = read_plan(tmp_path / "out" / "plan.json")
    assert [name for name, _, _ in plan.kept_plan] == ["r"]


def test_a_plan_that_fails_the_check_is_kept_apart_and_ends_with_four(run, tmp_path):
    result = run(stand_ins.answers_unlawfully)
    assert result.exit_code == 4
    assert "did not pass the check" in result.stderr
    assert result.stdout == ""
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"rejected-plan.json", "rejected-plan-breaches.json"}
    breaches = json.loads((tmp_path / "out" / "rejected-plan-breaches.json").read_text())
    assert "one_placement_a_referral" in {breach["code"] for breach in breaches}


def test_a_crashed_solver_ends_with_three_and_writes_nothing(run, tmp_path):
    result = run(stand_ins.aborts)
    assert result.exit_code == 3
    assert "The solver did not finish: it crashed (SIGABRT)." in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_solver_out_of_memory_is_told_of_its_limit(run):
    result = run(stand_ins.takes_all_memory, "--memory-limit", "0.5")
    assert result.exit_code == 3
    assert "It may use 0.5 GiB; see --memory-limit." in result.stderr


def test_the_last_plan_of_a_crashed_solver_is_judged_and_written_and_ends_with_three(run, tmp_path):
    result = run(stand_ins.shows_a_plan_and_aborts)
    assert result.exit_code == 3
    assert "the best plan it had found" in result.stderr
    assert (tmp_path / "out" / "plan.json").exists()


COMMAND = """
import sys
from functools import partial
from allocator.cli import allocate, main
from allocator.solver_process import SolveRequest
from tests.solver_process import stand_ins
allocate.SolveRequest = partial(SolveRequest, solver=stand_ins.named(stand_ins.{solver}))
main()
"""


def started(solver, tmp_path, **options):
    """The real command, with a stand-in for the solver, in a process of its own."""
    write_problem(PROBLEM, tmp_path / "problem.json")
    words = ["allocate", str(tmp_path / "problem.json"), "-o", str(tmp_path / "out")]
    code = textwrap.dedent(COMMAND.format(solver=solver.__name__))
    return subprocess.Popen(
        [sys.executable, "-c", code, *words, *options.pop("more", [])],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        **options,
    )


def test_ctrl_c_brings_the_best_plan_so_far_and_says_so(tmp_path):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with started(stand_ins.stops_when_asked, tmp_path, more=["--verbose"], **pipes) as command:
        assert "waiting" in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        stdout, stderr = command.communicate()
    assert command.returncode == 0, stderr
    assert "Interrupted: best plan so far." in stderr
    assert "interrupted; this is the best plan until then" in " ".join(stdout.split())
    assert read_plan(tmp_path / "out" / "plan.json").ended_by is EndedBy.INTERRUPTED


def test_a_second_ctrl_c_leaves_without_a_plan(tmp_path):
    with started(stand_ins.sleeps_whatever_is_asked, tmp_path, more=["--verbose"],
                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:  # fmt: skip
        assert "waiting" in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        assert "Stopping with the best plan so far." in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        stdout, stderr = command.communicate()
    assert command.returncode == 130
    assert stdout == ""
    assert "nothing was written" in stderr
    assert not (tmp_path / "out").exists()


def test_a_second_ctrl_c_leaves_without_a_plan_though_one_was_found(tmp_path):
    with started(stand_ins.shows_a_plan_and_never_stops, tmp_path, more=["--verbose"],
                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:  # fmt: skip
        assert "waiting" in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        assert "Ctrl-C again: no plan." in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        stdout, stderr = command.communicate()
    assert command.returncode == 130
    assert stdout == ""
    assert "nothing was written" in stderr
    assert not (tmp_path / "out").exists()


def test_a_first_ctrl_c_before_there_is_a_plan_says_so(tmp_path):
    with started(stand_ins.never_comes_to_a_plan, tmp_path, more=["--verbose"],
                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:  # fmt: skip
        assert "waiting" in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        assert "Still starting" in command.stderr.readline()
        command.send_signal(signal.SIGINT)
        command.communicate()
    assert command.returncode == 130


def test_ctrl_c_while_files_are_read_ends_with_130(tmp_path):
    reading = tmp_path / "reading.json"
    os.mkfifo(reading)  # opening it waits for somebody to write
    code = "from allocator.cli import main; main()"
    words = ["allocate", str(reading), "-o", str(tmp_path / "out")]
    with (
        subprocess.Popen(
            [sys.executable, "-c", code, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True
        ) as command,
        reading.open("wb"),
    ):  # until it has got as far as to read
        command.send_signal(signal.SIGINT)
        _, stderr = command.communicate()
    assert command.returncode == 130
    assert stderr == "Stopped.\n"


def test_on_a_terminal_the_levels_are_seen_while_it_runs(tmp_path):
    ours, theirs = pty.openpty()
    seen = b""
    with started(stand_ins.places_nobody, tmp_path, stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        # The other end of a terminal that nobody holds any more reads as an error.
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:
            pass
    os.close(ours)
    assert b"placed/1" in seen
    assert b"begun" in seen
