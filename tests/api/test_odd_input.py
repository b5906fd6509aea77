"""Input that is odd in every way we can think of, on each database: refused, and none breaks it."""

import asyncio
import json
from threading import current_thread, main_thread

import pytest
from pydantic import field_validator

from allocator.problem_file import problem_to_json
from api.app import create_app
from api.wire import body
from api.wire.words import Body
from tests.api.front import local_settings
from tests.api.registers import Moving, ask, ended, make_register, tiny, working
from tests.api.service import Service

EVERYTHING = ("coordinator", "manager", "administrator")
PLACE = {"name": "Cawder Hall", "gender": "man", "ap_types": ["normal"]}
BID = {
    "id": "R6",
    "crn": "X000006",
    "gender": "man",
    "release_date": "2026-11-23",
    "latest_arrival": "2026-11-25",
    "nights": 84,
}


def a_problem_with(field, value):
    """fixtures/tiny, to be solved, in which the first referral has something odd."""
    problem = json.loads(problem_to_json(tiny()))
    problem["referrals"][0][field] = value
    return {"over": "problem", "problem": problem}


SPOT = {"latitude": 53.9, "longitude": -1.1}
LONG = "a" * 201


@pytest.fixture
def service(database_url, tmp_path):
    moving = Moving()
    register = make_register(database_url, tiny(), moving=moving)
    return Service(create_app(local_settings(tmp_path), register), tmp_path, moving)


