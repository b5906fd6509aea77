"""Told: what a page says was done, once, and only where and when it was."""

import re

import pytest

from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of

DONE = 'aria-label="Done"'
REFUSED = {"action": "refuse", "refuse_reason": "Too near."}


@pytest.fixture
def decided(tmp_path):
    return a_planned_service(tmp_path)


@pytest.mark.parametrize("path", ["/bids/R3", "/audit/verification", "/audit/replays", "/runs"])
def test_an_address_makes_no_news(decided, path):
    browser = Browser(decided[0], "coordinator", "auditor", "manager")
    for query in ("?told=accepted", "?accepted=5", "?told=verifying&news=mine"):
        page = browser.get(path + query)
        assert page.status_code == 200 and DONE not in page.text


def test_news_is_said_once_to_whoever_did_it_and_on_its_own_page(decided):
    service, run = decided
    ann, ben = Browser(service, "coordinator", name="Ann"), Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R1"
    done = ann.post(path, REFUSED)
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert DONE not in ben.get(path).text and DONE not in ann.get("/bids/R1").text
    assert "Refused. The person is still without a bed." in text_of(ann.get(path))
    assert DONE not in ann.get(path).text, "loading it again says nothing again"


def test_news_that_nobody_came_for_is_not_said_later(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    browser.post(f"/runs/{run}/proposals/R1", REFUSED)
    service.moving.put_forward(minutes=6)
    page = browser.get(f"/runs/{run}/proposals/R1")
    assert page.status_code == 200 and DONE not in page.text


def test_a_form_that_is_refused_leaves_no_news(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    path = f"/runs/{run}/proposals/R1"
    assert browser.post(path, {"action": "refuse"}).status_code == 422
    assert DONE not in browser.get(path).text


def test_how_many_were_accepted_is_counted_and_not_read_from_the_address(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    several = {"referral": ["R1", "R4"], "unopened": ["R1", "R4"], "reason": "Agreed."}
    done = browser.post(f"/runs/{run}/proposals/accepted", several)
    assert done.headers["location"] == f"/runs/{run}/proposals"
    assert "2 proposals accepted. The beds are booked." in text_of(
        browser.get(f"/runs/{run}/proposals")
    )


def test_a_form_that_was_kept_and_deleted_is_said_where_one_lands(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    away = Browser(service, "coordinator", minutes=1)
    service.moving.put_forward(minutes=2)
    assert away.post(f"/runs/{run}/proposals/R1", REFUSED).status_code == 401
    assert "You were signed out" in text_of(browser.get("/runs"))
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', browser.get("/kept-forms").text)
    landed = browser.post("/kept-forms", {"kept": kept}).headers["location"]
    assert "The form that was kept is deleted." in text_of(browser.get(landed))
