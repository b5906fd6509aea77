"""Setting: what a simulated year is made from, small enough to be sent to another process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from allocator.closed import CLOSED
from allocator.coming import Coming, Demand
from allocator.forecast import Forecast, read_forecast
from allocator.generate.options import SIZES, Options
from allocator.generate.problem import generate_with
from allocator.generate.safeguards import make_separations, make_zones
from allocator.generate.year import TrueDemand
from allocator.history import History, Past
from allocator.policy import Policy, load_policy
from allocator.problem import Problem
from allocator.problem_file import read_problem
from allocator.simulate.changes import AnotherPolicy, Change, Inputs, apply
from allocator.simulate.futures import Futures, draw
from allocator.simulate.world import World, make_world, people_of, seated
from allocator.streams import Streams

SIMULATION_VERSION = 1
"""Raised whenever the same setting and method give other figures than before."""
HISTORY_DAYS = 728


@dataclass(frozen=True, slots=True)
class Setting:
    """An estate, who comes, what is known beforehand, and for how long.

    A synthetic estate (`size`, `seed`, `load`, `windows`) has a true process behind it. A real one
    (`problem`) has the people of `forecast` for the truth: there is no other.
    """

    __pydantic_config__ = CLOSED

    size: str = "M"
    seed: int = 1
    load: float = 1.1
    windows: str = "mixed"
    problem: str | None = None
    """Path of a problem.json, in place of a synthetic estate."""
    forecast: str | None = None
    """Path of a forecast.json that those who decide have; None: see `known`."""
    known: str = "history"
    """history: a forecast fitted to two other synthetic years; true: the process itself."""
    forecast_factor: float = 1.0
    """The forecast is made wrong by this factor."""
    policy: str | None = None
    days: int = 364
    warm_up_days: int = 91
    replication: int = 1
    """Number of the random year; the estate stays the same."""
    changes: tuple[Change, ...] = ()
    """What is otherwise than all the rest says. Those who decide know of it."""

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise ValueError(f"size must be one of {', '.join(SIZES)}, not {self.size!r}")
        if self.known not in ("history", "true"):
            raise ValueError(f"known must be history or true, not {self.known!r}")
        if self.problem is not None and self.forecast is None:
            raise ValueError("a problem needs a forecast: it says who comes")
        if self.days < 1 or self.warm_up_days < 0 or self.replication < 1:
            raise ValueError("days and replication are at least 1, warm_up_days at least 0")
        if not 0 <= self.forecast_factor <= 10:
            raise ValueError("forecast_factor must be from 0 to 10")

    @property
    def streams(self) -> Streams:
        """Random streams of the year itself: the same for every method and every forecast."""
        return Streams(self.seed).family(f"year/{self.replication}")


_SETTING = TypeAdapter(Setting)


def digest(setting: Setting, method: str) -> str:
    """SHA-256 of all that the figures depend on, files by their content."""
    found = hashlib.sha256(f"{SIMULATION_VERSION}/{method}/".encode())
    # Without changes a setting keeps the key it had before there were any.
    found.update(_SETTING.dump_json(setting, exclude=None if setting.changes else {"changes"}))
    for path in (setting.problem, setting.forecast):
        if path is not None:
            found.update(hashlib.sha256(Path(path).read_bytes()).digest())
    others = [change.policy for change in setting.changes if isinstance(change, AnotherPolicy)]
    for policy in (setting.policy, *others):
        found.update(load_policy(policy).digest.encode())
    return found.hexdigest()


@lru_cache(maxsize=1)
def world_of(setting: Setting) -> World:
    """The world; the last one asked for is kept, for methods are tried on it one after another."""
    policy = load_policy(setting.policy)
    problem, demand = _estate(setting, policy)
    streams = setting.streams
    until = last_day(setting, problem.as_of)
    people = people_of(demand, streams, problem.as_of, until)
    if setting.problem is None:
        problem = _safeguarded(problem, people, setting, "safeguards")
    inputs = Inputs(problem, demand, policy)
    if setting.changes:
        inputs, people = _changed(setting, inputs, people, until)
    return make_world(
        inputs.problem,
        inputs.policy,
        people,
        streams,
        warm_up_days=setting.warm_up_days,
        days=setting.days,
        breaks=inputs.breaks,
        closing=inputs.closing,
    )


def last_day(setting: Setting, first: date) -> date:
    """The day after the last on which a release is counted."""
    return first + timedelta(days=setting.warm_up_days + setting.days)


def inputs_of(setting: Setting) -> Inputs:
    """What changes would find: the estate as it is before the first day, demand and policy."""
    policy = load_policy(setting.policy)
    problem, demand = _estate(setting, policy)
    return Inputs(problem, demand, policy)


def futures_of(setting: Setting, world: World, count: int) -> Futures:
    """Sampled futures as those who decide would have them: never the year's own people."""
    if not count:
        return Futures(np.zeros(len(world.ground.beds)))
    known = _known(setting, world)
    until = world.until + timedelta(days=30)
    streams = setting.streams.family("futures")
    return draw(known, count, streams, world.first, until, world.ground)


