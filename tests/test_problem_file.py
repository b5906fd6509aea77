"""problem.json and plan.json: nothing else passes for one of them."""

import json

import pytest

from allocator.errors import UnreadableFile
from allocator.problem_file import (
    plan_schema,
    problem_schema,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from tests.builders import a_problem, a_referral
from tests.plans import a_plan

PROBLEM = a_problem(referrals=[a_referral("a")])


def refusal(read, path):
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return str(refused.value)


def test_a_plan_is_no_problem_and_a_problem_no_plan(tmp_path):
    write_plan(a_plan(PROBLEM), tmp_path / "plan.json")
    write_problem(PROBLEM, tmp_path / "problem.json")
    assert "this is a plan file" in refusal(read_problem, tmp_path / "plan.json")
    assert "this is a problem file" in refusal(read_plan, tmp_path / "problem.json")


@pytest.mark.parametrize("key", ["version", "as_of", "premises"])
def test_an_object_that_lacks_what_makes_a_problem_is_refused(tmp_path, key):
    path = tmp_path / "problem.json"
    write_problem(PROBLEM, path)
    data = json.loads(path.read_text())
    del data[key]
    path.write_text(json.dumps(data))
    assert f"it lacks {key}" in refusal(read_problem, path)


def test_a_key_that_a_problem_does_not_have_is_refused(tmp_path):
    path = tmp_path / "problem.json"
    write_problem(PROBLEM, path)
    data = json.loads(path.read_text()) | {"exclusion_zones": []}
    path.write_text(json.dumps(data))
    assert "exclusion_zones" in refusal(read_problem, path)


@pytest.mark.parametrize("text", ["{}", "[]", "null", "7", '{"as_of": "2026-11-02"}'])
def test_other_json_is_no_problem(tmp_path, text):
    (tmp_path / "problem.json").write_text(text)
    assert "is not a problem file: it lacks version" in refusal(
        read_problem, tmp_path / "problem.json"
    )


def test_the_schemas_ask_for_what_the_readers_do():
    assert {"version", "as_of", "premises"} <= set(problem_schema()["required"])
    assert {"version", "problem_hash", "placements"} <= set(plan_schema()["required"])
