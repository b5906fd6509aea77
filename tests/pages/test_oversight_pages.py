"""Oversight: bids on the ladder, decisions, groups, capacity, and who sees which section."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote, urlencode

import pytest

from api.pages import capacity
from api.service.importing import import_problem
from api.service.kept_answers import KeptAnswers
from api.service.referrals import restrict
from tests.api.filled import a_person
from tests.api.registers import ask, row, tiny
from tests.api.service import a_planned_service, a_service
from tests.fixtures.folders import FIXTURES
from tests.pages.browsing import Browser, text_of
from tests.pages.finishing import finished


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


# ---- bids ------------------------------------------------------------------------------------


def test_several_bids_are_acknowledged_at_once(service):
    browser = Browser(service, "coordinator", "manager")
    assert "Showing 1 to 5 of 5" in text_of(browser.get("/oversight/escalations"))
    sent = browser.post("/oversight/escalations", {"bid": ["R1", "R2"]})
    assert sent.headers["location"] == "/oversight/escalations"
    assert "You have acknowledged the bids" in text_of(browser.get("/oversight/escalations"))
    left = text_of(browser.get("/oversight/escalations?acknowledged=no"))
    assert "Showing 1 to 3 of 3" in left and "X000001" not in left


@pytest.mark.parametrize("sort", ["", "?sort=-rung"])
def test_bids_that_nobody_has_acknowledged_stand_first(service, sort):
    browser = Browser(service, "manager")
    first, *others = listed(browser.get(f"/oversight/escalations{sort}"))
    browser.post("/oversight/escalations", {"bid": [first]})
    assert listed(browser.get(f"/oversight/escalations{sort}")) == [*others, first]


def listed(page):
    """Ids of the bids that can be ticked, in the order of the page."""
    return re.findall(r'name="bid" value="([^"]+)"', page.text)


def test_a_bid_that_another_acknowledged_is_said_and_the_rest_is_done(service):
    Browser(service, "manager", name="Ann").post("/oversight/escalations", {"bid": ["R1"]})
    answer = Browser(service, "manager", name="Ben").post(
        "/oversight/escalations", {"bid": ["R1", "R2", "no-such"]}
    )
    read = text_of(answer)
    assert answer.status_code == 409
    assert "R1: Ann has acknowledged" in read and "no-such: there is no referral" in read
    assert "1 bid acknowledged" in read


def test_nothing_ticked_is_asked_for_again(service):
    for path in ("/oversight/escalations", "/oversight/unowned"):
        answer = Browser(service, "manager").post(path)
        assert answer.status_code == 422 and "Tick at least one bid" in text_of(answer)


def test_bids_that_nobody_has_are_taken(service):
    browser = Browser(service, "coordinator")
    browser.post("/oversight/unowned", {"bid": ["R1", "R3"]})
    read = text_of(browser.get("/oversight/unowned"))
    assert "Showing 1 to 3 of 3" in read and "X000003" not in read


def test_a_bid_that_somebody_took_meanwhile_is_not_taken_with_the_others(service):
    browser = Browser(service, "coordinator", name="Bea")
    page = browser.get("/oversight/unowned").text
    assert 'name="owner_seen-R1" value=""' in page
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post("/bids/R1/owner", {"take": "1", "owner_seen": ""}).status_code == 303
    seen = {"owner_seen-R1": "", "owner_seen-R3": ""}
    late = browser.post("/oversight/unowned", {"bid": ["R1", "R3"], **seen})
    assert late.status_code == 409 and "R1: Ann has the bid by now" in text_of(late)
    assert row(service.register, "referral", "R1")["owner_name"] == "Ann"
    assert row(service.register, "referral", "R3")["owner_name"] == "Bea"


def test_a_restricted_bid_is_masked_on_the_ladder_and_is_in_no_list_of_owners(service):
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "R1", [manager.id])
    browser = Browser(service, "coordinator")
    page = browser.get("/oversight/escalations")
    assert "X000001" not in page.text and "Restricted" in text_of(page)
    assert "Showing 1 to 4 of 4" in text_of(browser.get("/oversight/unowned"))
    answer = browser.post("/oversight/escalations", {"bid": ["R1"]})
    assert answer.status_code == 409 and "there is no referral R1" in text_of(answer)


# ---- filters that are written wrongly ---------------------------------------------------------


@pytest.mark.parametrize("path", ["/audit/timeline", "/audit/accesses"])
@pytest.mark.parametrize(
    ("field", "written", "told"),
    [
        ("from", "31/02/2026", "Write the day of “from” as YYYY-MM-DD"),
        ("to", "soon", "Write the day of “to”"),
        ("subject", "X" * 201, "Write at most 200 characters"),
    ],
)
def test_a_filter_that_is_none_is_told_at_its_field_with_what_was_written(
    service, path, field, written, told
):
    page = Browser(service, "auditor").get(f"{path}?{urlencode({field: written})}")
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text and f'id="{field}-error"' in page.text
    assert f'value="{written}"' in page.text and text_of(page).count(told) == 2
    assert "Apply filters" in text_of(page) and "matches these filters" not in text_of(page)


def test_a_crn_that_is_far_too_long_is_told_at_its_field_with_what_was_written(service):
    page = Browser(service, "coordinator").post("/people", {"crn": "X" * 41})
    assert page.status_code == 422
    assert 'href="#crn"' in page.text and 'id="crn-error"' in page.text
    assert f'value="{"X" * 41}"' in page.text and "There is no bid" not in text_of(page)


# ---- decisions and groups --------------------------------------------------------------------


def test_what_was_decided_is_counted_by_band(tmp_path):
    service, run = a_planned_service(tmp_path)
    coordinator = Browser(service, "coordinator")
    coordinator.post(f"/runs/{run}/proposals/R1", {"action": "accept", "accept_reason": "Agreed."})
    coordinator.post(f"/runs/{run}/proposals/R2", {"action": "refuse", "refuse_reason": "No."})
    browser = Browser(service, "manager")
    page = browser.get("/oversight/decisions")
    read = text_of(page)
    assert "All 1 accepted: which 50% 0 0% 1 refused: which 50% 2 to decide: which 50%" in read
    assert 'aria-label="All: 1 accepted, 0 changed, 1 refused, 2 to decide"' in page.text
    assert "A Tester" in text_of(browser.get("/oversight/decisions?by=person"))
    assert browser.get("/oversight/decisions?by=shoe-size").status_code == 422
    auditor = Browser(service, "auditor").get("/oversight/decisions?by=person")
    assert auditor.status_code == 403, "figures of single colleagues are for managers"


def test_each_figure_of_what_was_decided_leads_to_its_proposals(tmp_path):
    service, run = a_planned_service(tmp_path)
    coordinator = Browser(service, "coordinator", name="Ann")
    for bid, why in (("R1", "=No room."), ("R2", "Too far.")):
        refused = {"action": "refuse", "refuse_reason": why}
        coordinator.post(f"/runs/{run}/proposals/{bid}", refused)
    browser = Browser(service, "manager")
    page = browser.get("/oversight/decisions")
    links = re.findall(r'href="(/oversight/decisions/listed\?[^"]*)"', page.text)
    (all_refused,) = [unescape(x) for x in links if "group=&" in x and "status=refused" in x]
    read = text_of(browser.get(all_refused))
    assert "Showing 1 to 2 of 2" in read and "X000002" in read
    assert "Too far." in read and "Ann" in read and "2 November 2026" in read
    one = unescape(next(x for x in links if "group=1&" in x and "status=refused" in x))
    assert "Too far." not in text_of(browser.get(one)), "R1 alone is of band 1"
    auditor = Browser(service, "auditor")
    assert auditor.get(all_refused).status_code == 403
    assert "decisions/listed" not in auditor.get("/oversight/decisions").text
    by_person = browser.get("/oversight/decisions?by=person").text
    assert "Ann" in by_person and "group=Ann" not in by_person, "addresses name nobody"
    path, query = all_refused.split("?")
    file = browser.get(f"{path}.csv?{query}").text
    assert "Too far." in file and ",'=No room." in file, "no formula"
    assert auditor.get(f"{path}.csv?{query}").status_code == 403
    assert browser.get(f"{path}?by=month&group=9999-12").status_code == 422
    assert browser.get(f"{path}?by=person&group=Ann").status_code == 422
    assert "all,0,0,2," in browser.get("/oversight/decisions.csv").text


def test_a_restricted_case_is_in_no_list_of_decisions(tmp_path):
    service, _ = a_planned_service(tmp_path)
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "R1", [manager.id])
    browser = Browser(service, "manager")
    read = text_of(browser.get("/oversight/decisions/listed"))
    assert "X000001" not in read and "1 proposal for cases that you may not see" in read
    assert "R1" not in browser.get("/oversight/decisions/listed.csv").text


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2026-11-03&to=2026-11-02", "to"), ("from=soon", "from"), ("from=2020-01-01", "from")],
)
def test_days_of_decisions_that_are_none_are_told_at_their_field(service, query, field):
    page = Browser(service, "manager").get(f"/oversight/decisions?{query}")
    assert page.status_code == 422 and f'id="{field}-error"' in page.text
    for each in query.split("&"):
        name, value = each.split("=")
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page.text), "what was typed is kept"
    assert Browser(service, "manager").get(f"/oversight/decisions.csv?{query}").status_code == 422


def test_how_groups_fare_is_taken_away_without_what_is_not_told(planned):
    service, run = planned
    file = Browser(service, "auditor").get(f"/oversight/disparity.csv?run={run}").text
    assert "everyone,everyone,,,,," in file and "gender,man,,,,," in file
    assert Browser(service, "coordinator").get("/oversight/disparity.csv").status_code == 403


def test_small_groups_are_not_told_of(planned):
    service, _ = planned
    read = text_of(Browser(service, "auditor").get("/oversight/disparity"))
    assert "Not told: too few people" in read


def test_means_that_are_not_told_say_so_and_why(service):
    like = tiny().referrals[4]
    more = tuple(replace(like, id=f"N{n}", crn=f"X9{n:05}") for n in range(10))
    with service.register.changing(a_person()) as change:
        import_problem(change, replace(tiny(), referrals=more), {})
    finished(service, ask(service.register))
    read = text_of(Browser(service, "auditor").get("/oversight/disparity"))
    assert re.search(r"Everyone 15 \d \d+% Not told Not told", read)
    assert "“Not told”: they are fewer than 10" in read


def test_before_any_plan_there_is_nothing_and_it_is_said(service):
    assert "no finished plan" in text_of(Browser(service, "manager").get("/oversight/disparity"))
    assert "no finished plan" in text_of(Browser(service, "planner").get("/capacity/unmet"))
    assert "no finished plan" in text_of(Browser(service, "planner").get("/capacity/worth"))


def test_unmet_need_is_told_by_what_people_need_and_by_cause(planned):
    service, _ = planned
    browser = Browser(service, "planner")
    read = text_of(browser.get("/capacity/unmet"))
    assert "1 bid without a bed in this plan 5 bids that asked for one" in read
    assert "By band" in read and "By region of home" in read
    none = text_of(browser.get("/capacity/unmet?band=1"))
    assert "0 bids without a bed" in none
    assert "X00000" not in browser.get("/capacity/unmet").text


def test_unmet_need_of_a_plan_stays_as_the_plan_had_it_when_a_bid_is_corrected(
    planned, monkeypatch
):
    service, run = planned
    browser = Browser(service, "planner")
    before = browser.get(f"/capacity/unmet.csv?run={run}").text
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R3").json()
    told = {**bid["details"], "rosh": "Very High", "outcode": "M1"}
    assert ann.put("/v1/referrals/R3", told, bid["version"]).status_code == 200
    assert ann.get("/v1/referrals/R3").json()["band"] != bid["band"], "it is another now"
    monkeypatch.setattr(capacity, "PEOPLE", KeptAnswers(1))
    assert browser.get(f"/capacity/unmet.csv?run={run}").text == before


def test_a_restricted_case_is_in_no_count_of_unmet_need(tmp_path):
    service, _ = a_planned_service(tmp_path)
    manager = a_person("A. Manager")
    everyone = text_of(Browser(service, "planner").get("/capacity/unmet"))
    assert "5 bids that asked for one" in everyone
    with service.register.changing(manager) as change:
        restrict(change, "R1", [manager.id])
    browser = Browser(service, "planner")
    read = text_of(browser.get("/capacity/unmet"))
    assert "4 bids that asked for one" in read and "Restricted cases that you may not see" in read
    assert "Band 1" not in read, "neither by a filter, nor by what is left to choose from"
    assert "Nobody matches" in text_of(browser.get("/capacity/unmet?band=1"))


def test_pages_of_a_plan_that_was_erased_say_so_and_offer_others(tmp_path):
    service, run = a_planned_service(tmp_path)
    ann = service.client("coordinator", "manager", name="Ann")
    assert ann.post("/v1/referrals/R3/withdrawal", {"reason": "x"}).status_code == 200
    erased = {"referral_id": "R3", "reason": "asked for", "asked_for": "request"}
    assert ann.post("/v1/erasures", erased).status_code == 201
    browser = Browser(service, "manager")
    for path in ("/capacity/unmet", "/capacity/worth", "/oversight/disparity"):
        for address in (path, f"{path}?run={run}"):
            answer = browser.get(address)
            assert answer.status_code == 200 and "This plan was erased" in text_of(answer)
            assert f'<option value="{run}"' in answer.text
        assert browser.get(f"{path}?run=no-such").status_code == 404


def test_what_a_bed_is_worth_comes_from_the_proof(planned):
    service, _ = planned
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert "what the plan’s own proof charges" in read or "This plan has no prices" in read


# ---- roles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        ("coordinator", {"Premises", "Capacity", "Oversight"}),
        ("planner", {"Premises", "Capacity", "Oversight"}),
        ("auditor", {"Premises", "Capacity", "Oversight", "Audit"}),
        ("manager", {"Premises", "Capacity", "Oversight", "Audit"}),
        ("administrator", {"Audit"}),
    ],
)
def test_each_section_leads_to_a_page_that_one_may_see_and_no_tab_to_another(
    service, role, sections
):
    browser = Browser(service, role)
    page = browser.get(f"/{'audit' if 'Audit' in sections else 'premises'}")
    if page.status_code == 303:
        page = browser.get(page.headers["location"])
    assert page.status_code == 200
    for name in ("Premises", "Capacity", "Oversight", "Audit"):
        found = re.search(rf'href="([^"]+)"[^>]*>\s*(?:<strong [^>]*>)?{name}<?', page.text)
        assert bool(found) == (name in sections)
        answer = browser.get(found[1] if found else f"/{name.lower()}")
        assert (answer.status_code in (200, 303)) == (name in sections)
        if answer.status_code == 303:
            answer = browser.get(answer.headers["location"])
            assert answer.status_code == 200
        for tab in re.findall(
            r'<nav class="moj-sub-navigation apb-tabs".*?</nav>', answer.text, re.S
        ):
            for address in re.findall(r'href="([^"]+)"', tab):
                assert browser.get(address).status_code == 200


def test_an_auditor_is_led_to_the_beds_held_the_forecast_and_the_runs_and_to_nothing_else(planned):
    service, run = planned
    browser = Browser(service, "auditor")
    begun = browser.get("/audit/accesses").text
    bar = re.search(r'<nav aria-label="Sections".*?</nav>', begun, re.S)[0]
    to = re.findall(r'href="([^"]+)"', bar)
    assert {"/premises-held", "/capacity/forecast", "/runs"} <= set(to)
    for address in to:
        page = browser.get(address)
        while page.status_code == 303:
            page = browser.get(page.headers["location"])
        assert page.status_code == 200 and 'aria-current="page"' in page.text, address
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)"', page.text):
            answer = browser.get(link.replace("&amp;", "&"))
            assert answer.status_code in (200, 303), (address, link)
    listed = browser.get("/runs")
    assert f"/runs/{run}" in listed.text and "Ask for a plan" not in text_of(listed)
    told = text_of(browser.get(f"/runs/{run}"))
    assert "What ended it" in told and "without a bed" not in told and "Compare" not in told
    assert service.client("auditor").get("/v1/runs").json()["total"] == 1


# ---- bids to acknowledge, by filters ---------------------------------------------------------


def test_bids_to_acknowledge_are_filtered_by_band_region_and_owner(service):
    browser = Browser(service, "coordinator", "manager")
    browser.post("/oversight/unowned", {"bid": ["R1"]})
    assert listed(browser.get("/oversight/escalations?owner=mine")) == ["R1"]
    assert "R1" not in listed(browser.get("/oversight/escalations?owner=nobody"))
    every = [f"/oversight/escalations?band={band}" for band in range(1, 7)]
    by_band = [listed(browser.get(address)) for address in every]
    assert sorted(each for some in by_band for each in some) == ["R1", "R2", "R3", "R4", "R5"]
    assert len([some for some in by_band if some]) > 1
    lines = (FIXTURES / "tiny" / "release-list.csv").read_text().splitlines()
    near = ["outcode", "E1", "EC1A", "M1", "ME1", "SE5"]
    text = "".join(f"{line},{outcode}\n" for line, outcode in zip(lines, near, strict=True))
    assert browser.post("/files", files={"referrals": ("l.csv", text.encode())}).status_code == 200
    for name, ids in {
        "London": ["R1", "R2", "R5"],
        "Greater Manchester": ["R3"],
        "Kent Surrey & Sussex": ["R4"],
        "Wales": [],
    }.items():
        found = listed(browser.get(f"/oversight/escalations?region={quote(name)}"))
        assert sorted(found) == ids, name
    assert browser.get("/oversight/escalations?region=Nowhere").status_code == 422


def test_bids_to_acknowledge_are_taken_away_by_the_same_filters(service):
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "R2", [manager.id])
    browser = Browser(service, "coordinator")
    browser.post("/oversight/unowned", {"bid": ["R1"]})
    told = browser.get("/oversight/escalations.csv").content.decode("utf-8-sig")
    assert "R1,X000001," in told and "R2," in told and "X000002" not in told
    assert re.search(r"T\d\d:\d\d:\d\d\+00:00,", told), "a moment of London, with its offset"
    mine = browser.get("/oversight/escalations.csv?owner=mine").content.decode("utf-8-sig")
    assert [line.partition(",")[0] for line in mine.splitlines()] == ["bid", "R1"]
    hidden = browser.get("/oversight/escalations.csv?owner=nobody").content.decode("utf-8-sig")
    assert "R2" not in hidden


def test_the_file_of_people_without_a_bed_says_why_and_what_is_proposed(planned):
    service, run = planned
    lines = Browser(service, "coordinator").get("/without-a-bed.csv").text.splitlines()
    of_bid = {line.split(",")[0].lstrip("\ufeff"): line for line in lines}
    assert "would be lawful, and none is free" in of_bid["R3"], "why there is none"
    proposal = row(service.register, "proposal", f"{run}/R5")
    assert of_bid["R5"].endswith(f",{proposal['arrival']},,,")
    assert "Men's" in of_bid["R5"] and "Standard" in of_bid["R5"], "the words of the page"


def test_the_file_of_decisions_has_what_was_booked_for_each_proposal(planned):
    service, run = planned
    proposal = row(service.register, "proposal", f"{run}/R4")
    later = proposal["arrival"] + timedelta(days=1)
    said = {
        "action": "change",
        "change_reason": "A day later.",
        "confirmed": "1",
        "arrival-day": f"{later.day}",
        "arrival-month": f"{later.month}",
        "arrival-year": f"{later.year}",
    }
    path = f"/runs/{run}/proposals/R4"
    assert Browser(service, "coordinator").post(path, said).status_code == 303
    accepted = {"action": "accept", "accept_reason": "As proposed."}
    path = f"/runs/{run}/proposals/R1"
    assert Browser(service, "coordinator").post(path, accepted).status_code == 303
    lines = Browser(service, "manager").get("/oversight/decisions/listed.csv").text.splitlines()
    assert lines[0].endswith("reason,booked_bed,booked_arrival,booked_departure")
    changed = next(line for line in lines if "A day later." in line)
    departure = later + (proposal["departure"] - proposal["arrival"])
    assert changed.endswith(f",{later},{departure}")
    first = row(service.register, "proposal", f"{run}/R1")
    as_proposed = f",{first['arrival']},{first['departure']}"
    assert next(line for line in lines if "As proposed." in line).endswith(as_proposed)
    assert next(line for line in lines if line.startswith("R5,")).endswith(",,,")
