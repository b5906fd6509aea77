"""`allocator check`: exit codes and what is printed."""

import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from allocator.cli.check import check_command
from allocator.problem_file import write_plan, write_problem
from tests.builders import a_problem, a_referral, a_resident, an_estate
from tests.plans import a_plan

APP = typer.Typer()
APP.command()(check_command)
PROBLEM = a_problem(
    referrals=[a_referral(), a_referral("ref-2")],
    bookings=[a_resident()],
    **an_estate({"P1": (1, 1)}),
)
PLAN = a_plan(PROBLEM, placements=[("ref-1", "P1-R2-B1", 1)])


@pytest.fixture
def run(tmp_path):
    def with_plan(plan, *options):
        write_problem(PROBLEM, tmp_path / "problem.json")
        write_plan(plan, tmp_path / "plan.json")
        files = [str(tmp_path / "plan.json"), str(tmp_path / "problem.json")]
        return CliRunner().invoke(APP, [*files, *options])

    return with_plan


def test_a_lawful_plan_is_told_so(run):
    result = run(PLAN)
    assert result.exit_code == 0
    assert "Lawful. Referrals placed 1, unplaced 1; bookings seated 1, surplus 0." in result.output


def test_breaches_are_listed_with_their_rule(run):
    result = run(replace(PLAN, unplaced=()))
    assert result.exit_code == 1
    assert "one_placement_a_referral: referral ref-2 is placed 0 times" in result.output
    assert result.output.endswith("1 breach\n")


def test_the_answer_can_be_had_in_json(run):
    found = json.loads(run(replace(PLAN, unplaced=()), "--json").output)
    assert found["lawful"] is False
    assert [breach["code"] for breach in found["breaches"]] == ["one_placement_a_referral"]
    assert json.loads(run(PLAN, "--json").output)["lawful"] is True


def test_bounds_that_nothing_proves_are_named(run):
    levels = tuple(replace(level, bound=level.value, proven=True) for level in PLAN.levels)
    result = run(replace(PLAN, levels=levels))
    assert result.exit_code == 0
    assert "Bounds stated without a certificate: residents_kept, bookings_kept" in result.output


def test_what_cannot_be_read_is_another_exit_code(run, tmp_path):
    assert run(PLAN, "--policy", str(tmp_path / "none.toml")).exit_code == 2
    (tmp_path / "broken.json").write_text("{}", encoding="utf-8")
    broken = str(tmp_path / "broken.json")
    assert CliRunner().invoke(APP, [broken, broken]).exit_code == 2
