"""Logs and figures: one line a request, and nothing that anyone typed or any record holds."""

import io
import json
import logging
import sys
import threading
from copy import copy

import pytest
import structlog
from fastapi import APIRouter

from api.access.dependencies import Permitted
from api.library_logs import take_over_library_logs
from api.logs import Event, configure_logs, write, write_fault
from api.service.refusals import ConflictError
from tests.api.front import front, knock, local_settings


@pytest.fixture
def lines(capsys):
    """Everything written so far, as records."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def libraries():
    """The libraries' loggers taken over, and given back."""
    names = [None, "uvicorn", "uvicorn.error", "uvicorn.access"]
    state = ("level", "propagate", "disabled", "handlers")
    loggers = [logging.getLogger(name) for name in names]
    before = [{name: copy(getattr(logger, name)) for name in state} for logger in loggers]
    hooks = sys.excepthook, threading.excepthook
    take_over_library_logs()
    yield
    sys.excepthook, threading.excepthook = hooks
    for logger, was in zip(loggers, before, strict=True):
        logger.setLevel(was.pop("level"))
        for name, value in was.items():
            setattr(logger, name, value)


@pytest.fixture(params=["json", "console"])
def any_form(request):
    configure_logs(request.param)
    yield
    configure_logs("json")


def routes():
    router = APIRouter(prefix="/v1")

    @router.get("/referrals/{crn}", name="get_referrals")
    def one(crn: str, actor: Permitted):
        if crn.endswith("bug"):
            raise ValueError(f"no bed for {crn}")
        if crn.endswith("conflict"):
            raise ConflictError(f"{crn} is placed")
        return {"crn": crn}

    @router.post("/referrals", name="create_referral")
    def new(body: dict[str, int], actor: Permitted):
        return body

    return router


@pytest.fixture
def app(tmp_path):
    return front(local_settings(tmp_path), routers=[routes()])


def test_a_request_is_one_line_and_these_fields(app, lines):
    answer = knock(app, "manager", "auditor").get("/v1/referrals/X1?name=y")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("milliseconds") > 0
    assert line == {
        "event": "request",
        "level": "info",
        "route": "get_referrals",
        "method": "GET",
        "status": 200,
        "correlation_id": answer.headers["correlation-id"],
        "roles": ["auditor", "manager"],
    }


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/nowhere", "unmatched", 404),
        ("GET", "/v1/me", "me", 401),
        ("DELETE", "/health", "health", 405),
        ("GET", "/health", "health", 200),
    ],
)
def test_a_request_that_failed_is_one_line_too(app, lines, method, path, route, status):
    knock(app).request(method, path)
    (line,) = lines()
    assert (line["route"], line["status"], line["roles"]) == (route, status, [])


def test_a_fault_is_told_by_its_kind_and_place(app, lines):
    answer = knock(app, "manager").get("/v1/referrals/bug")
    fault, request = lines()
    assert (fault["event"], fault["level"], fault["fault"]) == ("fault", "error", "ValueError")
    assert fault["place"].startswith("tests/api/test_logs.py:")
    assert (request["status"], request["route"]) == (500, "get_referrals")
    ids = {fault["correlation_id"], request["correlation_id"]}
    assert ids == {answer.headers["correlation-id"]}


def test_a_refused_token_is_told_by_what_was_wrong_with_it(app, lines):
    knock(app).get("/v1/me", headers={"Authorization": "Bearer a.b.c"})
    refused, _ = lines()
    assert (refused["event"], refused["fault"]) == ("token refused", "DecodeError")


CANARIES = [f"Canary{number}bug" for number in range(20)]


def test_nothing_planted_anywhere_in_a_request_comes_out(app, capsys, libraries, any_form):
    logging.getLogger().setLevel(logging.DEBUG)
    clients = [knock(app, "manager"), knock(app)]
    for canary in CANARIES:
        headers = {"User-Agent": canary, "Referer": canary, "X-Forwarded-For": canary}
        headers |= {"X-Request-Id": canary, "Correlation-Id": canary, "Cookie": canary}
        for client in clients:
            client.get(f"/v1/referrals/{canary}", headers=headers)
            client.get(f"/v1/referrals/{canary}conflict", headers=headers)
            client.get(f"/{canary}", params={canary: canary}, headers=headers)
            client.get("/sign-in", params={"code": canary})
            client.request(canary.upper(), "/v1/me")
            client.post("/v1/referrals", json={canary: canary}, headers=headers)
            client.get("/v1/me", headers={"Authorization": f"Bearer {canary}.x.y"})
            client.get("/v1/me", headers={"Authorization": f"Bearer {canary}"})
    figures = knock(app, "auditor").get("/metrics").text
    written = capsys.readouterr()
    assert written.out.count("get_referrals") == len(CANARIES) * 4
    for text in (written.out, written.err, figures):
        assert "canary" not in text.lower()


