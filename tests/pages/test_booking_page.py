"""What came of a booking, recorded at the pages: arrived, did not arrive, left, cancelled."""

import pytest

from tests.api.registers import row
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def booked(service, referral="R2", bed="A-2", arrival="2026-11-09"):
    """A stay from 9 November 2026, a week after the register's day, or from another."""
    answer = service.client("coordinator", name="Ann").post(
        "/v1/bookings",
        {
            "referral_id": referral,
            "bed_id": bed,
            "arrival": arrival,
            "departure": "2027-02-01",
            "reason": "by hand",
        },
    )
    assert answer.status_code == 201
    return answer.json()["id"]


def sent(service, identifier, **said):
    version = row(service.register, "booking", identifier)["version"]
    return {"version": str(version), **said}


def test_an_arrival_is_recorded_once_it_was_confirmed_and_told_on_the_timeline(service):
    booking = booked(service)
    browser = Browser(service, "coordinator")
    assert f'href="/bookings/{booking}"' in browser.get("/bids/R2").text
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator", name="Bea")
    url = f"/bookings/{booking}/arrival"
    asked = browser.post(url, sent(service, booking, arrival_day="2026-11-09"))
    assert asked.status_code == 200 and "Day of arrival 9 November 2026" in text_of(asked)
    assert row(service.register, "booking", booking)["status"] == "upcoming", "not confirmed yet"
    done = browser.post(url, sent(service, booking, arrival_day="2026-11-09", confirmed="1"))
    assert done.status_code == 303 and done.headers["location"] == "/bids/R2"
    assert row(service.register, "referral", "R2")["status"] == "arrived"
    read = text_of(browser.get("/bids/R2"))
    assert "Recorded: the person arrived" in read
    assert "Day: 9 November 2026" in read and "by Bea" in read
    assert "arrived on 9 November 2026" in read and "arrived on 2026" not in read


def test_somebody_who_left_is_recorded_with_the_day_and_why(service):
    booking = booked(service)
    service.moving.put_forward(days=10)
    browser = Browser(service, "coordinator")
    arrival = sent(service, booking, arrival_day="2026-11-09", confirmed="1")
    assert browser.post(f"/bookings/{booking}/arrival", arrival).status_code == 303
    page = browser.get(f"/bookings/{booking}")
    assert "Record the departure" in text_of(page) and "Cancel the booking" not in text_of(page)
    url = f"/bookings/{booking}/departure"
    without = browser.post(url, sent(service, booking, departure_day="2026-11-12"))
    assert without.status_code == 422 and 'href="#departure_reason"' in without.text
    said = {"departure_day": "2026-11-12", "departure_reason": "Recalled.", "confirmed": "1"}
    assert browser.post(url, sent(service, booking, **said)).status_code == 303
    left = row(service.register, "booking", booking)
    assert left["status"] == "departed" and f"{left['departure']}" == "2026-11-12"
    read = text_of(browser.get("/bids/R2"))
    assert "Reason: Recalled." in read and "X000002 Left" in read
    brief = text_of(browser.get("/bids/R2/brief"))
    assert "Handover brief: X000002 Left" in brief
    assert "Was at Alderbeck House, room 2, bed 1 , 9 November 2026 to 12 November 2026" in brief


def test_a_cancellation_needs_a_reason_and_makes_the_bid_open_again(service):
    booking = booked(service)
    browser = Browser(service, "coordinator")
    page = browser.get(f"/bookings/{booking}")
    assert "did not arrive can be recorded here from 9 November 2026" in text_of(page)
    assert "Check, then record the arrival" in text_of(page)
    assert "Check, then cancel the booking" in text_of(page) and "Continue" not in page.text
    url = f"/bookings/{booking}/cancellation"
    assert browser.post(url, sent(service, booking, confirmed="1")).status_code == 422
    said = {"cancellation_reason": "The AP appealed.", "confirmed": "1"}
    assert browser.post(url, sent(service, booking, **said)).status_code == 303
    assert row(service.register, "referral", "R2")["status"] == "open"
    assert "Reason: The AP appealed." in text_of(browser.get("/bids/R2"))
    tried = "Cancelled Alderbeck House, room 2, bed 1 : The AP appealed."
    for url in ("/bids/R2", "/bids/R2/brief", "/without-a-bed"):
        assert tried in text_of(browser.get(url)), url
    told = browser.get("/without-a-bed.csv").text
    assert "Cancelled Alderbeck House, room 2, bed 1: The AP appealed." in told


