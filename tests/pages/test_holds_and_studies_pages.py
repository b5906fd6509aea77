"""Holds and studies at the pages: what is held and let go of; what is asked, and its answer."""

import json
import re
import time
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from allocator.plain_words import bands_words
from api.pages.estates import MADE_UP
from api.service.decisions import seats_of
from tests.api.filled import a_person, fill
from tests.api.forecasts import A_FORECAST
from tests.api.registers import AS_OF, row, rows
from tests.api.service import a_service
from tests.api.studies.asking import studying
from tests.api.test_advice import advised, put_in
from tests.api.test_advice import problem as crowded_problem
from tests.builders import a_booking, a_stay, an_estate
from tests.pages.browsing import Browser, text_of

DAY = timedelta(days=1)
HOLD = {
    "premises": "A",
    "first_night": f"{AS_OF + DAY}",
    "last_night": f"{AS_OF + 6 * DAY}",
    "lowest_band": "1",
    "until": f"{AS_OF + 7 * DAY}",
    "why": "Two people of band 1 are expected.",
}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def a_bed_of(browser):
    page = browser.get("/premises-held/new?premises=A").text
    options = re.search(r'<select[^>]*name="bed".*?</select>', page, re.S)[0]
    return unescape(re.findall(r'value="([^"]+)"', options)[0])


def test_bands_are_named_in_the_form_of_a_hold_as_the_policy_names_them(service):
    read = text_of(Browser(service, "coordinator").get("/premises-held/new?premises=A"))
    assert "Bands 1 to 2: down to Tier A or MAPPA 2" in read


def test_a_bed_is_held_for_longer_and_let_go_of(service):
    browser = Browser(service, "coordinator")
    assert "No bed is held back" in text_of(browser.get("/premises-held"))
    made = browser.post("/premises-held/new", {**HOLD, "bed": a_bed_of(browser)})
    assert made.status_code == 303
    path = made.headers["location"].split("?")[0]
    assert "Two people of band 1" in text_of(browser.get("/premises-held"))
    assert "apb-use--held" in browser.get("/premises/A").text
    later = {"until": f"{AS_OF + 20 * DAY}", "extension_reason": "Still expected.", "version": "1"}
    assert browser.post(f"{path}/extension", later).status_code == 303
    stale = browser.post(f"{path}/extension", later)
    assert stale.status_code == 409 and "Somebody has changed this hold" in text_of(stale)
    assert "22 November 2026" in text_of(browser.get(path))
    nothing = browser.post(f"{path}/release")
    assert nothing.status_code == 422 and "Say why" in text_of(nothing)
    assert browser.post(f"{path}/release", {"reason": "They came."}).status_code == 303
    read = text_of(browser.get(path))
    assert "Let go of" in read and "They came." in read and "Hold it until" not in read


def test_a_form_with_everything_wrong_says_everything(service):
    browser = Browser(service, "coordinator")
    answer = browser.post("/premises-held/new", {"premises": "A", "first_night": "soon"})
    read = text_of(answer)
    assert answer.status_code == 422
    for words in ("Choose a bed", "Write the day of", "Give the last night", "Say why the bed"):
        assert words in read


