"""Limits: what is too much is refused before it is parsed, and other sites change nothing."""

import asyncio
import json

import pytest
from fastapi import APIRouter, Request, UploadFile

from api.access.actor import Role
from api.access.dependencies import Permitted
from api.limits import LONGEST_URL
from api.problems import MEDIA_TYPE
from api.rate import Buckets, Rates
from tests.api.front import front, knock, local_settings
from tests.api.issuer import Issuer, jwk, rsa_key, serving


class Reader:
    """Routes that take bodies; `bytes` is what reached the last one."""

    def __init__(self):
        self.bytes = None
        self.router = APIRouter()
        self.router.add_api_route("/open", self.swallow, methods=["POST"])
        self.router.add_api_route("/open-json", self.parsed, methods=["POST"])
        self.router.add_api_route("/v1/imports", self.upload, methods=["POST"])
        self.router.add_api_route("/v1/imports-not", self.swallow, methods=["POST"])
        self.router.add_api_route("/v1/runs/1/what-if", self.swallow, methods=["POST"])
        self.router.add_api_route("/v1/changes", self.swallow, methods=["POST"])
        self.router.add_api_route("/v1/changes", self.swallow, methods=["GET"])

    async def swallow(self, request: Request):
        self.bytes = None
        try:
            self.bytes = len(await request.body())
        except Exception:
            # A route that hides errors must not hide this one.
            return {"hidden": True}
        return {}

    async def parsed(self, body: dict):
        self.bytes = len(json.dumps(body))
        return {}

    async def upload(self, file: UploadFile):
        self.bytes = len(await file.read())
        return {}


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def app(tmp_path, reader):
    settings = local_settings(tmp_path, body_bytes=1000, upload_bytes=5000)
    return front(settings, routers=[reader.router])


def refused(answer, status, code):
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert answer.json()["code"] == code
    assert answer.headers["cache-control"] == "no-store"
    return True


def in_parts(total, size=100):
    for start in range(0, total, size):
        yield b"x" * min(size, total - start)


@pytest.mark.parametrize("path", ["/open", "/v1/imports-not", "/v1/runs/1/what-if"])
def test_a_body_is_counted_as_it_comes(app, reader, path):
    client = knock(app, "manager")
    assert client.post(path, content=in_parts(1000)).status_code == 200
    assert reader.bytes == 1000
    assert refused(client.post(path, content=in_parts(1001)), 413, "too-large")
    assert reader.bytes is None


def test_a_json_body_is_counted_before_it_is_parsed(app, reader):
    client = knock(app)
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"x": "y" * 2000}).encode()
    assert refused(
        client.post("/open-json", content=iter([body]), headers=headers), 413, "too-large"
    )
    assert refused(client.post("/open-json", content=body, headers=headers), 413, "too-large")
    assert reader.bytes is None


def test_a_file_may_be_larger_and_has_its_limit_too(app, reader):
    client = knock(app, "manager")
    assert client.post("/v1/imports", files={"file": b"x" * 4000}).status_code == 200
    assert reader.bytes == 4000
    assert refused(client.post("/v1/imports", files={"file": b"x" * 5001}), 413, "too-large")


