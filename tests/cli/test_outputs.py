"""Where a file cannot be written, every command says so, ends with 2 and leaves no half behind."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from allocator import __version__
from allocator.problem_file import write_plan, write_problem
from allocator.whole_file import write_whole
from tests.builders import a_problem, a_referral
from tests.plans import a_plan

ROOT = Path(__file__).parents[2]
TINY = ROOT / "fixtures" / "tiny"
DAY = ("--as-of", "2026-11-02")


def run(*words: object, **more):
    """The real command, in a process of its own."""
    code = "from allocator.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, **more},
    )


@pytest.fixture
def made(tmp_path):
    problem = a_problem(referrals=[a_referral("a")])
    write_problem(problem, tmp_path / "problem.json")
    write_plan(a_plan(problem), tmp_path / "plan.json")
    return tmp_path


def commands(made: Path, output: Path):
    plan, problem = made / "plan.json", made / "problem.json"
    return {
        "import": ("import", TINY, *DAY, "-o", output),
        "allocate": ("allocate", problem, "-o", output),
        "report": ("report", plan, problem, "-o", output),
        "template": ("template", "zones", "-o", output / "zones.csv"),
        "schema": ("template", "plan-schema", "-o", output / "plan.json"),
        "generate": ("generate", "-o", output),
    }


@pytest.mark.parametrize("name", ["import", "allocate", "report", "template", "schema", "generate"])
def test_a_file_where_a_folder_should_be_ends_with_two(made, name):
    (made / "file").write_text("in the way")
    done = run(*commands(made, made / "file" / "deeper")[name])
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert str(made / "file") in done.stderr


@pytest.mark.parametrize("name", ["import", "report"])
def test_a_folder_where_the_file_should_be_ends_with_two(made, name):
    (made / "out").mkdir()
    done = run(*commands(made, made / "out")[name])
    assert done.returncode == 2
    assert "Is a directory" in done.stderr
    assert list(made.glob("**/*.partial")) == []


@pytest.mark.parametrize("name", ["import", "allocate", "report", "template", "generate"])
def test_a_place_where_nobody_may_write_ends_with_two(made, name):
    # No right helps there, whoever asks.
    done = run(*commands(made, Path("/proc/nobody/writes/here"))[name])
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_behind_standard_output_ends_with_two(made):
    with Path("/dev/full").open("w") as full:
        done = run("check", made / "plan.json", made / "problem.json", stdout=full)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_no_half_is_left_when_the_disk_fills_up(tmp_path, monkeypatch):
    def full(path: Path, data: bytes) -> None:
        path.open("wb").write(data[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "file").write_text("old")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old"


def test_a_template_is_never_written_over_a_file_unasked(tmp_path):
    path = tmp_path / "zones.csv"
    path.write_text("mine")
    done = run("template", "zones", "-o", path)
    assert (done.returncode, path.read_text()) == (2, "mine")
    assert "--force" in done.stderr
    assert run("template", "zones", "-o", path, "--force").returncode == 0
    assert path.read_text(encoding="utf-8-sig").startswith("crn,kind")


@pytest.mark.parametrize(
    "name, output, right",
    [
        ("zones", "zones.ods", ".csv or .xlsx"),
        ("zones", "zones", ".csv or .xlsx"),
        ("zones", "zones.json", ".csv or .xlsx"),
        ("problem-schema", "problem.csv", ".json"),
    ],
)
def test_a_templates_name_says_what_it_is(tmp_path, name, output, right):
    done = run("template", name, "-o", tmp_path / output)
    assert done.returncode == 2
    assert f"must end in {right}" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_version_can_be_asked_for():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"allocator {__version__}\n")