def test_what_the_register_refuses_is_said_with_what_was_written(service):
    browser = Browser(service, "coordinator")
    wrong = {**HOLD, "bed": a_bed_of(browser), "until": f"{AS_OF + 90 * DAY}"}
    answer = browser.post("/premises-held/new", wrong)
    read = text_of(answer)
    assert answer.status_code == 422 and "at most 31 days" in read and "2 November 2026" in read
    assert "Two people of band 1" in answer.text
    assert 'href="#until"' in answer.text and 'id="until-error"' in answer.text
    assert f"{AS_OF}" not in read, "days are written as pages write them"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_night": f"{AS_OF - DAY}"}, "first_night"),
        ({"last_night": f"{AS_OF}"}, "last_night"),
        ({"last_night": f"{AS_OF + 400 * DAY}"}, "last_night"),
        ({"lowest_band": "9"}, "lowest_band"),
    ],
)
def test_what_is_wrong_with_a_hold_is_said_at_its_field(service, wrong, field):
    browser = Browser(service, "coordinator")
    answer = browser.post("/premises-held/new", {**HOLD, "bed": a_bed_of(browser), **wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert 'href="#bed"' not in answer.text


def test_a_bed_that_is_held_already_is_said_at_the_bed_and_without_an_id(service):
    browser = Browser(service, "coordinator")
    sent = {**HOLD, "bed": a_bed_of(browser)}
    first = browser.post("/premises-held/new", sent).headers["location"]
    answer = browser.post("/premises-held/new", sent)
    assert answer.status_code == 422 and 'href="#bed"' in answer.text
    assert "Another hold keeps the bed" in text_of(answer)
    assert first.split("/")[-1].split("?")[0] not in answer.text


def test_planners_look_at_holds_and_hold_nothing(service):
    planner = Browser(service, "planner")
    page = planner.get("/premises-held")
    assert page.status_code == 200 and "Hold a bed back" not in text_of(page)
    assert planner.get("/premises-held/new").status_code == 403
    assert planner.post("/premises-held/new", HOLD).status_code == 403


def test_a_hold_that_a_plan_advises_is_accepted_by_a_named_person_once(tmp_path):
    service = a_service(tmp_path, crowded_problem())
    run = advised(service)["id"]
    advice = service.client("planner").get(f"/v1/runs/{run}/advice").json()
    planner = Browser(service, "planner")
    page = planner.get(f"/runs/{run}/advice")
    assert page.status_code == 200 and "Hold it" not in text_of(page)
    browser = Browser(service, "coordinator")
    read = text_of(browser.get(f"/runs/{run}/advice"))
    assert "Beds that it would hold" in read and "Hold it" in read
    hold = advice["holds"][0]
    until = date.fromisoformat(advice["looked_until"])
    assert f"People to come by {until.day} {until:%b %Y}" in read
    crn = row(service.register, "referral", hold["held_back"])["crn"]
    assert f"too often to give it away now {crn} Hold it" in read, "people by CRN"
    assert "Premises P1, Room" in read, "and beds as everywhere"
    sent = {"bed": hold["bed_id"], "first_night": hold["first_night"]}
    asked = browser.post(f"/runs/{run}/advice", sent)
    until = date.fromisoformat(hold["until"])
    assert asked.status_code == 200 and "Check before you hold this bed" in text_of(asked)
    assert f"For whom People known to be of {bands_words(hold['lowest_band'])} " in text_of(asked)
    assert f"Ends by itself on {until.day} {until:%B %Y}" in text_of(asked)
    assert rows(service.register, "hold") == [], "nothing is held before it is confirmed"
    sent["confirmed"] = "1"
    made = browser.post(f"/runs/{run}/advice", sent)
    assert made.status_code == 303
    assert "as a plan advised" in text_of(browser.get(made.headers["location"].split("?")[0]))
    again = browser.post(f"/runs/{run}/advice", sent)
    assert again.status_code == 409 and "There is a problem" in text_of(again)


def test_advice_and_forecast_say_what_each_counts_and_lead_to_each_other(tmp_path):
    service = a_service(tmp_path, crowded_problem())
    run = advised(service)["id"]
    planner = Browser(service, "planner")
    page = planner.get(f"/runs/{run}/advice")
    read = text_of(page)
    until = date.fromisoformat(
        service.client("planner").get(f"/v1/runs/{run}/advice").json()["looked_until"]
    )
    assert f"referred after 2 November 2026 and released before {until.day} {until:%B %Y}" in read
    assert "A future is one way" in read and "9 of 12" in read and "Always firm" in read
    assert 'href="/capacity/forecast"' in page.text and "replaced since" not in read
    forecast = planner.get("/capacity/forecast")
    assert "mean of 4,000 futures" in text_of(forecast)
    assert f'href="/runs/{run}/advice"' in forecast.text
    put_in(service)
    assert "replaced since" in text_of(planner.get(f"/runs/{run}/advice"))
    assert f'href="/runs/{run}/advice"' not in planner.get("/capacity/forecast").text


def test_a_proposal_that_its_plans_advice_would_hold_back_says_so_until_then_and_can_be_accepted(
    tmp_path,
):
    service = a_service(tmp_path, crowded_problem())
    run = advised(service)["id"]
    (hold,) = service.client("planner").get(f"/v1/runs/{run}/advice").json()["holds"]
    browser, here = Browser(service, "coordinator"), f"/runs/{run}/proposals"
    page = browser.get(f"{here}/{hold['held_back']}")
    assert "Advised against for now: hold Premises P1, Room" in text_of(page)
    assert f'href="/runs/{run}/advice"' in page.text
    assert "Advised against" not in text_of(browser.get(f"{here}/high"))
    assert text_of(browser.get(here)).count("Advised against until") == 1
    accepted = {"action": "accept", "accept_reason": "Agreed."}
    assert browser.post(f"{here}/{hold['held_back']}", accepted).status_code == 303
    assert "Advised against" not in text_of(browser.get(here)), "it is decided"


def test_a_proposal_is_not_advised_against_any_more_once_the_day_has_come(tmp_path):
    service = a_service(tmp_path, crowded_problem())
    run = advised(service)["id"]
    service.moving.put_forward(days=8)
    browser = Browser(service, "coordinator")
    assert "Advised against" not in text_of(browser.get(f"/runs/{run}/proposals"))


def test_a_booking_whose_bed_nobody_named_makes_room_for_an_advised_hold(tmp_path):
    there = crowded_problem()
    stays = a_booking("kept", bed_id=None, premises_id="P1", stay=a_stay(0, 80))
    more = replace(there, **an_estate({"P1": (1, 1, 1, 1)}), bookings=(stays,))
    service = a_service(tmp_path, there)
    fill(service.register, more, {"kept": "P1-R4-B1"})
    run = advised(service)["id"]
    hold = service.client("planner").get(f"/v1/runs/{run}/advice").json()["holds"][0]
    with service.register.changing(a_person()) as change:
        seat = seats_of(change, change.row("run", run))["kept"]
        assert seat != hold["bed_id"]
        kept = change.row("booking", "kept")
        # Since the plan was made it has come to sit in the bed that is to be held.
        change.record("booking.reseated", "booking", {**kept, "bed_id": hold["bed_id"]})
    sent = {"bed": hold["bed_id"], "first_night": hold["first_night"], "confirmed": "1"}
    made = Browser(service, "coordinator").post(f"/runs/{run}/advice", sent)
    assert made.status_code == 303, text_of(made)
    assert row(service.register, "booking", "kept")["bed_id"] == seat


# ---- studies ---------------------------------------------------------------------------------

WRITE = {"do": "write", "estate": "S", "years": "1"}


def yaml_of(page):
    found = re.search(r'<textarea[^>]*id="yaml"[^>]*>(.*?)</textarea>', page.text, re.S)
    return unescape(found[1])


def test_the_form_writes_a_file_and_adds_to_it(service):
    browser = Browser(service, "planner")
    first = browser.post(
        "/capacity/studies/new",
        {**WRITE, "kind": "close", "close_premises": "NE003", "close_since": "2027-03-01"},
    )
    text = yaml_of(first)
    assert "name: close Elmsholt House (NE003)" in text and "since: 2027-03-01" in text
    more = {"kind": "demand_factor", "demand": "110", "enough_beds": "4", "yaml": text}
    second = yaml_of(browser.post("/capacity/studies/new", {**WRITE, **more}))
    assert (
        "name: close Elmsholt House (NE003)" in second
        and "factor: 1.1" in second
        and "enough_beds: 4" in second
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"years": "many"}, "Years must be a whole number"),
        ({"estate": "castle"}, "Choose whose beds"),
        ({"days": "20"}, "Days in each year must be a whole number from 28"),
        (
            {"kind": "close", "close_premises": "M/EM004", "close_since": "2027-03-01"},
            "of the estate that is chosen",
        ),
        ({"kind": "open_beds", "open_beds": "-1"}, "How many beds must be a whole number"),
        ({"kind": "early_release", "release_share": "200"}, "from 0 to 100"),
        ({"yaml": "a: &x 1\nb: *x"}, "An anchor"),
        ({"yaml": "- 1"}, "keys and values"),
    ],
)
def test_what_is_wrong_in_the_form_is_said(service, fields, words):
    answer = Browser(service, "planner").post("/capacity/studies/new", {**WRITE, **fields})
    assert answer.status_code == 422 and words in text_of(answer)


