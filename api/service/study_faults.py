"""Study faults: what only the service finds wrong with a scenario file, by the path in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from allocator.forecast import Forecast
from allocator.generate.options import SIZES, Options
from allocator.policy import DEFAULT_POLICY
from allocator.problem import Problem
from allocator.scenario.fault import Fault, Path
from allocator.scenario.file import Base, ScenarioFile
from api.service.studies import CURRENT, REGISTER, SYNTHETIC, Over

MOST_BEDS = 5_000
"""Of the estate. England and Wales have some 2,300; ten times as many take gigabytes to look at."""
MOST_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """A file's keys and values, what was sent beside it, and the estate that it comes to."""

    data: dict[str, Any]
    base: dict[str, Any]
    over: Over
    problem: Problem | None
    forecast: Forecast | None
    estate: Problem | None
    """None: it is made up."""


def base_faults(given: Given) -> Iterator[Fault]:
    """Of the estate and the forecast that the base names."""
    for key, sent in (("problem", given.problem), ("forecast", given.forecast)):
        path = ("base", key)
        named_so = given.base.get(key)
        if named_so is None and sent is not None:
            yield Fault(path, f"a {key} was sent and is not named here: write `sent`")
        elif (
            isinstance(named_so, str)
            and sent is None
            and not (key == "problem" and given.over == REGISTER)
        ):
            yield Fault(
                path,
                f"no file is read here: send its content in the field `{key}` beside"
                + f", or write `{REGISTER if key == 'problem' else CURRENT}`",
            )
    if given.over == REGISTER and given.problem is not None:
        yield Fault(("base", "problem"), "a problem was sent and `register` is named: choose one")
    if given.over != SYNTHETIC and given.base.get("forecast") is None:
        yield Fault(
            ("base", "forecast"),
            "such an estate needs a forecast, which says who comes: send one",
        )
    yield from _of_beds(given)


def _of_beds(given: Given) -> Iterator[Fault]:
    if given.estate is not None:
        beds, path = len(given.estate.beds), ("base", "problem")
    else:
        path = ("base", "size")
        try:
            read = Base(**{k: v for k, v in given.base.items() if k in ("size", "windows", "load")})
            beds = Options(SIZES[read.size], read.windows, read.load).beds
        except (KeyError, TypeError, ValueError):
            return  # which is told elsewhere
    if not 1 <= beds <= MOST_BEDS:
        yield Fault(path, f"the estate has {beds:,} beds; from 1 to {MOST_BEDS:,} can be studied")


def policy_faults(given: Given) -> Iterator[Fault]:
    """Policies go by name here: a path would be one of the service's machine."""
    packaged = sorted(
        each.name.removesuffix(".toml")
        for each in resources.files("allocator.policies").iterdir()
        if each.name.endswith(".toml")
    )
    there = f"there are {', '.join(packaged)}" if packaged else f"there is {DEFAULT_POLICY}"
    for path, name in _policies_named(given):
        if isinstance(name, str) and name not in packaged:
            yield Fault(path, f"no policy goes by this name here; {there}")


def _policies_named(given: Given) -> Iterator[tuple[Path, object]]:
    yield ("base", "policy"), given.base.get("policy")
    for number, scenario in enumerate(_listed(given.data.get("scenarios"))):
        changes = scenario.get("changes") if isinstance(scenario, dict) else None
        for place, change in enumerate(_listed(changes)):
            if isinstance(change, dict):
                yield ("scenarios", number, "changes", place, "policy"), change.get("policy")


def size_faults(file: ScenarioFile, most: int) -> Iterator[Fault]:
    """Of a study that is too large. `most`: simulated years."""
    years = years_of(file)
    if years > most:
        yield Fault(
            ("replications",),
            f"{1 + len(file.scenarios)} scenarios with the base, {len(file.methods)} methods "
            f"and {file.replications} years, and the questions, come to {years:,} simulated "
            f"years; at most {most:,} are run for one study: ask for fewer",
        )
    if sum(len(each.changes) for each in file.scenarios) > MOST_CHANGES:
        yield Fault(("scenarios",), f"at most {MOST_CHANGES:,} changes are taken: ask for fewer")


def years_of(file: ScenarioFile) -> int:
    """How many simulated years a study may come to, its questions answered the longest way."""
    return sum(years_by_method(file).values())


def years_by_method(file: ScenarioFile) -> dict[str, int]:
    """The same by the way of placing. Questions are asked under one alone."""
    asked = file.questions
    sites = sum(1 + most for most in (asked.best_sites, asked.closures) if most is not None)
    # Beds are added one by one, and then each is tried without, and each premises once more.
    beds = 0 if asked.enough_beds is None else 1 + 3 * asked.enough_beds
    found = dict.fromkeys(file.methods, (1 + len(file.scenarios)) * file.replications)
    under = asked.method or file.methods[0]
    return {**found, under: found.get(under, 0) + (sites + beds) * file.replications}


def _listed(data: object) -> list[Any]:
    return data if isinstance(data, list) else []
