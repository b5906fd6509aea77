"""Timefold's plans are lawful and never worse than their start; without Java it is said why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from allocator.check import check
from allocator.generate import generate
from allocator.plan import Plan
from allocator.policy import load_policy
from benchmarks.methods import timefold_engine
from benchmarks.methods.greedy import risk_order_best_fit
from benchmarks.methods.situation import Situation
from benchmarks.methods.timefold import timefold
from benchmarks.run import methods_here
from tests.strategies import a_small_case

POLICY = load_policy()
FORMS = ("bed-and-delay", "strongest")
needs_timefold = pytest.mark.skipif(
    not timefold_engine.is_here(),
    reason="Timefold is not on this machine: install openjdk-17-jdk-headless, then make bench",
)


@needs_timefold
@pytest.mark.parametrize("form", FORMS)
def test_timefold_is_lawful_and_no_worse_than_its_start_on_a_whole_estate(form: str) -> None:
    problem = generate("S", 2, windows="mixed", separations=0.4, overbooked=True)
    situation = Situation(problem, POLICY)
    plan = timefold(situation, form, seed=0, limit_s=3)
    assert check(plan, problem, POLICY) == []
    assert _values(plan) >= _values(risk_order_best_fit(situation))
    assert plan.level("placed/1").value > 0


@needs_timefold
@pytest.mark.parametrize("form", FORMS)
def test_timefold_is_lawful_and_no_worse_than_its_start_on_random_small_problems(
    form: str,
) -> None:
    for number in range(3):
        case = a_small_case(Random(number), displacement=False)
        problem = replace(case.problem, held=())
        situation = Situation(problem, case.policy)
        plan = timefold(situation, form, seed=0, limit_s=1)
        assert check(plan, problem, case.policy) == [], number
        assert _values(plan) >= _values(risk_order_best_fit(situation)), number


def test_without_java_its_methods_are_left_out_and_the_others_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert methods_here(["one HiGHS MIP", "Timefold, strongest"]) == ["one HiGHS MIP"]
    assert capsys.readouterr().err == (
        "Timefold, strongest is left out: not here: install openjdk-17-jdk-headless\n"
    )


@needs_timefold
def test_when_its_java_does_not_compile_its_methods_are_left_out_and_javac_says_why(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = tmp_path / "Main.java"
    source.write_text("class Main { newer than javac }", encoding="utf-8")
    monkeypatch.setattr(timefold_engine, "SOURCES", tmp_path)
    assert methods_here(["one HiGHS MIP", "Timefold, strongest"]) == ["one HiGHS MIP"]
    told = capfd.readouterr().err
    assert f"{source}:1: error: " in told
    assert told.endswith("javac could not compile our model; is it 17 or newer?\n")


@needs_timefold
def test_when_java_fails_the_error_has_its_words(tmp_path: Path) -> None:
    missing = tmp_path / "problem"
    with pytest.raises(RuntimeError, match=f"java ended with 1: .*: {missing}$"):
        timefold_engine.run("strongest", missing, tmp_path / "answer", limit_s=1, seed=0)


def _values(plan: Plan) -> list[int]:
    """In the policy's order; more is better."""
    return [-level.value if level.sense.value == "fewest" else level.value for level in plan.levels]