def test_a_scenario_that_was_chosen_and_not_written_is_not_left_out_unseen(service):
    browser = Browser(service, "planner")
    text = yaml_of(browser.post("/capacity/studies/new", WRITE))
    sent = {"do": "start", "yaml": text, "kind": "demand_factor", "demand": "110"}
    answer = browser.post("/capacity/studies/new", sent)
    assert answer.status_code == 422 and 'href="#kind-demand_factor"' in answer.text
    assert "not in the file yet" in text_of(answer)
    assert "Nothing has been asked yet" in text_of(browser.get("/capacity/studies"))


def test_the_form_offers_the_premises_of_each_estate_that_can_be_chosen(service):
    browser = Browser(service, "planner")
    page = browser.get("/capacity/studies/new").text
    of_small = page.split('<optgroup label="A small one, made up">')[1].split("</optgroup>")[0]
    values = re.findall(r'value="([^"]+)"', of_small)
    assert len(values) == 10 and "S/NE003" in values
    assert '<optgroup label="The register">' not in page, "there is no forecast for it"
    closing = {"kind": "close", "close_premises": "S/NE003", "close_since": "2027-03-01"}
    text = yaml_of(browser.post("/capacity/studies/new", {**WRITE, **closing, "days": "56"}))
    assert "premises: NE003" in text and "days: 56" in text and "S/" not in text
    assert yaml_of(browser.post("/capacity/studies/new", {**WRITE, "yaml": text})).count("56") == 1


