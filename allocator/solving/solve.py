"""Solve: a problem and a policy in, a plan out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from allocator.plan import Certificate, EndedBy, LevelReached, Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.progress import Progress
from allocator.rules.place import place_of
from allocator.solving.aims import Level
from allocator.solving.certify import SCALE, NightPrices, certificate, from_potentials, price_bound
from allocator.solving.effort import EFFORTS, Effort
from allocator.solving.model import Model, build_model
from allocator.solving.outcome import as_plan
from allocator.solving.region import LevelEnd, Region, signed
from allocator.solving.start import start
from allocator.solving.sweep import sweep
from allocator.solving.whole_bounds import WholeBounds

Ints = npt.NDArray[np.int64]
Watcher = Callable[[Progress], None]
SWEEP_SHARE = 0.55
"""Of a time limit, for the plan of a large problem; the rest is for its bounds."""


@dataclass
class _Watch:
    """The clock and the bell: when to stop, and who is told how it goes."""

    limit_s: float | None
    stop: Callable[[], bool]
    progress: Watcher
    began: float = field(default_factory=time.monotonic)
    interrupted: bool = False
    timed_out: bool = False

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def stopped(self) -> bool:
        """Whether to come to an end now."""
        if not self.interrupted and self.stop():
            self.interrupted = True
        if self.limit_s is not None and self.elapsed() > self.limit_s:
            self.timed_out = True
        return self.interrupted or self.timed_out

    def most_used(self) -> bool:
        """Whether what is left of the time belongs to the bounds."""
        if self.limit_s is not None and self.elapsed() > SWEEP_SHARE * self.limit_s:
            self.timed_out = True
        return self.interrupted or self.timed_out or self.stopped()

    def bounds_stopped(self) -> bool:
        """Whether bounding must end: at the limit itself."""
        return self.interrupted or (self.limit_s is not None and self.elapsed() > self.limit_s)

    def ended_by(self) -> EndedBy:
        if self.interrupted:
            return EndedBy.INTERRUPTED
        return EndedBy.TIME_LIMIT if self.timed_out else EndedBy.EFFORT


def solve(
    problem: Problem,
    policy: Policy,
    *,
    effort: str = "standard",
    seed: int = 0,
    workers: int = 1,
    time_limit_s: float | None = None,
    keep: Plan | None = None,
    displacement: bool = False,
    progress: Watcher | None = None,
    stop: Callable[[], bool] | None = None,
    incumbent: Callable[[Plan], None] | None = None,
) -> Plan:
    """The best plan found for the effort, level by level, with a bound on each level.

    There is always a plan. The same problem, policy, seed and effort give the same plan, whatever
    `workers` is (regions are solved one after another so far), unless `time_limit_s` or `stop`
    ends the work; the plan says so. `incumbent` is
    given plans on the way, without bounds. Raises
    ValueError for an unknown effort, ModelError when the model breaks one of its own rules.
    """
    if effort not in EFFORTS:
        raise ValueError(f"effort must be one of {', '.join(EFFORTS)}, not {effort!r}")
    watch = _Watch(time_limit_s, stop or (lambda: False), progress or (lambda _: None))
    watch.progress(Progress("", None, None, watch.elapsed(), "listing the options"))
    model = build_model(problem, policy, displacement=displacement, keep=keep)
    watch.progress(Progress("", None, None, watch.elapsed(), "first plan"))
    option_of = start(model).option_of
    if any(not p.is_new and option_of[i] < 0 for i, p in enumerate(model.parties)):
        model = build_model(
            problem, policy, displacement=displacement, keep=keep, some_unseated=True
        )
        option_of = start(model).option_of
    run = _Run(model, EFFORTS[effort], seed, watch, displacement)

    def plan(option_of: Ints, levels: list[LevelReached], certificates: list[Certificate]) -> Plan:
        return as_plan(
            model,
            option_of,
            levels,
            certificates,
            ended_by=watch.ended_by(),
            displacement=displacement,
            effort=effort,
            seed=seed,
            seconds=watch.elapsed(),
        )

    if incumbent is not None:
        run.shown = lambda found: incumbent(plan(found, run.unbounded(found), []))
        run.shown(option_of)
    return plan(*run.through(option_of))


@dataclass
class _Run:
    model: Model
    effort: Effort
    seed: int
    watch: _Watch
    displacement: bool = False
    shown: Callable[[Ints], None] = lambda _: None

    def unbounded(self, option_of: Ints) -> list[LevelReached]:
        """What each level reaches, with no bound."""
        totals = self.model.totals(option_of)
        return [
            self._reached(level, total, None, 0.0)
            for level, total in zip(self.model.levels, totals, strict=True)
        ]

    def through(self, option_of: Ints) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        if len(self.model.options) <= self.effort.whole_options:
            return self._whole(option_of)
        return self._in_regions(option_of)

    # ---- one region -----------------------------------------------------------------------

    def _whole(self, option_of: Ints) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        region = Region(self.model, option_of, seed=self.seed, stopped=self.watch.stopped)
        ends: list[tuple[LevelEnd, NightPrices | None, float]] = []
        for k, (level, gain) in enumerate(zip(self.model.levels, self.model.gain_of, strict=True)):
            began = self.watch.elapsed()
            end = region.raise_level(gain, self.effort.whole)
            prices = self._prices(region, end)
            region.hold(k, end.value)
            ends.append((end, prices, self.watch.elapsed() - began))
            self._tell(level, end.value, end.bound)
        return self._levels(region.option_of, ends)

    def _prices(self, region: Region, end: LevelEnd) -> NightPrices | None:
        """Night prices of a level bounded by prices alone; none where search gave the bound."""
        if end.by_search or end.bound is None:
            return None
        if end.duals is None or end.best is None:
            return NightPrices(np.zeros(self.model.stock.capacity.shape), {}, ())
        return NightPrices(
            from_potentials(end.best.ahead),
            dict(zip(region.held_levels, end.duals.earlier.tolist(), strict=True)),
            tuple(
                (limit, day, float(price))
                for price, (limit, day, _) in zip(
                    end.duals.limits, region.master.limits[: len(end.duals.limits)], strict=True
                )
                if price > 0
            ),
        )

    # ---- many regions ---------------------------------------------------------------------

    def _in_regions(self, option_of: Ints) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        option_of = sweep(
            self.model,
            option_of,
            self.effort,
            self.seed,
            self.watch.most_used,
            lambda note: self.watch.progress(Progress("", None, None, self.watch.elapsed(), note)),
        )
        self.shown(option_of)
        descent = WholeBounds(self.model)
        reached = self.model.totals(option_of)
        ends: list[tuple[LevelEnd, NightPrices | None, float]] = []
        for k, level in enumerate(self.model.levels):
            began = self.watch.elapsed()
            plain = descent.plain(k)
            prices = NightPrices(np.zeros(self.model.stock.capacity.shape), {}, ())
            bound = plain
            if plain > reached[k] and not self.watch.bounds_stopped():
                steps = self.effort.steps(len(self.model.options))
                found = descent.lower(k, reached, steps, self.watch.bounds_stopped)
                priced = price_bound(self.model, k, found, reached, self.model.gain_of)
                if priced < plain:
                    prices, bound = found, priced
            ends.append(
                (LevelEnd(reached[k], bound, None, None), prices, self.watch.elapsed() - began)
            )
            self._tell(level, reached[k], bound)
        return self._levels(option_of, ends)

    # ---- telling --------------------------------------------------------------------------

    def _levels(
        self, option_of: Ints, ends: list[tuple[LevelEnd, NightPrices | None, float]]
    ) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        reached = self.model.totals(option_of)
        levels, certificates = [], []
        for k, (level, (end, prices, seconds)) in enumerate(
            zip(self.model.levels, ends, strict=True)
        ):
            # With moves, the limits count bookings as if they stayed: sound, and no longer a bound.
            bound = None if self.displacement else end.bound
            if prices is not None and bound is not None and end.best is None:
                # These prices were added up when they were found, against this very plan.
                bound = max(bound, reached[k])
                certificates.append(certificate(self.model, level, prices, SCALE))
            elif prices is not None and bound is not None:
                certified = price_bound(self.model, k, prices, reached, self.model.gain_of)
                if certified <= bound:
                    bound = max(certified, reached[k])
                    certificates.append(certificate(self.model, level, prices, SCALE))
            levels.append(self._reached(level, reached[k], bound, seconds))
        return option_of, levels, certificates

    def _reached(self, level: Level, total: int, bound: int | None, seconds: float) -> LevelReached:
        fixed = settled_part(self.model, level)
        value = signed(total, level.sense) + fixed
        limit = None if bound is None else signed(bound, level.sense) + fixed
        return LevelReached(
            level.aim,
            level.band,
            level.sense,
            level.unit,
            value,
            limit,
            proven=limit == value,
            seconds=round(seconds, 3),
        )

    def _tell(self, level: Level, total: int, bound: int | None) -> None:
        told = self._reached(level, total, bound, 0.0)
        self.watch.progress(Progress(level.code, told.value, told.bound, self.watch.elapsed()))


def settled_part(model: Model, level: Level) -> int:
    """What settled bookings add to a level: the same in every plan."""
    kept = model.settled.kept
    if level.aim == "residents_kept":
        return sum(booking.resident for booking in kept)
    if level.aim == "bookings_kept":
        return sum(not booking.resident for booking in kept)
    if level.aim == "bookings_suited":
        return sum(
            place_of(str(booking.bed_id), model.problem).has_all(booking.essential)
            for booking in kept
        )
    return 0
