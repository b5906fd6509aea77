"""Faults of shape: keys that are missing or not known, and values of another kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from allocator.scenario.fault import Fault, Path, place_of
from allocator.scenario.file import Base, Questions, Scenario, ScenarioFile
from allocator.simulate.changes import AnyChange
from allocator.simulate.changes.who import Who

KINDS: dict[str, Any] = {
    str(each.default): change
    for change in get_args(AnyChange)
    for each in fields(change)
    if each.name == "kind"
}
"""The class of each kind of change."""
PLAIN = {
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "finite_number": "must be a number",
    "string_type": "must be text: put it in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list, as [a, b]",
    "list_type": "must be a list, as [a, b]",
    "set_type": "must be a list, as [a, b]",
    "frozen_set_type": "must be a list, as [a, b]",
    "dataclass_type": "must hold keys and values",
    "dict_type": "must hold keys and values",
    "model_attributes_type": "must hold keys and values",
}
"""The reader's words in the planner's."""
NUMBERS = {"int_type": "must be a whole number", "float_type": "must be a number"}
EXAMPLES = {
    "factor": "1.1, for a tenth more",
    "forecast_factor": "1.1, for a tenth more",
    "load": "1.1, for a tenth more nights than beds",
    "share": "0.3, for 30 %",
}
"""What a number of that key looks like, where it is not plain."""
_NUMBER = re.compile(r"\s*[-+]?[0-9]+(\.[0-9]+)?\s*")
_QUOTED = re.compile(r"'([^']*)'")


def shape_faults(error: ValidationError, data: object) -> Iterator[Fault]:
    """A fault for each of the error's, by the path in the file."""
    for found in error.errors(include_url=False):
        path, text = _in_file(found["loc"], data), ""
        text = _words(found, path, data)
        if found["type"] == "value_error":
            path = place_of(path, text, found["input"])
        yield Fault(path, text)


def _in_file(loc: Sequence[str | int], data: object) -> Path:
    """The path without the kinds that a choice between classes adds to it."""
    path: list[str | int] = []
    here: Any = data
    for place, part in enumerate(loc):
        if isinstance(here, dict):
            is_kind = part == here.get("kind") and part not in here
            if is_kind and place + 1 <= len(loc):
                continue
            here = here.get(part) if isinstance(part, str) else None
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            continue  # a kind of value that was tried in vain
        path.append(part)
    return tuple(path)


def _words(found: Any, path: Path, data: object) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "missing":
        return "is missing: give it"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _unknown(str(path[-1]) if path else "", _known(path[:-1], data))
    if kind == "union_tag_not_found":
        return f"has no kind: give one of {', '.join(sorted(KINDS))}"
    if kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        kinds = ", ".join(sorted(KINDS))
        return f"there is no kind {tag!r}{_nearest(tag, KINDS)}; there are {kinds}"
    if kind == "value_error":
        return str(context["error"])
    if kind in NUMBERS:
        return NUMBERS[kind] + _such_as(kind, path, found["input"])
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}, not {found['input']}"
    if kind == "less_than_equal":
        return f"must be at most {context['le']}, not {found['input']}"
    if kind in ("enum", "literal_error") and path != ("version",):
        return _one_of(found["input"], _QUOTED.findall(str(context["expected"])))
    if kind.startswith("date_"):
        return "must be a day, written as 2027-03-01"
    if kind == "literal_error" and path == ("version",):
        return "this allocator reads version 1"
    text = str(found["msg"])
    return text[:1].lower() + text[1:]


def _such_as(kind: str, path: Path, given: object) -> str:
    """What would mend a number: no quotes around it, or digits in place of words."""
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        return ", without quotes"
    usual = "5" if kind == "int_type" else "1.5"
    return f", such as {EXAMPLES.get(str(path[-1]) if path else '', usual)}"


def _one_of(given: object, there: Sequence[str]) -> str:
    """A near word alone where there is one; else every word that there is."""
    near = _nearest(str(given), there)
    if near:
        return f"there is no {given!r}{near}"
    if len(there) == 1:
        return f"must be {there[0]}, not {given!r}"
    return f"there is no {given!r}; there are {', '.join(sorted(there))}"


def _unknown(name: str, known: Sequence[str]) -> str:
    near = _nearest(name, known)
    return f"is not known here{near}; leave it out, or use one of {', '.join(known)}"


def _nearest(name: str, known: Any) -> str:
    words = {str(each).casefold(): str(each) for each in known}
    near = get_close_matches(name.casefold(), list(words), n=1)
    return f": is {words[near[0]]} meant?" if near else ""


def _known(path: Path, data: object) -> list[str]:
    """Keys that may stand at a place."""
    if not path:
        return _keys(ScenarioFile)
    last = path[-1]
    if last == "base":
        return _keys(Base)
    if last == "questions":
        return _keys(Questions)
    if last == "who":
        return _keys(Who)
    if len(path) == 2 and path[0] == "scenarios":
        return _keys(Scenario)
    here: Any = data
    for part in path:
        here = here[part]
    found = KINDS.get(str(here.get("kind"))) if isinstance(here, dict) else None
    return ["latitude", "longitude"] if found is None else _keys(found)


def _keys(found: Any) -> list[str]:
    return [each.name for each in fields(found)]
