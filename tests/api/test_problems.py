"""Errors: always a problem, with the right status, and never with what was sent or is inside."""

import inspect
import sqlite3
import uuid
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.responses import StreamingResponse

from api.problems import MEDIA_TYPE, STATUSES, Problem, problems
from api.service import refusals
from api.service.refusals import Refusal
from tests.api.front import front, knock, local_settings

CANARY = "Zebedee-Canary"
OWN_FIELDS = {"type", "title", "status", "detail", "code", "instance"}


class Colour(StrEnum):
    RED = "red"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    day: date
    number: int = Field(le=10)
    id: uuid.UUID
    colour: Colour
    short: str = Field(max_length=3, pattern="^a")
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    talks: str
    list: list[int]

    @field_validator("talks")
    @classmethod
    def repeats(cls, value):
        raise ValueError(f"we never heard of {value}")


GOOD = {
    "day": "2026-11-20",
    "number": 1,
    "id": str(uuid.UUID(int=1)),
    "colour": "red",
    "short": "a",
    "pet": {"kind": "cat"},
    "talks": "x",
    "list": [1],
}


class SpecialConflictError(refusals.ConflictError):
    code = "special"


RAISED = {
    "not-there": (refusals.NotThereError("No."), 404, "not-found"),
    "not-allowed": (refusals.NotAllowedError("No."), 403, "not-allowed"),
    "not-signed-in": (refusals.NotSignedInError("No."), 401, "not-signed-in"),
    "conflict": (refusals.ConflictError("No.", code="bed-taken", by="x"), 409, "bed-taken"),
    "special": (SpecialConflictError("No."), 409, "special"),
    "stale": (refusals.StaleError("No."), 412, "stale-version"),
    "version": (refusals.VersionNeededError("No."), 428, "version-needed"),
    "unlawful": (refusals.UnlawfulError("No.", breaches=[]), 422, "unlawful"),
    "invalid": (refusals.InvalidError("No."), 422, "invalid"),
    "many": (refusals.TooManyError("No.", retry_after_s=2.1), 429, "too-many"),
    "busy": (refusals.BusyError("No."), 503, "busy"),
    "base": (Refusal("No."), 400, "refused"),
    "framework": (HTTPException(409, CANARY, {"X-Leak": CANARY}), 409, "conflict"),
    "teapot": (HTTPException(418, CANARY), 418, "http-418"),
    "locked": (OperationalError(CANARY, {"p": CANARY}, sqlite3.OperationalError()), 503, "busy"),
    "pool": (NoConnectionError(CANARY), 503, "busy"),
    "integrity": (IntegrityError(CANARY, {}, Exception(CANARY)), 500, "internal"),
    "bug": (KeyError(CANARY), 500, "internal"),
    "group": (ExceptionGroup(CANARY, [ValueError(CANARY)]), 500, "internal"),
}


def routes():
    router = APIRouter()

    @router.get("/raise/{name}", responses=problems(404, 409))
    def raising(name: str):
        raise RAISED[name][0]

    @router.get("/async-raise/{name}", response_model=None)
    async def async_raising(name: str):
        raise RAISED[name][0]

    @router.post("/body", responses=problems())
    def body(body: Body, limit: Annotated[int, Query(le=5)] = 1):
        return {}

    @router.get("/broken-answer")
    def broken_answer() -> Body:
        return {"day": CANARY}

    @router.get("/breaks-off")
    def breaks_off():
        def parts():
            yield "begun"
            raise ValueError(CANARY)

        return StreamingResponse(parts())

    return router


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return front(local_settings(tmp_path_factory.mktemp("data")), routers=[routes()])


@pytest.fixture
def client(app):
    return knock(app)


def check(answer, status, code):
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    told = answer.json()
    assert told.keys() >= OWN_FIELDS
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"].endswith(code)
    assert told["instance"] == "urn:uuid:" + answer.headers["correlation-id"]
    assert CANARY not in answer.text + str(answer.headers)
    return told


@pytest.mark.parametrize("path", ["raise", "async-raise"])
@pytest.mark.parametrize("name", RAISED)
def test_whatever_is_raised_becomes_its_problem(client, path, name):
    fault, status, code = RAISED[name]
    answer = client.get(f"/{path}/{name}")
    told = check(answer, status, code)
    assert ("retry-after" in answer.headers) == (status in (429, 503))
    assert ("www-authenticate" in answer.headers) == (status == 401)
    if isinstance(fault, Refusal):
        assert told.items() >= {"detail": "No.", **fault.extra}.items()


def test_waits_are_rounded_up_to_whole_seconds(client):
    assert client.get("/raise/many").headers["retry-after"] == "3"


def test_every_kind_of_refusal_has_a_status():
    kinds = {
        kind
        for _, kind in inspect.getmembers(refusals, inspect.isclass)
        if issubclass(kind, Refusal) and kind is not Refusal
    }
    assert kinds == STATUSES.keys()


