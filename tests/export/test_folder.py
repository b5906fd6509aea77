"""The output folder: what is in it, and that it is written whole or not at all."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from allocator.export import folder as module
from allocator.export.folder import sheets_of, write_outputs
from allocator.generate import generate
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.problem_file import read_plan
from tests.builders import a_problem, default_policy
from tests.export.some_plan import some_plan
from tests.plans import a_plan

FILES = ["plan.json", "plan.csv", "spaces.csv", "unplaced.csv", "bookings.csv", "plan.xlsx"]


@cache
def a_small_case() -> tuple[Plan, Problem]:
    problem = generate("S", seed=3)
    return some_plan(problem, default_policy()), problem


@pytest.fixture
def written(tmp_path: Path) -> Path:
    plan, problem = a_small_case()
    paths = write_outputs(plan, problem, default_policy(), tmp_path / "deep" / "out")
    assert [path.name for path in paths] == FILES
    assert all(path.is_file() for path in paths)
    return tmp_path / "deep" / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_plan_json_is_the_plan(written: Path) -> None:
    assert read_plan(written / "plan.json") == a_small_case()[0]


def test_every_placement_is_a_row_with_its_bed_and_stay(written: Path) -> None:
    plan, problem = a_small_case()
    found = {
        (r["referral_id"], r["bed_id"], r["arrival"], r["departure"], int(r["nights"]))
        for r in rows(written / "plan.csv")
    }
    assert found == {
        (p.referral_id, p.bed_id, str(p.stay.arrival), str(p.stay.departure), p.stay.nights)
        for p in plan.placements
    }
    assert len(rows(written / "plan.csv")) == len(plan.placements) > 100
    row = rows(written / "plan.csv")[0]
    assert row["premises_name"] == problem.premises_of_bed(row["bed_id"]).name
    assert row["synthetic"] == "yes"


def test_a_decision_is_firm_from_its_day_on(written: Path) -> None:
    as_of = a_small_case()[0].as_of
    states = {
        (r["decision"], date.fromisoformat(r["decide_by"]) <= as_of)
        for r in rows(written / "plan.csv")
    }
    assert states == {("firm", True), ("provisional", False)}


def test_every_placement_is_a_space_under_the_headings_of_the_service(written: Path) -> None:
    spaces = rows(written / "spaces.csv")
    assert [r["crn"] for r in spaces] == [r["crn"] for r in rows(written / "plan.csv")]
    assert list(spaces[0]) == [
        "placement_request_id",
        "crn",
        "tier",
        "premises_type",
        "premises_name",
        "premises_region",
        "expected_arrival_date",
        "expected_duration_nights",
        "expected_departure_date",
        "criteria",
        "additional_information",
    ]
    assert all("a named person decides" in r["additional_information"] for r in spaces)


def test_everyone_without_a_bed_has_a_row_and_a_reason(written: Path) -> None:
    found = rows(written / "unplaced.csv")
    assert sorted(r["referral_id"] for r in found) == sorted(a_small_case()[0].unplaced)
    assert all(r["main_reason"] for r in found)
    assert [int(r["band"]) for r in found] == sorted(int(r["band"]) for r in found)


def test_a_reason_given_by_the_caller_is_the_reason_shown() -> None:
    plan, problem = a_small_case()
    reasons = {plan.unplaced[0]: "Every lawful bed is held by band 1."}
    table = sheets_of(plan, problem, default_policy(), reasons)["Without a bed"]
    row = next(r for r in table.rows if r[0] == plan.unplaced[0])
    assert "Every lawful bed is held by band 1." in row


def test_every_booking_is_seated_or_surplus_once(written: Path) -> None:
    plan, _ = a_small_case()
    found = rows(written / "bookings.csv")
    assert len(found) == len(plan.seats) + len(plan.surplus)
    assert sum(r["surplus"] == "yes" for r in found) == len(plan.surplus) > 0
    assert all(not r["bed_id"] for r in found if r["surplus"] == "yes")
    assert sum(r["bed_inferred"] == "yes" for r in found) == sum(s.inferred for s in plan.seats)


def test_no_file_carries_protected_characteristics(written: Path) -> None:
    problem = a_small_case()[1]
    names = {name for referral in problem.referrals for name, _ in referral.protected}
    assert "ethnicity" in names
    for name in FILES[1:5]:
        assert names.isdisjoint(rows(written / name)[0])


def test_the_workbook_has_every_sheet_with_dates_as_dates(written: Path) -> None:
    plan, _ = a_small_case()
    book = openpyxl.load_workbook(written / "plan.xlsx")
    assert book.sheetnames == [
        "Summary", "Placements", "Spaces", "Without a bed", "Bookings", "Levels", "Notes",
    ]  # fmt: skip
    sheet = book["Placements"]
    assert sheet.max_row == len(plan.placements) + 1
    heading = [cell.value for cell in sheet[1]]
    arrival = sheet.cell(2, heading.index("arrival") + 1)
    assert arrival.is_date
    assert arrival.value.date() in {p.stay.arrival for p in plan.placements}
    assert book.properties.created.date() == plan.as_of
    assert all(s.freeze_panes == "A2" and s.auto_filter.ref for s in book)


def test_the_same_plan_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    plan, problem = a_small_case()
    for path in write_outputs(plan, problem, default_policy(), tmp_path / "again"):
        assert path.read_bytes() == (written / path.name).read_bytes(), path.name


def test_nothing_is_written_when_a_file_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> bytes:
        raise OSError("no space left on device")

    plan, problem = a_small_case()
    monkeypatch.setattr(module, "workbook_bytes", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_outputs(plan, problem, default_policy(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_old_files_are_put_back_when_a_new_one_cannot_be_moved_in(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("old plan")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "plan.xlsx").mkdir()
    plan, problem = a_small_case()
    with pytest.raises(IsADirectoryError):
        write_outputs(plan, problem, default_policy(), tmp_path)
    assert (tmp_path / "plan.json").read_text() == "old plan"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "notes.txt",
        "plan.json",
        "plan.xlsx",
    ]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "plan.json").write_text("old plan")
    plan, problem = a_small_case()
    write_outputs(plan, problem, default_policy(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*FILES, "notes.txt"])
    assert read_plan(tmp_path / "plan.json") == plan


def test_a_problem_of_nothing_gives_files_of_headings_only(tmp_path: Path) -> None:
    problem = a_problem(premises=(), rooms=(), beds=())
    write_outputs(a_plan(problem), problem, default_policy(), tmp_path / "out")
    for name in FILES[1:5]:
        assert rows(tmp_path / "out" / name) == []
        assert (tmp_path / "out" / name).read_bytes().count(b"\r\n") == 1
