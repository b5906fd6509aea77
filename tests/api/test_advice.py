"""Advice with a run: made by the worker from the forecast, checked, and followed by a person."""

import copy
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from allocator.cli import app as cli
from allocator.forecast.cautions import STALE_DAYS
from allocator.holding import State, advice_faults
from allocator.nights import Stay
from allocator.problem_file import problem_to_json
from allocator.vocabulary import Rosh
from api.access.actor import Role
from api.service import run_values
from api.service.advising import advice_of
from api.service.documents import put
from api.service.forecasts import forecast_of
from api.store.tables import FORECASTS, RUN_DOCUMENTS, RUNS
from api.store.verify import verify
from api.worker import advise, solve
from tests.api.filled import a_person
from tests.api.forecasts import A_FORECAST
from tests.api.registers import finished_run, row, rows
from tests.api.service import a_service
from tests.builders import AS_OF, a_problem, a_referral, an_estate
from tests.pages.browsing import Browser, text_of

C, M, P, A = Role.COORDINATOR, Role.MANAGER, Role.PLANNER, Role.AUDITOR


def crowded():
    """The example, with some fifty people a week: most futures want every bed."""
    found = copy.deepcopy(A_FORECAST)
    found["total"]["coefficients"][0] = 4.0
    return found


def problem():
    """A low band due now, one due later, and one of band 1; three beds."""
    people = [
        a_referral("low", release_date=1, nights=20),
        a_referral("later", release_date=60, nights=20),
        a_referral("high", rosh=Rosh.VERY_HIGH, release_date=1, nights=20),
    ]
    return a_problem(referrals=people, **an_estate({"P1": (1, 1, 1)}))


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, problem())


def put_in(service, forecast=None, name="Pat"):
    content = json.dumps(forecast or crowded()).encode()
    return upload(service.client(P, name=name), forecast=("forecast.json", content))


def upload(client, **files):
    return client.post("/v1/forecasts", files=files)


def advised(service):
    assert put_in(service).status_code == 201
    return finished_run(service.register, service.folder, effort="quick", seed=3, hold_back=True)


def sound(service):
    with service.register.reading() as connection:
        assert verify(connection).faults == []


def test_a_forecast_is_current_until_the_next_and_tells_nothing_of_anybody(service):
    first = put_in(service).json()
    assert (first["current"], first["made_by"]) == (True, "Pat")
    assert (first["history_from"], first["history_until"]) == ("2026-09-07", "2026-11-02")
    assert "donors" not in str(first) and "Very High" not in str(first)
    second = put_in(service).json()
    manager = service.client(M)
    listed = manager.get("/v1/forecasts").json()["records"]
    assert [(each["id"], each["current"]) for each in listed] == [
        (second["id"], True),
        (first["id"], False),
    ]
    assert manager.get(f"/v1/forecasts/{first['id']}").json() == listed[1]
    for roles in ((C,), (Role.SERVICE,), (A,)):
        sent = {"forecast": ("forecast.json", b"{}")}
        assert upload(service.client(*roles), **sent).status_code == 403
    sound(service)


def documents_kept(service):
    """Of every forecast that was put in, in turn, whether its document is there."""
    with service.register.reading() as connection:
        kept = set(connection.execute(select(RUN_DOCUMENTS.c.hash)).scalars())
        names = connection.execute(select(FORECASTS.c.document).order_by(FORECASTS.c.made_at))
        return [name in kept for name in names.scalars()]


def of_rate(rate):
    found = crowded()
    found["total"]["coefficients"][0] = rate
    return found


def test_a_forecast_that_nothing_rests_on_goes_when_it_is_replaced(service):
    put_in(service, of_rate(2.0))
    put_in(service, of_rate(2.5))
    assert documents_kept(service) == [False, True]
    put_in(service, of_rate(2.5))
    assert documents_kept(service) == [False, True, True], "the next is the same"
    sound(service)
    waits = {"effort": "quick", "hold_back": True}
    assert service.client(C).post("/v1/runs", waits).status_code == 202
    study = {"kind": "scenario", "scenario": {"version": 1, "base": {"forecast": "sent"}}}
    study |= {"problem": json.loads(problem_to_json(problem())), "forecast": of_rate(3.0)}
    study["scenario"]["base"]["problem"] = "sent"
    put_in(service, of_rate(3.0))
    assert service.client(P).post("/v1/studies", study).status_code == 202
    put_in(service, of_rate(3.5))
    assert documents_kept(service) == [False, True, True, True, True], "all are needed"
    put_in(service)
    assert documents_kept(service) == [False, True, True, True, False, True]
    sound(service)