def test_a_line_that_cannot_be_written_fails_no_request(app, monkeypatch):
    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(sys, "stdout", gone)
    assert knock(app, "manager").get("/v1/me").status_code == 200


def test_fields_and_values_that_are_not_declared_are_dropped(lines):
    write(
        Event.RUN_ENDED,
        run="0190-ab",
        run_status="finished",
        count=3,
        name="Canary",
        crn="Canary",
        fault="Canary said something",
        place="Canary\nCanary",
        route=["Canary"],
        status="Canary",
        roles=["Canary"],
        exc_info=ValueError("Canary"),
    )
    (line,) = lines()
    del line["timestamp"]
    assert line == {
        "event": "run ended",
        "level": "info",
        "run": "0190-ab",
        "run_status": "finished",
        "count": 3,
    }


def test_an_event_that_is_not_declared_says_nothing(lines):
    logger = structlog.get_logger()
    logger.info("Canary is placed", count=1)
    logger.warning("%s is placed", "Canary")
    logger.info(["Canary"])
    try:
        raise KeyError("Canary")
    except KeyError:
        logger.exception("Canary")
    told = lines()
    assert [line["event"] for line in told] == ["undeclared"] * 4
    assert "Canary" not in json.dumps(told)


def test_a_fault_outside_our_code_has_no_place(lines):
    write_fault(Event.FAULT, ValueError("Canary"))
    (line,) = lines()
    assert (line["place"], line["fault"]) == ("unknown", "ValueError")
    assert "Canary" not in json.dumps(line)


def test_libraries_say_where_and_not_what(lines, libraries):
    logging.getLogger("sqlalchemy.engine").warning("INSERT %s", "Canary")
    logging.getLogger("uvicorn.access").warning("GET /Canary")
    logging.getLogger("uvicorn.error").info("Canary")
    try:
        raise KeyError("Canary")
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Canary")
    first, second = lines()
    assert (first["event"], first["logger"]) == ("library", "sqlalchemy.engine")
    assert first["place"].startswith("test_logs:")
    assert (second["logger"], second["fault"], second["level"]) == (
        "uvicorn.error",
        "KeyError",
        "error",
    )


def test_a_crash_prints_its_kind_and_nothing_of_its_words(capsys, libraries):
    thread = threading.Thread(target=lambda: int("Canary"))
    thread.start()
    thread.join()
    sys.excepthook(KeyError, KeyError("Canary"), None)
    written = capsys.readouterr()
    assert "Canary" not in written.out + written.err
    assert [json.loads(line)["fault"] for line in written.out.splitlines()] == [
        "ValueError",
        "KeyError",
    ]


def figures(app):
    return knock(app, "auditor").get("/metrics").text


def test_requests_are_measured_by_route_and_never_by_path(app):
    client = knock(app, "manager")
    for number in range(3):
        client.get(f"/v1/referrals/X{number}")
    client.get("/nowhere")
    text = figures(app)
    of_route = 'allocator_request_seconds_count{method="GET",route="get_referrals",status="200"}'
    assert f"{of_route} 3.0" in text
    assert 'route="unmatched",status="404"} 1.0' in text
    assert "X1" not in text


def test_figures_are_read_when_they_are_asked_for(app):
    runs = {"queued": 2.0}
    app.state.metrics.gauge("allocator_runs", "Runs by status.", lambda: runs, label="status")
    app.state.metrics.gauge("allocator_open_bids", "Open bids.", lambda: {"": 7})
    assert 'allocator_runs{status="queued"} 2.0' in figures(app)
    runs["queued"] = 5
    text = figures(app)
    assert 'allocator_runs{status="queued"} 5.0' in text
    assert "allocator_open_bids 7.0" in text


def test_a_figure_that_cannot_be_had_hides_no_other(app, lines):
    def away():
        raise ValueError("Canary")

    app.state.metrics.gauge("allocator_away", "Cannot be had.", away)
    text = figures(app)
    assert "allocator_request_seconds" in text
    assert "allocator_away" not in text
    told = lines()
    assert told[0]["event"] == "check failed"
    assert "Canary" not in json.dumps(told)


def test_health_says_what_is_away_and_nothing_else(app, lines):
    client = knock(app)
    app.state.checks.append(("register", lambda: None))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    def away():
        raise ConnectionError("Canary")

    app.state.checks.append(("workers", away))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {"register": "ok", "workers": "failing"},
    }
    assert "Canary" not in answer.text + json.dumps(lines())


def test_one_is_told_who_one_is(app):
    answer = knock(app, "manager", "coordinator").get("/v1/me").json()
    assert answer == {
        "id": "local:A Tester",
        "name": "A Tester",
        "roles": ["coordinator", "manager"],
        "is_person": True,
        "synthetic": False,
    }
    assert knock(app, "service").get("/v1/me").json()["is_person"] is False
