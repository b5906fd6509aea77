"""Every rule, either side of its edge. The cases are in cases/<rule>.py."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from allocator.check import check
from allocator.check.aims import AIMS
from allocator.check.bed_rules import BED_RULES
from allocator.check.plan_rules import PLAN_RULES

RULES = [rule.CODE for rule in (*BED_RULES, *PLAN_RULES)]
CASES = {code: import_module(f"tests.check.cases.{code}").CASES for code in RULES}
MODEL = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")


def every(lawful):
    return [
        pytest.param(code, case, id=f"{code}: {case.text}")
        for code in RULES
        for case in CASES[code]
        if case.lawful == lawful
    ]


@pytest.mark.parametrize(("code", "case"), every(lawful=True))
def test_the_referee_has_nothing_against_what_is_allowed(code, case):
    assert check(case.plan, case.problem, case.policy) == []


@pytest.mark.parametrize(("code", "case"), every(lawful=False))
def test_the_referee_sees_what_is_breached_and_nothing_else(code, case):
    found = check(case.plan, case.problem, case.policy)
    assert {breach.code for breach in found} == {code} | case.also


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_cases_on_both_sides(code):
    assert {case.lawful for case in CASES[code]} == {True, False}


def headings(section):
    body = re.split(r"^## ", MODEL, flags=re.MULTILINE)
    (text,) = [part for part in body if part.startswith(f"{section}\n")]
    return re.findall(r"^### (\w+)$", text, flags=re.MULTILINE)


def test_the_registries_are_the_headings_of_the_model():
    assert [rule.CODE for rule in BED_RULES] == headings("Bed rules")
    assert [rule.CODE for rule in PLAN_RULES] == headings("Plan rules")


def test_the_aims_are_the_rows_of_the_models_table():
    rows = re.findall(r"^\| (\w+)(?:/k)? \| (most|fewest) \| ([\w ]+?) \|", MODEL, re.MULTILINE)
    assert [(aim.code, aim.sense.value, aim.unit) for aim in AIMS] == rows


@pytest.mark.parametrize(("code", "case"), every(lawful=False))
def test_a_breach_names_by_id_whom_it_is_about(code, case):
    for breach in check(case.plan, case.problem, case.policy):
        assert all(isinstance(part, str) for part in breach.subject)
        if breach.code != "plan_complete":
            assert breach.subject[0] in breach.text


@pytest.mark.parametrize("code", RULES)
def test_no_breach_says_a_name(code):
    for case in CASES[code]:
        names = {p.name for p in case.problem.premises} | {r.name for r in case.problem.rooms}
        for breach in check(case.plan, case.problem, case.policy):
            assert not any(name in breach.text for name in names)