def test_the_bed_to_which_nobody_came_is_named_with_the_attempt_unless_it_may_not_be_known(service):
    booking = booked(service)
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator")
    said = sent(service, booking, non_arrival_reason="Nobody came.", confirmed="1")
    assert browser.post(f"/bookings/{booking}/non-arrival", said).status_code == 303
    bed = "Alderbeck House, room 2, bed 1"
    assert f"Did not arrive at {bed} : Nobody came." in text_of(browser.get("/bids/R2"))
    ann = service.client("coordinator", "manager", name="Ann")
    other = {**ann.get("/v1/referrals/R2").json()["details"], "id": "N1"}
    assert ann.post("/v1/referrals", other).status_code == 201
    named = {"visible_to": ["local:Ann"]}
    assert ann.post("/v1/referrals/N1/restriction", named).status_code == 200
    read = text_of(browser.get("/bids/R2"))
    assert "Nobody came." in read and "Did not arrive at" not in read


def test_the_link_to_a_booking_says_that_the_person_can_be_moved_while_they_can(service):
    booking = booked(service)
    moves, cancels = (
        "or a non-arrival, change the last day, move to another bed, or cancel",
        "or a non-arrival, change the last day, or cancel",
    )
    browser = Browser(service, "coordinator")
    assert moves in text_of(browser.get("/bids/R2"))
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator")
    assert cancels in text_of(browser.get("/bids/R2")), "the arrival comes first"
    arrival = sent(service, booking, arrival_day="2026-11-09", confirmed="1")
    assert browser.post(f"/bookings/{booking}/arrival", arrival).status_code == 303
    read = text_of(browser.get("/bids/R2"))
    withdraws = "change the last day, move to another bed, or withdraw the arrival"
    assert f"Record the departure, {withdraws}" in read


def test_who_did_not_arrive_is_without_a_bed_again(service):
    booking = booked(service)
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/non-arrival"
    said = {"non_arrival_reason": "Nobody came.", "confirmed": "1"}
    first = browser.post(url, sent(service, booking, non_arrival_reason="Nobody came."))
    assert first.status_code == 422, "refused before there is anything to confirm"
    early = browser.post(url, sent(service, booking, **said))
    assert early.status_code == 422 and "expected on 9 November 2026" in text_of(early)
    service.moving.put_forward(days=7)
    on_the_day = Browser(service, "coordinator").post(
        url, sent(service, booking, non_arrival_reason="Nobody came.")
    )
    assert on_the_day.status_code == 200
    assert "The day of arrival is today and is not over: it is 9 November" in text_of(on_the_day)
    service.moving.put_forward(days=1)
    late = Browser(service, "coordinator")
    assert "is not over" not in text_of(
        late.post(url, sent(service, booking, non_arrival_reason="Nobody came."))
    )
    assert late.post(url, sent(service, booking, **said)).status_code == 303
    bid = row(service.register, "referral", "R2")
    assert (bid["status"], bid["failed_attempts"]) == ("open", 1)


def test_what_stands_in_the_way_is_said_with_what_was_written(service):
    booking = booked(service)
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/arrival"
    for typed in ("", "9 November"):
        wrong = browser.post(url, sent(service, booking, arrival_day=typed))
        assert wrong.status_code == 422 and 'href="#arrival_day"' in wrong.text
    unseen = browser.post(url, sent(service, booking, arrival_day="2026-11-09"))
    assert unseen.status_code == 422, "refused before there is anything to confirm"
    assert 'value="2026-11-09"' in unseen.text and "not after today" in text_of(unseen)
    to_come = browser.post(url, sent(service, booking, arrival_day="2026-11-09", confirmed="1"))
    assert to_come.status_code == 422 and 'value="2026-11-09"' in to_come.text
    seen = sent(service, booking, arrival_day="2026-11-02", confirmed="1")
    extended = service.client("coordinator").post(
        f"/v1/bookings/{booking}/extension",
        {"departure": "2027-02-02", "reason": "longer"},
        headers={"If-Match": '"1"'},
    )
    assert extended.status_code == 200
    stale = browser.post(url, seen)
    assert stale.status_code == 409 and "Somebody has changed this booking" in text_of(stale)
    assert row(service.register, "booking", booking)["status"] == "upcoming"


