"""The scenario file: what it may hold. docs/scenarios.md explains every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from allocator.closed import CLOSED
from allocator.simulate.changes import Change
from allocator.simulate.setting import Setting

SCENARIO_VERSION = 1
BASE = "base"
"""Name of the years without changes."""
LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 28, 1820, 364
"""Days counted: weeks enough that a weekly meeting and its people are more than chance."""
MOST_WARM_UP, USUAL_WARM_UP = 728, 91
Most = Annotated[int | None, Field(ge=1, le=500)]
USUAL_METHODS = ("risk-order", "commit-by")


@dataclass(frozen=True, slots=True)
class Base:
    """The setting that every scenario changes; the meaning of each key is that of `Setting`.

    Paths lead from the folder of the scenario file.
    """

    __pydantic_config__ = CLOSED

    size: str = "S"
    seed: int = 1
    load: float = 1.1
    windows: str = "mixed"
    problem: str | None = None
    forecast: str | None = None
    known: str = "history"
    forecast_factor: float = 1.0
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name, and changes that are made one after another."""

    __pydantic_config__ = CLOSED

    name: str
    changes: tuple[Change, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("name is empty")


@dataclass(frozen=True, slots=True)
class Questions:
    """Each is asked of the base, and answered by running years again. None: not asked."""

    __pydantic_config__ = CLOSED

    method: str | None = None
    """Under which method; None: the first of the file's."""
    best_sites: Most = None
    """At how many premises a bed more is tried, those of the highest price first."""
    closures: Most = None
    """How many premises' closing is tried, those of the lowest price first."""
    enough_beds: Most = None
    """Most beds to add until nobody of band 1 goes without."""


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The whole file. `days` are counted, `warm_up_days` before them are not."""

    __pydantic_config__ = CLOSED

    version: Literal[1]
    scenarios: tuple[Scenario, ...] = ()
    base: Base = field(default_factory=Base)
    methods: tuple[str, ...] = USUAL_METHODS
    replications: Annotated[int, Field(ge=1, le=1000)] = 5
    days: Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS)] = USUAL_DAYS
    warm_up_days: Annotated[int, Field(ge=0, le=MOST_WARM_UP)] = USUAL_WARM_UP
    questions: Questions = field(default_factory=Questions)

    def __post_init__(self) -> None:
        if not self.methods:
            raise ValueError("methods is empty: name at least one, or leave the key out")


def setting_of(base: Base, days: int = USUAL_DAYS, warm_up_days: int = USUAL_WARM_UP) -> Setting:
    """The setting of the base's first year. Raises ValueError for a value out of range."""
    return Setting(
        size=base.size,
        seed=base.seed,
        load=base.load,
        windows=base.windows,
        problem=base.problem,
        forecast=base.forecast,
        known=base.known,
        forecast_factor=base.forecast_factor,
        policy=base.policy,
        days=days,
        warm_up_days=warm_up_days,
    )
