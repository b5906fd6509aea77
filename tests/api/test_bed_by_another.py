"""A bid whose person has a bed by another is looked at by somebody, and not escalated."""

from dataclasses import replace
from datetime import date

import pytest

from allocator.booking import Booking
from allocator.nights import Stay
from api.service.review import review
from api.store.verify import verify
from tests.api.registers import COORDINATOR, make_register, row, rows, tiny
from tests.api.service import a_service
from tests.api.test_bookings import book
from tests.api.test_two_bids import with_two_bids
from tests.pages.browsing import Browser, text_of

FLAG = "bed_by_another_bid"
IN_PART = "bed_by_another_in_part"
LEFT = "R1-again"


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, with_two_bids())


@pytest.fixture
def ann(service):
    return service.client("coordinator", "manager", name="Ann")


def look(service):
    with service.register.changing(COORDINATOR) as change:
        return review(change)


def listed(client, path):
    return {each["id"]: each for each in client.get(path).json()["records"]}


def test_it_leaves_the_ladder_and_waits_for_somebody_to_withdraw_it(service, ann):
    assert LEFT in listed(ann, "/v1/escalations")
    assert book(ann, "R1", "A-1").is_success
    look(service)
    assert LEFT not in listed(ann, "/v1/escalations")
    found = listed(ann, "/v1/flagged")[LEFT]
    assert (found["flags"], found["escalation"], found["status"]) == ([FLAG], None, "open")
    assert LEFT in listed(ann, "/v1/unowned")
    refused = ann.post(f"/v1/escalations/{LEFT}/acknowledgement")
    assert refused.status_code == 409
    before = row(service.register, "referral", LEFT)
    service.moving.put_forward(days=5)
    look(service)
    assert row(service.register, "referral", LEFT) == before, "no deadline raises it"
    service.run()
    look(service)
    assert listed(ann, "/v1/flagged")[LEFT]["flags"] == [FLAG], "no plan answers that"
    assert [flag["why"] for flag in rows(service.register, "flag")].count(FLAG) == 1
    assert ann.post(f"/v1/referrals/{LEFT}/withdrawal", {"reason": "twice"}).is_success
    assert LEFT not in listed(ann, "/v1/flagged")


def test_its_brief_has_a_deadline_only_where_its_page_has_one(service, ann):
    browser = Browser(service, "coordinator", "manager")
    pages = (f"/bids/{LEFT}", f"/bids/{LEFT}/brief")
    assert all("Next deadline" in text_of(browser.get(url)) for url in pages)
    assert book(ann, "R1", "A-1").is_success
    look(service)
    assert not any("Next deadline" in text_of(browser.get(url)) for url in pages)
    assert ann.get(f"/v1/referrals/{LEFT}/brief").json()["next_deadline"] is None


def test_it_is_due_anew_as_soon_as_the_booking_is_there_no_more(service, ann):
    booking = book(ann, "R1", "A-1").json()
    look(service)
    service.moving.put_forward(days=5)
    url = f"/v1/bookings/{booking['id']}/cancellation"
    assert ann.post(url, {"reason": "not needed"}).is_success
    found = listed(ann, "/v1/escalations?acknowledged=false")[LEFT]
    assert found["flags"] == ["bed_freed"]
    assert found["escalation"]["due"] > service.moving.now().isoformat()
    with service.register.reading() as connection:
        assert verify(connection).sound


def test_nothing_is_said_of_a_bed_that_the_person_has_left(service, ann):
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=8)
    url = f"/v1/bookings/{booking['id']}"
    assert ann.post(f"{url}/arrival", {"day": "2026-11-09"}).is_success
    look(service)
    assert FLAG in listed(ann, "/v1/flagged")[LEFT]["flags"]
    assert ann.post(f"{url}/departure", {"day": "2026-11-10", "reason": "Recalled."}).is_success
    assert FLAG not in listed(ann, "/v1/flagged")[LEFT]["flags"]


def test_a_booking_to_which_nobody_came_is_no_bed(service, ann):
    assert book(ann, "R1", "A-1").is_success
    look(service)
    service.moving.put_forward(days=8)
    look(service)
    assert {"R1", LEFT} <= listed(ann, "/v1/escalations").keys()


def test_what_is_only_proposed_is_no_bed(service, ann):
    service.run()
    look(service)
    assert {"R1", LEFT} <= listed(ann, "/v1/escalations").keys()


def test_a_stay_after_which_the_other_can_begin_is_no_bed_for_it(tmp_path):
    problem = with_two_bids()
    later = replace(problem.referrals_by_id[LEFT], latest_arrival=date(2026, 11, 10))
    others = [each for each in problem.referrals if each.id != LEFT]
    service = a_service(tmp_path, problem.with_referrals((*others, later)))
    ann = service.client("coordinator", name="Ann")
    booking = book(ann, "R1", "A-1", departure="2026-11-10").json()
    look(service)
    assert listed(ann, "/v1/escalations")[LEFT]["flags"] == []
    longer = {"departure": "2026-11-11", "reason": "longer"}
    seen = {"If-Match": f'"{booking["version"]}"'}
    url = f"/v1/bookings/{booking['id']}/extension"
    assert ann.post(url, longer, headers=seen).is_success
    look(service)
    assert listed(ann, "/v1/escalations")[LEFT]["flags"] == [IN_PART]


