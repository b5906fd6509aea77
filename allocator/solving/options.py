"""Options: every (party, pool, arrival) that the bed rules and free nights allow, as arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.booking import Booking
from allocator.candidates import Candidates
from allocator.geography.distance import miles_between
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.solving.parties import Party, booking_attributes, shares_until
from allocator.solving.settled import Settled, ahead
from allocator.solving.stock import Held, Stock

Ints = npt.NDArray[np.int32]
Indexes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
MOST_PAIRS = 50_000_000
"""With no more new people times pools than this, all their options are listed."""
LISTED_PAIRS = 8_000_000
"""With more, about so many of them are, lawful or not: those of the nearest premises."""
FEWEST_PREMISES = 10


@dataclass(frozen=True)
class Options:
    """Parallel arrays in order of party; narrow types, for there are millions at national size."""

    party: Ints
    pool: npt.NDArray[np.int32]
    arrival: npt.NDArray[np.int16]
    nights_of: Ints
    """Length of stay of each party."""
    first_of: npt.NDArray[np.int64]
    """first_of[i]: index of party i's first option; one longer than the parties."""

    def __len__(self) -> int:
        return len(self.party)

    def of(self, party: int) -> slice:
        """Where one party's options are."""
        return slice(int(self.first_of[party]), int(self.first_of[party + 1]))

    def every(self, party: int) -> Indexes:
        """All of one party's options."""
        return np.arange(self.first_of[party], self.first_of[party + 1], dtype=np.int64)

    def ends(self, which: Indexes | slice | int) -> Ints:
        """Departure day of options."""
        return self.arrival[which] + self.nights_of[self.party[which]]

    @cached_property
    def ends_of_all(self) -> Ints:
        """Departure day of every option."""
        return self.ends(slice(None))

    @cached_property
    def pairs(self) -> Pairs:
        """Each party with each pool that it has an option in."""
        where = np.flatnonzero(self._new_pair)
        party = self.party[where]
        first_of = np.searchsorted(party, np.arange(len(self.nights_of) + 1))
        return Pairs(party, self.pool[where], first_of)

    @cached_property
    def pair_of(self) -> Ints:
        """The number of each option's pair."""
        return (np.cumsum(self._new_pair, dtype=np.int32) - 1).astype(np.int32)

    @property
    def _new_pair(self) -> Flags:
        new = np.ones(len(self), dtype=bool)
        new[1:] = (self.party[1:] != self.party[:-1]) | (self.pool[1:] != self.pool[:-1])
        return new