@pytest.mark.parametrize(
    ("days", "codes"),
    [(STALE_DAYS, {"foreign", "few"}), (STALE_DAYS + 1, {"foreign", "few", "stale"})],
)
def test_a_forecast_that_is_old_or_of_other_people_warns(service, days, codes):
    made = put_in(service).json()
    service.moving.put_forward(days=days)
    now = service.client(M).get(f"/v1/forecasts/{made['id']}").json()
    # Its people are invented, and nobody has said so of the register.
    assert {each["code"] for each in now["warnings"]} == codes


def test_a_forecast_from_before_an_erasure_warns(service):
    made = put_in(service).json()
    ann = service.client(C, M)
    assert ann.post("/v1/referrals/low/withdrawal", {"reason": "x"}).status_code == 200
    erased = {"referral_id": "low", "reason": "asked for", "asked_for": "request"}
    assert ann.post("/v1/erasures", erased).status_code == 201
    now = ann.get(f"/v1/forecasts/{made['id']}").json()
    assert "erased-since" in {each["code"] for each in now["warnings"]}


def test_what_is_no_forecast_or_of_other_bands_is_refused(service):
    other = copy.deepcopy(A_FORECAST)
    other["basis"]["policy_digest"] = "0" * 64
    answer = put_in(service, other)
    assert (answer.status_code, answer.json()["code"]) == (409, "another-policy")
    ahead = copy.deepcopy(A_FORECAST)
    ahead["basis"]["until"] = "2026-11-04"
    assert put_in(service, ahead).status_code == 422
    begins_later = copy.deepcopy(A_FORECAST)
    begins_later["basis"]["as_of"] = "2026-11-03"
    assert put_in(service, begins_later).status_code == 422
    lacking = copy.deepcopy(A_FORECAST)
    del lacking["total"]
    lacking["cells"][0]["share"] = "a lot"
    answer = put_in(service, lacking)
    assert answer.status_code == 422
    assert len(answer.json()["complaints"]) == 2
    planner = service.client(P)
    for content in (b"", b"[]", b"{", b"[" * 100_000):
        assert upload(planner, forecast=("forecast.json", content)).status_code == 422
    assert upload(planner, foresight=("forecast.json", b"{}")).status_code == 422
    assert rows(service.register, "forecast") == []


def test_a_forecast_is_fitted_to_files_of_the_past_which_are_not_kept(service, tmp_path):
    past = tmp_path / "past"
    options = ["--size", "S", "--as-of", AS_OF.isoformat(), "--history", "200", "-o", str(past)]
    assert CliRunner().invoke(cli, ["generate", *options]).exit_code == 0
    content = (past / "release-history.csv").read_bytes()
    planner = service.client(P)
    answer = upload(planner, history=("release-history.csv", content))
    assert answer.status_code == 201, answer.text
    assert answer.json()["referrals"] > 300
    assert answer.json()["history_until"] <= AS_OF.isoformat()
    wrong = content.replace(b"2026-", b"never-", 3)
    refused = upload(planner, history=("release-history.csv", wrong))
    assert refused.status_code == 422
    assert {each["row"] for each in refused.json()["complaints"]}
    both = {
        "history": ("release-history.csv", content),
        "forecast": ("forecast.json", b"{}"),
    }
    assert upload(planner, **both).status_code == 422
    assert len(rows(service.register, "forecast")) == 1


def test_there_is_no_advice_without_a_forecast_or_where_none_was_asked(service):
    ann = service.client(C)
    answer = ann.post("/v1/runs", {"hold_back": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "no-forecast")
    assert rows(service.register, "run") == []
    run = service.run()
    answer = ann.get(f"/v1/runs/{run['id']}/advice")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-advice")
    shown = ann.get(f"/v1/runs/{run['id']}/proposals").json()["records"]
    assert {each["standing"] for each in shown} == {None}


@pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 202), (31, 202), (32, 422)])
def test_when_the_next_meeting_may_be(service, days, status):
    put_in(service)
    meeting = (AS_OF + timedelta(days=days)).isoformat()
    body = {"hold_back": True, "next_meeting": meeting}
    assert service.client(C).post("/v1/runs", body).status_code == status