@pytest.mark.parametrize(
    ("arrival", "departure", "flag"),
    [
        ("2026-11-12", "2026-11-19", IN_PART),
        ("2026-11-09", "2027-01-31", IN_PART),
        ("2026-11-10", "2027-02-02", IN_PART),
        ("2026-11-09", "2027-02-01", FLAG),
    ],
)
def test_only_a_booking_that_begins_in_time_and_lasts_takes_it_off_the_ladder(
    service, ann, arrival, departure, flag
):
    assert book(ann, "R1", "A-1", arrival, departure).is_success
    look(service)
    assert listed(ann, "/v1/flagged")[LEFT]["flags"] == [flag]
    assert (LEFT in listed(ann, "/v1/escalations")) == (flag == IN_PART)
    service.run()
    look(service)
    assert flag in listed(ann, "/v1/flagged")[LEFT]["flags"], "no plan answers that"
    read = text_of(Browser(service, "manager", "coordinator").get(f"/bids/{LEFT}"))
    assert ("this bid is escalated as before" in read) == (flag == IN_PART)
    assert ("this bid is not escalated" in read) == (flag == FLAG)


def test_who_stays_as_long_as_the_bid_asks_does_not_come_back_as_days_go_by(service, ann):
    booking = book(ann, "R1", "A-1").json()
    service.moving.put_forward(days=7)
    assert ann.post(f"/v1/bookings/{booking['id']}/arrival", {"day": "2026-11-09"}).is_success
    for _ in range(3):
        look(service)
        assert LEFT not in listed(ann, "/v1/escalations")
        service.moving.put_forward(days=1)


def test_a_bid_is_back_on_the_ladder_when_the_booking_is_made_shorter(service, ann):
    booking = book(ann, "R1", "A-1").json()
    look(service)
    assert LEFT not in listed(ann, "/v1/escalations")
    service.moving.put_forward(days=5)
    shorter = {"departure": "2026-12-24", "reason": "shorter"}
    url, seen = f"/v1/bookings/{booking['id']}/extension", {"If-Match": f'"{booking["version"]}"'}
    assert ann.post(url, shorter, headers=seen).is_success
    look(service)
    found = listed(ann, "/v1/escalations?acknowledged=false")[LEFT]
    assert IN_PART in found["flags"] and FLAG not in found["flags"]
    assert found["escalation"]["due"] > service.moving.now().isoformat()


def test_a_booking_without_a_bid_is_a_bed_too(tmp_path):
    stay = Stay(date(2026, 11, 9), date(2027, 2, 1))
    booked = Booking("K7", tiny().referrals_by_id["R1"].crn, "A", stay, bed_id="A-1")
    service = a_service(tmp_path, tiny().with_bookings((booked,)))
    look(service)
    ann = service.client("coordinator", name="Ann")
    assert listed(ann, "/v1/flagged")["R1"]["flags"] == [FLAG]
    assert "R1" not in listed(ann, "/v1/escalations")
    read = text_of(Browser(service, "coordinator").get("/bids/R1"))
    assert "The person has a bed by another booking. Withdraw the bid" in read
    assert "A booking without a bid of the same person: 9 November 2026 to 1 February 2027" in read


def test_the_review_is_the_same_on_each_database(database_url):
    stay = Stay(date(2026, 11, 9), date(2027, 2, 1))
    booked = Booking("K7", tiny().referrals_by_id["R1"].crn, "A", stay, bed_id="A-1")
    register = make_register(database_url, tiny().with_bookings((booked,)))
    for _ in range(2):
        with register.changing(COORDINATOR) as change:
            review(change)
        (flag,) = rows(register, "flag")
        assert (flag["referral_id"], flag["why"], flag["about"]) == ("R1", FLAG, "K7")


def test_a_restriction_reviews_the_bids_of_that_person_alone(service, ann):
    assert book(ann, "R1", "A-1").is_success
    assert ann.post("/v1/referrals/R2/restriction", {"visible_to": ["local:Bea"]}).is_success
    assert not rows(service.register, "flag"), "of others the next review tells, in its own name"


@pytest.mark.parametrize("hidden", ["R1", LEFT])
def test_of_people_with_a_restricted_bid_none_leaves_the_ladder(service, ann, hidden):
    assert book(ann, "R1", "A-1").is_success
    look(service)
    named = {"visible_to": ["local:Bea"]}
    assert ann.post(f"/v1/referrals/{hidden}/restriction", named).is_success
    assert LEFT in listed(ann, "/v1/escalations")
    look(service)
    assert LEFT in listed(ann, "/v1/escalations")
    assert not [each for each in listed(ann, "/v1/flagged").values() if FLAG in each["flags"]]


def test_pages_say_so_with_a_link_to_the_other_bid(service, ann):
    assert book(ann, "R1", "A-1").is_success
    look(service)
    browser = Browser(service, "manager", "coordinator")
    bid = browser.get(f"/bids/{LEFT}")
    assert "The person has a bed by another booking. Withdraw the bid" in text_of(bid)
    assert bid.text.count('href="/bids/R1"') == 1
    assert "Acknowledge the escalation" not in bid.text
    assert "Not escalated" in text_of(browser.get("/without-a-bed"))
    assert LEFT not in text_of(browser.get("/oversight/escalations"))


def test_no_level_up_is_told_of_it(service, ann):
    run = service.run()["id"]
    reasons = ann.get(f"/v1/runs/{run}/explanations").json()["records"]
    told = ann.get(f"/v1/runs/{run}/level-up").json()
    same = {each["referral_id"] for each in reasons if each["code"] == "same_person"}
    asked = {each["referral_id"] for each in told["records"]}
    assert len(same) == 1 and asked == {each["referral_id"] for each in reasons} - same
    assert told["total"] == len(asked)
