"""Files that name a part of the register: nothing that protects people is lost."""

import pytest

from api.access.actor import Role
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.api.test_bookings import book
from tests.api.test_import_meanwhile import of_tiny, up

C, S, M = Role.COORDINATOR, Role.SERVICE, Role.MANAGER


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def premises(service, identifier="A"):
    return row(service.register, "premises", identifier)["details"]


def test_a_pair_is_kept_apart_though_one_is_referred_later(service, ann):
    answer = up(ann, separations=b"crn,other_crn,radius_miles\nX000555,X000002,\n")
    assert answer.status_code == 201 and answer.json()["recorded"]["separation"] == 1
    told = [(note["code"], note["subject"]) for note in answer.json()["notes"]]
    assert told == [("separation_waits", "separations.csv, row 2")]
    assert "X000555" not in answer.text, "a person's reference is not repeated"
    bid = ann.get("/v1/referrals/R1").json()["details"]
    assert ann.post("/v1/referrals", {**bid, "id": "R55", "crn": "X000555"}).status_code == 201
    (pair,) = rows(service.register, "separation")
    assert (pair["crn"], pair["other_crn"]) == ("X000002", "X000555")


def test_a_premises_file_alone_clears_no_protection(service, ann):
    school = b"premises,code,description\nA,X1,near a school\n"
    assert up(ann, restrictions=school).status_code == 201
    before = row(service.register, "premises", "A")
    body = {**before["details"], "arrivals_per_day": 1, "open": False}
    system = service.client(S, name="A system")
    assert system.put("/v1/premises/A", body, before["version"]).is_success
    answer = up(ann, premises=of_tiny("premises.csv"))
    assert answer.status_code == 201, answer.text
    assert premises(service) == body and answer.json()["changed"]["premises"] == 0


def test_a_restrictions_file_of_one_premises_leaves_the_others(service, ann):
    assert up(ann, restrictions=b"premises,code,description\nA,X1,a school\n").status_code == 201
    assert up(ann, restrictions=b"premises,code,description\nB,X2,a park\n").status_code == 201
    found = {each: premises(service, each)["local_restrictions"] for each in "AB"}
    assert found == {
        "A": [{"code": "x1", "description": "a school"}],
        "B": [{"code": "x2", "description": "a park"}],
    }


def test_an_id_with_a_slash_is_refused_with_its_row(service, ann):
    header, first, *_ = of_tiny("release-list.csv").decode().splitlines()
    text = "\n".join([header, first.replace("R1,", "2026/R1,", 1)]).encode()
    answer = up(ann, referrals=text)
    assert answer.status_code == 422
    (complaint,) = answer.json()["complaints"]
    assert (complaint["row"], complaint["column"]) == (2, "referral_id")
    assert "slash" in complaint["wrong"] and complaint["mend"]


FULL = (
    b"referral_id,crn,gender,release_date,flexible_days,nights,tier,rosh,outcode,"
    b"consented_radius_miles,sexual_offence_child,arson_offence,licence_expiry,preferred_premises\n"
    b"R1,X000001,Male,2026-11-09,3,84,A3,Very High,B1,30,YES,NO,2027-03-01,B\n"
)
SHORT = b"referral_id,crn,gender,release_date,nights\nR1,X000001,Male,2026-11-09,70\n"


def facts(service, identifier="R1"):
    """What is known of a bid but for its nights."""
    details = row(service.register, "referral", identifier)["details"]
    return {name: value for name, value in details.items() if name != "nights"}


def test_a_short_release_list_lifts_no_limit_and_forgets_no_offence(service, ann):
    assert up(ann, referrals=FULL).status_code == 201
    before = facts(service)
    assert before["consented_radius_miles"] == 30
    assert before["offences"] == ["sexual_adult", "sexual_child"]
    flags = rows(service.register, "flag")
    answer = up(ann, referrals=SHORT)
    assert answer.status_code == 201 and answer.json()["changed"]["referral"] == 1
    assert facts(service) == before
    assert row(service.register, "referral", "R1")["details"]["nights"] == 70
    assert rows(service.register, "flag") == flags, "no risk information is another"


def test_a_short_release_list_forgets_nothing_of_who_has_a_bed(service, ann):
    before = facts(service)
    assert before["offences"] == ["sexual_adult"] and before["tier"] == "A3"
    assert book(ann, "R1", "A-1", "2026-11-09", "2026-11-20").status_code == 201
    service.moving.put_forward(days=40)
    assert up(ann, referrals=SHORT).status_code == 201
    assert row(service.register, "referral", "R1")["status"] == "placed"
    assert facts(service) == before, "the booking is past, and nobody recorded what came of it"


def test_a_blank_cell_of_a_column_that_is_there_empties_it(service, ann):
    assert up(ann, referrals=FULL).status_code == 201
    assert up(ann, referrals=FULL.replace(b",30,YES,", b",,,")).status_code == 201
    found = facts(service)
    assert found["consented_radius_miles"] is None
    assert found["offences"] == ["sexual_adult"], "the file has no column for it"
    assert found["offences_unknown"] == ["sexual_child"]


def another_request(of, **said):
    """A request of the person of `of`, with one answer to whether there was an offence."""
    crn = of["details"]["crn"]
    ((column, answer),) = said.items()
    return (
        f"referral_id,crn,gender,release_date,nights,{column}\n"
        f"R77,{crn},Male,2027-06-01,84,{answer}\n"
    ).encode()


def test_what_another_request_of_the_person_tells_of_counts_and_is_noted(service, ann):
    said = another_request(row(service.register, "referral", "R1"), sexual_offence_adult="NO")
    answer = up(ann, referrals=said)
    assert answer.status_code == 201
    (note,) = [each for each in answer.json()["notes"] if each["code"] == "risk_contradicted"]
    assert note["subject"] == "R77" and "X000001" not in answer.text
    details = row(service.register, "referral", "R77")["details"]
    assert "sexual_adult" in details["offences"]
    why = [each["why"] for each in details["assumptions"] if each["field"] == "sexual_adult"]
    assert why == ["referral R1 of the register says so of the same person"]


def test_of_a_person_whom_one_may_not_see_no_note_tells(service, ann):
    said = another_request(row(service.register, "referral", "R1"), sexual_offence_adult="NO")
    named = {"visible_to": ["local:Ann"]}
    assert ann.post("/v1/referrals/R1/restriction", named).status_code == 200
    bob = service.client(C, name="Bob")
    answer = up(bob, referrals=said)
    assert answer.status_code == 201 and answer.json()["recorded"]["referral"] == 1
    assert "R1" not in str(answer.json()["notes"])
    assert row(service.register, "referral", "R77")["details"]["offences"] == []
