"""Beds that a file takes out of service although somebody is in them: who is told, and how."""

import pytest
from sqlalchemy import select

from api.store.tables import ACCESS_LOG
from tests.api.registers import row, rows
from tests.api.service import a_service
from tests.builders import (
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    day,
    out_of_service,
)
from tests.pages.browsing import Browser, text_of

LISTED = "People in beds that are out of service, or booked into them"
IN_IT = (
    "CRN-res-1 , in Premises P1, Room P1-R1, Bed P1-R1-B1 from 28 October 2026 to 27 November "
    "2026: out of service on the nights from 3 November 2026 to 12 November 2026"
)


@pytest.fixture
def service(tmp_path):
    known = a_referral("ref-r", crn="CRN-res-1", release_date=-5, nights=30)
    there = a_resident("res-1", bed_id="P1-R1-B1", stay=a_stay(-5, 30), referral=known)
    estate = an_estate({"P1": (1, 1, 1)})
    works = [out_of_service("P1-R3-B1", -2, 4), out_of_service("P1-R2-B1", 20, 2)]
    return a_service(tmp_path, a_problem(**estate, bookings=[there], out_of_service=works))


def shut(service, *roles):
    """A file takes the bed of the resident out of service for ten nights from tomorrow."""
    text = (
        "roomName,bedName,id,ap,apQCode,reason,startDate,endDate,cancelled\n"
        f"Room P1-R1,Bed P1-R1-B1,W1,Premises P1,P1,Heating,{day(1)},{day(10)},N\n"
    )
    browser = Browser(service, *roles or ("coordinator",))
    return browser, browser.post("/files", files={"out_of_service": ("o.csv", text.encode())})


def test_the_answer_to_the_file_names_bed_person_and_nights(service):
    _, answer = shut(service)
    read = text_of(answer)
    assert (
        "Beds out of service with somebody in them, or booked into them: 1" in read
        and IN_IT in read
    )
    assert '<a class="govuk-link" href="/bookings/res-1">' in answer.text
    (works,) = (r for r in rows(service.register, "out_of_service") if r["in_conflict"])
    assert works["id"] not in read
    with service.register.reading() as connection:
        newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        assert "res-1" in connection.execute(newest).scalar_one()


def test_whoever_is_in_such_a_bed_is_listed_where_coordinators_begin(service):
    browser = Browser(service, "coordinator")
    assert LISTED not in text_of(browser.get("/without-a-bed"))
    shut(service)
    read = text_of(browser.get("/without-a-bed"))
    assert LISTED in read and IN_IT in read
    manager = service.client("manager", name="Boss")
    hidden = {"visible_to": ["local:Boss"]}
    bid = row(service.register, "booking", "res-1")["referral_id"]
    assert manager.post(f"/v1/referrals/{bid}/restriction", hidden).status_code == 200
    assert LISTED not in text_of(browser.get("/without-a-bed"))


def test_the_bid_says_on_which_nights_the_bed_is_out_of_service_and_not_that_it_is_taken(service):
    browser, _ = shut(service)
    bid = row(service.register, "booking", "res-1")["referral_id"]
    for page in (f"/bids/{bid}", "/bookings/res-1"):
        read = text_of(browser.get(page))
        words = "The bed is out of service on the nights from 3 November 2026 to 12 November 2026"
        assert words in read
        assert "taken on some of the nights" not in read and "not yet open" not in read


def test_the_premises_counts_and_draws_beds_out_of_service_with_somebody_in_them(service):
    browser, _ = shut(service)
    answer = browser.get(f"/premises/P1?from={day(0)}")
    assert 'height="6"' in answer.text and "A dark strip" in text_of(answer)
    assert "Somebody is in the bed, or booked into it" in text_of(answer)
    read = text_of(browser.get(f"/premises-day/P1?day={day(1)}"))
    assert "1 out of service, and 1 more with somebody in it" in read


def test_beds_out_of_service_stand_in_the_order_of_rooms_and_days(service):
    browser, _ = shut(service)
    read = text_of(browser.get("/premises/P1")).split("Out of service in these weeks")[1]
    beds = [f"Room P1-R{n}, Bed P1-R{n}-B1" for n in (1, 2, 3)]
    assert [read.index(bed) for bed in beds] == sorted(read.index(bed) for bed in beds)
