"""What a plan takes the place of: said before it is asked for, and once it is done."""

import re
from dataclasses import replace

import pytest

from api.service.importing import import_problem
from tests.api.registers import COORDINATOR, ask, finished_run, row, tiny
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.finishing import finished


@pytest.fixture
def decided(tmp_path):
    return a_planned_service(tmp_path)


def asked_again(browser):
    """A second plan, asked for as the form stands."""
    chosen = re.search(r'<option value="([^"]+)" selected', browser.get("/runs").text)
    answer = browser.post("/runs", {"effort": "quick", "keep_run": chosen[1]})
    return answer.headers["location"].rsplit("/", 1)[1]


def test_nothing_is_said_to_be_overtaken_where_nothing_is_to_be_decided(tmp_path):
    page = Browser(a_service(tmp_path), "coordinator").get("/runs")
    assert "still to be decided" not in text_of(page) and " selected" not in page.text


def test_the_form_says_how_many_proposals_of_which_plan_the_next_overtakes(decided):
    service, run = decided
    browser = Browser(service, "coordinator")
    page = browser.get("/runs")
    assert "4 proposals of the plan of" in text_of(page)
    assert "are still to be decided: this plan takes their place when it is done" in text_of(page)
    assert f'<option value="{run}" selected' in page.text, "and changes little from it"
    assert "all other aims come first, so that many may move" in text_of(page)
    three = ["R1", "R2", "R4"]
    several = {"referral": three, "unopened": three, "reason": "Agreed."}
    assert browser.post(f"/runs/{run}/proposals/accepted", several).status_code == 303
    assert "1 proposal of the plan of" in text_of(browser.get("/runs"))


def test_a_form_that_was_refused_keeps_that_no_plan_was_chosen(decided):
    service, run = decided
    page = Browser(service, "coordinator").post("/runs", {"minutes": "soon", "keep_run": ""})
    assert page.status_code == 422 and f'value="{run}" selected' not in page.text


def test_a_plan_says_what_it_replaced_and_how_many_fewer_of_each_band_it_places(decided):
    service, first = decided
    browser = Browser(service, "coordinator")
    assert "took the place" not in text_of(browser.get(f"/runs/{first}"))
    second = asked_again(browser)
    assert "took the place" not in text_of(browser.get(f"/runs/{second}")), "not yet"
    finished(service, row(service.register, "run", second), but=1)
    page = browser.get(f"/runs/{second}")
    read = text_of(page)
    assert "It took the place of the plan of" in read
    assert "4 proposals that nobody had decided were overtaken" in read
    assert "0 bids, 1 fewer than before (1)" in read and "1 bid, as many as before (1)" in read
    assert f'href="/runs/{second}/compare?with={first}"' in page.text
    assert "took the place" not in text_of(browser.get(f"/runs/{first}"))


def test_bids_that_were_closed_while_a_plan_was_made_are_accounted_for_beside_its_proposals(
    tmp_path,
):
    service = a_service(tmp_path)
    browser, run = Browser(service, "coordinator"), ask(service.register)
    going = text_of(browser.get(f"/runs/{run['id']}/proposals?show=without"))
    assert "is being made: nothing is proposed yet" in going and "(0)" not in going
    ann = service.client("coordinator", name="Ann")
    assert ann.post("/v1/referrals/R1/withdrawal", {"reason": "x"}).status_code == 200
    finished(service, run)
    read = text_of(browser.get(f"/runs/{run['id']}"))
    assert "4 with a bed proposed" in read
    assert "1 bid of those with a bed proposed was booked or closed while the plan was made" in read
    read = text_of(browser.get(f"/runs/{run['id']}/proposals"))
    assert "Proposals (3)" in read and "The plan has a bed for 1 bid more" in read


def test_two_plans_that_come_to_the_same_each_account_for_their_own_proposals(tmp_path):
    service = a_service(tmp_path)
    browser, first, second = Browser(service, "coordinator"), *map(ask, [service.register] * 2)
    same = {"seconds": 1.0, "levels": ()}  # but for how long it took
    finished(service, first, **same)
    said = "bed proposed was booked or closed while the plan was made"
    assert said not in text_of(browser.get(f"/runs/{first['id']}"))
    ann = service.client("coordinator", name="Ann")
    assert ann.post("/v1/referrals/R1/withdrawal", {"reason": "x"}).status_code == 200
    finished(service, second, **same)
    plans = {row(service.register, "run", each["id"])["plan"] for each in (first, second)}
    assert len(plans) == 1
    assert said in text_of(browser.get(f"/runs/{second['id']}"))


def test_a_plan_says_how_many_of_those_it_has_a_bed_for_were_referred_since(decided):
    service, _ = decided
    browser = Browser(service, "coordinator")
    new = replace(tiny().referrals[3], id="R6", crn="X000006")
    with service.register.changing(COORDINATOR) as change:
        import_problem(change, replace(tiny(), referrals=(new,)), {})
    second = asked_again(browser)
    finished(service, row(service.register, "run", second))
    read = text_of(browser.get(f"/runs/{second}"))
    assert read.count("of them referred since the plan before") == 1
    assert "1 of them referred since the plan before" in read


def test_a_plan_says_what_it_counts_as_kept_of_the_one_before(decided):
    service, first = decided
    browser = Browser(service, "coordinator")
    assert "Their bed there may be another" in text_of(browser.get("/runs"))
    run = finished_run(service.register, service.folder, effort="quick", keep_run=first)
    read = text_of(browser.get(f"/runs/{run['id']}"))
    assert "Same premises and arrival as in the plan before" in read
    assert "4 still asked for one when this plan was made. Those at the same premises" in read
    assert "still asked for one" not in text_of(browser.get(f"/runs/{first}"))


def test_the_plan_before_and_the_plan_that_took_its_place_count_the_same_as_overtaken(decided):
    service, first = decided
    withdrawn = {"reason": "goes home"}
    ann = service.client("coordinator", name="Ann")
    assert ann.post("/v1/referrals/R1/withdrawal", withdrawn).is_success
    browser = Browser(service, "coordinator")
    second = asked_again(browser)
    finished(service, row(service.register, "run", second))
    read = text_of(browser.get(f"/runs/{second}"))
    assert "3 proposals that nobody had decided were overtaken. 1 proposal of it was " in read
    assert "overtaken already, as its bid was placed or closed otherwise: 4 in all" in read
    assert "4 overtaken" in text_of(browser.get(f"/runs/{first}"))


def test_the_form_counts_proposals_that_cannot_be_accepted_apart_from_those_to_be_decided(decided):
    service, run = decided
    ann = service.client("coordinator", name="Ann")
    bid = ann.get("/v1/referrals/R2").json()
    days = {"release_date": "2027-02-01", "latest_arrival": "2027-02-08"}
    later = {**bid["details"], **days}
    assert ann.put("/v1/referrals/R2", later, bid["version"]).is_success
    browser = Browser(service, "coordinator")
    told = text_of(browser.get(f"/runs/{run}"))
    assert "3 to decide" in told and "1 cannot be accepted any more" in told
    read = text_of(browser.get("/runs"))
    assert "3 proposals of the plan of" in read
    assert "are still to be decided, and 1 other cannot be accepted any more: this plan" in read