def test_a_run_says_who_is_firm_who_waits_and_which_bed_is_held_for_whom(service):
    run = advised(service)
    ann = service.client(C)
    told = ann.get(f"/v1/runs/{run['id']}/advice").json()
    assert (told["as_of"], told["next_meeting"]) == ("2026-11-02", "2026-11-09")
    assert (told["futures"], told["seed"], told["history_until"]) == (12, 3, "2026-11-02")
    standings = {each["referral_id"]: each for each in told["standings"]["records"]}
    assert {who: each["standing"] for who, each in standings.items()} == {
        "high": "firm",
        "low": "held back",
        "later": "provisional",
    }
    proposals = {
        each["referral_id"]: each
        for each in ann.get(f"/v1/runs/{run['id']}/proposals").json()["records"]
    }
    assert standings["later"]["until"] == proposals["later"]["decide_by"]
    assert standings["low"]["until"] == "2026-11-09"
    (held,) = told["holds"]
    assert (held["bed_id"], held["held_back"]) == (proposals["low"]["bed_id"], "low")
    assert (held["lowest_band"], held["until"], held["hold_id"]) == (3, "2026-11-09", None)
    bands = {each["band"]: each for each in told["bands"]}
    assert {band: each["needed"] for band, each in bands.items()} == {1: 0, 2: None, 3: None, 4: 9}
    assert told["forecast_current"] and told["policy_name"]
    assert bands[4]["held_back"] == 1 and bands[4]["gain"] < 0 < bands[1]["expected"]
    for who, each in proposals.items():
        assert (each["standing"], each["standing_until"]) == (
            standings[who]["standing"],
            standings[who]["until"],
        )
    only = ann.get(f"/v1/runs/{run['id']}/proposals?standing=firm").json()["records"]
    assert [each["referral_id"] for each in only] == ["high"]
    some = ann.get(f"/v1/runs/{run['id']}/advice?standing=provisional&limit=1").json()
    assert some["standings"]["total"] == 1
    sound(service)


def test_an_advised_hold_is_accepted_once_and_honoured_by_the_next_run(service):
    run = advised(service)
    ann = service.client(C, name="Ann")
    bed = ann.get(f"/v1/runs/{run['id']}/advice").json()["holds"][0]["bed_id"]
    answer = ann.post("/v1/holds", {"bed_id": bed, "run_id": run["id"]})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["owner_name"], made["run_id"], made["lowest_band"]) == ("Ann", run["id"], 3)
    assert "low" not in str(row(service.register, "hold", made["id"]).values()).replace(
        "lowest", ""
    ), "a hold names nobody"
    again = ann.post("/v1/holds", {"bed_id": bed, "run_id": run["id"]})
    assert again.json()["code"] == "held-already"
    (shown,) = ann.get(f"/v1/runs/{run['id']}/advice").json()["holds"]
    assert shown["hold_id"] == made["id"]
    other = ann.post("/v1/holds", {"bed_id": "P1-R9-B9", "run_id": run["id"]})
    assert (other.status_code, other.json()["code"]) == (404, "no-hold")
    url = f"/v1/runs/{run['id']}/proposals/low/decision"
    refused = ann.post(url, {"action": "accept", "reason": "now"})
    assert refused.json()["code"] == "held" and refused.json()["hold_id"] == made["id"]
    assert refused.json()["next_best"]["bed_id"] != bed
    following = service.run()
    plan = ann.get(f"/v1/runs/{following['id']}/plan").json()
    assert "low" not in {p["referral_id"] for p in plan["placements"] if p["bed_id"] == bed}
    assert len(plan["placements"]) == 3, "there is another bed"
    asked = {"referral": None, "referral_id": "low", "changes": {"latest_arrival": "2026-11-04"}}
    asked.pop("referral")
    assert ann.post(f"/v1/runs/{following['id']}/what-if", asked).status_code == 200


def test_the_same_run_gives_the_same_advice(service):
    first = advised(service)
    second = finished_run(service.register, service.folder, effort="quick", seed=3, hold_back=True)
    documents = {row(service.register, "advice", run["id"])["document"] for run in (first, second)}
    assert len(documents) == 1


def test_restricted_people_are_in_advice_by_their_id_alone(service):
    run = advised(service)
    manager = service.client(M, name="Boss")
    hidden = {"visible_to": ["local:Boss"]}
    assert manager.post("/v1/referrals/low/restriction", hidden).status_code == 200
    told = service.client(C, name="Ann").get(f"/v1/runs/{run['id']}/advice").json()
    assert told["restricted"] == [{"referral_id": "low", "restricted": True}]
    assert "low" not in {each["referral_id"] for each in told["standings"]["records"]}
    assert [hold["held_back"] for hold in told["holds"]] == [None]


