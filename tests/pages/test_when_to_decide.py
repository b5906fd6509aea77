"""When a proposal is to be decided, as pages say it: from its day on the arrival presses."""

from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of


def test_what_is_due_is_told_by_the_days_to_the_arrival_and_what_is_not_by_its_day(planned):
    service, run = planned
    browser = Browser(service, "coordinator")
    due = text_of(browser.get("/bids/R1"))
    assert "to be decided now: the arrival is in 7 days" in due and "Two deadlines" in due
    later = text_of(browser.get("/bids/R5"))
    assert "to be decided by" in later and ", provisional until then." in later
    listed = text_of(browser.get(f"/runs/{run}/proposals"))
    assert "Now 7 days to the arrival" in listed and "Provisional until then" in listed
    assert "to be decided now: the arrival is in 7 days" in text_of(browser.get("/without-a-bed"))


def test_of_those_due_at_once_the_first_to_arrive_is_the_first_to_decide(planned):
    service, run = planned
    listed = Browser(service, "coordinator").get(f"/runs/{run}/proposals?sort=decide_by")
    order = [crn for crn in ("X000001", "X000004", "X000005") if crn in listed.text]
    assert len(order) == 3
    assert sorted(order, key=listed.text.index) == order


def test_an_arrival_that_has_gone_by_is_told_as_past(tmp_path):
    service, _ = a_planned_service(tmp_path)
    service.moving.put_forward(days=7)
    read = text_of(Browser(service, "coordinator").get("/bids/R1"))
    assert "to be decided now: the arrival is today" in read
