"""Solve: a problem and a policy in, a plan out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from allocator.plan import Certificate, LevelReached, Plan, Sense
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.progress import Progress
from allocator.rules.place import place_of
from allocator.solving.aims import Level
from allocator.solving.certify import certificate, strongest
from allocator.solving.chain import Chain
from allocator.solving.clock import Clock
from allocator.solving.effort import EFFORTS, Effort
from allocator.solving.model import Model, build_model
from allocator.solving.outcome import as_plan
from allocator.solving.prices import Prices, none_of
from allocator.solving.pricing import floor
from allocator.solving.ready import made_ready
from allocator.solving.start import first_plan

Ints = npt.NDArray[np.int64]
Watcher = Callable[[Progress], None]
SEARCH_SHARE = 0.92
"""Of a time limit, for all but adding up what proves the plan."""
STRETCHES_END = ("placed", "miles")
"""Aims after which whole people are looked for before the levels go on."""


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
    `workers` is, unless `time_limit_s` or `stop` has a say in it; the plan says so (`timed`). With
    two workers, where time is short for a large problem, bounds and a better plan are looked for at
    once; a third has nothing to do. `incumbent` is
    given plans on the way, without bounds. Raises
    ValueError for an unknown effort, ModelError when the model breaks one of its own rules.
    """
    if effort not in EFFORTS:
        raise ValueError(f"effort must be one of {', '.join(EFFORTS)}, not {effort!r}")
    tell = progress or (lambda _: None)
    tell(Progress("", None, None, 0.0, "getting ready"))
    made_ready()
    limit_s = None if time_limit_s is None else SEARCH_SHARE * time_limit_s
    clock = Clock(limit_s, stop or (lambda: False))
    tell(Progress("", None, None, clock.elapsed(), "listing the options"))
    model = build_model(problem, policy, displacement=displacement, keep=keep)
    tell(Progress("", None, None, clock.elapsed(), "first plan"))
    option_of = first_plan(model, clock)
    if any(not p.is_new and option_of[i] < 0 for i, p in enumerate(model.parties)):
        model = build_model(
            problem, policy, displacement=displacement, keep=keep, some_unseated=True
        )
        option_of = first_plan(model, clock)
    run = _Run(model, EFFORTS[effort], seed, clock, tell, displacement, workers)

    def plan(option_of: Ints, levels: list[LevelReached], certificates: list[Certificate]) -> Plan:
        return as_plan(
            model,
            option_of,
            levels,
            certificates,
            ended_by=clock.ended_by(),
            timed=clock.had_a_say or clock.interrupted,
            displacement=displacement,
            effort=effort,
            seed=seed,
            seconds=clock.elapsed(),
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
    clock: Clock
    progress: Watcher
    displacement: bool = False
    workers: int = 1
    shown: Callable[[Ints], None] = lambda _: None

    def unbounded(self, option_of: Ints) -> list[LevelReached]:
        """What each level reaches, with no bound."""
        totals = self.model.totals(option_of)
        return [
            self._reached(level, total, None, 0.0)
            for level, total in zip(self.model.levels, totals, strict=True)
        ]

    def through(self, option_of: Ints) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        """All levels, stretch by stretch."""
        chain = Chain(self.model, option_of, self.effort, self.seed, self.clock, self.workers)
        for stretch in stretches(self.model.levels):
            if self.clock.stopped():
                break
            chain.go(stretch, lambda level: self._tell(chain, level))
            self.shown(chain.option_of)
        return self._levels(chain)

    # ---- telling --------------------------------------------------------------------------

    def _levels(self, chain: Chain) -> tuple[Ints, list[LevelReached], list[Certificate]]:
        reached = chain.reached
        levels, certificates = [], []
        proofs: dict[int, Prices] = {}
        for k, level in enumerate(self.model.levels):
            began = self.clock.elapsed()
            end = chain.ends.get(k)
            prices, bound = self._proof(chain, k, reached, proofs)
            if prices is not None and bound <= reached[k]:
                proofs[k] = prices
            if prices is not None and not self.displacement and self.model.elsewhere is None:
                certificates.append(certificate(self.model, level, prices))
            seconds = self.clock.elapsed() - began + (end.seconds if end else 0.0)
            # With moves, the limits count bookings as if they stayed: sound, and no bound.
            limit = None if self.displacement else bound
            levels.append(self._reached(level, reached[k], limit, seconds))
        return chain.option_of, levels, certificates

    def _proof(
        self, chain: Chain, k: int, reached: Sequence[int], earlier: Mapping[int, Prices]
    ) -> tuple[Prices | None, int]:
        """The best bound there is on a level, and the prices that prove it, if prices do.

        `earlier`: those of levels before it that are at their bound.
        """
        end = chain.ends.get(k) or chain.leads.get(k)
        # Where not all options are listed, what came of those that are bounds nothing.
        settled = k in chain.ends and self.model.elsewhere is None
        if end is None or end.closed is None:
            plain = chain.plain(k) if end is None or not settled else end.bound
            return none_of(self.model), max(plain, reached[k])
        said = end.bound if settled else floor(end.closed.bound_when(dict(enumerate(reached))))
        wanted = max(said, reached[k])
        # Each look at what is not listed takes seconds.
        proofs = earlier if self.model.elsewhere is None else {}
        prices, certified = strongest(chain.every, k, end.closed.prices, proofs, reached, wanted)
        if settled and reached[k] <= end.bound < certified:
            return None, end.bound
        if certified < reached[k] or certified >= chain.plain(k):
            # Prices found after options were ruled out may prove less than no prices at all do.
            return none_of(self.model), chain.plain(k)
        return prices, certified

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

    def _tell(self, chain: Chain, level: int) -> None:
        bound = chain.ends[level].bound if self.model.elsewhere is None else None
        told = self._reached(self.model.levels[level], chain.reached[level], bound, 0.0)
        code = self.model.levels[level].code
        self.progress(Progress(code, told.value, told.bound, self.clock.elapsed()))


def stretches(levels: Sequence[Level]) -> list[list[int]]:
    """The levels cut after the last that says who is placed, and after the miles."""
    cuts = {
        max((k for k, level in enumerate(levels) if level.aim == aim), default=-1) + 1
        for aim in STRETCHES_END
    }
    edges = sorted({0, *cuts, len(levels)})
    return [list(range(first, end)) for first, end in pairwise(edges)]


def signed(value: int, sense: Sense) -> int:
    """A level's value from its signed total, and the other way round."""
    return value if sense is Sense.MOST else -value


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
