"""Pages of a bid that has no bed because the same person has one by another."""

import pytest

from tests.api.service import a_service
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