def code_of(answer):
    """Its code, when it is a refusal of what was sent; a test fails on anything else."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    assert 400 <= answer.status_code < 500
    return answer.json()["code"]


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("premises", {**PLACE, "id": "C\x00"}),
        ("premises", {**PLACE, "id": "C", "name": "\u202eCawder Hall"}),
        ("referrals", {**BID, "protected": [["religion", "\u2067Quiet"]]}),
        ("premises", {**PLACE, "id": ""}),
        ("premises", {**PLACE, "id": " "}),
        ("premises", {**PLACE, "id": LONG}),
        ("premises", {**PLACE, "id": "C", "name": LONG}),
        ("premises", {**PLACE, "id": "C", "region": LONG}),
        ("premises", {**PLACE, "id": "C", "arrivals_per_day": 10**30}),
        ("premises", {**PLACE, "id": "C", "arrivals_per_day": 0}),
        ("premises", {**PLACE, "id": "C", "location": {**SPOT, "latitude": 91}}),
        ("referrals", {**BID, "crn": "x000006"}),
        ("referrals", {**BID, "crn": " X000006"}),
        ("referrals", {**BID, "crn": ""}),
        ("referrals", {**BID, "crn": "X" * 21}),
        ("referrals", {**BID, "id": "a" * 161}),
        ("referrals", {**BID, "id": "a/b"}),
        ("referrals", {**BID, "id": BID["crn"]}),
        ("referrals", {**BID, "nights": 2**31 - 1}),
        ("referrals", {**BID, "nights": 0}),
        ("referrals", {**BID, "release_date": "9999-12-31", "latest_arrival": "9999-12-31"}),
        ("referrals", {**BID, "latest_arrival": "2027-11-24"}),
        ("referrals", {**BID, "release_date": 1790000000}),
        ("referrals", {**BID, "mappa_level": 4}),
        ("referrals", {**BID, "mappa_level": True}),
        ("referrals", {**BID, "consented_radius_miles": -1}),
        ("separations", {"crn": "X000001", "other_crn": "X000001"}),
        ("separations", {"crn": "X000001", "other_crn": "X000002", "radius_miles": -1}),
        ("zones", {"crn": "X000001"}),
        ("zones", {"crn": "X000001", "premises_ids": ["Nowhere"]}),
        ("zones", {"crn": "X000001", "premises_ids": ["\x00"]}),
        ("zones", {"crn": "X000001", "circle": {"centre": SPOT, "radius_miles": 0}}),
        ("runs", {"seed": 2**63}),
        ("runs", {"over": "problem", "problem": {"\x00": "\x00"}}),
        ("runs", a_problem_with("id", "R1\x00")),
        ("runs", a_problem_with("id", "R" * 5_000)),
        ("runs", a_problem_with("nights", 10**12)),
        ("runs", a_problem_with("nights", 10**400)),
    ],
    ids=lambda value: str(value)[:80],
)
def test_a_body_that_holds_what_cannot_be_kept_is_refused(service, url, body):
    assert code_of(service.client(*EVERYTHING).post(f"/v1/{url}", body)) == "invalid"


def test_a_body_is_read_beside_the_loop_that_answers_everybody(monkeypatch):
    monkeypatch.setattr(body, "_KNOWN", {})
    read_in = []

    class Told(Body):
        word: str

        @field_validator("word")
        @classmethod
        def told(cls, value):
            read_in.append(current_thread())
            return value

    class Request:
        async def body(self):
            return b'{"word": "x"}'

    assert asyncio.run(body.body_of(Told)(Request())).word == "x"
    assert read_in and main_thread() not in read_in


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none_are_refused(service, number):
    body = f'{{"crn": "X000001", "other_crn": "X000002", "radius_miles": {number}}}'
    assert code_of(raw(service, "/v1/separations", body)) == "invalid"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        '"\\ud800"',
        '{"crn": "\\ud800"}',
        '{"\\ud800": "X000001"}',
        '{"crn": "\\u0000"}',
        '{"crn": "X000001", "crn": 1}',
        "[" * 100_000,
        b"\xff\xfe",
        b'{"crn": "\xed\xa0\x80"}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_not_the_json_that_is_asked_for_is_refused(service, body):
    answer = raw(service, "/v1/referrals/search", body)
    assert code_of(answer) == "invalid"
    assert "\\u" not in answer.text


def raw(service, url, body):
    headers = {"Idempotency-Key": "a-key-of-mine", "Content-Type": "application/json"}
    client = service.client(*EVERYTHING).client
    return client.post(url, content=body, headers=headers)


@pytest.mark.parametrize(
    "url",
    [
        "/v1/premises/%00",
        "/v1/referrals/%00",
        "/v1/referrals/R1%00/brief",
        "/v1/runs/%00",
        "/v1/runs/%00/proposals/%00",
        "/v1/premises?gender=%00",
        "/v1/referrals?owner_id=%00",
        "/v1/bookings?premises_id=a%00",
        "/v1/premises?limit=1&limit=2",
        "/v1/premises?limit=1&limt=2",
        "/v1/premises?after=%00",
        "/v1/premises?after=====",
        "/v1/premises?after=gICA",
        "/v1/premises?after=%F0%9F%8F%A0",
        "/v1/premises?after=bm93aGVyZQ",
        "/v1/premises?limit=99999999999999999999999999",
        "/v1/premises?limit=1e2",
        f"/v1/premises?limit={'9' * 4000}",
        "/v1/referrals?band=0x1",
        "/v1/export/problem.json?as_of=9999-12-31",
        "/v1/export/problem.json?as_of=1793577600",
    ],
)
def test_an_address_that_means_nothing_is_refused(service, url):
    assert code_of(service.client(*EVERYTHING).get(url)) == "invalid"


@pytest.mark.parametrize(
    "name", ["%ED%A0%80", "%FF", "..", "%2E%2E%2F", "🏠", "A" * 300, "%25", "'--"]
)
def test_a_name_of_nothing_is_not_there(service, name):
    answer = service.client(*EVERYTHING).get(f"/v1/referrals/{name}")
    assert (answer.status_code, code_of(answer)) == (404, answer.json()["code"])


def test_an_id_with_other_letters_and_a_slash_is_found_again(service):
    someone = service.client(*EVERYTHING)
    made = someone.post("/v1/premises", {**PLACE, "id": "Tŷ Newydd/2"})
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == "/v1/premises/T%C5%B7%20Newydd/2"
    assert someone.get(made.headers["Location"]).json()["id"] == "Tŷ Newydd/2"


@pytest.mark.parametrize("version", ["1", '"1"', 'W/"1"'])
def test_a_version_is_read_however_it_is_quoted(service, version):
    client = service.client(*EVERYTHING).client
    asked = client.delete("/v1/beds/B-2", headers={"If-Match": version})
    assert asked.status_code == 204, asked.text


@pytest.mark.parametrize("version", ["*", '"1", "2"', "-1", '"99999999999"', "one", "\xb2"])
def test_a_version_that_is_none_of_ours_is_refused(service, version):
    client = service.client(*EVERYTHING).client
    asked = client.delete("/v1/beds/B-2", headers={"If-Match": version.encode("latin-1")})
    assert code_of(asked) == "invalid"


@pytest.mark.parametrize(
    "polygons",
    [
        [],
        [[]],
        [[[]]],
        [[[[-1.1, 53.9]] * 3]],
        [[[[-1.1, 53.9], [-1.2, 53.9], [-1.2, 53.8], [-1.1, 53.8]]]],
        [[[[53.9, -1.1], [53.9, -1.2], [53.8, -1.2], [53.9, -1.1]]]],
        [[[[1e308, 1e308], [-1e308, 0], [0, 0], [1e308, 1e308]]]],
    ],
    ids=str,
)
def test_a_zone_that_nobody_can_be_inside_of_is_refused(service, polygons):
    body = {"crn": "X000005", "polygon": {"polygons": polygons}}
    assert code_of(service.client(*EVERYTHING).post("/v1/zones", body)) == "invalid"


def test_the_oddest_that_is_taken_in_can_be_planned_with(service):
    """One record must not stop the plan for all the others."""
    someone = service.client(*EVERYTHING)
    triangle = [[-1.5, 53.8], [-1.5, 53.8], [-1.4, 53.9], [-1.5, 53.8]]
    zone = {"crn": "X000005", "polygon": {"polygons": [[triangle]]}}
    bid = {**BID, "nights": 1000, "release_date": "2099-12-31", "latest_arrival": "2100-12-31"}
    taken = [
        someone.post("/v1/zones", zone).status_code,
        someone.post("/v1/referrals", bid).status_code,
    ]
    run = ask(service.register, effort="quick")
    with working(service.register, service.folder):
        run = ended(service.register, run["id"], seconds=90)
    assert run["status"] == "finished", (taken, run["fault"])


def test_the_same_bytes_with_another_key_order_are_the_same_request(service):
    someone = service.client(*EVERYTHING)
    body = {**PLACE, "id": "C"}
    turned = json.loads(json.dumps(dict(reversed(body.items()))))
    first = someone.post("/v1/premises", body, key="one-key-of-mine")
    again = someone.post("/v1/premises", turned, key="one-key-of-mine")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
