"""Audit: who looked, what happened, verification, and plans made again."""

import re
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.service import oversight_lists, referrals
from api.service.new_id import new_id
from api.service.referrals import restrict
from api.service.verifying import VERIFYING, last_verified, look
from api.store.tables import ACCESS_LOG, EVENTS
from tests.api.filled import a_person
from tests.api.registers import working
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def test_who_looked_is_found_by_the_record_and_the_day(service):
    Browser(service, "coordinator", name="Ann").get("/bids/R2")
    browser = Browser(service, "auditor")
    read = text_of(browser.get("/audit/accesses?subject=R2"))
    assert "Ann" in read and "A bid (page)" in read and "Showing 1 to 1 of 1" in read
    assert "No entry matches" in text_of(browser.get("/audit/accesses?subject=R"))
    assert "No entry matches" in text_of(browser.get("/audit/accesses?to=2020-01-01"))
    assert browser.get("/audit/accesses?from=yesterday").status_code == 422
    number = re.search(r"/audit/accesses/(\d+)", browser.get("/audit/accesses").text)[1]
    assert "R2" in text_of(browser.get(f"/audit/accesses/{number}"))
    assert browser.get("/audit/accesses/99999").status_code == 404


def test_the_timeline_is_filtered_and_tells_no_facts(service):
    browser = Browser(service, "auditor")
    Browser(service, "manager", name="Ann").post("/bids/R3/acknowledgement")
    page = browser.get("/audit/timeline?action=escalation.acknowledged")
    assert "Showing 1 to 1 of 1" in text_of(page) and "Ann" in text_of(page)
    assert "X000003" not in browser.get("/audit/timeline?subject=R3").text


def test_a_bid_s_id_finds_everything_that_happened_to_its_person(tmp_path):
    service, run = a_planned_service(tmp_path)
    coordinator = Browser(service, "coordinator")
    coordinator.post(f"/runs/{run}/proposals/R2", {"action": "refuse", "refuse_reason": "No."})
    with service.register.changing(a_person("A. Coordinator")) as change:
        zone = new_id()
        row = {"id": zone, "version": 1, "crn": "X000002", "details": {"premises_ids": []}}
        change.record("zone.recorded", "zone", row)
        change.remove("zone.removed", "zone", zone)
        others = change.row("referral", "R3")["crn"]
    browser = Browser(service, "auditor")
    read = text_of(browser.get("/audit/timeline?subject=R2"))
    assert "A proposal was refused" in read and "An exclusion zone was removed" in read
    assert f"{run}/R2" in read and f"{run}/R3" not in read and others not in read
    assert text_of(browser.get(f"/audit/timeline?subject={run}/R2")).count(f"{run}/R2") == 2
    sent = browser.post("/audit/timeline", {"crn": "x000002"})
    assert sent.headers["location"] == "/audit/timeline?subject=R2", "no CRN in an address"
    nobody = browser.post("/audit/timeline", {"crn": "X999999"})
    assert nobody.status_code == 422 and 'id="crn-error"' in nobody.text


def test_of_a_restricted_case_an_auditor_finds_what_has_its_id_alone(service):
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "R2", [manager.id])
    browser = Browser(service, "auditor")
    assert browser.post("/audit/timeline", {"crn": "X000002"}).status_code == 422
    read = text_of(browser.get("/audit/timeline?subject=R2"))
    assert "Bid R2" in read and "Of everything that the register holds" not in read


def test_everyone_who_did_something_can_be_chosen_by_every_name_they_had(service):
    for name in ("Ann Lee", "Ann Shaw"):
        actor = replace(a_person("Ann Lee"), name=name)
        with service.register.changing(actor) as change:
            change.record("register.marked", "mark", {"id": name, "version": 1, "at": change.at})
    page = Browser(service, "auditor").get("/audit/timeline")
    assert ">Ann Shaw, before: Ann Lee</option>" in page.text


