"""Plans there are: one that is being made is said and led to, and so is the one that overtook."""

import re

import pytest

from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


@pytest.mark.parametrize(
    "path", ["/without-a-bed", "/capacity/unmet", "/capacity/worth", "/oversight/disparity"]
)
def test_a_plan_that_is_being_made_is_said_and_led_to(service, path):
    browser = Browser(service, "coordinator", "planner", "manager")
    assert "There is no finished plan yet" in text_of(browser.get(path))
    coordinator = Browser(service, "coordinator")
    made = coordinator.post("/runs", {"effort": "quick"}).headers["location"]
    page = browser.get(path)
    assert "is being made" in text_of(page) and "no finished plan" not in text_of(page)
    assert f'href="{made}"' in page.text
    assert coordinator.post(f"{made}/cancellation").status_code == 303
    assert "There is no finished plan yet" in text_of(browser.get(path)), "it was called off"


def test_a_bid_that_no_plan_has_looked_at_says_that_one_is_being_made(service):
    browser = Browser(service, "coordinator")
    read = text_of(browser.get("/bids/R1"))
    assert "No finished plan has looked for one yet" in read and "being made" not in read
    made = browser.post("/runs", {"effort": "quick"}).headers["location"]
    page = browser.get("/bids/R1")
    assert "One is being made: the plan of" in text_of(page) and f'href="{made}"' in page.text


def test_a_plan_has_one_name_wherever_it_is_told_of(tmp_path):
    service, run = a_planned_service(tmp_path)
    browser = Browser(service, "coordinator", "planner", "manager", "auditor")
    heading = re.search(r"Plan of ([^<]+?) <span", browser.get(f"/runs/{run}").text)[1]
    for path in (
        "/runs",
        f"/runs/{run}/proposals",
        "/without-a-bed",
        "/bids/R1",
        "/capacity/unmet",
        "/oversight/disparity",
        "/audit/replays",
    ):
        assert heading in text_of(browser.get(path)), path


def test_a_plan_that_has_been_overtaken_leads_to_the_newer_and_the_newer_does_not(tmp_path):
    service = a_service(tmp_path)
    first, second = (service.run()["id"] for _ in range(2))
    browser = Browser(service, "coordinator")
    old, new = (browser.get(f"/runs/{each}") for each in (first, second))
    assert "A newer plan has been made since" in text_of(old) and f"/runs/{second}" in old.text
    assert "A newer plan" not in text_of(new)
    assert "A newer plan has been made since" in text_of(browser.get(f"/runs/{first}/proposals"))


def test_a_plan_made_again_overtakes_nothing(tmp_path):
    service, run = a_planned_service(tmp_path)
    auditor = Browser(service, "auditor")
    assert auditor.post("/audit/replays", {"run": run}).status_code == 303
    page = text_of(Browser(service, "coordinator").get(f"/runs/{run}"))
    assert "A newer plan" not in page
    assert "is being made" not in text_of(Browser(service, "planner").get("/capacity/unmet"))
