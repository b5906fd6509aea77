"""Values in: a value of the field that is part of a body, taken strictly or refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from api.complaints import complaints
from api.service.refusals import InvalidError
from api.wire.body import unkeepable

T = TypeVar("T")


def value_from(adapter: TypeAdapter[T], sent: Mapping[str, Any], where: str) -> T:
    """The value. Raises InvalidError with every fault, and repeats nothing that was sent."""
    try:
        value = adapter.validate_json(json.dumps(sent), strict=True)
    except ValidationError as error:
        found = complaints(
            [
                {**fault, "loc": (where, *fault["loc"])}
                for fault in error.errors(include_url=False, include_context=False)
            ]
        )
    else:
        # After it has a kind: rubbish of many megabytes is refused without being gone through.
        found = unkeepable(sent, where)
        if not found:
            return value
    raise InvalidError("The request is not valid; complaints says where.", found)