def test_an_erasure_takes_the_advice_that_names_the_person_and_the_rest_is_sound(service):
    run = advised(service)
    ann = service.client(C, M)
    assert ann.post("/v1/referrals/low/withdrawal", {"reason": "x"}).status_code == 200
    erased = {"referral_id": "low", "reason": "asked for", "asked_for": "request"}
    assert ann.post("/v1/erasures", erased).status_code == 201
    answer = ann.get(f"/v1/runs/{run['id']}/advice")
    assert (answer.status_code, answer.json()["code"]) == (404, "erased")
    shown = ann.get(f"/v1/runs/{run['id']}/proposals").json()["records"]
    assert {each["standing"] for each in shown} == {None}
    sound(service)


def test_a_plan_stands_whose_advice_takes_too_long_or_is_wrong(service, monkeypatch):
    def late(*told, **_):
        return advise.advise_apart(*told, most_s=0.0)

    monkeypatch.setattr(solve, "advise_apart", late)
    run = advised(service)
    assert row(service.register, "advice", run["id"])["status"] == "failed"
    answer = service.client(C).get(f"/v1/runs/{run['id']}/advice")
    assert (answer.status_code, answer.json()["code"]) == (409, "advice-failed")
    assert len(rows(service.register, "proposal")) == 3
    sound(service)


def test_a_plan_stands_although_the_register_fails_while_advice_is_made(service, monkeypatch):
    def gone(*_):
        raise OperationalError("SELECT", {}, Exception("the connection is gone"))

    monkeypatch.setattr(solve, "asked", gone)
    run = advised(service)
    assert run["status"] == "finished"
    advice = row(service.register, "advice", run["id"])
    assert advice["status"] == "failed"
    assert "the log of the service says where" in advice["fault"]
    assert len(rows(service.register, "proposal")) == 3
    sound(service)


def test_what_stops_advice_is_told_in_words_and_named_in_the_log_alone(service, capfd):
    run = advised(service)
    with service.register.reading() as connection:
        kept = connection.execute(select(RUNS).where(RUNS.c.id == run["id"])).mappings().one()
        plan, policy = run_values.plan_of(connection, kept), run_values.policy_of(connection, kept)
        found = run_values.problem_of(connection, kept)
        forecast = forecast_of(
            connection, dict(connection.execute(select(FORECASTS)).mappings().one())
        )
    past = found.as_of - timedelta(days=1)
    request = advise.AdviceRequest(plan, found, policy, forecast, 3, past)
    capfd.readouterr()
    made, why = advise.advise_apart(request, 1.0, lambda: False)
    assert made is None and "Error" not in why and "log of the service" in why
    [line] = capfd.readouterr().out.splitlines()
    assert json.loads(line)["fault"] == "ValueError"
    assert json.loads(line)["place"].startswith("allocator/holding/advise.py:")


def test_advice_of_an_earlier_format_is_said_to_be_unreadable(service):
    run = advised(service)
    with service.register.changing(a_person()) as change:
        kept = change.row("advice", run["id"])
        old = put(change.connection, b'{"holds": [], "written": "long ago"}')
        change.record("advice.made", "advice", {**kept, "document": old})
    ann = service.client(C)
    answer = ann.get(f"/v1/runs/{run['id']}/advice")
    assert (answer.status_code, answer.json()["code"]) == (409, "advice-unreadable")
    page = Browser(service, "coordinator").get(f"/runs/{run['id']}/advice")
    assert page.status_code == 409 and "can no longer be read" in text_of(page)
    shown = ann.get(f"/v1/runs/{run['id']}/proposals").json()["records"]
    assert {each["standing"] for each in shown} == {None}


def test_advice_that_is_wrong_is_found_out(service):
    run = advised(service)
    with service.register.reading() as connection:
        _, told = advice_of(connection, run)
        plan = run_values.plan_of(connection, run)
        asked = run_values.problem_of(connection, run)
    policy = service.register.policy

    def faults(**changes):
        return advice_faults(replace(told, **changes), plan, asked, policy)

    assert faults() == []
    (hold,) = told.holds
    longer = Stay(hold.nights.arrival, hold.nights.departure + timedelta(days=1))
    firm = tuple(replace(each, state=State.FIRM) for each in told.standings)
    for wrong in (
        {"holds": ()},
        {"holds": (hold, hold)},
        {"holds": (replace(hold, nights=longer),)},
        {"holds": (replace(hold, for_bands=(1, 4)),)},
        {"holds": (replace(hold, expires=told.next_meeting + timedelta(days=1)),)},
        {"standings": told.standings[1:]},
        {"standings": firm},
        {"problem_hash": "another"},
        {"next_meeting": told.as_of},
    ):
        assert faults(**wrong), wrong
