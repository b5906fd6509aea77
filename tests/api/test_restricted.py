"""Restricted cases: that a row is in a list, or is not, tells no more than the row would."""

import base64
from dataclasses import replace
from datetime import date

import pytest

from allocator.booking import Booking
from allocator.nights import Stay
from api.access.actor import Role
from api.service.importing import import_problem
from tests.api.registers import COORDINATOR, row, tiny
from tests.api.service import a_service

C, M = Role.COORDINATOR, Role.MANAGER
LISTS = ("proposals", "explanations", "level-up")


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


@pytest.fixture
def bob(service):
    return service.client(C, M, name="Bob")


def restrict(ann, referral):
    answer = ann.post(f"/v1/referrals/{referral}/restriction", {"visible_to": ["local:Ann"]})
    assert answer.status_code == 200, answer.text


def records(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()["records"]


def ids(client, url, name="id"):
    return {each[name] for each in records(client, url)}


def stays(service, *bookings):
    with service.register.changing(COORDINATOR) as change:
        import_problem(change, replace(tiny(), bookings=bookings), {})


# ---- runs ------------------------------------------------------------------------------------


def test_no_list_of_a_run_tells_by_who_is_in_it_who_has_a_bed(service, ann, bob):
    where = f"/v1/runs/{service.run()['id']}"
    before = {part: records(bob, f"{where}/{part}") for part in LISTS}
    restrict(ann, "R1")  # has a bed
    restrict(ann, "R3")  # has none
    for part, told in before.items():
        open_to_bob = [each for each in told if each["referral_id"] not in ("R1", "R3")]
        assert records(bob, f"{where}/{part}") == open_to_bob, part
        assert bob.get(f"{where}/{part}").json()["total"] == len(open_to_bob)
    assert [each["referral_id"] for each in bob.get(f"{where}/plan").json()["restricted"]] == [
        "R1",
        "R3",
    ]
    one = [bob.get(f"{where}/proposals/{name}") for name in ("R1", "R3")]
    assert [each.status_code for each in one] == [200, 200], "whether there is one is not told"


def test_no_filter_and_no_cursor_of_proposals_tells_where_and_when(service, ann, bob):
    run = service.run()
    where = f"/v1/runs/{run['id']}/proposals"
    proposed = row(service.register, "proposal", f"{run['id']}/R1")
    restrict(ann, "R1")
    for asked in (f"premises={proposed['premises_id']}", f"band={proposed['band']}"):
        assert "R1" not in ids(bob, f"{where}?{asked}", "referral_id")
    after, told = None, []
    while True:
        found = bob.get(f"{where}?sort=referral_id&limit=1" + (f"&after={after}" if after else ""))
        told += [each["referral_id"] for each in found.json()["records"]]
        after = found.json()["after"]
        if after is None:
            break
        assert b"R1" not in base64.urlsafe_b64decode(after + "==")
    assert told == ["R2", "R4", "R5"]


def test_a_comparison_names_restricted_people_whether_anything_changed_for_them(service, ann, bob):
    before = service.run()
    assert ann.post("/v1/referrals/R2/withdrawal", {"reason": "gone home"}).status_code == 200
    after = service.run()
    restrict(ann, "R1")  # the same in both
    restrict(ann, "R3")  # gains a bed
    told = bob.get(f"/v1/runs/{after['id']}/comparison?with={before['id']}").json()
    assert [each["referral_id"] for each in told["restricted"]] == ["R1", "R3"]


# ---- bids ------------------------------------------------------------------------------------


def test_nothing_that_a_restricted_bid_does_not_show_can_be_asked_for(service, ann, bob):
    restrict(ann, "R3")
    assert "R3" in ids(bob, "/v1/referrals"), "that it is there is shown"
    for gender in ("man", "woman"):
        assert "R3" not in ids(bob, f"/v1/referrals?gender={gender}")
    assert "R3" in ids(ann, "/v1/referrals?gender=man")


def test_lists_of_unowned_and_flagged_bids_leave_out_restricted_ones(service, ann, bob):
    seen = ann.get("/v1/referrals/R3").json()
    riskier = {**seen["details"], "rosh": "Very High"}
    assert ann.put("/v1/referrals/R3", riskier, seen["version"]).status_code == 200
    restrict(ann, "R3")
    for url in ("/v1/unowned", "/v1/flagged"):
        assert "R3" in ids(ann, url)
        assert "R3" not in ids(bob, url)
    assert "R3" in ids(bob, "/v1/escalations"), "nobody is dropped from the ladder"


def test_the_answer_to_a_new_bid_does_not_tell_that_its_person_has_a_restricted_one(
    service, ann, bob
):
    known = row(service.register, "referral", "R3")["details"]
    open_one = bob.post("/v1/referrals", {**known, "id": "R6", "crn": "X000999"}).json()
    restrict(ann, "R3")
    guessed = bob.post("/v1/referrals", {**known, "id": "R7"})
    assert guessed.status_code == 201
    same = open_one.keys() - {"id", "details", "escalation"}
    assert {name: guessed.json()[name] for name in same} == {n: open_one[n] for n in same}
    assert guessed.json()["details"] == {**known, "id": "R7"}
    assert row(service.register, "referral", "R7")["restricted_to"] == ["local:Ann"]
    assert bob.get("/v1/referrals/R7").status_code == 404, "and yet it is restricted"


# ---- stays -----------------------------------------------------------------------------------


def test_a_stay_of_a_restricted_person_is_hidden_whichever_bid_it_was_for(service, ann, bob):
    nights = Stay(date(2026, 11, 2), date(2026, 11, 5))
    other = replace(tiny().referrals[2], id="K2.old", nights=3)
    stays(
        service,
        Booking("K1", "X000003", "A", nights, bed_id="A-1", resident=True),
        Booking("K2", "X000005", "A", nights, bed_id="A-2", referral=replace(other, crn="X000005")),
    )
    run = service.run()
    restrict(ann, "R3")
    restrict(ann, "R5")
    listed = {each["id"]: each for each in records(bob, "/v1/bookings")}
    for name in ("K1", "K2"):
        assert listed[name]["restricted"] and listed[name]["details"] is None
        assert listed[name]["referral_id"] is None
        assert bob.get(f"/v1/bookings/{name}").status_code == 404
        assert ann.get(f"/v1/bookings/{name}").status_code == 200
    old = row(service.register, "booking", "K2")["referral_id"]
    assert bob.get(f"/v1/referrals/{old}/brief").json()["booking"] is None
    plan = f"/v1/runs/{run['id']}/plan"
    assert {each["booking_id"] for each in ann.get(plan).json()["seats"]} == {"K1", "K2"}
    assert bob.get(plan).json()["seats"] == []


# ---- timelines -------------------------------------------------------------------------------


def test_a_timeline_holds_nothing_of_a_bid_whose_id_differs_by_case(service, ann, bob):
    known = row(service.register, "referral", "R1")["details"]
    assert ann.post("/v1/referrals", {**known, "id": "r1", "crn": "X000777"}).status_code == 201
    run = service.run()
    restrict(ann, "R1")
    told = bob.get("/v1/referrals/r1/timeline").json()
    proposals = {each["subject"] for each in told if each["kind"] == "proposal"}
    assert proposals <= {f"{run['id']}/r1"}
    assert f"{run['id']}/R1" in {
        each["subject"] for each in ann.get("/v1/referrals/R1/timeline").json()
    }
