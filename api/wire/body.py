"""Bodies: JSON read strictly into values of the field, with every fault told at once.

The framework would read it leniently: "12" as a number, seconds as a day, unknown names as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.complaints import complaints
from api.service.refusals import InvalidError
from api.wire.bounds import LONG_TEXTS, bounded, fault_of
from api.wire.examples import EXAMPLES
from api.wire.words import FIRST_YEAR, LAST_YEAR

T = TypeVar("T")
_KNOWN: dict[str, type[Any]] = {}


def body_of(kind: type[T]) -> Callable[[Request], Coroutine[Any, Any, T]]:
    """A dependency that gives the request's body as this kind."""
    adapter: TypeAdapter[T] = TypeAdapter(kind)
    _KNOWN[kind.__name__] = kind

    def parsed(raw: bytes) -> T:
        try:
            value = adapter.validate_json(raw, strict=True)
        except ValidationError as error:
            found = complaints(error.errors(include_url=False, include_context=False))
        else:
            found = unkeepable(value, "body")
            if not found:
                return value
        raise InvalidError("The request is not valid; complaints says where.", found)

    async def read(request: Request) -> T:
        # In a thread: everybody else would wait while megabytes are gone through.
        return await run_in_threadpool(parsed, await request.body())

    return read


def unkeepable(value: Any, where: str) -> list[dict[str, str]]:
    """Complaints about what is of the right kind and yet cannot be kept."""
    return [_fault(at, what) for at, what in _unkeepable(value, where)]


def described(kind: type[Any]) -> dict[str, Any]:
    """A route's `openapi_extra=`: that it takes this kind, and an example of it."""
    name = kind.__name__
    content = {
        "schema": {"$ref": f"#/components/schemas/{name}"},
        "examples": {name: {"value": EXAMPLES[name]}},
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def schemas() -> dict[str, Any]:
    """Schemas of all kinds that some route takes, and of what they hold."""
    found: dict[str, Any] = {}
    for name, kind in sorted(_KNOWN.items()):
        found |= schemas_of(kind, name)
    return found


def schemas_of(kind: type[Any], name: str) -> dict[str, Any]:
    """The schema of a kind under this name, and of what it holds, with the bounds of its fields."""
    schema = TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}")
    found = {**schema.pop("$defs", {}), name: {**schema, "title": name}}
    if not is_dataclass(kind):
        return found
    return {each: bounded(told) for each, told in found.items()}


def _fault(where: str, what: str) -> dict[str, str]:
    return {"where": where, "message": what, "kind": "not_kept"}


def _unkeepable(value: Any, where: str, name: str = "") -> Iterator[tuple[str, str]]:
    """What is of the right kind and yet cannot be kept: control characters, years far away.

    `name`: of the field that holds it; bounds hang on that, in values of the field alone.
    """
    if isinstance(value, date):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            yield where, f"the year must be from {FIRST_YEAR} to {LAST_YEAR}"
    elif isinstance(value, str | int | float):
        if fault := fault_of(name, value):
            yield where, fault
    elif is_dataclass(value):
        for each in fields(value):
            inner = getattr(value, each.name)
            yield from _unkeepable(inner, f"{where}.{each.name}", each.name)
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            inner = getattr(value, field)
            # JSON of no kind yet is for `value_from`, which gives it one first.
            if not isinstance(inner, dict):
                yield from _unkeepable(
                    inner, f"{where}.{field}", field if field in LONG_TEXTS else ""
                )
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            # A key may be anything, and is not repeated.
            yield from _unkeepable(key, f"{where}.?")
            yield from _unkeepable(inner, f"{where}.?")
    elif isinstance(value, Iterable):
        for number, inner in enumerate(value):
            yield from _unkeepable(inner, f"{where}.{number}")
