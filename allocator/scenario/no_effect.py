"""No effect: changes that changed nobody, no bed and no rule, and scenarios that are the base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from allocator.export.words import long_day
from allocator.scenario.file import BASE, Scenario, ScenarioFile
from allocator.simulate.cell import Result
from allocator.simulate.changes import Inputs, OpenBeds
from allocator.simulate.setting import Setting, inputs_of, last_day
from allocator.simulate.world import people_of, seated

Years = Mapping[tuple[str, str], tuple[Result, ...]]


def warnings_of(file: ScenarioFile, settings: list[Setting], years: Years) -> tuple[str, ...]:
    """A sentence for each; a difference of nothing may be a slip in the file."""
    found: list[str] = []
    before = inputs_of(settings[0])
    before = replace(before, problem=seated(before.problem, before.policy))
    for scenario in file.scenarios:
        idle = list(_idle(scenario, before, settings))
        found += idle
        if not scenario.changes:
            found.append(f"{scenario.name}: has no changes, so every figure is the base's.")
        elif not idle and _same(file, scenario, years):
            found.append(f"{scenario.name}: every figure of every year is the base's.")
    return tuple(found)


def _idle(scenario: Scenario, inputs: Inputs, settings: list[Setting]) -> Iterator[str]:
    for number, change in enumerate(scenario.changes, start=1):
        after = change.applied(replace(inputs, number=number))
        if not any(_differs(inputs, after, setting) for setting in settings):
            yield (
                f"{scenario.name}: change {number} ({change.kind}) changed nobody who comes, no "
                "bed and no rule in any year. Is it what was meant?"
            )
        inputs = after
    yield from _too_late(scenario, inputs)


def _too_late(scenario: Scenario, after: Inputs) -> Iterator[str]:
    """Beds that are opened once nobody may arrive there any more."""
    closed = _closed(after)
    for number, change in enumerate(scenario.changes, start=1):
        if isinstance(change, OpenBeds) and change.premises in closed:
            since, closes = change.since or after.problem.as_of, closed[change.premises]
            if since >= closes:
                yield (
                    f"{scenario.name}: change {number} (open_beds) opens beds at "
                    f"{change.premises} from {long_day(since)}, but from {long_day(closes)} nobody "
                    "arrives there: they stay empty. Is it what was meant?"
                )


def _closed(inputs: Inputs) -> dict[str, date]:
    """The first day on which nobody arrives, by premises: a closing that comes later adds none."""
    found: dict[str, date] = {}
    for each in inputs.closing:
        found[each.premises_id] = min(each.since, found.get(each.premises_id, each.since))
    return found


def _differs(before: Inputs, after: Inputs, setting: Setting) -> bool:
    if _all_but_people(before) != _all_but_people(after):
        return True
    if before.demand is after.demand:
        return False
    first = before.problem.as_of
    until = last_day(setting, first)
    one, other = (people_of(each.demand, setting.streams, first, until) for each in (before, after))
    return one != other


def _all_but_people(inputs: Inputs) -> tuple[object, ...]:
    return inputs.problem, inputs.policy, inputs.breaks, _closed(inputs), inputs.again


def _same(file: ScenarioFile, scenario: Scenario, years: Years) -> bool:
    return all(
        [each.tally for each in years[scenario.name, method]]
        == [each.tally for each in years[BASE, method]]
        for method in file.methods
    )
