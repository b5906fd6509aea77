"""The OpenAPI document: what the framework writes of the routes, and what it leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from allocator.problem import Problem as ProblemFile
from api.problems import MEDIA_TYPE
from api.wire import body

DESCRIPTION = """\
Everything that happens is an event in the register; runs propose joint plans over it, and only a
named person's decision books a bed.

**Signing in.** Send `Authorization: Bearer TOKEN`. What a token's roles allow is in one table;
everything else is 403.

**Sent twice, done once.** A POST that changes something takes an `Idempotency-Key` of your
choosing. The same key and request get the same answer again, with `Idempotent-Replayed: true`.

**Changes to what you read.** A record's `version` is its `ETag`. Send it as `If-Match`: 428
without, and 412 when the record has changed since. Where a bid is given to an owner it may be
left out.

**Lists** come a page at a time: ask again with `after` of the page before. Query parameters that
are unknown or repeated are refused, not passed over.

**Errors** are `application/problem+json` (RFC 9457) with a `code` for programs.
"""
TAGS = {
    "Service": "Whether the service works, and who one is to it.",
    "Files": "Everything the command line reads, in; the whole register, out.",
    "Estate": "Premises, rooms and beds. Their ids may hold a slash, here as `%2F`.",
    "Out of service": "Nights on which a bed cannot be used.",
    "Kept apart": "Who and what a person must be kept away from.",
    "Referrals": "Bids for a bed, who owns them, what happened to them, and how they end.",
    "Bookings": "Stays made, and what comes of them.",
    "Runs": "Plans asked for, watched, explained and compared.",
    "Holds": "Beds kept for people of the higher bands to come, and the forecast behind it.",
    "Studies": "Simulated years: what a closure, more beds or another rule would come to.",
    "Decisions": "What a named person makes of a proposal.",
    "Nobody dropped": "The escalation ladder, and bids that nobody has in hand.",
    "Data protection": "A person's data: told of, and erased, and what is due to be.",
    "Oversight": "What happened, who looked, whether it is whole, and why there was no bed.",
}
_TEXT = {"type": "string"}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"required": True, "description": "The record's version, for `If-Match`."},
    "Location": {"required": True, "description": "Where the new record is."},
    "Idempotent-Replayed": {
        "required": False,
        "description": "`true` on an answer that was given before to the same key and request.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Correlation-Id": {
        "required": True,
        "description": "This request's id; our log has it too.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "WWW-Authenticate": {"required": True, "description": "`Bearer`."},
    "Retry-After": {
        "required": True,
        "description": "Seconds until it may help to try again.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
_OF_STATUS = {"401": "WWW-Authenticate", "429": "Retry-After"}
PROBLEM_FILE = {"$ref": "#/components/schemas/ProblemFile"}


def describe(app: FastAPI) -> None:
    """Have the application's document say all of it."""
    written = app.openapi
    made: list[dict[str, Any]] = []

    def openapi() -> dict[str, Any]:
        if not made:
            made.append(_complete(written()))
        return made[0]

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    document["info"]["description"] = DESCRIPTION
    document["tags"] = [{"name": name, "description": told} for name, told in TAGS.items()]
    components = document["components"]
    components["schemas"] |= body.schemas() | body.schemas_of(ProblemFile, "ProblemFile")
    components["headers"] = {name: {"schema": _TEXT, **told} for name, told in HEADERS.items()}
    for operation in _operations(document):
        operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
        for parameter in operation.get("parameters", []):
            _mend_parameter(parameter, operation)
        _mend_answers(operation, components["schemas"])
        _mend_form(operation, components["schemas"])
    return _with_plain_names(document)


def _with_plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Lists under the names of their own (`PageOfBedShown`), which the framework passes over."""
    text = json.dumps(document)
    plain_names = {"Body_import_files": "FilesToImport"}
    for name, schema in document["components"]["schemas"].items():
        if name.startswith("Page_"):
            plain_names[name] = schema["title"]
    for name, plain_name in plain_names.items():
        for before in ('"', "/"):
            text = text.replace(f'{before}{name}"', f'{before}{plain_name}"')
    plain: dict[str, Any] = json.loads(text)
    return plain


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _mend_parameter(parameter: dict[str, Any], operation: dict[str, Any]) -> None:
    """No parameter can be null: it is there or it is not."""
    _never_null(parameter["schema"])
    if parameter["name"] == "If-Match" and "428" in operation["responses"]:
        # Not so for the framework: without it the answer is 428, and not 422.
        parameter["required"] = True


def _mend_answers(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say which headers an answer has, and that any error is a problem."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    told = {"description": "Any other error", "content": {MEDIA_TYPE: problem}}
    operation["responses"].setdefault("default", told)
    keyed = any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", []))
    for status, answer in operation["responses"].items():
        names = ["Correlation-Id"]
        if status in _OF_STATUS:
            names.append(_OF_STATUS[status])
        if status.startswith("2"):
            held = _fields(answer, schemas)
            names += ["ETag"] * ({"id", "version"} <= held)
            names += ["Location"] * (status in ("201", "202") and "id" in held)
            names += ["Idempotent-Replayed"] * keyed
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _fields(answer: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    """What the answer's record holds; nothing when it is a list or no record."""
    name = _name_of(answer.get("content", {}).get("application/json", {}))
    return set(schemas[name].get("properties", ())) if name else set()


def _mend_form(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Uploads as generators of clients know them; and no field of a form can be null."""
    sent = operation.get("requestBody", {})
    if "multipart/form-data" not in sent.get("content", {}):
        return
    sent["required"] = True
    for field in schemas[_name_of(sent["content"]["multipart/form-data"])]["properties"].values():
        _never_null(field)
        kind = field.get("items", field)
        if "contentMediaType" in kind:
            kind["format"] = "binary"


def _never_null(schema: dict[str, Any]) -> None:
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if kinds:
        assert len(kinds) == 1, schema
        schema |= kinds[0]


def _name_of(content: dict[str, Any]) -> str:
    """What the schema of a content is called; empty when it has no name."""
    name: str = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return name
