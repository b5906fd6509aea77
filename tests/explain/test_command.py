"""`allocator explain`: what it prints, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.problem_file import write_plan, write_problem
from allocator.vocabulary import Rosh
from tests.builders import a_problem, a_referral, default_policy
from tests.plans import a_plan


def a_problem_of_two() -> Problem:
    """One bed, and two who ask for it; the one of the lower band has it."""
    return a_problem(referrals=[a_referral("asks", rosh=Rosh.HIGH), a_referral("has")])


def written(folder: Path, plan: Plan, problem: Problem) -> list[str]:
    write_plan(plan, folder / "plan.json")
    write_problem(problem, folder / "problem.json")
    return ["explain", str(folder / "plan.json"), str(folder / "problem.json")]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    problem = a_problem_of_two()
    plan = a_plan(problem, default_policy(), placements=[("has", "P1-R1-B1", 1)])
    return written(tmp_path, plan, problem)


def test_without_an_option_the_main_reasons_are_counted(command: list[str]) -> None:
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    assert "1 placed, 1 without a bed." in done.stdout
    assert "every lawful bed is taken (band 3: 1)" in done.stdout


@pytest.mark.parametrize("name", ["asks", "CRN-asks", "crn-ASKS", " Crn-asks"])
def test_one_person_is_found_by_referral_or_by_crn(command: list[str], name: str) -> None:
    done = CliRunner().invoke(app, [*command, "--person", name])
    assert done.exit_code == 0
    assert "Referral asks (CRN CRN-asks): no bed. Band 3." in done.stdout
    assert "That person of band 4 has no bed." in done.stdout
    assert "One level up:" in done.stdout


def test_a_placed_person_is_explained_too(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--person", "has"])
    assert "Referral has (CRN CRN-has): bed P1-R1-B1 at Premises P1." in done.stdout


def test_everyone_without_a_bed_is_explained_in_full(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--unplaced"])
    assert done.stdout.count("no bed. Band") == 1


def test_one_level_up_is_counted_and_told(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--one-level-up"])
    assert "1 without a bed. One level higher would show a bed for 1." in done.stdout


def test_one_level_up_leaves_out_who_has_a_bed_by_another_bid_and_says_so(tmp_path: Path) -> None:
    problem = a_problem(referrals=[a_referral("asks", crn="X1"), a_referral("has", crn="X1")])
    plan = a_plan(problem, default_policy(), placements=[("has", "P1-R1-B1", 1)])
    done = CliRunner().invoke(app, [*written(tmp_path, plan, problem), "--one-level-up"])
    assert done.stdout.splitlines() == [
        "0 without a bed. One level higher would show a bed for 0.",
        "Left out: 1 bid whose person has a bed on those nights already.",
    ]


@pytest.mark.parametrize("option", [[], ["--unplaced"], ["--one-level-up"], ["--person", "has"]])
def test_json_is_json_and_nothing_else(command: list[str], option: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, *option, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)


def test_nobody_of_that_id_ends_with_2(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--person", "stranger"])
    assert done.exit_code == 2
    assert "no referral has the id or CRN stranger" in done.stderr


def test_two_options_at_once_end_with_2(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--unplaced", "--one-level-up"])
    assert done.exit_code == 2


def test_an_unreadable_plan_ends_with_2(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_a_plan_that_fails_the_check_ends_with_1_and_is_not_explained(tmp_path: Path) -> None:
    problem = a_problem_of_two()
    plan = a_plan(problem, default_policy(), placements=[("has", "P1-R1-B1", 1)])
    done = CliRunner().invoke(app, written(tmp_path, replace(plan, unplaced=()), problem))
    assert done.exit_code == 1
    assert "one_placement_a_referral" in done.stderr
    assert done.stdout == ""


def test_the_report_gives_the_main_reason_of_everyone_without_a_bed(
    tmp_path: Path, command: list[str]
) -> None:
    page = tmp_path / "report.html"
    done = CliRunner().invoke(app, ["report", *command[1:], "-o", str(page)])
    assert done.exit_code == 0
    assert "1 bed would be lawful, and none is free for the whole stay" in page.read_text("utf-8")
