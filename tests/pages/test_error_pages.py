"""Pages of errors: whoever is signed in still has the bar at the top, and is told what it is."""

import pytest
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.pages import runs
from api.service.register import Register
from tests.api.front import local_settings
from tests.api.service import Service, a_service
from tests.pages.browsing import Browser, text_of

BAR = 'href="/without-a-bed"'


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def has_everything_around(page):
    assert BAR in page.text and "Signed in as" in page.text and "Sign out" in page.text
    assert "Plans are proposals" in page.text and "Synthetic data." in page.text


def test_a_page_that_is_not_there_or_not_for_one_keeps_the_bar(service):
    browser = Browser(service, "coordinator")
    for path, status, words in (
        ("/nowhere", 404, "Page not found"),
        ("/bids/R99", 404, "Page not found"),
        ("/audit/accesses", 403, "You cannot do this"),
    ):
        page = browser.get(path)
        assert page.status_code == status and words in text_of(page)
        has_everything_around(page)
        assert "/audit" not in page.text.split("<main")[0].split("<nav")[1], "not theirs"


def test_an_address_of_a_form_alone_is_not_said_to_be_missing(service):
    page = Browser(service, "coordinator").get("/bids/R3/withdrawal")
    assert page.status_code == 405 and page.headers["allow"] == "POST"
    read = text_of(page)
    assert "There is no page at this address" in read and "form is sent to it" in read
    assert "Page not found" not in read and "typed the address" not in read
    has_everything_around(page)


def test_a_fault_of_ours_keeps_the_bar_and_one_can_still_sign_out(service, monkeypatch):
    monkeypatch.setattr(runs, "counted", lambda *_: 1 / 0)
    browser = Browser(service, "coordinator")
    page = browser.get("/runs")
    assert page.status_code == 500
    has_everything_around(page)
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    assert token == browser.token
    assert browser.post("/sign-out", token=token).headers["location"] == "/signed-out"


def test_who_asks_too_fast_keeps_the_bar(tmp_path):
    slow = a_service(tmp_path)
    app = create_app(local_settings(tmp_path, burst=2, requests_per_second=0.01), slow.register)
    browser = Browser(Service(app, tmp_path, slow.moving), "coordinator")
    page = [browser.get("/runs") for _ in range(4)][-1]
    assert page.status_code == 429
    has_everything_around(page)


def test_without_a_session_there_is_no_bar(service):
    for browser in (Browser(service), Browser(service, "coordinator", minutes=5)):
        service.moving.put_forward(minutes=6)
        page = browser.get("/nowhere")
        assert page.status_code == 404
        assert BAR not in page.text and "Signed in as" not in page.text
        assert "Plans are proposals" in page.text


def test_while_the_database_is_away_the_page_is_told_without(service, monkeypatch):
    browser = Browser(service, "coordinator")

    def away(*_):
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(Register, "reading", away)
    page = browser.get("/runs")
    assert page.status_code == 503 and "not available just now" in text_of(page)
    assert BAR not in page.text


def test_the_accessibility_statement_keeps_the_bar_of_whoever_is_signed_in(service):
    has_everything_around(Browser(service, "coordinator").get("/accessibility"))
    assert BAR not in Browser(service).get("/accessibility").text
