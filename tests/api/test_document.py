"""The OpenAPI document says of every route what it takes and what it answers."""

import sqlite3
from urllib.parse import quote

import jsonschema
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from api.access.actor import Role
from api.access.permissions import OPEN, PERMISSIONS
from api.app import create_app
from api.problems import MEDIA_TYPE
from api.wire.examples import EXAMPLES
from tests.api.front import local_settings
from tests.api.registers import Moving, finished_run, make_register, tiny
from tests.api.service import Service

PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
VERSIONED = {"412", "428"}
# A bid may be given to somebody without its having been read.
MAY_SAY_NO_VERSION = {"set_owner"}
# What was told of an event, and of an attempt, hangs on what happened.
FREE = {("EventShown", "facts"), ("AttemptShown", "details"), ("AttemptHeld", "details")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The folder of a service that holds fixtures/tiny, and the id of a finished run over it."""
    folder = tmp_path_factory.mktemp("filled")
    register = make_register(folder, tiny())
    run = finished_run(register, folder, effort="quick")
    return folder, run["id"]


@pytest.fixture
def service(filled, tmp_path):
    """A copy of that service, for one test."""
    with (
        sqlite3.connect(filled[0] / "register.db") as there,
        sqlite3.connect(tmp_path / "register.db") as here,
    ):
        there.backup(here)
    moving = Moving()
    register = make_register(tmp_path, moving=moving)
    return Service(create_app(local_settings(tmp_path), register), tmp_path, moving)


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    return create_app(local_settings(tmp_path_factory.mktemp("document"))).openapi()


def operations(document):
    """Each operation with its path and method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def parameters(operation, place):
    return {each["name"]: each for each in operation.get("parameters", []) if each["in"] == place}


def wanting(document, is_right):
    """Names of the operations of which it is not so."""
    return [op["operationId"] for _, _, op in operations(document) if not is_right(op)]


def good_answers(operation):
    return {s: a for s, a in operation["responses"].items() if s.startswith("2")}


def test_the_document_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert [fault.message for fault in OPENAPI_31_VALIDATOR.iter_errors(document)] == []


def test_it_is_served_to_whoever_asks_on_this_machine(service):
    assert service.client().get("/openapi.json").json() == service.app.openapi()


def test_every_route_is_in_it_under_its_name(document):
    named = [operation["operationId"] for _, _, operation in operations(document)]
    assert sorted(named) == sorted({*PERMISSIONS, *OPEN} - {"openapi"})


def test_every_operation_has_a_summary_a_description_and_a_tag_that_is_described(document):
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}

    def told(operation):
        (tag,) = operation["tags"]
        return operation["summary"] and operation["description"].strip() and tags[tag]

    assert wanting(document, told) == []


def test_every_error_is_told_of_as_a_problem(document):
    def told(operation):
        errors = {s: a for s, a in operation["responses"].items() if not s.startswith("2")}
        if operation["operationId"] == "health":
            del errors["503"]
        return "default" in errors and all(
            answer["content"] == {MEDIA_TYPE: PROBLEM} for answer in errors.values()
        )

    assert wanting(document, told) == []


def test_every_route_for_those_signed_in_says_so_and_what_else_it_may_answer(document):
    def told(operation):
        if operation["operationId"] in OPEN:
            return "security" not in operation
        expected = {"401", "403", "422"}
        if parameters(operation, "path"):
            expected.add("404")
        if "If-Match" in parameters(operation, "header"):
            expected |= {"412"} if operation["operationId"] in MAY_SAY_NO_VERSION else VERSIONED
        return {"HTTPBearer": []} in operation["security"] and expected <= {*operation["responses"]}

    assert wanting(document, told) == []


def test_every_parameter_is_of_one_kind_and_never_null(document):
    def told(operation):
        return all("anyOf" not in each["schema"] for each in operation.get("parameters", []))

    assert wanting(document, told) == []


def test_every_body_has_a_schema_and_an_example_of_it(document):
    def told(operation):
        ((kind, content),) = operation["requestBody"]["content"].items()
        if kind == "multipart/form-data":
            return "$ref" in content["schema"]
        for example in content["examples"].values():
            whole = {**content["schema"], "components": document["components"]}
            jsonschema.Draft202012Validator(whole).validate(example["value"])
        return content["examples"]

    def told_if_there(operation):
        return "requestBody" not in operation or told(operation)

    assert wanting(document, told_if_there) == []


def test_every_answer_has_a_shape(document):
    def told(operation):
        return all(
            "content" in answer or status == "204"
            for status, answer in good_answers(operation).items()
        )

    assert wanting(document, told) == []
    assert list(free_fields(document)) == []


def free_fields(document):
    """Fields of answers that may hold anything, but for those that are free by nature."""
    schemas = document["components"]["schemas"]
    reached, to_look_at = set(), []
    for _, _, operation in operations(document):
        for answer in good_answers(operation).values():
            to_look_at += [content["schema"] for content in answer.get("content", {}).values()]
    while to_look_at:
        schema = to_look_at.pop()
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in reached:
            reached.add(name)
            for field, inner in schemas[name].get("properties", {}).items():
                if (name, field) in FREE:
                    continue
                if is_free(inner):
                    yield name, field
                to_look_at.append(inner)
        to_look_at += inside(schema)


