"""The pages without a browser: what they show, to whom, and what they refuse."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from api.app import create_app
from api.pages import files, runs
from api.store.tables import ACCESS_LOG
from tests.api.front import local_settings
from tests.api.registers import row, tiny
from tests.api.service import Service, a_planned_service, a_service
from tests.api.test_advice import put_in
from tests.fixtures.folders import FIXTURES
from tests.pages.browsing import Browser, attributes_of, text_of

HOSTILE = [
    "<script>alert(1)</script>",
    "‮gnitirw eht fo noitcerid eht",
    "x" * 200,
    "{{ 7 * 7 }}",
    "'\" onmouseover=alert(1) x='",
]


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def test_everyone_without_a_bed_is_listed_the_most_urgent_first(service):
    page = Browser(service, "coordinator").get("/without-a-bed")
    read = text_of(page)
    assert "Showing 1 to 5 of 5" in read
    places = [read.index(f"X00000{n}") for n in (1, 2, 3)]
    assert places == sorted(places), "bands 1, 2 and 3"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("band=1", ["X000001"]),
        ("tier=D3", []),
        ("owner=nobody&band=2", ["X000002"]),
        ("acknowledged=yes", []),
        ("within=400&gender=woman", []),
    ],
)
def test_filters_stand_in_the_address(service, asked, found):
    read = text_of(Browser(service, "coordinator").get(f"/without-a-bed?{asked}"))
    assert [crn for crn in (f"X00000{n}" for n in range(1, 6)) if crn in read] == found


@pytest.mark.parametrize("asked", ["band=x", "tier=Z9", "sort=crn", "acknowledged=maybe"])
def test_a_filter_that_there_is_not_is_refused_in_words(service, asked):
    answer = Browser(service, "coordinator").get(f"/without-a-bed?{asked}")
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)


def test_a_page_past_the_end_is_the_last(service):
    read = text_of(Browser(service, "coordinator").get("/without-a-bed?page=99"))
    assert "Showing 1 to 5 of 5" in read


def test_why_there_is_no_bed_and_what_would_change_it_stand_in_the_list(planned):
    service, _ = planned
    read = text_of(Browser(service, "coordinator").get("/without-a-bed?proposed=no"))
    assert "1 bed would be lawful, and none is free" in read
    assert "84 days later than the last day allowed" in read


def test_a_bid_that_came_after_the_last_plan_is_said_not_to_be_in_it(planned):
    service, _ = planned
    browser = Browser(service, "coordinator")
    assert "Not in the last plan yet" not in text_of(browser.get("/without-a-bed"))
    assert "Not in the last plan yet" not in browser.get("/without-a-bed.csv").text
    text = (FIXTURES / "tiny" / "release-list.csv").read_text().splitlines()
    late = "\n".join([text[0], text[1].replace("R1,X000001", "R91,X000091")]) + "\n"
    browser.post("/files", files={"referrals": ("list.csv", late.encode())})
    row_of = text_of(browser.get("/without-a-bed")).split("R91")[1]
    assert "Not in the last plan yet." in row_of.split("R2")[0]
    assert "Not in the last plan yet" in browser.get("/without-a-bed.csv").text


def test_every_view_is_in_the_access_log(service):
    browser = Browser(service, "coordinator")
    browser.get("/without-a-bed")
    browser.get("/bids/R2")
    with service.register.reading() as connection:
        rows = connection.execute(select(ACCESS_LOG)).mappings().all()
    told = [(row["what"], sorted(row["subjects"])) for row in rows]
    assert ("page_without_bed", ["R1", "R2", "R3", "R4", "R5"]) in told
    assert ("page_bid", ["R2"]) in told


def test_no_address_of_a_page_holds_a_crn(planned):
    service, run = planned
    browser = Browser(service, "coordinator", "manager")
    for path in ("/without-a-bed", "/bids/R3", f"/runs/{run}/proposals"):
        addresses = [part.split('"')[0] for part in browser.get(path).text.split('href="')[1:]]
        assert addresses and not [each for each in addresses if "X00000" in each]


def test_a_person_is_found_by_crn(service):
    browser = Browser(service, "coordinator")
    found = browser.post("/people", {"crn": " x000002 "})
    assert (found.status_code, found.headers["location"]) == (303, "/bids/R2")
    assert "There is no bid of a person" in text_of(browser.post("/people", {"crn": "X9"}))


def test_a_bid_is_acknowledged_taken_handed_over_and_closed(service):
    browser = Browser(service, "coordinator", "manager")
    assert browser.post("/bids/R3/acknowledgement").status_code == 303
    assert browser.post("/bids/R3/owner", {"take": "1"}).status_code == 303
    read = text_of(browser.get("/bids/R3"))
    assert "You have this bid" in read and "acknowledged by A Tester" in read
    assert "Choose who has the bid" in text_of(browser.post("/bids/R3/owner"))
    stranger = browser.post("/bids/R3/owner", {"owner_id": "local:Ben"})
    assert stranger.status_code == 422 and "nobody of this id is known" in stranger.text.lower()
    assert "Ben" not in text_of(browser.get("/bids/R3/owner"))
    Browser(service, "planner", name="Pat").get("/runs")
    Browser(service, "coordinator", name="Ben").get("/without-a-bed")
    choice = browser.get("/bids/R3/owner").text
    assert '<option value="local:Ben">Ben</option>' in choice and "local:Pat" not in choice
    assert browser.post("/bids/R3/owner", {"owner_id": "local:Ben"}).status_code == 303
    assert "Ben , who has not acknowledged it" in text_of(browser.get("/bids/R3"))
    no_place = browser.post("/bids/R3/release-without-bed", {"release_reason": "None is free."})
    assert no_place.status_code == 422 and "Say where the person goes" in text_of(no_place)
    sent = {"release_reason": "None is free.", "fallback": "With family."}
    assert browser.post("/bids/R3/release-without-bed", sent).status_code == 303
    assert "Goes to: With family." in text_of(browser.get("/bids/R3"))


def test_the_same_form_twice_is_done_once(service):
    browser = Browser(service, "coordinator")
    sent = {"form_key": "one-and-the-same", "reason": "Lives with family."}
    assert browser.post("/bids/R3/withdrawal", sent).status_code == 303
    assert browser.post("/bids/R3/withdrawal", sent).status_code == 303
    other = browser.post("/bids/R3/withdrawal", {"reason": "Again."})
    assert other.status_code == 409 and "withdrawn" in text_of(other)


# ---- proposals -------------------------------------------------------------------------------


def test_nobody_takes_a_bid_unawares_from_whoever_took_it_since(service):
    dana = Browser(service, "coordinator", name="Dana")
    seen = dana.get("/bids/R4").text.split('name="owner_seen" value="')[1].split('"')[0]
    Browser(service, "coordinator", name="Chris").post("/bids/R4/owner", {"take": "1"})
    late = dana.post("/bids/R4/owner", {"take": "1", "owner_seen": seen})
    assert late.status_code == 422 and "Chris has had it since" in text_of(late)
    assert "Take it over from Chris" in text_of(late)
    assert row(service.register, "referral", "R4")["owner_name"] == "Chris"
    now = late.text.split('name="owner_seen" value="')[1].split('"')[0]
    assert dana.post("/bids/R4/owner", {"take": "1", "owner_seen": now}).status_code == 303
    assert row(service.register, "referral", "R4")["owner_name"] == "Dana"


def test_a_plan_is_asked_for_with_what_to_hold_back_where_there_is_a_forecast(service):
    browser = Browser(service, "coordinator")
    page = browser.get("/runs")
    assert "nobody has put one in" in text_of(page)
    box = re.search(r'<input[^>]*id="hold_back"[^>]*>', page.text)[0]
    assert "disabled" in box
    asked = {"effort": "quick", "hold_back": "1"}
    answer = browser.post("/runs", asked)
    assert answer.status_code == 409 and "nobody has put one in" in text_of(answer)
    assert put_in(service).status_code == 201
    box = re.search(r'<input[^>]*id="hold_back"[^>]*>', browser.get("/runs").text)[0]
    assert "disabled" not in box
    made = browser.post("/runs", asked).headers["location"].rsplit("/", 1)[1]
    assert row(service.register, "advice", made)["status"] == "asked"


def test_a_run_is_asked_for_once_with_what_was_chosen_and_called_off(service):
    browser = Browser(service, "coordinator")
    said = {"effort": "quick", "seed": "7", "minutes": "2", "form_key": "the-same-form"}
    first, again = (browser.post("/runs", said) for _ in range(2))
    assert first.status_code == 303 and first.headers["location"] == again.headers["location"]
    page = browser.get(first.headers["location"])
    read = text_of(page)
    assert "Asked for by A Tester" in read and "local:" not in read
    assert "local:" not in text_of(browser.get("/runs"))
    assert "Effort Quick" in read and "Repeat number 7" in read and "Look again" in read
    assert 'data-again="5"' in page.text and 'http-equiv="refresh"' not in page.text
    browser.post(first.headers["location"] + "/cancellation")
    assert "called off" in text_of(browser.get(first.headers["location"]))
    wrong = browser.post("/runs", {"effort": "quick", "minutes": "soon"})
    assert wrong.status_code == 422 and 'value="soon"' in wrong.text


def test_a_planner_sees_no_crn_and_no_button(planned):
    service, run = planned
    planner = Browser(service, "planner")
    for path in (f"/runs/{run}", f"/runs/{run}/proposals", f"/runs/{run}/proposals/R1"):
        answer = planner.get(path)
        assert answer.status_code == 200
        assert "X00000" not in answer.text
        assert "What do you decide" not in answer.text
    assert "X00000" not in planner.get(f"/runs/{run}/proposals?show=without").text
    assert planner.get("/without-a-bed").status_code == 403
    assert planner.get("/").headers["location"] == "/runs"
    assert 'href="/without-a-bed"' not in planner.get("/runs").text


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_whoever_has_no_page_is_told_so_and_decides_nothing(planned, role):
    service, run = planned
    browser = Browser(service, role)
    answer = browser.post(f"/runs/{run}/proposals/R1", {"action": "accept"})
    assert answer.status_code == 403
    assert browser.get("/bids/R1").status_code == 403


def test_a_restricted_bid_shows_others_only_that_it_is_there(service):
    manager = service.client("manager", name="Boss")
    manager.post("/v1/referrals/R1/restriction", {"visible_to": ["local:Boss"]})
    browser = Browser(service, "coordinator")
    page = browser.get("/without-a-bed")
    assert "X000001" not in page.text and "Restricted" in text_of(page)
    assert browser.get("/bids/R1").status_code == 404
    assert "R1" not in text_of(browser.get("/without-a-bed?owner=nobody"))


# ---- hostile and empty -----------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:12])
def test_a_name_is_text_whatever_it_is(tmp_path, name):
    problem = tiny()
    first = replace(problem.premises[0], name=name)
    problem = replace(problem, premises=(first, *problem.premises[1:]))
    service, run = a_planned_service(tmp_path, problem)
    browser = Browser(service, "coordinator", name="<i>Ann</i>")
    Browser(service, "coordinator", name=name[:190]).get("/without-a-bed")
    browser.post("/bids/R3/owner", {"owner_id": f"local:{name[:190]}"})
    for path in ("/without-a-bed", "/bids/R3", f"/runs/{run}/proposals"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "onmouseover" not in attributes_of(page)
        assert "<i>Ann" not in page.text and ">49<" not in page.text
    assert name.split(" ")[0][:20] in text_of(browser.get("/bids/R3"))


def test_an_empty_register_is_told_of_in_words(tmp_path):
    problem = tiny()
    empty = replace(
        problem, premises=(), rooms=(), beds=(), referrals=(), bookings=(), out_of_service=()
    )
    service = a_service(tmp_path, empty)
    browser = Browser(service, "coordinator")
    assert "Nobody is without a bed" in text_of(browser.get("/without-a-bed"))
    assert "There is none yet" in text_of(browser.get("/runs"))


# ---- files -----------------------------------------------------------------------------------


def test_a_template_comes_as_a_file(service):
    browser = Browser(service, "coordinator")
    answer = browser.get("/files/templates/release-list.csv")
    assert "attachment" in answer.headers["content-disposition"] and "crn" in answer.text
    assert browser.get("/files/templates/release-list.xlsx").content.startswith(b"PK")
    assert browser.get("/files/templates/passwd.csv").status_code == 404


def test_no_file_is_asked_for_again(service):
    answer = Browser(service, "coordinator").post("/files")
    assert answer.status_code == 422 and "Choose a file" in text_of(answer)


def test_a_file_that_is_mended_keeps_its_day_and_what_is_left_out(service):
    browser = Browser(service, "coordinator")
    text = (FIXTURES / "tiny" / "release-list.csv").read_text()
    wrong = text.replace("2026-11-09", "9 of November", 1).encode()
    said = {"as_of-day": "3", "as_of-month": "11", "as_of-year": "2026"}
    page = browser.post("/files", said, files={"referrals": ("list.csv", wrong)})
    assert page.status_code == 422
    form = page.text.split('id="faults"')[1].split("</form>")[0]
    shown = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        if not name.startswith("form_")
    }
    assert {name: shown.get(name) for name in said} == said and "skip_bad_rows" not in shown
    cell = re.search(r'name="(cell-[^"]+)"', page.text)[1]
    still = browser.post("/files", {**shown, cell: "never"})
    assert still.status_code == 422 and 'name="as_of-year" value="2026"' in still.text
    days = []
    with pytest.MonkeyPatch.context() as patch:
        brought_in = files.brought_in

        def noted(*told, **named):
            days.append((told[4], told[5]))
            return brought_in(*told, **named)

        patch.setattr(files, "brought_in", noted)
        done = browser.post("/files", {**shown, cell: "2026-11-09", "skip_bad_rows": "1"})
    assert done.status_code == 200, text_of(done)
    assert days == [(date(2026, 11, 3), True)]


# ---- errors ----------------------------------------------------------------------------------


def test_a_page_that_is_not_there_is_told_to_each_in_its_way(service):
    browser = Browser(service, "coordinator")
    page = browser.get("/nowhere")
    assert page.status_code == 404 and "Page not found" in text_of(page)
    assert "Number of this request: urn:uuid:" in text_of(page)
    program = service.client("coordinator").client
    program.headers.pop("Accept", None)
    assert program.get("/nowhere").headers["content-type"] == "application/problem+json"
    assert browser.get("/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_who_asks_too_fast_is_told_in_a_page(tmp_path):
    slow = a_service(tmp_path)
    app = create_app(local_settings(tmp_path, burst=2, requests_per_second=0.01), slow.register)
    browser = Browser(Service(app, tmp_path, slow.moving), "coordinator")
    answers = [browser.get("/runs") for _ in range(4)]
    assert answers[-1].status_code == 429 and "Too many requests" in text_of(answers[-1])
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_fault_of_ours_is_a_page_that_says_nothing_of_why(service, monkeypatch):
    monkeypatch.setattr(runs, "counted", lambda *_: 1 / 0)
    answer = Browser(service, "coordinator").get("/runs")
    assert answer.status_code == 500
    assert "there is a problem with the service" in text_of(answer)
    assert "division" not in answer.text


def test_every_page_has_the_headers_and_no_inline_script_or_style(planned):
    service, run = planned
    browser = Browser(service, "coordinator", "manager")
    for path in ("/without-a-bed", "/bids/R3", f"/runs/{run}", "/files", "/nowhere"):
        answer = browser.get(path)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert " style=" not in answer.text and "<style" not in answer.text
        assert "<script>" not in answer.text and "javascript:" not in answer.text
        assert len(answer.content) < 250_000


def test_style_sheets_are_kept_for_good_under_addresses_of_their_content(service):
    page = Browser(service, "coordinator").get("/runs").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = Browser(service).get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert "GDS Transport" not in answer.text and "govuk-crest" not in answer.text
    missing = Browser(service).get("/assets/pages.0000.css")
    assert missing.status_code == 404 and missing.headers["cache-control"] == "no-store"
