"""allocator forecast, and the history that allocator generate makes for it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from allocator.cli import app
from allocator.errors import UnreadableFile, UnwritableFile
from allocator.forecast import read_forecast

AS_OF = "2026-11-02"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    done = CliRunner().invoke(app, ["generate", "-o", str(folder), "--history", "200"])
    assert done.exit_code == 0, done.output
    return folder / "release-history.csv"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["forecast", *map(str, words), "--as-of", AS_OF])


def test_the_history_that_is_made_says_it_is_synthetic(history: Path) -> None:
    with history.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 500 and {row["synthetic"] for row in rows} == {"YES"}
    assert all(row["departed_on"] <= AS_OF for row in rows)


def test_a_folder_with_a_history_in_it_can_still_be_imported(history: Path, tmp_path: Path) -> None:
    words = ["import", str(history.parent), "--as-of", AS_OF, "-o", str(tmp_path / "p.json")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and "release-history.csv: not read" in done.output


def test_a_forecast_is_written_with_its_picture_and_told(history: Path, tmp_path: Path) -> None:
    done = run(history, "-o", tmp_path / "f.json")
    assert done.exit_code == 0, done.output
    assert "Synthetic history" in done.output and "next 26 weeks" in done.output
    assert "not looked for: 28 weeks of history, and 104 are needed" in done.output
    assert read_forecast(tmp_path / "f.json").basis.referrals > 500
    svg = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert svg.startswith('<svg role="img"') and "Synthetic" in svg


def test_the_same_files_give_the_same_bytes(history: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(history, "-o", tmp_path / f"{name}.json")
    for suffix in ("json", "svg"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_a_picture_may_be_a_png_or_none(history: Path, tmp_path: Path) -> None:
    run(history, "-o", tmp_path / "f.json", "--picture", tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    run(history, "-o", tmp_path / "g.json", "--no-picture")
    assert {path.name for path in tmp_path.iterdir()} == {"f.json", "p.png", "g.json"}


def test_a_short_horizon_tells_the_periods_in_it(history: Path, tmp_path: Path) -> None:
    done = run(history, "-o", tmp_path / "f.json", "--horizon", 84, "--no-picture")
    assert "next 12 weeks" in done.output and "next 26 weeks" not in done.output


def test_few_days_are_told_to_be_too_few(history: Path, tmp_path: Path) -> None:
    done = run(history, "-o", tmp_path / "f.json", "--no-picture", "--from", "2026-10-12")
    assert done.exit_code == 0
    assert "too few to fit on" in " ".join(done.output.split())


def test_every_fault_is_listed_and_nothing_is_written(history: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    lines = history.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace("Male", "Mail", 1)
    lines[2] = lines[2].replace("2026", "20206", 1)
    bad.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "f.json"
    refused = run(bad, "-o", out)
    assert refused.exit_code == 2 and not out.exists()
    assert "2 faults; nothing was written." in refused.output
    assert "bad.csv, row 2, column gender" in refused.output
    rest = run(bad, "-o", out, "--skip-bad-rows", "--no-picture")
    assert rest.exit_code == 0 and "2 rows left out" in rest.output


@pytest.mark.parametrize("words", [["-o", "f.txt"], ["-o", "f.json", "--picture", "f.gif"]])
def test_a_name_that_says_another_kind_of_file_is_refused(
    history: Path, tmp_path: Path, words: list[str]
) -> None:
    words = [str(tmp_path / word) if "." in word else word for word in words]
    done = run(history, *words)
    assert isinstance(done.exception, UnwritableFile)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_refused_with_the_file_to_name(history: Path, tmp_path: Path) -> None:
    done = run(history.parent, "-o", tmp_path / "f.json")
    assert isinstance(done.exception, UnreadableFile)
    assert str(done.exception) == (
        f"{history.parent}: is a folder. Name the files of the past in it, as the release history "
        f"{history}"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_files_it_says_what_it_needs() -> None:
    done = CliRunner().invoke(app, ["forecast", "-o", "f.json"])
    assert done.exit_code == 2 and "HISTORY" in done.output
