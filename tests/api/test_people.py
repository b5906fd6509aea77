"""One person's data: everything that is held, nothing of anybody else, and it is logged."""

import pytest

from api.service import person_data
from tests.api.lives import CRN, A, C, M, P, a_service_at, erase, keep_apart, refused, stay
from tests.api.registers import rows


@pytest.fixture
def service(database_url, tmp_path):
    made = a_service_at(database_url, tmp_path)
    yield made
    made.register.database.close()


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def export(client, crn=CRN, status=200):
    answer = client.post("/v1/people/export", {"crn": crn})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_everything_of_a_whole_life_is_in_it(service, ann):
    pair = keep_apart(ann, "X000004", CRN)
    zone = ann.post("/v1/zones", {"crn": CRN, "premises_ids": ["B"]}).json()["id"]
    run = service.run()
    booking = stay(service, ann)
    held = export(ann, crn=f" {CRN.lower()} ")
    assert (held["crn"], held["as_of"]) == (CRN, "2026-11-14")
    assert [bid["id"] for bid in held["bids"]] == ["R3"]
    assert held["bids"][0]["details"]["crn"] == CRN
    assert [(each["id"], each["status"]) for each in held["bookings"]] == [(booking, "departed")]
    assert [each["id"] for each in held["zones"]] == [zone]
    assert held["separations"][0]["kept_apart_from"] == "another person"
    assert held["runs"] == [run["id"]]
    register = service.register
    theirs = [each["id"] for each in rows(register, "proposal") if each["referral_id"] == "R3"]
    assert len(held["proposals"]) == len(theirs)
    tried = [each for each in rows(register, "attempt") if each["referral_id"] == "R3"]
    assert [each["text"] for each in held["attempts"]] == [each["text"] for each in tried]
    told = {(each["kind"], each["subject"]) for each in held["timeline"]}
    assert {("referral", "R3"), ("booking", booking), ("separation", pair), ("zone", zone)} <= told
    assert {("proposal", each) for each in theirs} <= told
    assert all(each["facts"] is not None for each in held["timeline"])
    seqs = [each["seq"] for each in held["timeline"]]
    assert seqs == sorted(set(seqs))
    left = next(each for each in held["timeline"] if each["action"] == "booking.departed")
    assert left["facts"]["reason"] == "Moved on." and left["actor_name"] == "Ann"


def test_nothing_of_anybody_else_is_in_it(service, ann):
    keep_apart(ann, "X000004", CRN)
    moved = keep_apart(ann, CRN, "X000001")
    now = {"crn": "X000002", "other_crn": "X000001", "radius_miles": None}
    assert ann.put(f"/v1/separations/{moved}", now, 1).status_code == 200
    lifted = keep_apart(ann, CRN, "X000005")
    ann.delete(f"/v1/separations/{lifted}", 1)
    service.run()
    held = export(ann)
    for other in ("X000001", "X000002", "X000004", "X000005"):
        assert other not in str(held)
    pairs = [each for each in held["timeline"] if each["kind"] == "separation"]
    assert [(each["subject"], each["action"]) for each in pairs][1:] == [
        (moved, "separation.recorded"),
        (lifted, "separation.recorded"),
    ], "what became of a record that is another's now is theirs"
    rowed = [each["facts"]["row"] for each in pairs]
    assert {row["crn"] for row in rowed} == {"another person", CRN}


def test_who_looked_is_told_and_an_id_within_anothers_is_no_look(service, ann):
    ann.get("/v1/referrals/R3")
    bid = {**ann.get("/v1/referrals/R5").json()["details"], "id": "R33", "crn": "X000033"}
    ann.post("/v1/referrals", bid)
    ann.get("/v1/referrals/R33")
    accesses = export(ann)["accesses"]
    assert [(each["verb"], each["route"], each["actor_name"]) for each in accesses] == [
        ("consultation", "get_referrals", "Ann")
    ]


def test_of_many_looks_the_newest_are_told_and_how_many_were_left_out(service, ann, monkeypatch):
    monkeypatch.setattr(person_data, "MOST_ACCESSES", 2)
    for _ in range(3):
        ann.get("/v1/referrals/R3")
    held = export(ann)
    assert (len(held["accesses"]), held["accesses_left_out"]) == (2, 1)
    assert held["accesses"][0]["seq"] < held["accesses"][1]["seq"]


def test_it_is_a_disclosure_for_managers_alone(service, ann):
    held = export(ann)
    entry = service.client(A).get("/v1/audit/accesses").json()[-1]
    assert (entry["verb"], entry["what"]) == ("disclosure", "export_person")
    assert entry["subjects"] == [bid["id"] for bid in held["bids"]]
    assert CRN not in str(entry)
    for role in (C, A, P):
        answer = service.client(role, name="Other").post("/v1/people/export", {"crn": CRN})
        refused(answer, 403, "role-not-allowed")


def test_nobody_and_a_restricted_person_get_the_same_answer(service, ann):
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R3/restriction", {"visible_to": [mine]})
    meg = service.client(M, name="Meg")
    hidden, absent = export(meg, status=404), export(meg, crn="X999999", status=404)
    assert (hidden["code"], hidden["detail"]) == (absent["code"], absent["detail"])
    assert export(ann)["bids"][0]["id"] == "R3"


def test_a_pair_with_a_restricted_person_is_left_out_for_whoever_may_not_see_them(service, ann):
    pair = keep_apart(ann, "X000004", CRN)
    mine = ann.get("/v1/me").json()["id"]
    ann.post("/v1/referrals/R4/restriction", {"visible_to": [mine]})
    held = export(service.client(M, name="Meg"))
    assert held["separations"] == [] and pair not in str(held)
    assert [each["id"] for each in export(ann)["separations"]] == [pair]


def test_of_whom_only_the_timeline_speaks_it_is_told(service, ann):
    lifted = keep_apart(ann, "X000021", "X000022")
    ann.delete(f"/v1/separations/{lifted}", 1)
    held = export(ann, crn="X000021")
    assert [each["action"] for each in held["timeline"]] == ["separation.recorded"]
    assert held["bids"] == held["separations"] == []


def test_after_an_erasure_nothing_is_held(service, ann):
    stay(service, ann)
    erase(ann)
    assert export(ann, status=404)["code"] == "not-found"
