"""Sweeps that go on where they stopped, and comparisons over the same years."""

from __future__ import annotations

import csv
import json
from concurrent.futures import Executor, Future
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from allocator.cli.simulate_table import price_lines
from allocator.export.simulated import by_band_csv, differences_csv
from allocator.report.simulated_picture import simulated_picture
from allocator.simulate.about import about
from allocator.simulate.cell import RESULT, Cell, Result
from allocator.simulate.compare import difference, interval, reduction
from allocator.simulate.setting import Setting
from allocator.simulate.sweep import sweep
from allocator.simulate.tally import BandTally, Tally

SHORT = Setting(size="S", days=28, warm_up_days=14)


class Here(Executor):
    """Runs a cell when it is asked for, and counts."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.ran, self._dies_at = 0, dies_at

    def submit(self, run: Any, *arguments: Any, **named: Any) -> Future[Any]:
        self.ran += 1
        found: Future[Any] = Future()
        if self.ran == self._dies_at:
            found.set_exception(RuntimeError("a worker was killed"))
        else:
            found.set_result(run(*arguments, **named))
        return found


def test_what_has_been_run_is_not_run_again(tmp_path: Path) -> None:
    cells = [Cell(replace(SHORT, replication=n), "risk-order") for n in (1, 2)]
    first, second = Here(), Here()
    found = sweep(cells, tmp_path, executor=first)
    assert sweep(cells, tmp_path, executor=second) == found
    assert (first.ran, second.ran) == (2, 0)


def test_a_worker_that_dies_costs_only_its_cell(tmp_path: Path) -> None:
    cells = [Cell(replace(SHORT, replication=n), "risk-order") for n in (1, 2, 3)]
    with pytest.raises(RuntimeError, match="killed"):
        sweep(cells, tmp_path, executor=Here(dies_at=2))
    again = Here()
    assert len(sweep(cells, tmp_path, executor=again)) == 3
    assert again.ran == 1


def test_a_kept_result_that_is_torn_is_made_again(tmp_path: Path) -> None:
    cell = Cell(SHORT, "risk-order")
    (whole,) = sweep([cell], tmp_path, executor=Here())
    path = tmp_path / f"{cell.key}.json"
    path.write_bytes(path.read_bytes()[:100])
    again = Here()
    (mended,) = sweep([cell], tmp_path, executor=again)
    assert again.ran == 1
    assert mended.tally == whole.tally


def test_processes_give_what_this_one_gives(tmp_path: Path) -> None:
    cells = [Cell(SHORT, "first-come"), Cell(SHORT, "commit-by")]
    here = sweep(cells, tmp_path / "here", executor=Here())
    there = sweep(cells, tmp_path / "there", workers=2)
    assert [each.tally for each in there] == [each.tally for each in here]


def test_the_key_of_a_cell_changes_with_whatever_its_figures_depend_on() -> None:
    keys = {
        Cell(setting, method).key
        for method in ("first-come", "commit-by")
        for setting in (
            SHORT,
            replace(SHORT, load=1.2),
            replace(SHORT, seed=2),
            replace(SHORT, replication=2),
            replace(SHORT, forecast_factor=0.5),
        )
    }
    assert len(keys) == 10


def test_an_interval_is_students() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.half == pytest.approx(2.0543, abs=1e-3)
    assert interval([7.0]).half is None


def test_differences_are_of_the_same_year() -> None:
    """Years that differ much, methods that always differ by one: no width at all."""
    ours, theirs = [_tally(11), _tally(101)], [_tally(10), _tally(100)]
    assert difference(lambda t: t.weighted_unmet, ours, theirs).half == pytest.approx(0.0)
    assert reduction(lambda t: t.weighted_unmet, ours, theirs).mean == pytest.approx(-0.055)


def _tally(unmet: float) -> Tally:
    band = BandTally(1, 10, 9, 0, 1, 3, 0, 0, 0, None)
    return Tally("m", (band,), unmet, unmet, 0.9)


def test_the_command_tells_what_each_method_came_to(tmp_path: Path) -> None:
    options = ["--size", "S", "--years", "2", "--days", "28", "--warm-up", "14"]
    methods = ["--method", "first-come", "--method", "commit-by"]
    ran = CliRunner().invoke(app, ["simulate", *options, *methods, "-o", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.startswith("Synthetic data: every person, premises and booking here")
    assert "commit-by less first-come" in ran.output
    for name in ("by-band.csv", "differences.csv", "results.json", "housed-on-the-day.svg"):
        assert (tmp_path / name).stat().st_size > 100
    whole = json.loads((tmp_path / "results.json").read_bytes())
    assert (whole["version"], whole["synthetic_estate"]) == (1, True)
    assert whole["about"]["last_counted"] == "2026-12-13"
    assert len(whole["results"]) == 4
    assert "Synthetic data" in (tmp_path / "housed-on-the-day.svg").read_text(encoding="utf-8")
    for name in ("by-band.csv", "differences.csv"):
        table = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()
        found = list(csv.DictReader(table))
        assert {row["days"] for row in found} == {"28"}
        assert {row["synthetic"] for row in found} == {"estate and people"}
    assert all(row["unit"] for row in found)
    rows = (tmp_path / "by-band.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 2 * 4


def test_a_method_that_there_is_not_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["simulate", "--method", "first", "-o", str(tmp_path / "never")])
    assert ran.exit_code == 2
    assert "first-come" in ran.output
    assert not (tmp_path / "never").exists()


def test_an_executor_that_there_is_not_is_refused(tmp_path: Path) -> None:
    arguments = ["simulate", "--executor", "moon=base", "-o", str(tmp_path / "never")]
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code != 0
    assert "there is no 'moon'" in str(ran.exception)
    assert not (tmp_path / "never").exists()


def test_the_policy_of_the_settings_is_the_years_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "policy.toml"
    packaged = resources.files("allocator.policies").joinpath("2026-11.toml")
    copy.write_bytes(packaged.read_bytes())
    monkeypatch.setenv("ALLOCATOR_POLICY", str(copy))
    asked = ["--method", "first-come", "--years", "1", "--days", "28", "--warm-up", "7"]
    ran = CliRunner().invoke(app, ["simulate", *asked, "-o", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    kept = json.loads(next((tmp_path / "out" / "cells").glob("*.json")).read_text())
    assert kept["cell"]["setting"]["policy"] == str(copy)


def test_a_problem_without_a_forecast_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["simulate", "problem.json", "-o", str(tmp_path / "never")])
    assert ran.exit_code == 2
    assert "--forecast" in ran.output


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["--load", "1.2", "--windows", "mixed"], "--load and --windows would change nothing"),
        (["--size", "S"], "--size would change nothing beside a problem"),
        (["--known", "true"], "--known would change nothing beside --forecast"),
    ],
)
def test_options_that_would_change_nothing_are_refused(
    tmp_path: Path, given: list[str], named: str
) -> None:
    asked = ["simulate", "problem.json", "--forecast", "forecast.json", *given]
    ran = CliRunner().invoke(app, [*asked, "-o", str(tmp_path / "never")])
    assert ran.exit_code == 2
    assert named in ran.output


def test_figures_are_of_one_kind_of_number_whether_run_here_or_read_back(tmp_path: Path) -> None:
    cell = Cell(SHORT, "risk-order")
    (here,) = sweep([cell], tmp_path, executor=Here())
    (back,) = sweep([cell], tmp_path, executor=Here())
    assert RESULT.dump_json(here) == RESULT.dump_json(back)
    assert str(here.tally.weighted_unmet) == str(back.tally.weighted_unmet)


def test_where_nobody_asked_there_is_no_share_and_no_difference() -> None:
    nobody = Tally("m", (BandTally(1, 0, 0, 0, 0, 0, 0, 0, 0, None),), 0.0, 0.0, 0.9)
    found = {"a": [nobody, nobody], "b": [_tally(64), _tally(64)]}
    what = about(SHORT)
    (row, other) = csv.DictReader(by_band_csv(found, what).decode("utf-8-sig").splitlines())
    assert (row["share_on_the_day"], row["share_low"], row["share_high"]) == ("", "", "")
    assert other["share_on_the_day"] == "0.9"
    rows = csv.DictReader(differences_csv(found, what).decode("utf-8-sig").splitlines())
    (less,) = [row for row in rows if row["figure"] == "share_on_the_day_band_1"]
    assert (less["mean"], less["low"], less["high"]) == ("", "", "")
    assert price_lines(found) == ["b less a, points housed on the day: band 1 –."]
    assert b"nobody asked" in simulated_picture(found, what)


def test_results_name_what_they_are_of(tmp_path: Path) -> None:
    (found,) = sweep([Cell(SHORT, "risk-order")], tmp_path, executor=Here())
    assert isinstance(found, Result)
    assert found.cell.setting == SHORT
    assert found.tally.method == "risk order"