def test_premises_of_the_estate_that_is_chosen_are_offered_and_of_no_other(service):
    browser = Browser(service, "planner")
    middling = browser.post(
        "/capacity/studies/new", {"do": "estate", "estate": "M", "yaml": "days: 56", "demand": "7"}
    )
    assert re.findall(r'<optgroup label="([^"]+)">', middling.text) == [MADE_UP["M"]] * 2
    assert yaml_of(middling) == "days: 56" and 'value="7"' in middling.text, "nothing is lost"
    asked = browser.get("/capacity/studies/new?estate=M").text
    assert 'value="M/' in asked and 'value="S/' not in asked


def test_ways_of_placing_are_offered_and_those_ticked_are_in_the_file(service):
    browser = Browser(service, "planner")
    page = browser.get("/capacity/studies/new")
    assert "planned together with people who may yet be referred" in text_of(page).lower()
    assert page.text.count('name="method"') == 8
    ticked = {**WRITE, "method": ["first-come", "look-ahead"]}
    text = yaml_of(browser.post("/capacity/studies/new", ticked))
    assert "methods:\n- first-come\n- look-ahead\n" in text
    kept = yaml_of(browser.post("/capacity/studies/new", {**WRITE, "yaml": text}))
    assert "- look-ahead" in kept and "- commit-by" not in kept, "none ticked: those of the file"
    wrong = browser.post("/capacity/studies/new", {**WRITE, "method": "by-hand"})
    assert wrong.status_code == 422 and "There is no method by-hand" in text_of(wrong)


def test_a_day_that_is_left_empty_is_the_first_that_is_counted(service):
    browser = Browser(service, "planner")
    closing = {"kind": "close", "close_premises": "S/NE003"}
    # The made-up estates begin on 2 November 2026; 91 days of warm-up are not counted.
    assert "since: 2027-02-01" in yaml_of(
        browser.post("/capacity/studies/new", {**WRITE, **closing})
    )
    early = {"kind": "early_release", "release_days": "10", "release_share": "50"}
    text = yaml_of(browser.post("/capacity/studies/new", {**WRITE, **early, "days": "56"}))
    assert "first: 2027-02-01" in text and "until: 2027-03-29" in text


def test_the_registers_premises_are_offered_once_it_has_a_forecast(service):
    browser = Browser(service, "planner")
    content = json.dumps(A_FORECAST).encode()
    browser.post("/capacity/forecast", files={"forecast": ("forecast.json", content)})
    page = browser.get("/capacity/studies/new").text
    of_register = page.split('<optgroup label="The register">')[1].split("</optgroup>")[0]
    assert 'value="register/A"' in of_register and "bed" in of_register


