"""Inputs on one small synthetic estate, with everyone in a named bed, and who comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from allocator.coming import Coming
from allocator.simulate.changes import AnyChange, Inputs, apply
from allocator.simulate.setting import Setting, inputs_of
from allocator.simulate.world import seated
from allocator.streams import Streams

SETTING = Setting(size="S", days=84, warm_up_days=28, load=1.3)
SITE = "NE003"
"""A men's premises of the estate with 18 beds."""
DAYS = 120


@cache
def inputs() -> Inputs:
    """Before any change."""
    found = inputs_of(SETTING)
    return replace(found, problem=seated(found.problem, found.policy))


def day(number: int) -> date:
    """So many days after the first."""
    return inputs().problem.as_of + timedelta(days=number)


def changed(*changes: AnyChange) -> Inputs:
    """After the changes."""
    return apply(changes, inputs())


def people(found: Inputs) -> tuple[Coming, ...]:
    """Who is referred in the first days."""
    return found.demand.people(Streams(7), day(0), day(DAYS))


@cache
def usual() -> tuple[Coming, ...]:
    """Who is referred without any change."""
    return people(inputs())
