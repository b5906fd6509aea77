"""`allocator report`: only a plan that passes the check is ever shown."""

from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from allocator.cli.report import report_command
from allocator.nights import Stay
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.problem_file import write_plan, write_problem
from allocator.report.checked import RefusedPlanError, report_html
from tests.builders import a_problem, a_referral, a_resident, an_estate, default_policy
from tests.plans import a_plan

APP = typer.Typer()
APP.command()(report_command)


def a_case() -> tuple[Plan, Problem]:
    problem = a_problem(
        **an_estate({"P1": (1, 1)}),
        referrals=[a_referral("r", release_date=5), a_referral("s", release_date=5)],
        bookings=[a_resident("in")],
    )
    return a_plan(problem, placements=[("r", "P1-R1-B1", 5)]), problem


def spoilt(plan: Plan) -> Plan:
    """The placement a day early, before release."""
    placement = plan.placements[0]
    early = Stay.of(placement.stay.arrival.replace(day=1), placement.stay.nights)
    return replace(plan, placements=(replace(placement, stay=early),))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    plan, problem = a_case()
    write_plan(plan, tmp_path / "plan.json")
    write_problem(problem, tmp_path / "problem.json")
    return tmp_path


def run(folder: Path, *more: str):
    plan, problem, out = folder / "plan.json", folder / "problem.json", folder / "out/report.html"
    return CliRunner().invoke(APP, [str(plan), str(problem), "-o", str(out), *more])


def test_a_lawful_plan_is_written_as_a_page(files: Path) -> None:
    result = run(files)
    assert result.exit_code == 0, result.output
    assert (files / "out/report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [p.name for p in (files / "out").iterdir()] == ["report.html"]
    assert result.stderr == ""


def test_a_plan_that_breaks_a_rule_is_refused_and_nothing_is_written(files: Path) -> None:
    write_plan(spoilt(a_case()[0]), files / "plan.json")
    result = run(files)
    assert result.exit_code == 1
    assert "does not pass the check" in result.stderr
    assert "placement_lawful" in result.stderr
    assert not (files / "out").exists()


def test_a_plan_made_under_another_policy_is_refused(files: Path) -> None:
    write_plan(replace(a_case()[0], policy_hash="0" * 64), files / "plan.json")
    assert run(files).exit_code == 1


@pytest.mark.parametrize("name", ["plan.json", "problem.json"])
def test_a_file_that_cannot_be_read_ends_with_two(files: Path, name: str) -> None:
    (files / name).write_text("not json")
    result = run(files)
    assert result.exit_code == 2
    assert name in result.stderr
    assert not (files / "out").exists()


def test_an_unknown_policy_ends_with_two(files: Path) -> None:
    assert run(files, "--policy", "no-such-policy").exit_code == 2


def test_a_place_that_cannot_be_written_ends_with_two(files: Path) -> None:
    (files / "out").write_text("a file where the folder should be")
    assert run(files).exit_code == 2


def test_the_library_refuses_too_and_says_every_breach() -> None:
    plan, problem = a_case()
    with pytest.raises(RefusedPlanError) as refused:
        report_html(spoilt(plan), problem, default_policy())
    assert "placement_lawful" in {breach.code for breach in refused.value.breaches}
