"""Retention: who is due to be erased, by a period that the controller sets."""

import pytest

from tests.api.lives import A, C, M, a_service_at, everything_kept, refused, sound, stay
from tests.api.registers import row


@pytest.fixture
def service(database_url, tmp_path):
    made = a_service_at(database_url, tmp_path, retention_days=100)
    yield made
    made.register.database.close()


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def due(client, **asked):
    answer = client.get("/v1/erasures/due", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_without_a_period_nobody_is_listed_and_it_says_why(tmp_path):
    service = a_service_at(f"sqlite:///{tmp_path / 'register.db'}", tmp_path)
    client = service.client(C, M)
    refused(client.get("/v1/erasures/due"), 409, "no-retention-period")
    client.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    body = {"referral_id": "R3", "reason": "x", "asked_for": "retention"}
    refused(client.post("/v1/erasures", body), 409, "no-retention-period")


def test_who_has_ended_for_long_is_due_the_longest_first_and_without_a_crn(service, ann):
    booking = stay(service, ann)
    service.moving.put_forward(days=3)
    ann.post("/v1/referrals/R4/withdrawal", {"reason": "not wanted"})
    ann.post("/v1/referrals/R5/withdrawal", {"reason": "not wanted"})
    service.moving.put_forward(days=96)
    assert due(ann)["records"] == []
    service.moving.put_forward(days=2)
    (first,) = due(ann)["records"]
    assert (first["referrals"], first["bookings"]) == (["R3"], [booking])
    service.moving.put_forward(days=3)
    found = due(ann)
    assert [each["referrals"] for each in found["records"]] == [["R3"], ["R4"], ["R5"]]
    assert found["total"] == 3 and "X0000" not in str(found)
    page = due(ann, limit=1)
    rest = due(ann, after=page["after"])
    assert page["records"] + rest["records"] == found["records"]
    assert due(service.client(A, name="Audrey")) == found
    entry = service.client(A).get("/v1/audit/accesses?limit=1000").json()[-1]
    assert entry["what"] == "list_due_erasures" and booking in entry["subjects"]


def test_who_has_a_bid_or_a_stay_that_goes_on_is_not_due_however_old(service, ann):
    stay(service, ann)
    bid = {**row(service.register, "referral", "R3")["details"], "id": "R3-again"}
    assert ann.post("/v1/referrals", bid).status_code == 201
    service.moving.put_forward(days=500)
    assert due(ann)["records"] == []
    ann.post("/v1/referrals/R3-again/withdrawal", {"reason": "not wanted"})
    assert due(ann)["records"] == [], "something has just happened"
    service.moving.put_forward(days=101)
    assert due(ann)["records"][0]["referrals"] == ["R3", "R3-again"]


def test_a_change_to_a_separation_is_something_that_happened(service, ann):
    stay(service, ann)
    service.moving.put_forward(days=90)
    pair = {"crn": "X000003", "other_crn": "X000001", "radius_miles": None}
    ann.post("/v1/separations", pair)
    service.moving.put_forward(days=20)
    assert due(ann)["records"] == []


def test_a_person_is_erased_for_retention_once_they_are_due_and_not_before(service, ann):
    stay(service, ann)
    body = {"referral_id": "R3", "reason": "The period is over.", "asked_for": "retention"}
    refused(ann.post("/v1/erasures", body), 409, "not-due")
    service.moving.put_forward(days=101)
    one = due(ann)["records"][0]
    answer = ann.post("/v1/erasures", {**body, "referral_id": one["referrals"][0]})
    assert answer.status_code == 201 and answer.json()["asked_for"] == "retention"
    assert due(ann)["records"] == []
    assert not [each for each in everything_kept(service.register) if "X000003" in each]
    sound(service.register)


def test_of_a_restricted_person_others_are_told_bids_alone(service, ann):
    booking = stay(service, ann)
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R3/restriction", {"visible_to": [mine]})
    service.moving.put_forward(days=101)
    (theirs,) = due(service.client(M, name="Meg"))["records"]
    assert (theirs["referrals"], theirs["bookings"], theirs["restricted"]) == (["R3"], [], True)
    assert due(ann)["records"][0]["bookings"] == [booking]
