"""How plans end: what ended the work is said, and a plan made again is held to what it can keep."""

import re
from itertools import chain

import pytest

from allocator.plan import EndedBy
from api.pages import plan_names, visit
from api.service import run_ends, runs
from api.store.verify import verify
from tests.api.registers import COORDINATOR, LIMITS, ask
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.finishing import finished


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def again(service, run, **how):
    """The replay, once it has come to its end."""
    with service.register.changing(COORDINATOR) as change:
        row = runs.replay(change, run["id"], LIMITS)
    return finished(service, row, **how)


def told(service, replay):
    """What the API says of the replay, its page, and its line in the list."""
    browser, client = Browser(service, "auditor"), service.client("auditor", "manager")
    listed = client.get("/v1/runs").json()["records"][0]
    run = client.get(f"/v1/runs/{replay['id']}").json()
    assert (listed["replay"], listed["ended_by"]) == (run["replay"], run["ended_by"])
    page = text_of(browser.get(f"/audit/replays/{replay['id']}"))
    return run, page, text_of(browser.get("/audit/replays")).split("Made again before")[1]


def test_a_replay_of_a_plan_that_its_time_limit_ended_need_not_be_the_same(service):
    run = finished(service, ask(service.register), ended_by=EndedBy.TIME_LIMIT)
    run, page, line = told(service, again(service, run, but=1))
    assert (run["replay"]["same"], run["replay"]["repeatable"]) == (False, False)
    assert run["replay"]["of_ended_by"] == "time limit"
    assert "Not the same, and need not be" in page and "ended by its time limit" in page
    assert "erify the register" not in page
    assert "Not the same" in line and "It need not be" in line


def test_nor_need_one_in_which_a_time_limit_had_a_say_though_all_is_proven(service):
    run = finished(service, ask(service.register), timed=True)
    run, page, _ = told(service, again(service, run, but=1))
    assert (run["replay"]["same"], run["replay"]["repeatable"]) == (False, False)
    assert run["replay"]["of_ended_by"] == "proven"
    assert "a time limit had a say in which" in page and "erify the register" not in page


def test_one_that_had_to_be_the_same_and_is_not_leads_to_a_verification(service):
    run = finished(service, ask(service.register))
    run, page, line = told(service, again(service, run, but=1))
    assert (run["replay"]["same"], run["replay"]["repeatable"]) == (False, True)
    assert "Verify the register" in page and "need not be" not in page
    assert "Not the same" in line and "It need not be" not in line


def test_another_version_of_the_solver_is_said_and_no_fault_of_the_register(service):
    run = finished(service, ask(service.register), versions=(("highspy", "0"),))
    run, page, _ = told(service, again(service, run, but=1))
    assert (run["replay"]["same_versions"], run["replay"]["repeatable"]) == (False, False)
    assert "another version of the solver made the second" in page


def test_the_same_is_the_same_and_the_list_says_so(service):
    run = finished(service, ask(service.register))
    run, page, line = told(service, again(service, run))
    assert run["replay"]["same"] and "The same" in page and "The same" in line
    assert "Not the same" not in page + line


def test_the_plans_own_page_says_what_ended_it_and_whether_all_is_proven(service):
    browser = Browser(service, "coordinator")
    short = finished(service, ask(service.register), ended_by=EndedBy.TIME_LIMIT)
    page = text_of(browser.get(f"/runs/{short['id']}"))
    assert "It ended because the time limit was reached" in page
    assert "What ended it Its time limit was reached" in page
    whole = finished(service, ask(service.register))
    assert "Every level is proven best" in text_of(browser.get(f"/runs/{whole['id']}"))
    listed = text_of(browser.get("/runs"))
    assert "Proven best" in listed and "Its time limit was reached" in listed


def test_who_called_a_plan_off_is_said(service):
    browser = Browser(service, "coordinator", name="Ann")
    run = browser.post("/runs", {"effort": "quick"}).headers["location"]
    browser.post(f"{run}/cancellation")
    assert "It was called off by Ann" in text_of(browser.get(run))


def test_how_a_run_ended_is_read_from_its_plan_where_the_timeline_has_it_not(service, monkeypatch):
    # As runs are that finished before the timeline told it.
    monkeypatch.setattr(run_ends, "as_facts", lambda _: {})
    run = finished(service, ask(service.register), ended_by=EndedBy.TIME_LIMIT)
    run, page, _ = told(service, again(service, run, but=1))
    assert run["replay"]["repeatable"] is False and "need not be" in page
    with service.register.reading() as connection:
        assert verify(connection).faults == []


def test_who_asked_for_the_plans_of_a_list_is_one_question_to_the_database(service, monkeypatch):
    asked = []
    real = visit.asked_by
    monkeypatch.setattr(visit, "asked_by", lambda *all: asked.append(all) or real(*all))
    for name in ("Ann", "Ben"):
        Browser(service, "coordinator", name=name).post("/runs", {"effort": "quick"})
    read = text_of(Browser(service, "coordinator").get("/runs"))
    assert "Ann" in read and "Ben" in read and len(asked) == 1


def test_what_the_plans_of_a_list_are_called_is_asked_a_list_at_a_time(service, monkeypatch):
    asked = []
    real = plan_names.plans_called
    monkeypatch.setattr(plan_names, "plans_called", lambda *all: asked.append(all[1]) or real(*all))
    every = [finished(service, ask(service.register))["id"] for _ in range(3)]
    Browser(service, "coordinator").get("/runs")
    assert sorted(chain(*asked)) == sorted(every), "named in three places, looked up once each"
    assert len(asked) <= 2, "the one that a new one keeps to; and the others of the list at once"
    asked.clear()
    Browser(service, "coordinator").get(f"/runs/{every[0]}")
    assert sorted(chain(*asked)) == sorted(every), "as one, as the newer, and to compare it with"


def test_two_plans_of_one_minute_are_told_apart_wherever_they_are_named(service):
    first, second = (finished(service, ask(service.register)) for _ in range(2))
    browser = Browser(service, "coordinator")
    names = {}
    for run in (first, second):
        page = browser.get(f"/runs/{run['id']}")
        names[run["id"]] = re.search(r"<h1[^>]*>Plan of (.*?) <span", page.text)[1]
    moment = min(names.values(), key=len)
    assert set(names.values()) == {moment, f"{moment} (2)"}
    listed = browser.get("/runs").text
    for run_id, name in names.items():
        assert f'href="/runs/{run_id}">{name}</a>' in listed
        assert f">{name}, {first['effort']}</option>" in listed
    proposed = text_of(browser.get(f"/runs/{second['id']}/proposals"))
    assert f"Plan of {names[second['id']]}." in proposed
