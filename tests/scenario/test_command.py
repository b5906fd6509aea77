"""allocator scenario: what it prints and writes, and that it goes on after a stop."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from allocator.scenario.read import read_scenario
from allocator.scenario.study import cells_of, study_of
from allocator.simulate.sweep import sweep
from tests.report.html_page import Page
from tests.simulate.test_study import Here

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "fixtures" / "scenario" / "small.yaml"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("scenario")
    result = CliRunner().invoke(app, ["scenario", str(SMALL), "-o", str(folder)])
    assert result.exit_code == 0, result.output
    return folder, result.stdout


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8-sig"))))


def test_it_says_what_came_of_each_scenario_and_that_it_is_synthetic(
    ran: tuple[Path, str],
) -> None:
    folder, said = ran
    assert "Look again. nothing: change 1 (out_of_service_rate) changed nobody" in said
    assert "Releases are counted from 16 November 2026 to 10 January 2027, 56 days" in said
    assert "The other 8 were not looked at" in said
    assert said.startswith("Synthetic data: every person, premises and booking here is invented.")
    for words in ("base", "close NE003", "20 beds more", "weighted unmet", "Less the base"):
        assert words in said
    assert "One bed more at each of these premises" in said
    assert "Each of these premises closed on the first day that is counted" in said
    assert "of band 1" in said
    assert {"results.csv", "differences.csv", "ledger.csv", "results.json", "report.html"} <= {
        path.name for path in folder.iterdir()
    }


def test_a_scenario_of_nothing_differs_from_the_base_by_nothing(ran: tuple[Path, str]) -> None:
    found = [row for row in rows(ran[0], "differences.csv") if row["scenario"] == "nothing"]
    assert len(found) > 20
    assert {(row["mean"], row["low"], row["high"]) for row in found if row["mean"]} == {
        ("0.0", "0.0", "0.0")
    }


def test_the_ledger_adds_up_to_the_unmet_of_every_scenario_and_band(ran: tuple[Path, str]) -> None:
    added: Counter[tuple[str, str]] = Counter()
    for row in rows(ran[0], "ledger.csv"):
        added[row["scenario"], row["band"]] += int(row["people"])
    unmet = {
        (row["scenario"], row["figure"][-1]): round(float(row["mean"]) * int(row["years"]))
        for row in rows(ran[0], "results.csv")
        if row["figure"].startswith("unmet_band_")
    }
    assert unmet == {key: added[key] for key in unmet}
    assert sum(unmet.values()) > 0


def test_every_table_says_that_it_is_synthetic(ran: tuple[Path, str]) -> None:
    folder, _ = ran
    for name in ("results.csv", "differences.csv", "ledger.csv"):
        assert {row["synthetic"] for row in rows(folder, name)} == {"estate and people"}
    assert json.loads((folder / "results.json").read_bytes())["synthetic_estate"] is True
    assert "Synthetic data" in (folder / "report.html").read_text(encoding="utf-8")


def test_the_days_and_what_changed_nothing_are_in_the_results(ran: tuple[Path, str]) -> None:
    found = json.loads((ran[0] / "results.json").read_bytes())
    assert found["about"]["first_day"] == "2026-11-02"
    assert found["about"]["first_counted"] == "2026-11-16"
    assert found["about"]["last_counted"] == "2027-01-10"
    assert len(found["warnings"]) == 1


def test_the_page_says_what_was_tried_and_which_way_is_better(ran: tuple[Path, str]) -> None:
    text = (ran[0] / "report.html").read_text(encoding="utf-8")
    for words in (
        "Synthetic estate S, seed 1, load 1.3",
        "Policy 2026-11. Methods: risk-order.",
        "(NE003) closes: no arrival from 16 November 2026",
        "20 beds more at ",
        "(YH001)",
        "fewer is better: to the left",
        "more is better: to the right",
        "Releases are counted from 16 November 2026",
        "one of them may be a better answer",
        "Price, weights of people a year",
        "no bed at these premises could lawfully take",
        "Best first",
    ):
        assert words in text


def test_the_page_is_whole_and_has_a_table_beside_every_picture(ran: tuple[Path, str]) -> None:
    text = (ran[0] / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    page.close()
    pictures, tables = page.root.all("svg"), page.root.all("table")
    assert len(pictures) >= 6
    assert len(tables) >= 6
    assert all(each.attributes.get("aria-label") for each in pictures)
    captions = [each.text for each in page.root.all("caption")]
    for words in ("by sex and tier as it was", "One bed more", "Closing on the first day"):
        assert any(words in caption for caption in captions)
    assert not page.root.all("script", "link", "img")


def test_a_second_run_runs_nothing(ran: tuple[Path, str]) -> None:
    folder, _ = ran
    cells = cells_of(read_scenario(SMALL))
    counting = Here()
    sweep(cells, folder / "cells", executor=counting)
    assert counting.ran == 0


def test_after_a_stop_only_what_is_missing_is_run(tmp_path: Path) -> None:
    file = read_scenario(SMALL)
    cells = cells_of(file)
    with pytest.raises(RuntimeError, match="killed"):
        sweep(cells, tmp_path, executor=Here(dies_at=3))
    again = Here()
    found = study_of(file, sweep(cells, tmp_path, executor=again))
    assert again.ran == 1
    assert found.scenarios == ("base", "nothing", "close NE003", "20 beds more", "tier v3")
    for (scenario, method), years in found.years.items():
        assert [each.cell.setting.replication for each in years] == [1, 2]
        assert {each.cell.method for each in years} == {method}
        closed = {change.kind for each in years for change in each.cell.setting.changes}
        assert ("close" in closed) == (scenario == "close NE003")


def test_a_wrong_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("version: 1\nmethods: [magic]\ndys: 3\n", encoding="utf-8")
    out = tmp_path / "out"
    refused = CliRunner().invoke(app, ["scenario", str(path), "-o", str(out)])
    assert refused.exit_code != 0
    assert "2 faults" in str(refused.exception)
    assert not out.exists()


def test_the_template_is_a_scenario_with_a_word_on_every_line_of_use(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    made = CliRunner().invoke(app, ["template", "scenario", "-o", str(path)])
    assert made.exit_code == 0, made.output
    assert "invented" in path.read_text(encoding="utf-8")
    refused = CliRunner().invoke(app, ["template", "scenario", "-o", str(tmp_path / "s.csv")])
    assert ".yaml" in str(refused.exception)