def raw(app, sent, headers=(), path="/open"):
    """The answer to messages that no honest client sends, and how many bytes were read of them."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    messages, answers, read = iter(sent), [], []

    async def receive():
        message = next(messages)
        read.append(len(message["body"]))
        return message

    async def send(message):
        answers.append(message)

    asyncio.run(app(scope, receive, send))
    return answers[0]["status"], sum(read)


def endless():
    while True:
        yield {"type": "http.request", "body": b"x" * 100, "more_body": True}


def test_no_more_is_read_than_the_limit_and_one_part(app):
    assert raw(app, endless()) == (413, 1100)


def test_a_length_that_lies_helps_nobody(app):
    assert raw(app, endless(), [(b"content-length", b"10")]) == (413, 1100)
    assert raw(app, endless(), [(b"content-length", b"nonsense")]) == (413, 1100)


def test_what_is_announced_as_too_large_is_not_read_at_all(app):
    assert raw(app, endless(), [(b"content-length", b"1001")]) == (413, 0)
    assert raw(app, endless(), [(b"content-length", b"9" * 5000)]) == (413, 0)


def test_a_change_without_a_token_is_refused_unread(app):
    assert raw(app, endless(), path="/v1/changes") == (401, 0)


def test_an_address_has_a_length(app):
    client = knock(app)
    path = "/health?x="
    assert client.get(path + "y" * (LONGEST_URL - len(path) + 1)).status_code == 200
    assert refused(client.get(path + "y" * LONGEST_URL), 414, "address-too-long")
    assert refused(client.get("/" + "y" * LONGEST_URL), 414, "address-too-long")


def test_a_bucket_holds_a_burst_and_fills_steadily():
    now = [100.0]
    buckets = Buckets(2, 3, lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(0.5)
    assert buckets.take("b") == 0
    now[0] += 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    now[0] += 1000
    assert [buckets.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_buckets_do_not_fill_the_memory():
    now = [0.0]
    buckets = Buckets(1, 10, lambda: now[0])
    for number in range(30_000):
        buckets.take(str(number))
    assert len(buckets._left) <= 10_000
    for _ in range(10):
        buckets.take("busy")
    assert buckets.take("busy") > 0


@pytest.fixture
def slow(tmp_path):
    """Two requests at once per person and three per address, and a clock that stands still."""
    now = [0.0]
    settings = local_settings(
        tmp_path,
        burst=2,
        requests_per_second=0.5,
        address_burst=3,
        address_requests_per_second=1,
    )
    return front(settings, rates=Rates(settings, lambda: now[0])), now


def test_a_person_who_asks_too_fast_waits_and_others_do_not(slow):
    app, now = slow
    hasty = knock(app, "manager", client=("10.0.0.1", 1))
    assert [hasty.get("/v1/me").status_code for _ in range(2)] == [200, 200]
    late = hasty.get("/v1/me")
    assert refused(late, 429, "too-many")
    assert late.headers["retry-after"] == "2"
    # From elsewhere it is the same person, and another is not.
    again = knock(app, "manager", client=("10.0.0.2", 1))
    assert again.get("/v1/me").status_code == 429
    other = app.state.tokens.mint("Another", [Role.MANAGER])
    headers = {"Authorization": f"Bearer {other}"}
    assert again.get("/v1/me", headers=headers).status_code == 200
    now[0] += 2
    assert hasty.get("/v1/me").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/v1/me", "/nowhere", "/sign-in?code=x"])
def test_an_address_that_asks_too_fast_waits(slow, path):
    app, now = slow
    client = knock(app, client=("10.0.0.9", 1))
    headers = {"Authorization": "Bearer nonsense"}
    before = [client.get(path, headers=headers).status_code for _ in range(3)]
    assert 429 not in before
    assert refused(client.get(path, headers=headers), 429, "too-many")
    assert knock(app, client=("10.0.0.8", 1)).get("/health").status_code == 200
    now[0] += 1
    assert client.get(path, headers=headers).status_code == before[0]


NAMES = [
    ("127.0.0.1", True),
    ("127.0.0.1:8000", True),
    ("localhost:8000", True),
    ("LOCALHOST", True),
    ("[::1]:8000", True),
    ("evil.test", False),
    ("evil.test:8000", False),
    ("127.0.0.1.evil.test", False),
    ("localhost.evil.test", False),
    ("evil.test@127.0.0.1", False),
    ("127.0.0.1@evil.test", False),
    ("127.0.0.1/evil", False),
    ("0.0.0.0:8000", False),
    ("testserver", False),
    ("", False),
    ("[", False),
]


@pytest.mark.parametrize(("name", "ours"), NAMES)
@pytest.mark.parametrize("path", ["/health", "/v1/me", "/sign-in?code=x", "/openapi.json"])
def test_local_mode_answers_to_this_machines_names_only(app, path, name, ours):
    answer = knock(app, "manager").get(path, headers={"Host": name})
    assert (answer.status_code != 421) == ours
    if not ours:
        assert refused(answer, 421, "other-name")


def test_two_names_are_none(app):
    assert raw(app, endless(), [(b"host", b"evil.test")]) == (421, 0)


def test_more_names_may_be_set(tmp_path):
    app = front(local_settings(tmp_path, hosts=("testserver",)))
    assert knock(app, base_url="http://testserver").get("/health").status_code == 200
    assert knock(app).get("/health").status_code == 200
    assert knock(app, base_url="http://evil.test").get("/health").status_code == 421


def test_server_mode_answers_to_any_name_or_those_set():
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        public = {"base_url": "https://beds.test"}
        assert knock(front(issuer.settings()), **public).get("/health").status_code == 200
        named = front(issuer.settings(hosts=("beds.test",)))
        assert knock(named, **public).get("/health").status_code == 200
        assert knock(named).get("/health").status_code == 421


CROSS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "http://evil.test"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1.evil.test"},
    {"Origin": "http://127.0.0.1@evil.test"},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"},
]
OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "https://127.0.0.1", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", CROSS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "WHATEVER"])
def test_another_sites_page_changes_nothing(app, reader, method, headers):
    client = knock(app, "manager")
    assert refused(client.request(method, "/v1/changes", headers=headers), 403, "cross-site")
    assert reader.bytes is None


@pytest.mark.parametrize("headers", OWN)
def test_our_own_pages_and_programs_may_change_things(app, reader, headers):
    assert knock(app, "manager").post("/v1/changes", headers=headers).status_code == 200
    assert reader.bytes == 0


@pytest.mark.parametrize("headers", CROSS)
def test_reading_is_not_stopped_by_where_one_came_from(app, headers):
    assert knock(app, "manager").get("/v1/changes", headers=headers).status_code == 200


def test_strict_transport_is_asked_for_where_there_is_tls():
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        app = front(issuer.settings(behind_tls_proxy=True))
        headers = knock(app).get("/nowhere").headers
        assert headers["strict-transport-security"] == "max-age=63072000"


def test_who_is_let_in_is_known_to_the_route(tmp_path):
    router = APIRouter()

    @router.get("/x", name="list_beds")
    def whoever(actor: Permitted):
        return actor.id

    app = front(local_settings(tmp_path), routers=[router])
    assert knock(app, "manager").get("/x").json() == "local:A Tester"