def test_an_arrival_that_was_a_mistake_is_withdrawn_with_a_reason(service):
    booking = booked(service)
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator", name="Bea")
    assert "Withdraw" not in text_of(browser.get(f"/bookings/{booking}"))
    arrival = sent(service, booking, arrival_day="2026-11-09", confirmed="1")
    assert browser.post(f"/bookings/{booking}/arrival", arrival).status_code == 303
    assert "Withdraw the arrival" in text_of(browser.get(f"/bookings/{booking}"))
    url = f"/bookings/{booking}/withdrawal"
    assert browser.post(url, sent(service, booking)).status_code == 422
    said = {"withdrawal_reason": "It was somebody else."}
    asked = browser.post(url, sent(service, booking, **said))
    assert asked.status_code == 200 and "Check before you withdraw the arrival" in text_of(asked)
    assert row(service.register, "booking", booking)["status"] == "arrived", "not confirmed yet"
    done = browser.post(url, sent(service, booking, **said, confirmed="1"))
    assert done.headers["location"] == "/bids/R2"
    assert row(service.register, "referral", "R2")["status"] == "placed"
    read = text_of(browser.get("/bids/R2"))
    assert "That the person arrived was withdrawn" in read
    assert "Reason: It was somebody else." in read and "Day: 9 November 2026" in read


def test_a_non_arrival_is_found_from_the_bid_that_it_made_open_and_withdrawn(service):
    booking = booked(service)
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator")
    said = {"non_arrival_reason": "Nobody came.", "confirmed": "1"}
    url = f"/bookings/{booking}/non-arrival"
    assert browser.post(url, sent(service, booking, **said)).status_code == 303
    page = browser.get("/bids/R2")
    assert f'href="/bookings/{booking}"' in page.text and "withdraw the non-arrival" in page.text
    undone = {"withdrawal_reason": "They came late.", "confirmed": "1"}
    url = f"/bookings/{booking}/withdrawal"
    assert browser.post(url, sent(service, booking, **undone)).status_code == 303
    assert row(service.register, "referral", "R2")["status"] == "placed"
    read = text_of(browser.get("/bids/R2"))
    assert "Attempts: 0" in read and "one that was withdrawn since counts no more" in read
    assert "What came of it" in read and "Did not fail: it was withdrawn" in read


def test_a_booking_is_for_those_who_may_read_bookings_and_know_of_the_person(service):
    booking = booked(service)
    assert Browser(service, "planner").get(f"/bookings/{booking}").status_code == 403
    manager = service.client("manager", name="Ann")
    named = {"visible_to": ["local:Ann"]}
    assert manager.post("/v1/referrals/R2/restriction", named).status_code == 200
    bea = Browser(service, "coordinator", name="Bea")
    assert bea.get(f"/bookings/{booking}").status_code == 404
    post = bea.post(f"/bookings/{booking}/cancellation", {"cancellation_reason": "x"})
    assert post.status_code == 404


def test_an_arrival_before_the_day_booked_is_cautioned_and_one_before_the_release_refused(service):
    booking = booked(service, arrival="2026-11-12")
    service.moving.put_forward(days=11)
    browser = Browser(service, "coordinator")
    url = f"/bookings/{booking}/arrival"
    early = text_of(browser.post(url, sent(service, booking, arrival_day="2026-11-10")))
    assert "2 days before the arrival that was booked, 12 November 2026" in early
    on_time = text_of(browser.post(url, sent(service, booking, arrival_day="2026-11-12")))
    assert "What you record" in on_time and "before the arrival" not in on_time
    too_early = browser.post(url, sent(service, booking, arrival_day="2026-11-08"))
    assert too_early.status_code == 422 and 'href="#arrival_day"' in too_early.text
    told = "The arrival, 8 November 2026, is before the release, 9 November 2026"
    assert told in text_of(too_early)
    ann = service.client("coordinator", name="Ann")
    answer = ann.post(f"/v1/bookings/{booking}/arrival", {"day": "2026-11-08"})
    assert answer.status_code == 422 and answer.json()["code"] == "before-release"


def test_an_arrival_on_the_day_booked_is_cautioned_where_the_release_is_later_by_now(service):
    booking = booked(service)
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R2").json()
    later = {"release_date": "2026-11-11", "latest_arrival": "2026-11-11"}
    assert ann.put("/v1/referrals/R2", {**bid["details"], **later}, bid["version"]).is_success
    service.moving.put_forward(days=8)
    url = f"/bookings/{booking}/arrival"
    browser = Browser(service, "coordinator")
    asked = browser.post(url, sent(service, booking, arrival_day="2026-11-09"))
    assert asked.status_code == 200
    assert "before the release as the bid has it, 11 November 2026" in text_of(asked)