def test_a_file_with_faults_is_not_run_and_each_has_its_line(service):
    browser = Browser(service, "planner")
    text = yaml_of(browser.post("/capacity/studies/new", WRITE))
    text += "scenarios:\n- name: a\n  changes:\n  - kind: close\n    premises: NOWHERE\n"
    answer = browser.post("/capacity/studies/new", {"do": "start", "yaml": text})
    assert answer.status_code == 422 and re.search(r"Line \d+:", text_of(answer))
    assert "NOWHERE" in yaml_of(answer), "what was written is still there"
    assert "Nothing has been asked yet" in text_of(browser.get("/capacity/studies"))


def test_a_study_is_asked_for_run_looked_at_and_taken_away(tmp_path):
    service = a_service(tmp_path)
    browser = Browser(service, "planner")
    change = {"kind": "demand_factor", "demand": "120"}
    text = yaml_of(browser.post("/capacity/studies/new", {**WRITE, **change}))
    text = text.replace("days: 364", "days: 28").replace("warm_up_days: 91", "warm_up_days: 7")
    text = text.replace("- commit-by\n", "")
    started = {"do": "start", "yaml": text, "name": "<b>More</b>", "form_key": "one-and-the-same"}
    path = browser.post("/capacity/studies/new", started).headers["location"]
    assert browser.post("/capacity/studies/new", started).headers["location"] == path, "once"
    waiting = browser.get(path)
    assert "data-again" in waiting.text and "It waits for its turn" in text_of(waiting)
    with studying(service.register, tmp_path):
        for _ in range(900):
            page = browser.get(path)
            if "data-again" not in page.text:
                break
            time.sleep(0.2)
    read = text_of(page)
    assert "People who come are made up, and so is the estate." in read
    assert "Simulated, not observed" in read and "120 % of the referrals" in read
    assert "One year alone was simulated" in read and "Each is of 28 days only" in read
    assert "Asked for by A Tester" in read and "local:" not in read
    assert "In 28 days" in read and "In a year" not in read and "People in 28 days" in read
    assert "each counted by the weight that the policy gives" in read and "Risk order" in read
    assert "<b>More" not in page.text and len(page.content) < 250_000
    contents = re.findall(r'href="#(\w+)"', page.text.split('aria-label="Contents"')[1])
    assert {"figures", "bands", "causes", "files"} <= set(contents)
    assert all(f'id="{part}"' in page.text for part in contents)
    files = re.findall(rf'href="({path}/files/[^"]+)"', page.text)
    assert any(each.endswith(".csv") for each in files)
    answer = browser.get(next(each for each in files if each.endswith("results.csv")))
    assert "attachment" in answer.headers["content-disposition"] and answer.content
    assert browser.get(f"{path}/files/passwd").status_code == 404


def test_a_study_is_called_off_and_coordinators_only_look(service):
    planner = Browser(service, "planner")
    text = yaml_of(planner.post("/capacity/studies/new", {**WRITE, "kind": "", "demand": ""}))
    text += "scenarios:\n- name: a\n  changes:\n  - {kind: demand_factor, factor: 1.1}\n"
    path = planner.post("/capacity/studies/new", {"do": "start", "yaml": text}).headers["location"]
    coordinator = Browser(service, "coordinator")
    assert coordinator.get(path).status_code == 200
    assert coordinator.post(f"{path}/cancellation").status_code == 403
    assert planner.post(f"{path}/cancellation").status_code == 303
    assert "called off" in text_of(planner.get(path))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (
            {"kind": "close", "close_premises": "S/NE003", "close_since": "1999-01-01"},
            "close_since",
        ),
        (
            {"kind": "open_beds", "open_premises": "S/NE003", "open_beds": "2"}
            | {"open_since": "2040-01-01"},
            "open_since",
        ),
        (
            {"kind": "early_release", "release_days": "7", "release_share": "50"}
            | {"release_first": "1999-01-01", "release_until": "1999-06-01"},
            "release_until",
        ),
    ],
)
def test_a_day_outside_the_simulated_years_is_told_at_its_field(service, fields, field):
    answer = Browser(service, "planner").post("/capacity/studies/new", {**WRITE, **fields})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
