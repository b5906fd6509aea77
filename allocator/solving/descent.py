"""Descent: people change places, one or two at a time, while that makes the plan better.

Someone moves to the best place that is open to them. Where a better one is taken by one other
person, that person is looked for another place too. What a change gives and takes is compared
in the policy's order, exactly. It takes seconds where programmes take minutes, and ends where no
such change is found among the best places of each: what needs three people to move at once it does
not see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.solving.assignment import NOTHING, Assignment
from allocator.solving.clock import Clock
from allocator.solving.model import Model
from allocator.solving.order import Order, Rank, order_of

Ints = npt.NDArray[np.int64]
ASKED = 40
"""Open places of each person, the best first, of which it is asked whether they are lawful."""


def descended(
    model: Model,
    option_of: Ints,
    wishes: int,
    clock: Clock,
    *,
    held: Collection[int] = (),
    who: Iterable[int] | None = None,
) -> Ints:
    """A lawful choice at least as good as this lawful one.

    `wishes`: taken places of each person, the best first, of which it is asked whether their holder
    can move. `held`: levels that stay as they are. `who`: the parties that look for a better
    place, first come first; None: the people of each band, the highest first.
    """
    descent = _Descent(model, option_of, wishes, clock, order_of(model, held))
    return descent.to_its_end(by_band(model) if who is None else list(who))


def by_band(model: Model) -> list[int]:
    """People who ask for a bed, the highest band first and the earliest of each."""
    parties = model.parties
    return sorted(
        (k for k, party in enumerate(parties) if party.is_new),
        key=lambda k: (parties[k].band, parties[k].first, k),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """An option that someone would rather have, and what it adds."""

    option: int
    rank: Rank


class _Descent:
    def __init__(
        self, model: Model, option_of: Ints, wishes: int, clock: Clock, order: Order
    ) -> None:
        self.options, self.order = model.options, order
        self.wishes, self.clock = wishes, clock
        self.assignment = Assignment(model.stock, model.options, model.parties, model.limits)
        self._in_pool: list[set[int]] = [set() for _ in model.stock.pools]
        self._changes = 0
        self._changed = np.zeros(len(model.stock.pools), dtype=np.int64)
        """Of each pool: the number of the last change that was made there."""
        self._looked: dict[int, tuple[int, npt.NDArray[np.int32]]] = {}
        """Of each person: the number of the last change when they were looked at, and the pools
        that they would rather be in."""
        for option in option_of[option_of >= 0].tolist():
            self._add(option)

    def to_its_end(self, people: Sequence[int]) -> Ints:
        """Look at everyone again and again, until nobody can move or the time is up."""
        moved = True
        while moved:
            moved = False
            for person in people:
                if self.clock.stopped():
                    return self.assignment.option_of
                if self._worth_a_look(person):
                    moved |= self._move(person)
        return self.assignment.option_of

    def _worth_a_look(self, person: int) -> bool:
        """Whether something has changed where the person would rather be."""
        if person not in self._looked:
            return True
        when, pools = self._looked[person]
        return bool((self._changed[pools] > when).any())

    def _move(self, person: int) -> bool:
        """Give the person the best place that can be had; whether that is another one."""
        had = int(self.assignment.option_of[person])
        if had != NOTHING:
            self._remove(person)
        rank, now = self.order.rank(had), had
        found = self._open_place(person, rank)
        if found is not None:
            now, rank = found.option, found.rank
        wishes = list(self._best(self.options.every(person), rank, self.wishes))
        pools = np.unique(self.options.pool[[wish.option for wish in wishes]])
        self._looked[person] = self._changes, pools
        for wish in wishes:
            if self._exchanged(wish, rank):
                self._note(had, wish.option)
                return True
        if now != NOTHING:
            self._add(now)
        if now != had:
            self._note(had, now)
        return now != had

    def _open_place(self, person: int, above: Rank) -> _Place | None:
        """The best lawful place with a bed free, if it is better than `above`."""
        open_ones = self.assignment.fitting(person)
        for place in self._best(open_ones, above, ASKED):
            if self.assignment.lawful(place.option):
                return place
        return None

    def _best(self, options: Ints, above: Rank, most: int) -> Iterator[_Place]:
        """So many of the options that rank above, the best first."""
        ranks = self.order.ranks(options)
        better = np.flatnonzero(self.order.above(ranks, above))
        best = better[np.lexsort(-ranks[::-1, better])][:most]
        for where in best.tolist():
            yield _Place(int(options[where]), tuple(ranks[:, where].tolist()))

    def _exchanged(self, wish: _Place, rank: Rank) -> bool:
        """Give the person their wish, and the one who has it another place, if that is better.

        `rank`: of what the person had. The other may lose less than the person gains.
        """
        for other in self._in_the_way(wish.option):
            theirs = int(self.assignment.option_of[other])
            least = tuple(
                a + b - c for a, b, c in zip(rank, self.order.rank(theirs), wish.rank, strict=True)
            )
            self._remove(other)
            if self.assignment.bed_free(wish.option) and self.assignment.lawful(wish.option):
                self._add(wish.option)
                place = self._open_place(other, least)
                if place is not None:
                    self._add(place.option)
                if place is not None or self.order.better(self.order.nothing, least):
                    self._note(theirs, NOTHING if place is None else place.option)
                    return True
                self._remove(int(self.options.party[wish.option]))
            self._add(theirs)
        return False

    def _in_the_way(self, option: int) -> list[int]:
        """Who has, on all nights on which the pool is full, a bed of it that the option needs."""
        pool, first, end = self._nights(option)
        full = np.flatnonzero(self.assignment.free[pool, first:end] <= 0) + first
        if not len(full):
            return []
        found = []
        for other in self._in_pool[pool]:
            _, arrival, departure = self._nights(int(self.assignment.option_of[other]))
            if arrival <= full[0] and full[-1] < departure:
                found.append(other)
        return sorted(found)

    def _nights(self, option: int) -> tuple[int, int, int]:
        """Pool, arrival and departure."""
        options = self.options
        arrival = int(options.arrival[option])
        nights = int(options.nights_of[options.party[option]])
        return int(options.pool[option]), arrival, arrival + nights

    def _add(self, option: int) -> None:
        self.assignment.add(option)
        self._in_pool[int(self.options.pool[option])].add(int(self.options.party[option]))

    def _remove(self, person: int) -> int:
        option = self.assignment.remove(person)
        self._in_pool[int(self.options.pool[option])].discard(person)
        return option

    def _note(self, *options: int) -> None:
        """Something has changed for good where these options are."""
        self._changes += 1
        for option in options:
            if option != NOTHING:
                self._changed[self.options.pool[option]] = self._changes
