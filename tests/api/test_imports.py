"""Imports over the wire: sent again, one at a time, and no CRN in what is answered or kept."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from api.access.actor import Role
from api.service import import_files as importing
from api.store.tables import ANSWERS
from tests.api.registers import rows
from tests.api.service import a_service

STRANGER = "X000555"
APART = f"crn,other_crn,radius_miles\n{STRANGER},X000002,\n"
KEPT_OUT = f"crn,kind,latitude,longitude,radius_miles,premises\n{STRANGER},premises,,,,A\n"
ASKED = ("referral_id,crn,gender,release_date,nights,tier", "R9,ODD123,Male,2026-11-20,84,A3")


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.fixture
def ann(service):
    return service.client(Role.COORDINATOR, name="Ann")


def send(client, key, **files):
    sent = {kind: (f"{kind}.csv", content.encode()) for kind, content in files.items()}
    return client.client.post("/v1/imports", files=sent, headers={"Idempotency-Key": key})


def noted(answer):
    assert answer.status_code == 201, answer.text
    return {each["code"]: each["subject"] for each in answer.json()["notes"]}


def test_notes_about_people_hold_no_crn_and_neither_does_what_is_kept(service, ann):
    referrals = "\n".join(ASKED)
    found = noted(send(ann, "a-key-of-1", separations=APART, zones=KEPT_OUT, referrals=referrals))
    assert found["separation_waits"] == "separations.csv, row 2", "where it is, and not who"
    assert found["zone_waits"] == "zones.csv, row 2"
    assert found["crn_unusual"].endswith(", column crn"), "where it is, and not which"
    assert "row " in found["crn_unusual"]
    assert found["offences_unknown"] == "referrals", "what is nobody's is told"
    with service.register.reading() as connection:
        kept = str(connection.execute(select(ANSWERS.c.body)).scalars().all())
    assert "separation_waits" in kept
    assert STRANGER not in kept and "ODD" not in kept


def test_of_every_note_of_the_page_it_is_decided_whether_its_subject_is_told():
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    table = page.partition("A **note** is")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`.+?) \|", table, flags=re.M)
    codes = {code for cell in first_cells for code in re.findall(r"`(\w+)`", cell)}
    of_people = {"person_booked_twice"}
    of_forecasts = {"asked_late", "report_by_arrival"}
    assert codes == importing.SUBJECTS_TOLD | of_people | of_forecasts


def test_a_note_that_is_not_known_to_be_nobodys_is_told_without_its_subject():
    assert importing._safe("a_note_of_next_year", STRANGER) == ""


def test_an_import_sent_again_is_the_same_on_another_day_and_reads_nothing(
    service, ann, monkeypatch
):
    first = send(ann, "a-key-of-mine", separations=APART)
    service.moving.put_forward(days=1)

    def no_reader(*_):
        raise AssertionError("it was read again")

    monkeypatch.setattr(importing, "read_apart", no_reader)
    again = send(ann, "a-key-of-mine", separations=APART)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = send(ann, "a-key-of-mine", zones=KEPT_OUT)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_one_import_is_under_way_at_a_time_and_the_next_is_told_when_to_come(
    service, ann, monkeypatch
):
    reading, meanwhile = importing.read_apart, []

    def and_another_comes(*arguments):
        monkeypatch.setattr(importing, "read_apart", reading)
        meanwhile.append(send(ann, "another-key", zones=KEPT_OUT))
        return reading(*arguments)

    monkeypatch.setattr(importing, "read_apart", and_another_comes)
    assert send(ann, "a-first-key", separations=APART).status_code == 201
    assert [(each.status_code, each.json()["code"]) for each in meanwhile] == [(503, "importing")]
    assert meanwhile[0].headers["Retry-After"] == "30"
    assert send(ann, "another-key", zones=KEPT_OUT).status_code == 201
    assert len(rows(service.register, "referral")) == 5