def test_an_extra_field_cannot_stand_in_for_a_problems_own(tmp_path):
    router = APIRouter()

    @router.get("/x")
    def raising():
        raise refusals.ConflictError("No.", status=200, instance="/people/1")

    answer = knock(front(local_settings(tmp_path), routers=[router])).get("/x")
    check(answer, 409, "conflict")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/{CANARY}", 404, "not-found"),
        ("DELETE", "/health", 405, "method-not-allowed"),
        ("GET", f"/v1/me?x={CANARY}", 401, "not-signed-in"),
        ("GET", "/broken-answer", 500, "internal"),
    ],
)
def test_errors_of_the_framework_are_problems_too(client, method, path, status, code):
    answer = client.request(method, path)
    check(answer, status, code)
    if status == 405:
        assert answer.headers["allow"] == "GET"


WRONG = {
    "day": CANARY,
    "number": 4_159_265,
    "id": CANARY,
    "colour": CANARY,
    "short": CANARY,
    "pet": {"kind": CANARY},
    "talks": CANARY,
    "list": [1, CANARY, 3],
    "of its own, " + CANARY: CANARY,
}


def test_every_fault_of_a_body_is_told_and_no_value_repeated(client):
    answer = client.post("/body?limit=4159265", json=WRONG)
    told = check(answer, 422, "invalid")
    where = {complaint["where"] for complaint in told["complaints"]}
    fields = {f"body.{name}" for name in GOOD if name != "list"}
    assert where == fields | {"body.list.1", "body.?", "query.limit"}
    assert all(each.keys() == {"where", "message", "kind"} for each in told["complaints"])
    assert all(each["message"] for each in told["complaints"])
    assert "4159265" not in answer.text


@pytest.mark.parametrize("value", ["q", "qqzz", {"qqzz": "qqzz"}, ["qqzz"], 77123, True, None])
@pytest.mark.parametrize("field", GOOD)
def test_no_complaint_holds_any_of_what_was_sent(client, field, value):
    answer = client.post("/body", json={**GOOD, "talks": "qqzz", field: value})
    told = check(answer, 422, "invalid")
    messages = str([each["message"] for each in told["complaints"]])
    assert "qqzz" not in messages
    assert "77123" not in messages
    assert "`q`" not in messages


@pytest.mark.parametrize(
    "content", [b"{", CANARY.encode(), b"[" * 100_000, b'{"day": "\xff"}', b""]
)
def test_a_body_that_is_no_body_is_told_without_a_word_of_it(client, content):
    answer = client.post("/body", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    check(answer, answer.status_code, answer.json()["code"])


def test_a_thousand_complaints_are_enough(client):
    answer = client.post("/body", json={**GOOD, "list": ["x"] * 1500})
    told = check(answer, 422, "invalid")
    assert len(told["complaints"]) == 1000
    assert told["left_off"] == 501


def test_an_answer_that_breaks_off_is_cut_and_says_nothing_of_why(app):
    client = knock(app, raise_server_exceptions=True)
    with pytest.raises(Exception) as told:
        client.get("/breaks-off")
    assert type(told.value).__name__ == "BrokenOffError"
    assert told.value.__suppress_context__
    assert CANARY not in str(told.value)


def test_the_description_names_problems_as_problems(client):
    described = client.get("/openapi.json").json()
    assert set(described["components"]["schemas"]["Problem"]["required"]) == OWN_FIELDS
    answers = described["paths"]["/raise/{name}"]["get"]["responses"]
    assert set(answers) == {"200", "401", "403", "404", "409", "422", "default"}
    for status, answer in answers.items():
        if status != "200":
            assert list(answer["content"]) == [MEDIA_TYPE]
    assert "HTTPValidationError" not in str(described["paths"]["/body"])
    assert Problem.model_validate(client.get("/nowhere").json())


def test_what_every_answer_carries(client, tmp_path):
    for path in ("/health", "/nowhere", "/raise/bug", "/v1/me", "/raise/busy"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"].startswith("default-src 'none';")
        assert uuid.UUID(headers["correlation-id"])
        assert "strict-transport-security" not in headers


def test_a_client_does_not_choose_its_correlation_id(client):
    sent = {"Correlation-Id": CANARY, "X-Request-Id": CANARY}
    first, second = (client.get("/nowhere", headers=sent) for _ in range(2))
    assert CANARY not in first.text + str(first.headers)
    assert first.headers["correlation-id"] != second.headers["correlation-id"]


def test_what_a_route_says_of_caching_does_not_count(tmp_path):
    router = APIRouter()

    @router.get("/x")
    def lax():
        return StreamingResponse([b"x"], headers={"Cache-Control": "public, max-age=60"})

    answer = knock(front(local_settings(tmp_path), routers=[router])).get("/x")
    assert answer.headers.get_list("cache-control") == ["no-store"]