def _estate(setting: Setting, policy: Policy) -> tuple[Problem, Demand]:
    if setting.problem is not None:
        assert setting.forecast is not None
        return read_problem(Path(setting.problem)), read_forecast(Path(setting.forecast))
    options = Options(SIZES[setting.size], setting.windows, setting.load)
    problem = generate_with(options, setting.seed)
    return problem, TrueDemand(options, problem.premises, policy)


def _changed(
    setting: Setting, inputs: Inputs, usual: tuple[Coming, ...], until: date
) -> tuple[Inputs, tuple[Coming, ...]]:
    """The inputs with the setting's changes, and who comes.

    Everyone of the first day has a bed before anything is changed, and the usual people keep their
    separations and zones: what a change does not say stays as it is without it.
    """
    first = inputs.problem.as_of
    inputs = replace(inputs, problem=seated(inputs.problem, inputs.policy))
    inputs = apply(setting.changes, inputs)
    people = people_of(inputs.demand, setting.streams, first, until)
    if setting.problem is None:
        known = {each.referral.crn for each in usual}
        added = tuple(each for each in people if each.referral.crn not in known)
        problem = _safeguarded(inputs.problem, added, setting, "safeguards of others")
        inputs = replace(inputs, problem=problem)
    return inputs, (*people, *inputs.again)


def _safeguarded(
    problem: Problem, people: tuple[Coming, ...], setting: Setting, family: str
) -> Problem:
    """With separations and exclusion zones for the synthetic year's people, as for a list's."""
    options = Options(SIZES[setting.size], setting.windows, setting.load)
    referrals = tuple(person.referral for person in people)
    streams = setting.streams.family(family)
    pairs = make_separations(options, referrals, problem.bookings, streams)
    zones = make_zones(referrals, problem.premises, streams)
    return replace(
        problem,
        separations=(*problem.separations, *pairs),
        zones=(*problem.zones, *zones),
    )


def _known(setting: Setting, world: World) -> Demand:
    """What those who decide know of who will come."""
    inputs = inputs_of(setting)
    found: Demand
    if setting.forecast is None and setting.known == "true" and setting.forecast_factor == 1.0:
        found = inputs.demand
    else:
        forecast = (
            _fitted(inputs.demand, setting, world)
            if setting.forecast is None
            else read_forecast(Path(setting.forecast))
        )
        wrong = setting.forecast_factor != 1.0
        found = forecast.scaled(setting.forecast_factor) if wrong else forecast
    return apply(setting.changes, replace(inputs, demand=found)).demand


def _fitted(demand: Demand, setting: Setting, world: World) -> Forecast:
    """A forecast from years before the first day that are not the simulated one."""
    first = world.first - timedelta(days=HISTORY_DAYS)
    past = demand.people(setting.streams.family("history"), first, world.first)
    history = History(
        people=tuple(_past(coming, world.first) for coming in past),
        first=first,
        until=world.first,
        synthetic=True,
        changes_known=True,
    )
    # Loaded late: see allocator.forecast.
    from allocator.forecast.fit import fit

    return fit(history, world.policy, world.first)


def _past(coming: Coming, today: date) -> Past:
    """What is known today of someone referred before."""
    released = coming.referral.release_date < today
    over = coming.referral.latest_arrival + timedelta(days=coming.referral.nights) <= today
    return Past(coming, arrival_known=released, stay_known=over, followed=released)