def test_a_file_of_several_pages_has_every_entry_once_and_holds_up_no_change(service, monkeypatch):
    monkeypatch.setattr(oversight_lists, "AT_ONCE", 2)
    register = service.register
    pages = oversight_lists.in_pages(register, EVENTS, oversight_lists.Wanted({}))
    first = next(pages)
    with register.changing(a_person("Ann")) as change:
        referrals.set_owner(change, "R1", "local:Ann", "Ann")
    numbers = [row["seq"] for rows in (first, *pages) for row in rows]
    assert len(first) == 2 and numbers == list(range(numbers[0], 0, -1))
    browser = Browser(service, "auditor")
    lines = browser.get("/audit/timeline.csv").text.splitlines()
    assert [int(line.partition(",")[0]) for line in lines[1:]] == [numbers[0] + 1, *numbers]


def test_somebody_known_from_a_separation_alone_is_found_by_crn(service):
    feed = service.client("coordinator")
    pair = {"crn": "X000901", "other_crn": "X000902", "radius_miles": None}
    others = [{**pair, "other_crn": "X000903"}, {**pair, "crn": "X000904"}]
    first, second, third = (
        feed.post("/v1/separations", each).json()["id"] for each in (pair, *others)
    )
    browser = Browser(service, "auditor")
    told = {"x000901": {first, second}, "X000902": {first, third}, "X000904": {third}}
    for crn, wanted in told.items():
        found = browser.post("/audit/timeline", {"crn": crn}).headers["location"]
        assert "X0009" not in found
        page = browser.get(found).text
        file = browser.get(found.replace("timeline?", "timeline.csv?")).text
        everyone = (first, second, third)
        assert {each for each in everyone if f"<bdi>{each}</bdi>" in page} == wanted
        assert {each for each in everyone if f",{each}," in file} == wanted
    alone = browser.get(f"/audit/timeline?subject={first}").text
    assert f"<bdi>{second}</bdi>" not in alone
    assert feed.delete(f"/v1/separations/{first}", 1).is_success
    found = browser.post("/audit/timeline", {"crn": "X000901"}).headers["location"]
    page = browser.get(found).text
    assert page.count(f"<bdi>{first}</bdi>") == 2 and f"<bdi>{second}</bdi>" in page


def test_somebody_whom_a_separation_named_is_found_after_it_was_removed_or_is_of_others(service):
    feed = service.client("coordinator")
    pair = {"crn": "X000901", "other_crn": "X000902", "radius_miles": None}
    found_by, subjects = {}, {}
    browser = Browser(service, "auditor")
    for number in range(0, 40, 10):
        theirs = {"crn": f"X0009{number + 1:02}", "other_crn": f"X0009{number + 2:02}"}
        made = feed.post("/v1/separations", {**pair, **theirs}).json()["id"]
        for crn in theirs.values():
            subjects[crn] = made
            found_by[crn] = browser.post("/audit/timeline", {"crn": crn}).headers["location"]
        address = f"/v1/separations/{made}"
        if number < 20:
            assert feed.delete(address, 1).is_success
        else:
            now = {**pair, **theirs, "other_crn": "X000999"}
            assert feed.put(address, now, 1).is_success
    for crn, made in subjects.items():
        answer = browser.post("/audit/timeline", {"crn": crn})
        assert answer.status_code == 303, crn
        for address in (answer.headers["location"], found_by[crn]):
            assert "X0009" not in address and f"subject={made}" in address
            told = browser.get(address)
            assert told.status_code == 200
            assert told.text.count(f"<bdi>{made}</bdi>") == 2
            assert "Of everything that the register holds" in text_of(told)
    changed = subjects["X000932"]
    assert browser.get(f"/audit/timeline?subject={changed}&side=first").status_code == 200
    assert browser.post("/audit/timeline", {"crn": "X000909"}).status_code == 422


@pytest.mark.parametrize("path", ["/audit/timeline", "/audit/accesses"])
def test_days_that_end_before_they_begin_are_told_at_their_field(service, path):
    page = Browser(service, "auditor").get(f"{path}?from=2026-11-03&to=2026-11-02")
    assert page.status_code == 422 and 'id="to-error"' in page.text
    assert 'value="2026-11-03"' in page.text and 'value="2026-11-02"' in page.text