def inside(schema):
    yield from schema.get("anyOf", [])
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield schema[word]


def is_free(schema):
    if any(is_free(each) for each in inside(schema)):
        return True
    said = {"type", "enum", "anyOf", "$ref", "const"} & schema.keys()
    return not said or schema.get("additionalProperties") is True


def test_headers_of_answers_are_told_of(document):
    names = {}
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert "Correlation-Id" in answer["headers"]
            if status.startswith("2"):
                names[operation["operationId"]] = {*answer["headers"]} - {"Correlation-Id"}
    assert names["get_beds"] == {"ETag"}
    assert names["change_beds"] == {"ETag"}
    assert names["create_booking"] == {"ETag", "Location", "Idempotent-Replayed"}
    assert names["start_run"] == {"Location", "Idempotent-Replayed"}
    assert names["list_beds"] == names["export_register"] == set()
    assert all(set(document["components"]["headers"]) >= told for told in names.values())


# ---- examples are sent -----------------------------------------------------------------------

# What is sent before, and how many days later; the address, and the status that comes.
BOOKED = ["create_booking"]
ARRIVED = [*BOOKED, 14, "record_arrival"]
SENT = {
    "create_premises": ([], {}, 201),
    "change_premises": (["create_premises"], {"identifier": "C"}, 200),
    "create_rooms": ([], {}, 201),
    "change_rooms": (["create_rooms"], {"identifier": "B/3"}, 200),
    "create_beds": ([], {}, 201),
    "change_beds": (["create_beds"], {"identifier": "B-3"}, 200),
    "create_out_of_service": ([], {}, 201),
    "change_out_of_service": (["create_out_of_service"], {}, 200),
    "cancel_out_of_service": (["create_out_of_service"], {}, 200),
    "create_separations": ([], {}, 201),
    "change_separations": (["create_separations"], {}, 200),
    "create_zones": ([], {}, 201),
    "change_zones": (["create_zones"], {}, 200),
    "create_referral": ([], {}, 201),
    "change_referral": (["create_referral"], {"identifier": "R6"}, 200),
    "search_referrals": ([], {}, 200),
    # Whoever has never been here cannot be handed a bid.
    "set_owner": ([], {"identifier": "R3"}, 422),
    "withdraw_referral": ([], {"identifier": "R3"}, 200),
    "release_without_bed": ([], {"identifier": "R3"}, 200),
    "restrict_referral": ([], {"identifier": "R3"}, 200),
    "create_booking": ([], {}, 201),
    "record_arrival": ([*BOOKED, 14], {}, 200),
    # Nobody can be said not to have come before the day.
    "record_non_arrival": (BOOKED, {}, 422),
    "record_departure": ([*ARRIVED, 4], {}, 200),
    "withdraw_recorded": (ARRIVED, {}, 200),
    "extend_booking": (BOOKED, {}, 200),
    "transfer_booking": ([*ARRIVED, 2], {}, 201),
    "cancel_booking": (BOOKED, {}, 200),
    "start_run": ([], {}, 202),
    "run_what_if": ([], {}, 200),
    "decide": ([], {"referral_id": "R4"}, 200),
    "create_hold": ([], {}, 201),
    "release_hold": (["create_hold"], {}, 200),
    "extend_hold": (["create_hold"], {}, 200),
    "erase_person": (["withdraw_referral"], {"identifier": "R3"}, 201),
    "export_person": ([], {}, 200),
    "start_study": ([], {}, 202),
}


def test_there_is_no_example_that_is_not_sent(document):
    taking = [
        op["operationId"]
        for _, _, op in operations(document)
        if "application/json" in op.get("requestBody", {}).get("content", {})
    ]
    assert sorted(taking) == sorted(SENT)
    used = {
        name
        for _, _, op in operations(document)
        for content in op.get("requestBody", {}).get("content", {}).values()
        for name in content.get("examples", {})
    }
    assert used == EXAMPLES.keys()


@pytest.mark.parametrize("name", sorted(SENT))
def test_the_example_of_a_body_does_what_its_operation_says(name, service, filled, document):
    before, address, status = SENT[name]
    known = {"run_id": filled[1], **address}
    someone = service.client(*(role for role in Role if role is not Role.SERVICE))
    version = 1
    for step in before:
        if isinstance(step, int):
            service.moving.put_forward(days=step)
            continue
        answer = send(someone, document, step, known, version)
        assert answer.is_success, answer.text
        known.setdefault("identifier", answer.json()["id"])
        version = answer.json()["version"]
    answer = send(someone, document, name, known, version)
    assert answer.status_code == status, answer.text


def send(someone, document, name, known, version):
    """The operation with its own example, at this address, of the record at this version."""
    ((path, method, operation),) = [
        told for told in operations(document) if told[2]["operationId"] == name
    ]
    quoted = {each: quote(value, safe="") for each, value in known.items()}
    ((_, example),) = operation["requestBody"]["content"]["application/json"]["examples"].items()
    wanted = parameters(operation, "header").get("If-Match", {}).get("required")
    headers = {"If-Match": f'"{version}"'} if wanted else {}
    if method == "put":
        return someone.put(path.format(**quoted), example["value"], version)
    return someone.post(path.format(**quoted), example["value"], headers=headers)