@dataclass(frozen=True)
class Pairs:
    """Parties with pools, in order of party."""

    party: Ints
    pool: Ints
    first_of: npt.NDArray[np.int64]
    """first_of[i]: where party i's pools begin; one longer than the parties."""

    def of(self, party: int) -> npt.NDArray[np.int32]:
        """The pools in which one party has options."""
        return self.pool[self.first_of[party] : self.first_of[party + 1]]

    def most(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of values of every pair, the greatest of each party, and no less than 0."""
        found = np.zeros(len(self.first_of) - 1, dtype=values.dtype)
        able = np.flatnonzero(np.diff(self.first_of) > 0)
        if len(able):
            found[able] = np.maximum(0, np.maximum.reduceat(values, self.first_of[able]))
        return found


class Premises:
    """Which pools are at which premises, and which premises are near one another."""

    def __init__(self, problem: Problem, stock: Stock) -> None:
        self.problem = problem
        at: dict[str, list[int]] = defaultdict(list)
        in_room: dict[str, list[int]] = defaultdict(list)
        for index, pool in enumerate(stock.pools):
            at[pool.premises_id].append(index)
            if pool.room_id is not None:
                in_room[pool.room_id].append(index)
        self.pools_at: Mapping[str, list[int]] = at
        self.pools_in: Mapping[str, list[int]] = in_room

    def near(self, premises_id: str, radius_miles: float | None) -> frozenset[str]:
        """Premises within the radius of this one, itself included; unknown distances count."""
        if radius_miles is None:
            return frozenset([premises_id])
        here = self.problem.premises_by_id[premises_id].location
        return frozenset(
            other.id
            for other in self.problem.premises
            if other.id == premises_id
            or here is None
            or other.location is None
            or miles_between(here, other.location) <= radius_miles
        )


def build_options(
    problem: Problem,
    policy: Policy,
    candidates: Candidates,
    settled: Settled,
    stock: Stock,
    parties: Sequence[Party],
    within: int | None = None,
) -> Options:
    """Enumerate what each party may have; rules about settled neighbours are applied here.

    `within`: at how many premises new people's are listed; None: at all.
    """
    premises = Premises(problem, stock)
    place = np.array([pool.place for pool in stock.pools], dtype=np.int64)
    first = np.array([min(run.first for run in pool.runs) for pool in stock.pools], dtype=np.int32)
    end = np.array([pool.end for pool in stock.pools], dtype=np.int32)
    bars = _Neighbours(problem, policy, settled, stock, premises, parties)
    chunks = []
    for party in parties:
        pools = _pools(party, candidates, place, premises, within)
        arrivals = np.arange(party.first, party.last + 1, dtype=np.int32)
        fits = (first[pools][:, None] <= arrivals) & (
            arrivals + party.nights <= end[pools][:, None]
        )
        bars.apply(party, pools, arrivals, fits)
        rows, columns = np.nonzero(fits)
        chunks.append((pools[rows], arrivals[columns].astype(np.int16)))
    return _joined(chunks, parties)


def premises_within(problem: Problem, stock: Stock, parties: Sequence[Party]) -> int | None:
    """At how many premises each new person's options are listed; None: at all.

    Ten times a nation has a hundred times its options, more than a machine holds. People compete
    for beds with those near them, and there are as many beds near one as anywhere.
    """
    new = sum(party.is_new for party in parties)
    of_one = len(stock.pools) / max(1, len(problem.premises))
    if new * len(stock.pools) <= MOST_PAIRS:
        return None
    return max(FEWEST_PREMISES, round(LISTED_PAIRS / (new * of_one)))


def _pools(
    party: Party, candidates: Candidates, place: Indexes, premises: Premises, within: int | None
) -> Ints:
    """Pools that the party may have; `place`: the place of each pool."""
    found = np.zeros(len(place), dtype=bool)
    if party.booking is None or party.movable:
        assert party.referral is not None
        lawful = np.zeros(len(candidates.places), dtype=bool)
        lawful[candidates.lawful(party.referral, within)] = True
        found = lawful[place]
    if party.booking is not None:
        found[premises.pools_at.get(party.booking.premises_id, [])] = True
    return np.flatnonzero(found).astype(np.int32)


def _joined(chunks: list[tuple[Ints, npt.NDArray[np.int16]]], parties: Sequence[Party]) -> Options:
    sizes = [len(pools) for pools, _ in chunks]
    nothing = np.zeros(0, dtype=np.int32)
    return Options(
        party=np.repeat(np.arange(len(parties), dtype=np.int32), sizes),
        pool=np.concatenate([nothing, *(pools for pools, _ in chunks)]).astype(np.int32),
        arrival=np.concatenate([nothing, *(days for _, days in chunks)]).astype(np.int16),
        nights_of=np.array([p.nights for p in parties], dtype=np.int32),
        first_of=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
    )


class _Neighbours:
    """Arrivals ruled out by holds, and by bookings that will not move."""

    def __init__(
        self,
        problem: Problem,
        policy: Policy,
        settled: Settled,
        stock: Stock,
        premises: Premises,
        parties: Sequence[Party],
    ) -> None:
        self.problem, self.policy, self.stock, self.premises = problem, policy, stock, premises
        moving = {party.id for party in parties if party.movable}
        fixed = [b for b in problem.bookings if ahead(b, problem) and b.id not in moving]
        self.bookings_of: dict[str, list[Booking]] = defaultdict(list)
        for booking in problem.bookings:
            if ahead(booking, problem):
                self.bookings_of[booking.crn].append(booking)
        fixed_of: dict[str, list[Booking]] = defaultdict(list)
        for booking in fixed:
            fixed_of[booking.crn].append(booking)
        self.apart: dict[str, list[tuple[Booking, float | None]]] = defaultdict(list)
        for pair in problem.separations:
            for one, other in ((pair.crn, pair.other_crn), (pair.other_crn, pair.crn)):
                self.apart[one] += [(b, pair.radius_miles) for b in fixed_of.get(other, ())]
        self.in_room: dict[str, list[Booking]] = defaultdict(list)
        for booking in settled.kept:
            assert booking.bed_id is not None
            self.in_room[problem.beds_by_id[booking.bed_id].room_id].append(booking)
        self.to_ask = np.array(
            [bool(pool.held) or pool.room_id in self.in_room for pool in stock.pools], dtype=bool
        )
        """Pools of which some nights are held, or of a room that somebody settled is in."""

    def apply(self, party: Party, pools: Ints, arrivals: Ints, fits: Flags) -> None:
        """Strike from `fits`[pool, arrival] what a settled neighbour or a hold forbids."""
        if party.is_new:
            for booking in self.bookings_of.get(party.crn, ()):
                fits[:, self._meeting(party, arrivals, self._days(booking))] = False
        for booking, radius in self.apart.get(party.crn, ()):
            near = self.premises.near(booking.premises_id, radius)
            rows = np.array(
                [self.stock.pools[q].premises_id in near and self._new_at(party, q) for q in pools],
                dtype=bool,
            )
            meeting = self._meeting(party, arrivals, self._days(booking))
            fits[np.ix_(rows, meeting)] = False
        for row in np.flatnonzero(self.to_ask[pools]).tolist():
            q = int(pools[row])
            for held in self.stock.pools[q].held:
                if self._kept_out(party, q, held):
                    fits[row, self._meeting(party, arrivals, (held.first, held.end))] = False
            room = self.stock.pools[q].room_id
            if room is not None and room in self.in_room and self._new_at(party, q):
                for booking in self.in_room[room]:
                    for nights in self._not_shared(party, booking):
                        fits[row, self._meeting(party, arrivals, nights)] = False

    def _kept_out(self, party: Party, pool: int, held: Held) -> bool:
        """Whether the nights are kept from the party; a booking may stay in the bed it names."""
        if not self._new_at(party, pool):
            assert party.booking is not None
            return party.booking.bed_id != self.stock.pools[pool].runs[0].bed_id
        assert party.referral is not None
        return self.policy.known_band(party.referral) > held.lowest_band

    def _new_at(self, party: Party, pool: int) -> bool:
        """Whether the party would be new there: a booking at its own premises is not."""
        return (
            party.booking is None or party.booking.premises_id != self.stock.pools[pool].premises_id
        )

    def _days(self, booking: Booking) -> tuple[int, int]:
        stay = ahead(booking, self.problem)
        assert stay is not None
        return self.stock.day(stay.arrival), self.stock.day(stay.departure)

    @staticmethod
    def _meeting(party: Party, arrivals: Ints, nights: tuple[int, int]) -> Flags:
        return np.asarray((arrivals < nights[1]) & (nights[0] < arrivals + party.nights))

    def _not_shared(self, party: Party, booking: Booking) -> Iterator[tuple[int, int]]:
        """Nights of the booking on which the party may not share its room."""
        first, end = self._days(booking)
        theirs = shares_until(booking.sharing, booking.essential, self.problem.as_of)
        pair_barred = any(
            frozenset((mine, other)) in self.policy.never_share
            for mine in party.attributes
            for other in booking_attributes(booking, self.policy)
        )
        until = -1 if pair_barred else min(party.share_until, theirs)
        barred_from = max(first, until + 1)
        if barred_from < end:
            yield barred_from, end
