"""What a bid or a bed names must be there and make sense, whichever way it comes in."""

import pytest

from tests.api.service import a_service

BID = {
    "id": "R6",
    "crn": "X000006",
    "gender": "man",
    "release_date": "2026-11-23",
    "latest_arrival": "2026-11-25",
    "nights": 84,
}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client("coordinator", "manager", "administrator", name="Ann")


@pytest.fixture
def restricted(ann):
    """Premises A has a local restriction."""
    there = ann.get("/v1/premises/A")
    rule = {"code": "near-school", "description": "invented"}
    body = {**there.json()["details"], "local_restrictions": [rule]}
    assert ann.put("/v1/premises/A", body, there.json()["version"]).status_code == 200


def only_complaint(answer):
    assert answer.status_code == 422, answer.text
    (told,) = answer.json()["complaints"]
    return told


def test_a_misspelt_restriction_code_is_refused_and_the_nearest_named(ann, restricted):
    told = only_complaint(ann.post("/v1/referrals", {**BID, "restriction_codes": ["near-shool"]}))
    assert told["where"] == "body.restriction_codes" and "near-school" in told["message"]
    assert "near-shool" not in told["message"]
    right = ann.post("/v1/referrals", {**BID, "restriction_codes": ["Near-School"]})
    assert right.status_code == 201, "case makes no other code of one"


def test_a_restriction_code_can_be_neither_lifted_by_a_typo_nor_lost_with_its_premises(
    ann, restricted
):
    made = ann.post("/v1/referrals", {**BID, "restriction_codes": ["near-school"]}).json()
    wrong = ann.put("/v1/referrals/R6", {**BID, "restriction_codes": ["nearschool"]}, 1)
    assert "near-school" in only_complaint(wrong)["message"]
    there = ann.get("/v1/premises/A").json()
    lifted = {**there["details"], "local_restrictions": []}
    ann.put("/v1/premises/A", lifted, there["version"])
    same = {**made["details"], "nights": 90}
    assert ann.put("/v1/referrals/R6", same, 1).status_code == 200


def test_an_outcode_gives_the_place_that_miles_are_counted_from(ann):
    made = ann.post("/v1/referrals", {**BID, "outcode": "se5 8af"}).json()["details"]
    assert made["outcode"] == "SE5"
    assert made["location"]["latitude"] == pytest.approx(51.47, abs=0.03)
    moved = ann.put("/v1/referrals/R6", {**made, "outcode": "LS2"}, 1).json()["details"]
    assert moved["location"]["latitude"] == pytest.approx(53.8, abs=0.05), "not the old one's"


def test_an_outcode_that_is_not_known_is_refused_unless_a_place_is_given(ann):
    told = only_complaint(ann.post("/v1/referrals", {**BID, "outcode": "ZZ9"}))
    assert told["where"] == "body.outcode" and "location" in told["message"]
    place = {"latitude": 53.8, "longitude": -1.5}
    assert ann.post("/v1/referrals", {**BID, "outcode": "ZZ9", "location": place}).is_success


def test_premises_that_do_not_exist_cannot_be_preferred(ann):
    told = only_complaint(ann.post("/v1/referrals", {**BID, "preferred_premises": ["A", "AA"]}))
    assert told["where"] == "body.preferred_premises" and "Did you mean A?" in told["message"]
    assert ann.post("/v1/referrals", {**BID, "preferred_premises": ["A"]}).is_success


def test_a_release_more_than_five_years_off_is_a_mistyped_year(ann):
    far = {**BID, "release_date": "2062-11-23", "latest_arrival": "2062-11-25"}
    told = only_complaint(ann.post("/v1/referrals", far))
    assert told["where"] == "body.release_date" and "check the year" in told["message"]


def test_what_if_refuses_what_a_bid_would_be_refused_for(service, ann, restricted):
    url = f"/v1/runs/{service.run()['id']}/what-if"
    someone = {key: BID[key] for key in BID if key not in ("id", "crn")}
    wrong = {**someone, "restriction_codes": ["near-shool"]}
    assert only_complaint(ann.post(url, {"referral": wrong}))["where"] == (
        "referral.restriction_codes"
    )
    changed = ann.post(url, {"referral_id": "R1", "changes": {"outcode": "ZZ9"}})
    assert only_complaint(changed)["where"] == "changes.outcode"


def test_a_bed_that_ends_before_it_starts_is_refused(ann):
    bed = {"id": "B-9", "room_id": "B/2", "name": "9", "starts": "2026-12-01"}
    for ends in ("2026-11-30", "2026-12-01"):
        assert only_complaint(ann.post("/v1/beds", {**bed, "ends": ends}))["where"] == "body.ends"
    assert ann.post("/v1/beds", {**bed, "ends": "2026-12-02"}).status_code == 201
