"""The scenario file: what it may hold. docs/scenarios.md explains every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from allocator.closed import CLOSED
from allocator.simulate.changes import Change
from allocator.simulate.setting import Setting

SCENARIO_VERSION = 1
BASE = "base"
"""Name of the years without changes."""
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
    best_sites: int | None = None
    """At how many premises a bed more is tried, those of the highest price first."""
    closures: int | None = None
    """How many premises' closing is tried, those of the lowest price first."""
    enough_beds: int | None = None
    """Most beds to add until nobody of band 1 goes without."""

    def __post_init__(self) -> None:
        for name in ("best_sites", "closures", "enough_beds"):
            asked = getattr(self, name)
            if asked is not None and not 1 <= asked <= 500:
                raise ValueError(f"{name} must be from 1 to 500")


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The whole file. `days` are counted, `warm_up_days` before them are not."""

    __pydantic_config__ = CLOSED

    version: Literal[1]
    scenarios: tuple[Scenario, ...] = ()
    base: Base = field(default_factory=Base)
    methods: tuple[str, ...] = USUAL_METHODS
    replications: int = 5
    days: int = 364
    warm_up_days: int = 91
    questions: Questions = field(default_factory=Questions)

    def __post_init__(self) -> None:
        if not 1 <= self.replications <= 1000:
            raise ValueError("replications must be from 1 to 1000")
        if not 1 <= self.days <= 1820 or not 0 <= self.warm_up_days <= 728:
            raise ValueError("days must be from 1 to 1820, and warm_up_days from 0 to 728")
        if not self.methods:
            raise ValueError("methods is empty: name at least one, or leave the key out")


def setting_of(base: Base, days: int = 364, warm_up_days: int = 91) -> Setting:
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
