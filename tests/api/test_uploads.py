"""Files in: what is sent is what is read, and what cannot be is said by the names that came."""

from dataclasses import replace

import pytest

from allocator.estate import LocalRestriction
from tests.api.registers import tiny
from tests.api.service import a_service
from tests.fixtures.folders import FIXTURES

TINY = FIXTURES / "tiny"
LIST = (TINY / "release-list.csv").read_text()
HEADER = LIST.splitlines()[0]


@pytest.fixture
def ann(tmp_path):
    return a_service(tmp_path).client("coordinator", name="Ann")


def send(client, *parts, **fields):
    return client.post("/v1/imports", files=list(parts), data=fields)


def a_file(field, text=LIST, name="list.csv"):
    return (field, (name, text, "text/csv"))


def complaints(answer):
    assert answer.status_code == 422, answer.text
    return answer.json()["complaints"]


def test_a_file_under_a_misspelt_field_is_refused_and_the_nearest_named(ann):
    pairs = "crn,other_crn\nX000001,X000002\n"
    (told,) = complaints(send(ann, a_file("separation", pairs, "separations.csv")))
    assert told["where"] == "form.separation" and "separations" in told["message"]
    assert ann.get("/v1/separations").json()["total"] == 0


def test_a_word_under_a_misspelt_field_is_refused_too(ann):
    (told,) = complaints(send(ann, a_file("referrals"), skip_bad_row="true"))
    assert told["where"] == "form.skip_bad_row" and "skip_bad_rows" in told["message"]


def test_two_files_where_one_is_meant_are_refused(ann):
    rooms = a_file("rooms", (TINY / "rooms.csv").read_text(), "rooms.csv")
    (told,) = complaints(send(ann, rooms, rooms))
    assert (told["where"], told["kind"]) == ("form.rooms", "repeated")
    assert send(ann, a_file("referrals", HEADER), a_file("referrals", HEADER)).status_code == 201


def test_what_came_instead_of_files_is_said(ann):
    empty = ann.post("/v1/imports", {"premises": "A"})
    assert "application/json came" in empty.json()["detail"]
    words = ann.post("/v1/imports", data={"as_of": "2026-11-02"})
    assert "only as_of came" in words.json()["detail"] and "referrals" in words.json()["detail"]


def test_complaints_call_a_file_by_the_name_it_was_sent_under(ann):
    wrong = LIST.replace("2026-11-09", "soon", 1)
    sent = send(
        ann, a_file("referrals", HEADER, "north.csv"), a_file("referrals", wrong, "south.csv")
    )
    (told,) = complaints(sent)
    assert told["file"] == "south.csv"
    assert sent.json()["detail"] == "1 fault; nothing was imported"


def test_a_synthetic_file_makes_the_register_synthetic_for_good(tmp_path):
    service = a_service(tmp_path, replace(tiny(), synthetic=False))
    ann = service.client("coordinator", "manager", "auditor", name="Ann")
    assert ann.get("/v1/me").json()["synthetic"] is False
    assert ann.get("/v1/export/problem.json").json()["synthetic"] is False
    assert send(ann, a_file("referrals")).status_code == 201
    assert send(ann, a_file("referrals", LIST.replace(",YES\n", ",\n"))).status_code == 201
    assert ann.get("/v1/me").json()["synthetic"] is True
    assert ann.get("/v1/export/problem.json").json()["synthetic"] is True
    run = service.run()
    assert ann.get(f"/v1/runs/{run['id']}/plan").json()["synthetic"] is True
    assert ann.get("/v1/audit/verification").json()["faults"] == []


def test_a_list_alone_is_held_to_the_restriction_codes_of_the_register(tmp_path):
    estate = tiny()
    school = (LocalRestriction("near-school"),)
    site = replace(estate.premises[0], local_restrictions=school)
    service = a_service(tmp_path, replace(estate, premises=(site, *estate.premises[1:])))
    ann = service.client("coordinator", name="Ann")
    columns = HEADER.replace(",synthetic", ",restriction_codes,synthetic")
    wrong = LIST.replace(HEADER, columns).replace(",YES\n", ",near-shool,YES\n")
    told = complaints(send(ann, a_file("referrals", wrong)))
    assert {each["column"] for each in told} == {"restriction_codes"}
    assert all("near-school" in each["mend"] for each in told)
    right = wrong.replace("near-shool", "Near-School")
    assert send(ann, a_file("referrals", right)).status_code == 201


def test_two_files_of_one_name_are_told_apart(ann):
    wrong = LIST.replace("2026-11-09", "soon", 1)
    (told,) = complaints(send(ann, a_file("referrals", HEADER), a_file("referrals", wrong)))
    assert told["file"] == "referrals-2.csv"
