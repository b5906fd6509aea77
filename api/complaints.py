"""What is wrong with a request's values, said without ever saying the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.rules_said import said

_MOST = 1000

# The library's words for these repeat what was sent, or a part of it.
_OUR_WORDS = {
    "json_invalid": "This is not JSON.",
    "union_tag_invalid": "This is none of the kinds that there are.",
    "url_parsing": "This is not an address.",
    "url_scheme": "This is not an address of a kind that may stand here.",
    "url_syntax_violation": "This is not an address.",
    "uuid_parsing": "This is not a UUID.",
}
_OTHERWISE = "This is not valid."
# A name of a field, or of one that does not exist: not a sentence with a person in it.
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")


def complaints(faults: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Every fault: `where` it is, the `message`, and its `kind` for programs."""
    return [_complaint(fault) for fault in faults[:_MOST]]


def _complaint(fault: Mapping[str, Any]) -> dict[str, str]:
    location, message = list(fault["loc"]), ""
    if fault["type"] == "value_error":
        field, message = said(_words(fault)) or ("", "")
        location += [field] if field else []
    where = ".".join(map(named, location)) or "body"
    return {"where": where, "message": message or _message(fault), "kind": str(fault["type"])}


def named(step: Any) -> str:
    """A field's name or a number, as it may be told; a question mark for anything else."""
    if isinstance(step, int) or _FIELD_NAME.fullmatch(str(step)):
        return str(step)
    return "?"


def _message(fault: Mapping[str, Any]) -> str:
    if own := _OUR_WORDS.get(fault["type"]):
        return own
    message = _words(fault)
    # A check of our own may have put the value into its words.
    if fault["type"] in ("value_error", "assertion_error") and any(
        leaf in message for leaf in _leaves(fault.get("input"))
    ):
        return _OTHERWISE
    return message


def _words(fault: Mapping[str, Any]) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")


def _leaves(value: Any) -> Iterator[str]:
    """Every value inside, as text, names of fields too; single characters tell nothing."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(name)
            yield from _leaves(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and len(str(value)) > 1:
        yield str(value)