def test_the_timeline_and_the_access_log_are_taken_away_as_they_are_filtered(service):
    Browser(service, "coordinator", name="=1+1").get("/bids/R2")
    browser = Browser(service, "auditor")
    assert 'href="/audit/timeline.csv?subject=R2"' in browser.get("/audit/timeline?subject=R2").text
    lines = browser.get("/audit/timeline.csv?subject=R2").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("number,at,what") and len(lines) > 1
    assert all(",R2," in line for line in lines[1:])
    answer = browser.get("/audit/accesses.csv?subject=R2")
    assert "attachment" in answer.headers["content-disposition"]
    assert ",'=1+1," in answer.text, "no formula"
    assert browser.get("/audit/timeline.csv?from=x").status_code == 422
    assert Browser(service, "planner").get("/audit/accesses.csv").status_code == 403
    read = text_of(browser.get("/audit/accesses?what=page_accesses_file"))
    assert "Disclosure" in read and "Who looked, taken away" in read


def test_who_looked_is_filtered_by_id_and_no_address_has_a_name(service):
    for person in ("Ann Lee", "Ben Lee"):
        Browser(service, "coordinator", name=person).get("/bids/R2")
    browser = Browser(service, "auditor", name="Cy Lee")
    page = browser.get("/audit/accesses")
    (value,) = re.findall(r'<option value="([^"]+)">Ann Lee</option>', page.text)
    with service.register.reading() as connection:
        ids = connection.execute(select(ACCESS_LOG.c.actor_id, ACCESS_LOG.c.actor_name)).all()
    assert (value, "Ann Lee") in {tuple(each) for each in ids}
    read = text_of(browser.get(f"/audit/accesses?actor={value}")).split("Records", 1)[1]
    assert "Ann Lee" in read and "Ben Lee" not in read
    assert "No entry matches" in text_of(browser.get("/audit/accesses?actor=Ann Lee"))


def test_hostile_words_in_filters_are_text(service):
    browser = Browser(service, "auditor")
    for path in ("/audit/accesses", "/audit/timeline"):
        page = browser.get(f'{path}?subject="><script>alert(1)</script>&actor=%25_')
        assert page.status_code == 200 and "<script>alert" not in page.text


def verified(service, browser, **fields):
    """Verify, and wait until it is done."""
    assert browser.post("/audit/verification", fields).status_code == 303
    for _ in range(600):
        if VERIFYING.under_way(service.register) is None:
            return text_of(browser.get("/audit/verification"))
        time.sleep(0.1)
    raise AssertionError("the verification does not end")


def test_the_register_is_verified_beside_everything_else_and_it_is_kept(service):
    browser = Browser(service, "auditor")
    assert "not been done" in text_of(browser.get("/audit/verification"))
    read = verified(service, browser)
    assert "Sound" in read and "for A Tester" in read
    with service.register.reading() as connection:
        last = last_verified(connection)
    assert last["sound"] and last["head"] in read
    # What it found is in the timeline, which is sound with it.
    assert look(service.register.database.url, last["head"]).sound
    assert "Not sound" in verified(service, browser, head="0" * 63 + "1")


def test_what_is_no_head_is_refused(service):
    answer = Browser(service, "auditor").post("/audit/verification", {"head": "abc"})
    assert answer.status_code == 422 and "64 hexadecimal digits" in text_of(answer)


def test_one_verification_at_a_time(service, monkeypatch):
    monkeypatch.setattr("api.service.verifying.Verifying._look", lambda *_: None)
    browser = Browser(service, "auditor")
    try:
        assert browser.post("/audit/verification").status_code == 303
        page = browser.get("/audit/verification")
        assert "data-again" in page.text and "It is not done yet" in text_of(page)
        again = browser.post("/audit/verification")
        assert again.status_code == 409 and "already" in text_of(again)
    finally:
        VERIFYING._at.clear()


def test_a_plan_made_again_is_the_same(tmp_path):
    service, run = a_planned_service(tmp_path)
    browser = Browser(service, "auditor")
    assert "None yet" in text_of(browser.get("/audit/replays"))
    address = browser.post("/audit/replays", {"run": run}).headers["location"].split("?")[0]
    assert "It waits for its turn" in text_of(browser.get(address))
    with working(service.register, tmp_path):
        for _ in range(600):
            read = text_of(browser.get(address))
            if "waits" not in read and "being made" not in read:
                break
            time.sleep(0.1)
    assert "The same" in read and "Not the same" not in read
