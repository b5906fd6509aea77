"""Advise: a plan tried against people who may yet be referred.

Each future is a draw from the forecast. In each, people known and drawn are given beds in order of
band: those known where the plan has them if that bed is still open, those drawn around the plan
where they can be. Whoever of those due loses their bed in too many futures is held back, by
Littlewood's rule. See docs/simulation.md for what that gives over a year.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from allocator.forecast import Forecast
from allocator.holding.advice import Advice, BandChange, Hold, Standing, State
from allocator.holding.seated import Seated, seated
from allocator.plain_words import bands_words
from allocator.plan import Placement, Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.simulate.asker import Asker
from allocator.simulate.board import Board
from allocator.simulate.fit import BestFit, Costs, find
from allocator.simulate.futures import Future, draw
from allocator.simulate.ground import Ints
from allocator.simulate.methods.between import quorum
from allocator.streams import Streams

FUTURES = 12
DAYS_AHEAD = 84
MEETING_DAYS = 7
AWAY_TENTHS = 1_000_000.0
"""Cost of a bed that the plan gives to somebody known: drawn people have it only for want of any
other."""


def advise(
    plan: Plan,
    problem: Problem,
    policy: Policy,
    forecast: Forecast,
    *,
    seed: int = 0,
    futures: int = FUTURES,
    next_meeting: date | None = None,
) -> Advice:
    """What to make firm. The plan must be lawful, and of this problem: see `check`.

    Raises ValueError when the forecast is of another policy or begins after the plan, or the
    meeting is not ahead.
    """
    refuse_other_policy(forecast, policy)
    forecast.require_by(plan.as_of)
    meeting = next_meeting or plan.as_of + timedelta(days=MEETING_DAYS)
    if meeting <= plan.as_of:
        raise ValueError(f"the next meeting must be after {plan.as_of}, not {meeting}")
    return _Adviser(plan, problem, policy, forecast, seed, futures, meeting).advice()


def refuse_other_policy(forecast: Forecast, policy: Policy) -> None:
    """Raise ValueError when the bands of the forecast may not be those of the policy."""
    if forecast.basis.policy_digest != policy.digest:
        raise ValueError(
            f"the forecast is of policy {forecast.basis.policy_name}, whose bands may differ from "
            f"those of {policy.name}: make it again under that policy"
        )


@dataclass
class _Adviser:
    plan: Plan
    problem: Problem
    policy: Policy
    forecast: Forecast
    seed: int
    count: int
    meeting: date

    def advice(self) -> Advice:
        due = {p.referral_id for p in self.plan.placements if p.decide_by < self.meeting}
        last = max(
            (p.stay.arrival for p in self.plan.placements if p.referral_id in due),
            default=self.plan.as_of,
        )
        horizon = (last - self.plan.as_of).days + DAYS_AHEAD
        there = seated(self.plan, self.problem, self.policy, horizon)
        known = there.placed
        drawn = draw(
            self.forecast,
            self.count,
            Streams(self.seed).family("advice"),
            self.plan.as_of + timedelta(days=1),
            self.plan.as_of + timedelta(days=horizon),
            there.ground,
        )
        kept: Counter[str] = Counter()
        for future in drawn.each:
            board, _ = self._played(there, future, first=frozenset())
            kept.update(r for r, asking in known.items() if asking.number in board.slots)
        standings = tuple(
            self._standing(placement, kept[placement.referral_id], placement.referral_id in due)
            for placement in self.plan.placements
        )
        held = {s.referral_id for s in standings if s.state is State.HELD_BACK}
        return Advice(
            as_of=self.plan.as_of,
            next_meeting=self.meeting,
            problem_hash=self.plan.problem_hash,
            policy_name=self.policy.name,
            policy_hash=self.policy.digest,
            forecast_until=self.forecast.basis.until,
            looked_until=self.plan.as_of + timedelta(days=horizon),
            futures=self.count,
            seed=self.seed,
            standings=standings,
            holds=tuple(
                self._hold(p, kept[p.referral_id])
                for p in self.plan.placements
                if p.referral_id in held
            ),
            changes=self._changes(there, drawn.each, due, held),
            synthetic=self.plan.synthetic or self.forecast.basis.synthetic,
        )

    def _standing(self, placement: Placement, kept: int, due: bool) -> Standing:
        needed = int(np.ceil(quorum(placement.band, self.policy.band_weights) * self.count))
        if not due:
            state, until = State.PROVISIONAL, placement.decide_by
        elif kept >= needed:
            state, until = State.FIRM, self.plan.as_of
        else:
            state, until = State.HELD_BACK, self.meeting
        latest = self.problem.referrals_by_id[placement.referral_id].latest_arrival
        return Standing(placement.referral_id, placement.band, state, until, latest, kept, needed)

    def _hold(self, placement: Placement, kept: int) -> Hold:
        bands = tuple(range(1, placement.band))
        named = bands_words(bands[-1])
        return Hold(
            bed_id=placement.bed_id,
            premises_id=self.problem.premises_of_bed(placement.bed_id).id,
            nights=placement.stay,
            for_bands=bands,
            held_back=placement.referral_id,
            expires=self.meeting,
            owner=self.policy.escalation[0].role,
            why=(
                f"in {self.count - kept} of {self.count} futures people of {named} who are "
                "expected and not referred yet need this bed, or every other that whoever has it "
                "in the plan could have instead: too often to give it away now"
            ),
        )

    def _changes(
        self, there: Seated, futures: tuple[Future, ...], due: set[str], held: set[str]
    ) -> tuple[BandChange, ...]:
        """By band, what is gained by holding back as against making firm all who are due."""
        bands = [band.number for band in self.policy.bands]
        gain: Counter[int] = Counter()
        expected: Counter[int] = Counter()
        for future in futures:
            _, with_holds = self._played(there, future, first=frozenset(due - held))
            _, without = self._played(there, future, first=frozenset(due))
            gain.update(with_holds)
            gain.subtract(without)
            expected.update(person.band for person in self._coming(there, future))
        of = max(1, len(futures))
        return tuple(BandChange(b, expected[b] / of, gain[b] / of) for b in bands)

    def _played(
        self, there: Seated, future: Future, first: frozenset[str]
    ) -> tuple[Board, Counter[int]]:
        """A board on which those in `first` have their beds, then everyone by band; who has one."""
        board = there.board.copy()
        for referral in sorted(first):
            _keep(board, there.placed[referral], there)
        taste = _AroundPlan(BestFit(np.zeros(len(there.ground.beds))), there.whole)
        coming = self._coming(there, future)
        for band in (each.number for each in self.policy.bands):
            for asking in there.placed.values():
                if asking.band == band and asking.number not in board.slots:
                    _keep(board, asking, there)
            for person in coming:
                if person.band == band:
                    slot = find(board, person, 0, taste)
                    if slot is not None:
                        board.put(person, slot)
        housed = Counter(board.people[n].band for n in board.slots if n not in there.booked)
        return board, housed

    def _coming(self, there: Seated, future: Future) -> list[Asker]:
        people = future.after(0, there.days)
        return sorted(people, key=lambda person: (person.release, person.number))


def _keep(board: Board, asking: Asker, there: Seated) -> None:
    """The plan's bed for someone known if it is open, else any that is."""
    slot = there.slots[asking.number]
    if board.offer(asking, slot):
        return
    other = find(board, asking, 0, BestFit(np.zeros(len(there.ground.beds))))
    if other is not None:
        board.put(asking, other)


@dataclass(frozen=True, slots=True)
class _AroundPlan:
    """Beds that the plan leaves open first."""

    base: BestFit
    whole: Board

    def __call__(self, board: Board, asking: Asker, rows: Ints, arrival: int) -> Costs:
        away = ~self.whole.free(asking.beds[rows], arrival, asking.nights)
        found: Costs = self.base(board, asking, rows, arrival) + AWAY_TENTHS * away
        return found
