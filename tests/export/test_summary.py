"""The summary on a terminal."""

import io
from dataclasses import replace

from rich.console import Console

from allocator.export.summary import print_summary
from allocator.generate import generate
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from tests.builders import a_problem, default_policy
from tests.export.hostile import hostile
from tests.export.some_plan import some_plan
from tests.plans import a_plan


def printed(plan: Plan, problem: Problem, policy: Policy | None = None, width: int = 110) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=False)
    print_summary(plan, problem, policy or default_policy(), console)
    return file.getvalue()


def test_the_summary_says_what_a_person_needs_at_a_glance() -> None:
    problem = generate("S", seed=3)
    plan = some_plan(problem, default_policy())
    text = printed(plan, problem)
    assert "Synthetic data" in text
    assert "Proposals only: a named person decides every placement." in text
    assert "a second run gives the same plan" in text.replace("\n", " ").replace("  ", " ")
    everyone = next(line.split() for line in text.splitlines() if line.startswith("All"))
    assert everyone[1:3] == [str(len(problem.referrals)), str(len(plan.placements))]
    assert everyone[5] == str(len(plan.unplaced))
    assert "1,234.5 miles" in text
    assert "none known" in text


def test_real_data_is_not_called_synthetic() -> None:
    problem = generate("S", seed=3)
    plan = some_plan(problem, default_policy())
    assert "Synthetic" not in printed(plan, replace(problem, synthetic=False))


def test_a_plan_for_nobody_is_still_a_summary() -> None:
    problem = a_problem(premises=(), rooms=(), beds=())
    assert "Proposals only" in printed(a_plan(problem), problem)


def test_text_of_the_input_is_neither_obeyed_nor_read_as_markup() -> None:
    plan, problem, policy, _ = hostile("[red]x[/red]\x1b[2J:smile:")
    text = printed(plan, problem, policy, width=300)
    assert "[red]x[/red]\ufffd[2J:smile:" in text
    assert "\x1b" not in text
