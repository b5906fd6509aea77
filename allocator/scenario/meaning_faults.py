"""Faults of meaning: names of nothing, files that are not there, changes that cannot be made.

They are looked for in whatever has the right shape, so that all faults are told at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from allocator.errors import AllocatorError
from allocator.problem import Problem
from allocator.scenario.date_faults import date_faults, years_end
from allocator.scenario.fault import Fault, place_of
from allocator.scenario.file import BASE, Base, setting_of
from allocator.simulate.changes import Change, Inputs, with_paths_from
from allocator.simulate.methods import METHODS
from allocator.simulate.setting import inputs_of

OF_SYNTHETIC = ("size", "load", "windows")
"""Of a synthetic estate: a problem has its own, and its forecast says who comes."""
OF_NO_FORECAST = ("known",)
CANNOT_CLOSE = frozenset({"optimise-all"})
T = TypeVar("T")
_BASE: TypeAdapter[Base] = TypeAdapter(Base)
_CHANGE: TypeAdapter[Any] = TypeAdapter(Change)


def as_json(data: object) -> str:
    """YAML's values as JSON: a date is its text."""
    return json.dumps(data, default=str)


def name_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """Faults of names that can be seen without the base."""
    yield from _of_methods(data)
    yield from _of_closing(data)
    yield from _of_names(data)
    yield from _of_idle_keys(data)


def base_faults(data: dict[str, Any], folder: FilePath) -> Iterator[Fault]:
    """Faults of files, and of changes tried on the base. `folder`: where the scenario file lies."""
    base = _valid(_BASE, data.get("base", {}))
    if base is None:
        return
    base = found_from(base, folder)
    missing = list(_of_files(base))
    yield from missing
    if missing:
        return
    try:
        inputs = inputs_of(setting_of(base))
        inputs = replace(inputs, problem=_with_known_people(inputs.problem))
    except (ValueError, AllocatorError) as error:
        yield Fault(place_of(("base",), str(error), data.get("base")), str(error))
        return
    first, until = inputs.problem.as_of, years_end(data, inputs.problem.as_of)
    for number, scenario in enumerate(_list(data.get("scenarios"))):
        yield from _of_changes(scenario, number, inputs, folder)
        yield from _of_dates(scenario, number, first, until)


def _with_known_people(problem: Problem) -> Problem:
    """The estate with those of whom a change may ask what they need.

    None is given a bed, as a year would: that takes seconds, and no fault rests on it.
    """
    return problem.with_bookings(
        each
        for each in problem.bookings
        if each.referral is not None and each.stay.departure > problem.as_of
    )


def found_from(base: Base, folder: FilePath) -> Base:
    """The base with its files found from the folder; a policy may also be one by name."""

    def path(name: str | None) -> str | None:
        return None if name is None else str((folder / name).resolve())

    is_file = base.policy is not None and (folder / base.policy).is_file()
    return replace(
        base,
        problem=path(base.problem),
        forecast=path(base.forecast),
        policy=path(base.policy) if is_file else base.policy,
    )


def _of_files(base: Base) -> Iterator[Fault]:
    for key in ("problem", "forecast"):
        name = getattr(base, key)
        if name is not None and not FilePath(name).is_file():
            yield Fault(("base", key), f"there is no file {name}")


def _of_closing(data: dict[str, Any]) -> Iterator[Fault]:
    """A closing under a method that cannot be told of one."""
    named = [name for name in _list(data.get("methods")) if isinstance(name, str)]
    methods = [name for name in named if name in CANNOT_CLOSE]
    for number, scenario in enumerate(_list(data.get("scenarios"))):
        listed = _list(scenario.get("changes")) if isinstance(scenario, dict) else []
        for place, change in enumerate(listed):
            if methods and isinstance(change, dict) and change.get("kind") == "close":
                yield Fault(
                    ("scenarios", number, "changes", place),
                    f"{methods[0]} plans with a problem that has no closing day: take the method "
                    "or the change out",
                )


def _of_methods(data: dict[str, Any]) -> Iterator[Fault]:
    there = f"there are {', '.join(METHODS)}"
    named = _list(data.get("methods"))
    for number, name in enumerate(named):
        if isinstance(name, str) and name not in METHODS:
            yield Fault(("methods", number), f"there is no method {name!r}; {there}")
        elif name in named[:number]:
            yield Fault(("methods", number), f"{name} is there twice: keep one")
    questions = data.get("questions")
    asked = questions.get("method") if isinstance(questions, dict) else None
    if isinstance(asked, str) and asked not in METHODS:
        yield Fault(("questions", "method"), f"there is no method {asked!r}; {there}")


def _of_names(data: dict[str, Any]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, scenario in enumerate(_list(data.get("scenarios"))):
        name = scenario.get("name") if isinstance(scenario, dict) else None
        if not isinstance(name, str):
            continue
        if name == BASE:
            yield Fault(
                ("scenarios", number, "name"), f"{BASE} is the name of no change: give another"
            )
        if name in seen:
            yield Fault(
                ("scenarios", number, "name"),
                f"scenarios[{seen[name]}] has the same name: give another",
            )
        seen.setdefault(name, number)


def _of_changes(scenario: object, number: int, inputs: Inputs, folder: FilePath) -> Iterator[Fault]:
    """Each change made in turn; one that cannot be is left out for those after it."""
    listed = _list(scenario.get("changes")) if isinstance(scenario, dict) else []
    for place, found in enumerate(listed):
        change = _valid(_CHANGE, found)
        if change is None:
            continue
        try:
            change = with_paths_from(change, folder)
            inputs = change.applied(replace(inputs, number=place + 1))
        except ValueError as error:
            path = place_of(("scenarios", number, "changes", place), str(error), found)
            yield Fault(path, str(error).removeprefix("location: "))


def _of_dates(scenario: object, number: int, first: date, until: date | None) -> Iterator[Fault]:
    listed = _list(scenario.get("changes")) if isinstance(scenario, dict) else []
    for place, found in enumerate(listed):
        change = _valid(_CHANGE, found)
        if change is not None and until is not None:
            for key, text in date_faults(change, first, until):
                yield Fault(("scenarios", number, "changes", place, key), text)


def _of_idle_keys(data: dict[str, Any]) -> Iterator[Fault]:
    """Keys of a base that would change nothing beside another that is given."""
    base = data.get("base")
    if not isinstance(base, dict):
        return
    for beside, keys in (("problem", OF_SYNTHETIC), ("forecast", OF_NO_FORECAST)):
        for key in keys:
            if base.get(beside) is not None and key in base:
                yield Fault(
                    ("base", key), f"would change nothing beside {beside}: leave out one of them"
                )


def _valid(adapter: TypeAdapter[T], data: object) -> T | None:
    try:
        return adapter.validate_json(as_json(data), strict=True)
    except (ValidationError, ValueError):
        return None


def _list(data: object) -> list[Any]:
    return data if isinstance(data, list) else []
