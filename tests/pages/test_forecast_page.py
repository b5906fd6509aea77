"""The page of the forecast: what is in use, what is put in, and what of a file is wrong."""

import copy
import csv
import io
import json

import pytest
from typer.testing import CliRunner

from allocator.cli import app as cli
from allocator.forecast import expected, forecast_from_json
from tests.api.forecasts import A_FORECAST
from tests.api.registers import rows
from tests.api.service import a_planned_service, a_service
from tests.api.test_advice import advised
from tests.api.test_advice import problem as crowded_problem
from tests.builders import AS_OF
from tests.pages.browsing import Browser, text_of

PATH = "/capacity/forecast"


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def a_file(forecast=A_FORECAST):
    return {"forecast": ("forecast.json", json.dumps(forecast).encode())}


def test_a_forecast_is_put_in_and_told_of_and_a_newer_one_replaces_it(service):
    browser = Browser(service, "planner")
    assert "nobody has put one in" in text_of(browser.get(PATH))
    done = browser.post(PATH, files=a_file())
    assert done.status_code == 303, text_of(done)
    read = text_of(browser.get(done.headers["location"]))
    assert "The forecast is in" in read and "7 September 2026 to 1 November 2026" in read
    assert "A Tester" in read and "invented" not in read.partition("The forecast in use")[0]
    assert "Earlier ones" not in read
    assert browser.post(PATH, files=a_file()).status_code == 303
    assert "Earlier ones" in text_of(browser.get(PATH))
    assert [row["current"] for row in rows(service.register, "forecast")].count(True) == 1


def test_what_it_expects_is_told_by_week_band_and_region_and_can_be_taken_away(service):
    browser = Browser(service, "planner")
    assert browser.get(f"{PATH}/expected.csv").status_code == 404
    browser.post(PATH, files=a_file())
    (row,) = rows(service.register, "forecast")
    told = service.client("planner").get(f"/v1/forecasts/{row['id']}/expected").json()
    found = forecast_from_json(json.dumps(A_FORECAST).encode())
    whole = expected(found, AS_OF, 26)
    weeks = {each["band"]: each for each in told["weeks"] if each["first_day"] == f"{AS_OF}"}
    assert weeks[None]["mean"] == round(whole.weekly[0][0].mean, 2)
    assert weeks[2]["high"] == round(whole.weekly[2][0].high, 2)
    assert {each["region"] for each in told["regions"]} == {"Midlands"}
    page = browser.get(PATH)
    read = text_of(page)
    assert "By region of home, the next 12 weeks together" in read and "Midlands" in read
    half_year = whole.totals[26][0]
    assert f"{half_year.mean:,.0f} {half_year.low:,.0f} to {half_year.high:,.0f}" in read
    assert page.text.count("<rect") == 26 * 4, "a part of the picture for each week and band"
    answer = Browser(service, "auditor").get(f"{PATH}/expected.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "attachment" in answer.headers["content-disposition"]
    assert len(lines) == len(told["weeks"]) + len(told["periods"]) + len(told["regions"])
    assert {line["band"] for line in lines} == {"all", "1", "2", "3", "4"}
    told = text_of(Browser(service, "auditor").get("/audit/accesses"))
    assert "What a forecast expects, taken away" in told


def test_what_it_rests_on_is_said_without_codes(service):
    short = copy.deepcopy(A_FORECAST)
    text = "fewer than 50 people: mhapStJosephs (0), band 1 esap"
    short["remarks"] = [{"kind": "prior", "about": "nights", "text": text}]
    browser = Browser(service, "planner")
    browser.post(PATH, files=a_file(short))
    read = text_of(browser.get(PATH))
    assert "St Joseph's (0), band 1 ESAP" in read and "mhap" not in read


def test_sent_twice_it_is_put_in_once(service):
    browser = Browser(service, "planner")
    for _ in range(2):
        sent = browser.post(PATH, {"form_key": "one-and-the-same"}, files=a_file())
        assert sent.status_code == 303
    assert len(rows(service.register, "forecast")) == 1


def test_it_is_made_from_files_of_the_past_and_every_fault_in_them_is_told(service, tmp_path):
    past = tmp_path / "past"
    options = ["--size", "S", "--as-of", AS_OF.isoformat(), "--history", "200", "-o", str(past)]
    assert CliRunner().invoke(cli, ["generate", *options]).exit_code == 0
    content = (past / "release-history.csv").read_bytes()
    browser = Browser(service, "planner")
    wrong = {"history": ("release-history.csv", content.replace(b"2026-", b"never-", 3))}
    refused = browser.post(PATH, files=wrong)
    read = text_of(refused)
    assert refused.status_code == 422 and "Nothing was put in" in read and "release-history" in read
    assert rows(service.register, "forecast") == []
    assert browser.post(PATH, files={"history": ("past.csv", content)}).status_code == 303


def test_what_is_wrong_is_said_at_its_field(service):
    browser = Browser(service, "planner")
    nothing = browser.post(PATH)
    assert nothing.status_code == 422 and 'href="#history"' in nothing.text
    no_json = browser.post(PATH, files={"forecast": ("forecast.json", b"{")})
    assert no_json.status_code == 422 and 'id="forecast-error"' in no_json.text
    lacking = copy.deepcopy(A_FORECAST)
    del lacking["total"]
    answer = browser.post(PATH, files=a_file(lacking))
    assert answer.status_code == 422 and "total" in text_of(answer)
    foreign = copy.deepcopy(A_FORECAST)
    foreign["basis"]["policy_digest"] = "0" * 64
    answer = browser.post(PATH, files=a_file(foreign))
    assert answer.status_code == 409 and "make it again under that policy" in text_of(answer)


def test_coordinators_look_and_put_nothing_in(service):
    browser = Browser(service, "coordinator")
    page = browser.get(PATH)
    assert page.status_code == 200 and "Put one in" not in text_of(page)
    assert browser.post(PATH, files=a_file()).status_code == 403


def test_a_plan_leads_to_its_advice_and_one_without_does_not(tmp_path):
    service, without = a_planned_service(tmp_path, crowded_problem())
    run = advised(service)["id"]
    browser = Browser(service, "coordinator")
    assert f'href="/runs/{run}/advice"' in browser.get(f"/runs/{run}").text
    assert f"/runs/{without}/advice" not in browser.get(f"/runs/{without}").text
