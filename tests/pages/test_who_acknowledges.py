"""Who acknowledges: at a rung for managers a coordinator is told so, and offered nothing."""

import pytest

from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of

OFFERED = 'name="bid" value="R1"'


@pytest.fixture
def risen(tmp_path):
    """A service in which nobody has acknowledged R1, so that it is at a higher rung, as all are."""
    service = a_service(tmp_path)
    service.moving.put_forward(days=30)
    service.client("manager").post("/v1/escalations/review")
    return service


def test_a_coordinator_is_offered_no_rung_that_is_for_managers_and_is_told_whose_it_is(risen):
    browser = Browser(risen, "coordinator")
    bid, listed = browser.get("/bids/R1"), browser.get("/oversight/escalations")
    assert "Acknowledge the escalation" not in bid.text
    assert "A manager acknowledges it" in text_of(bid) and "A manager acknowledges it" in text_of(
        listed
    )
    assert OFFERED not in listed.text and "Acknowledge those ticked" not in listed.text
    told = risen.client("coordinator").get("/v1/referrals/R1").json()["escalation"]
    assert (told["for_managers"], told["may_acknowledge"]) == (True, False)


def test_a_manager_is_offered_it(risen):
    browser = Browser(risen, "manager")
    bid, listed = browser.get("/bids/R1"), browser.get("/oversight/escalations")
    assert "Acknowledge the escalation" in bid.text
    assert OFFERED in listed.text and "Acknowledge those ticked" in listed.text
    assert "A manager acknowledges it" not in text_of(bid)
    assert browser.post("/bids/R1/acknowledgement").status_code == 303


def test_a_coordinator_is_offered_the_first_rung_and_no_other(tmp_path):
    service = a_service(tmp_path)
    bids = service.client("coordinator").get("/v1/escalations").json()["records"]
    rungs = {bid["id"]: bid["escalation"]["rung"] for bid in bids}
    assert 0 in rungs.values() and max(rungs.values()) > 0
    listed = Browser(service, "coordinator").get("/oversight/escalations").text
    assert "Acknowledge those ticked" in listed
    for name, rung in rungs.items():
        assert (f'name="bid" value="{name}"' in listed) == (rung == 0), name


def test_bids_that_nobody_has_are_taken_whatever_their_rung(risen):
    browser = Browser(risen, "coordinator")
    assert OFFERED in browser.get("/oversight/unowned").text
