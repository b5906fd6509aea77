"""What is wrong is said by field and rule, never by what was sent."""

import pytest

from allocator.check.bed_rules import BED_RULES
from allocator.check.plan_rules import PLAN_RULES
from api.service import lawful
from tests.api.service import a_service
from tests.api.test_known import BID

SPOT = {"latitude": 53.9, "longitude": -1.1}


@pytest.fixture
def ann(tmp_path):
    return a_service(tmp_path).client("coordinator", "manager", "administrator", name="Ann")


@pytest.mark.parametrize(
    ("url", "body", "where", "words"),
    [
        (
            "referrals",
            {**BID, "latest_arrival": "2026-11-20"},
            "latest_arrival",
            "latest_arrival must not be before release_date.",
        ),
        ("referrals", {**BID, "nights": -52}, "nights", "nights must be at least 1."),
        (
            "referrals",
            {**BID, "location": {**SPOT, "latitude": 153.9}},
            "location.latitude",
            "latitude must be from -90 to 90 degrees.",
        ),
        (
            "runs",
            {"over": "problem"},
            "problem",
            "With over 'problem' send the problem; with any other, send none.",
        ),
        (
            "zones",
            {"crn": "X000001"},
            "circle",
            "A zone needs a circle, a polygon or premises_ids.",
        ),
    ],
)
def test_a_rule_between_fields_names_the_field_and_the_rule(ann, url, body, where, words):
    answer = ann.post(f"/v1/{url}", body)
    assert answer.status_code == 422
    (told,) = answer.json()["complaints"]
    assert (told["where"], told["message"]) == (where, words)


def test_two_records_of_one_id_in_a_problem_are_said_without_the_id(ann):
    place = {"id": "somewhere", "name": "P", "gender": "man", "ap_types": ["normal"]}
    problem = {"as_of": "2026-11-02", "premises": [place, place]}
    (told,) = ann.post("/v1/runs", {"over": "problem", "problem": problem}).json()["complaints"]
    assert told["where"] == "problem"
    assert told["message"] == "Two premises records have the same id."


def test_every_rule_that_a_stay_can_breach_has_words():
    words = {**lawful.SENTENCES, **lawful.OBJECTIONS, **lawful._OF_THE_STAY}
    rules = {rule.CODE for rule in (*BED_RULES, *PLAN_RULES)} - lawful._OF_THE_WHOLE
    assert rules <= words.keys()
