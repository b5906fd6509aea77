"""Pages of a bid that has no bed because the same person has one by another."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from api.store.tables import ACCESS_LOG
from tests.api.service import a_service
from tests.api.test_bookings import book
from tests.api.test_two_bids import with_two_bids
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, with_two_bids())


def test_every_page_says_that_the_person_has_a_bed_and_by_which_bid(service):
    run = service.run()["id"]
    browser = Browser(service, "coordinator")
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    placed = next(each["referral_id"] for each in found if "R1" in each["referral_id"])
    left = next(name for name in ("R1", "R1-again") if name != placed)
    for url in (
        f"/bids/{left}",
        f"/bids/{left}/brief",
        "/without-a-bed",
        f"/runs/{run}/proposals?show=without",
    ):
        page = browser.get(url)
        read = text_of(page)
        assert "The same person is given a bed by this plan for another bid" in read, url
        assert f"Bid {placed} of the same person has a bed proposed, to be decided" in read, url
        assert f'href="/bids/{placed}"' in page.text, url
    bid = text_of(browser.get(f"/bids/{left}"))
    assert "later than the last day allowed" not in bid and "One level up" not in bid
    unmet = text_of(Browser(service, "manager").get("/capacity/unmet"))
    assert "The same person has a bed on those nights already" in unmet
    assert "Each bid without a bed counts once" in unmet


def test_nobody_is_told_of_a_stay_of_a_bid_that_they_may_not_see(service):
    run = service.run()["id"]
    listed = f"/runs/{run}/proposals?show=without"
    client = service.client("coordinator")
    manager = service.client("manager", name="Ann")
    browser = Browser(service, "coordinator")
    for hidden, seen in (("R1", "R1-again"), ("R1-again", "R1")):
        named = {"visible_to": ["local:Ann"]}
        assert manager.post(f"/v1/referrals/{hidden}/restriction", named).status_code == 200
        for url in (f"/bids/{seen}", f"/bids/{seen}/brief", "/without-a-bed", listed):
            read = text_of(browser.get(url)).lower()
            assert "same person" not in read and hidden.lower() + " of" not in read, url
        assert "same person" not in browser.get("/without-a-bed.csv").text
        told = client.get(f"/v1/runs/{run}/explanations/{seen}").text
        assert "same person" not in told + client.get(f"/v1/runs/{run}/explanations").text
        lifted = {"visible_to": None}
        assert manager.post(f"/v1/referrals/{hidden}/restriction", lifted).status_code == 200


PAGES = ("/bids/R1-again", "/bids/R1-again/brief", "/without-a-bed")


def read_on(service, pages):
    browser = Browser(service, "coordinator")
    return {url: text_of(browser.get(url)) for url in pages}


def test_a_booking_that_is_no_more_is_no_reason_any_more(service):
    client = service.client("coordinator")
    booking = book(client, "R1", "A-1").json()["id"]
    run = service.run()["id"]
    pages = (*PAGES, f"/runs/{run}/proposals?show=without")
    for url, read in read_on(service, pages).items():
        assert "The same person is booked already" in read and "Bid R1 of" in read, url
        assert "in no bed" not in read, url
    done = client.post(f"/v1/bookings/{booking}/cancellation", {"reason": "not needed"})
    assert done.status_code == 200
    for url, read in read_on(service, pages).items():
        assert "is booked already" not in read and "one bed is enough" not in read, url
        assert (
            "The same person had a bed by bid R1, on nights that this bid asks for, and that "
            "booking was cancelled since the plan was made."
        ) in read, url
    written = Browser(service, "coordinator").get("/without-a-bed.csv").text
    assert "is booked already" not in written and "was cancelled since the plan" in written


def refused_of_two(service, run):
    """The bid of the two that the plan had a bed for, which is refused; and the other."""
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    placed = next(
        each["referral_id"] for each in found if each["referral_id"] in ("R1", "R1-again")
    )
    said = {"action": "refuse", "refuse_reason": "Too near."}
    path = f"/runs/{run}/proposals/{placed}"
    assert Browser(service, "coordinator").post(path, said).status_code == 303
    return placed, next(name for name in ("R1", "R1-again") if name != placed)


def test_a_bed_that_was_only_proposed_and_waits_no_more_is_told_as_that(service):
    placed, left = refused_of_two(service, service.run()["id"])
    for url, read in read_on(service, (f"/bids/{left}", f"/bids/{left}/brief")).items():
        assert "is given a bed by this plan" not in read, url
        assert (
            f"The plan had a bed for bid {placed} of the same person, on nights that this bid asks "
            "for: it was refused since."
        ) in read, url


def test_a_bed_that_was_changed_to_other_nights_is_told_as_changed(service):
    run = service.run()["id"]
    found = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    names = ("R1", "R1-again")
    placed = next(each["referral_id"] for each in found if each["referral_id"] in names)
    days = {"arrival": "2027-06-01", "departure": "2027-08-01"}
    said = {"action": "change", "reason": "Another sentence first.", **days}
    url = f"/v1/runs/{run}/proposals/{placed}/decision"
    changed = service.client("coordinator").post(url, said)
    assert changed.status_code == 200, changed.text
    (left,) = {*names} - {placed}
    read = text_of(Browser(service, "coordinator").get(f"/bids/{left}"))
    assert "it was changed, and the stay is on other nights by now." in read


def test_a_booking_of_other_nights_that_ended_is_not_what_became_of_the_bed(tmp_path):
    problem = with_two_bids()
    much_later = replace(
        problem.referrals_by_id["R1"],
        id="R1-later",
        release_date=date(2027, 6, 1),
        latest_arrival=date(2027, 6, 1),
    )
    service = a_service(tmp_path, problem.with_referrals((*problem.referrals, much_later)))
    client = service.client("coordinator")
    other = book(client, "R1-later", "A-1", "2027-06-01", "2027-08-01").json()["id"]
    placed, left = refused_of_two(service, service.run()["id"])
    gone = client.post(f"/v1/bookings/{other}/cancellation", {"reason": "not needed"})
    assert gone.status_code == 200
    read = text_of(Browser(service, "coordinator").get(f"/bids/{left}"))
    assert "that booking was cancelled" not in read and "bid R1-later, on" not in read
    assert f"The plan had a bed for bid {placed} of the same person" in read


def test_nights_of_a_stay_that_was_left_early_are_those_it_had(service):
    client = service.client("coordinator")
    booking = book(client, "R1", "A-1").json()["id"]
    service.moving.put_forward(days=7)
    arrived = client.post(f"/v1/bookings/{booking}/arrival", {"day": "2026-11-09"})
    assert arrived.status_code == 200
    service.run()
    service.moving.put_forward(days=2)
    left = {"day": "2026-11-10", "reason": "left"}
    assert client.post(f"/v1/bookings/{booking}/departure", left).status_code == 200
    read = text_of(Browser(service, "coordinator").get("/bids/R1-again"))
    assert "had a bed by bid R1" in read and "the person has left there since the plan" in read


def test_the_other_bid_that_is_told_of_is_in_the_access_log(service):
    client = service.client("coordinator")
    booking = book(client, "R1", "A-1").json()["id"]
    run = service.run()["id"]
    gone = client.post(f"/v1/bookings/{booking}/cancellation", {"reason": "not needed"})
    assert gone.status_code == 200
    assert client.post("/v1/referrals/R1/withdrawal", {"reason": "twice"}).status_code == 200
    browser = Browser(service, "coordinator")
    brief = "/v1/referrals/R1-again/brief"
    asking = [(browser.get, url) for url in (*PAGES, "/without-a-bed.csv")]
    asking += [(browser.get, f"/runs/{run}/proposals?show=without"), (client.get, brief)]
    for ask, url in asking:
        assert "R1," in ask(url).text, url
        with service.register.reading() as connection:
            newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
            assert "R1" in connection.execute(newest).scalar_one(), url
    assert client.get(brief).json()["why"]["other_bids"] == ["R1"]


def test_nights_that_the_other_bed_leaves_open_are_counted(service):
    assert book(service.client("coordinator"), "R1", "A-1", departure="2026-11-21").is_success
    service.run()
    for url, read in read_on(service, PAGES).items():
        assert (
            "Of the 84 nights that this bid asks for, from the first day wanted on, 72 are in no "
            "bed."
        ) in read, url
        assert "one bed is enough" not in read, url


def test_each_bid_leads_to_the_other_open_bids_of_the_person_that_the_reader_may_see(service):
    for mine, other in (("R1", "R1-again"), ("R1-again", "R1")):
        page = Browser(service, "coordinator").get(f"/bids/{mine}")
        assert f"Also open for this person: bid {other} ." in text_of(page)
        assert f'href="/bids/{other}"' in page.text
    assert "Also open" not in text_of(Browser(service, "coordinator").get("/bids/R2"))
    named = {"visible_to": ["local:Ann"]}
    client = service.client("manager", name="Ann")
    assert client.post("/v1/referrals/R1/restriction", named).status_code == 200
    assert "Also open" not in text_of(Browser(service, "coordinator").get("/bids/R1-again"))
    assert client.post("/v1/referrals/R1/restriction", {"visible_to": None}).status_code == 200
    assert client.post("/v1/referrals/R1/withdrawal", {"reason": "twice"}).is_success
    assert "Also open" not in text_of(Browser(service, "coordinator").get("/bids/R1-again"))
