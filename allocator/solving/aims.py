"""Aims as numbers: what each option adds to each level. Table: docs/model.md#aims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.geography.distance import tenths_matrix
from allocator.plan import Sense
from allocator.policy import AIMS_BY_BAND, Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import needs
from allocator.rules.place import Place
from allocator.solving.options import Indexes, Options
from allocator.solving.parties import Party
from allocator.solving.stock import Stock
from allocator.vocabulary import Criterion

Values = npt.NDArray[np.int64]
UNASKED = -1_000_000
"""Stands for a gain that was not asked for yet."""
NOWHERE = -1
AT_ONCE = 2_000
"""People whose miles are worked out together."""
PREFERENCE_POINTS = (5, 4, 3, 2, 1)

SENSES = {
    "residents_kept": (Sense.MOST, "people"),
    "bookings_kept": (Sense.MOST, "people"),
    "bookings_suited": (Sense.MOST, "people"),
    "placed": (Sense.MOST, "people"),
    "urgent_first": (Sense.MOST, "points"),
    "uncovered_nights": (Sense.FEWEST, "nights"),
    "bookings_disturbed": (Sense.FEWEST, "bookings"),
    "miles_beyond": (Sense.FEWEST, "tenths of a mile"),
    "miles": (Sense.FEWEST, "tenths of a mile"),
    "preferred_premises": (Sense.MOST, "points"),
    "desirable_criteria": (Sense.MOST, "criteria"),
    "scarce_features": (Sense.FEWEST, "features"),
    "least_change": (Sense.MOST, "people"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One aim, or one aim for one band, in the policy's order."""

    aim: str
    band: int | None
    sense: Sense
    unit: str

    @property
    def code(self) -> str:
        return self.aim if self.band is None else f"{self.aim}/{self.band}"


def levels_of(policy: Policy, displacement: bool, keeps_plan: bool) -> tuple[Level, ...]:
    """The policy's aims as levels, without those that have nothing to compare with."""
    found = []
    for aim in policy.aims:
        if (aim == "bookings_disturbed" and not displacement) or (
            aim == "least_change" and not keeps_plan
        ):
            continue
        bands = [b.number for b in policy.bands] if aim in AIMS_BY_BAND else [None]
        found += [Level(aim, band, *SENSES[aim]) for band in bands]
    return tuple(found)


@dataclass(frozen=True, eq=False, slots=True)
class Gain:
    """What each option adds to a level, signed so that more is better, without listing options.

    An option of party i in the pool of pair k (`Options.pairs`) with arrival s adds
    `party[i] + by_pair[k] + slope[i] * s`, and `exactly` where `exact` says of i that it is at
    this premises with this arrival. In whole numbers, but for a blend by fractions.
    """

    party: npt.NDArray[Any]
    by_pair: npt.NDArray[Any] | None = None
    slope: npt.NDArray[Any] | None = None
    exact: Mapping[int, tuple[int, int]] | None = None
    exactly: int | float = 1
    elsewhere: npt.NDArray[Any] | None = None
    """Of each party, what `by_pair` would add at most in a pool that it has no listed option in;
    None: nothing."""

    @property
    def same_everywhere(self) -> bool:
        """Whether it does not matter to the level which bed and arrival a party has."""
        return self.by_pair is None and self.slope is None and not self.exact

    @property
    def is_nothing(self) -> bool:
        """Whether no option can add anything."""
        return (
            not self.party.any()
            and (self.by_pair is None or not self.by_pair.any())
            and (self.slope is None or not self.slope.any())
            and not self.exact
        )


def blend(weights: Mapping[int, int] | Mapping[int, float], gain_of: Sequence[Gain]) -> Gain:
    """Gains of levels, by number, times weights, added up; in whole numbers when those are."""
    kind = np.int64 if all(isinstance(weight, int) for weight in weights.values()) else np.float64
    parties = len(gain_of[0].party)
    party: npt.NDArray[Any] = np.zeros(parties, dtype=kind)
    slope: npt.NDArray[Any] = np.zeros(parties, dtype=kind)
    by_pair: npt.NDArray[Any] | None = None
    elsewhere: npt.NDArray[Any] | None = None
    exact, exactly = None, 1.0
    for level, weight in weights.items():
        gain = gain_of[level]
        party += weight * gain.party
        if gain.slope is not None:
            slope += weight * gain.slope
        if gain.by_pair is not None:
            own = weight * gain.by_pair.astype(kind)
            by_pair = own if by_pair is None else by_pair + own
        if gain.elsewhere is not None:
            more = weight * gain.elsewhere.astype(kind)
            elsewhere = more if elsewhere is None else elsewhere + more
        if gain.exact:
            exact, exactly = gain.exact, weight
    return Gain(
        party, by_pair, slope if slope.any() else None, exact, kind(exactly).item(), elsewhere
    )


class Gains:
    """The gain of every level over one problem's options."""

    def __init__(
        self,
        problem: Problem,
        policy: Policy,
        candidates: Candidates,
        stock: Stock,
        parties: Sequence[Party],
        options: Options,
        keep: dict[str, tuple[str, date]] | None = None,
    ) -> None:
        self.problem, self.policy, self.stock = problem, policy, stock
        self.parties, self.options = parties, options
        self.places = candidates.places
        self.keep = keep or {}
        self.pool_place = np.array([pool.place for pool in stock.pools], dtype=np.int32)
        self._premises = {p.id: i for i, p in enumerate(problem.premises)}
        self.pool_premises = np.array(
            [self._premises[pool.premises_id] for pool in stock.pools], dtype=np.int32
        )
        self.is_new = np.array([party.is_new for party in parties], dtype=bool)

    def of(self, level: Level) -> Gain:
        """The level's gain: negative where fewest is wanted."""
        gain: Gain = getattr(self, f"_{level.aim}")(level.band)
        if level.sense is Sense.MOST:
            return gain
        return Gain(
            -gain.party,
            None if gain.by_pair is None else -gain.by_pair,
            None if gain.slope is None else -gain.slope,
        )

    def at(self, gain: Gain, which: Indexes | slice) -> npt.NDArray[Any]:
        """What the options with these indexes add, in the numbers of the gain."""
        options = self.options
        who, pool, day = options.party[which], options.pool[which], options.arrival[which]
        added: npt.NDArray[Any] = gain.party[who]
        if gain.by_pair is not None:
            added += gain.by_pair[options.pair_of[which]]
        if gain.slope is not None:
            added += gain.slope[who] * day
        if gain.exact:
            added += gain.exactly * self._exact(gain.exact, who, pool, day)
        return added

    def _exact(
        self,
        exact: Mapping[int, tuple[int, int]],
        who: npt.NDArray[np.int32],
        pool: npt.NDArray[np.int32],
        day: npt.NDArray[Any],
    ) -> Values:
        """1 for options that are just what their party is looked for at."""
        premises = np.full(len(self.parties), -1, dtype=np.int64)
        arrival = np.full(len(self.parties), -1, dtype=np.int64)
        for party, (there, then) in exact.items():
            premises[party], arrival[party] = there, then
        return np.asarray(
            (self.pool_premises[pool] == premises[who]) & (arrival[who] == day), dtype=np.int64
        )

    def total(self, gain: Gain, option_of: Indexes) -> int:
        """The level's total for the options chosen; -1 where a party has none."""
        return int(self.at(gain, option_of[option_of >= 0]).sum())

    def _by_party(self, value: Callable[[Party], int]) -> Values:
        return np.array([value(party) for party in self.parties], dtype=np.int64)

    def _residents_kept(self, _: int | None) -> Gain:
        return Gain(self._by_party(lambda p: int(p.booking is not None and p.booking.resident)))

    def _bookings_kept(self, _: int | None) -> Gain:
        return Gain(self._by_party(lambda p: int(p.booking is not None and not p.booking.resident)))

    def _bookings_suited(self, _: int | None) -> Gain:
        return self._by_place(suited, new=False)

    def _placed(self, band: int | None) -> Gain:
        return Gain(self._by_party(lambda p: int(p.is_new and p.band == band)))

    def _urgent_first(self, _: int | None) -> Gain:
        as_of = self.problem.as_of
        return Gain(
            self._by_party(
                lambda p: self.policy.urgency(p.referral, as_of) if p.is_new and p.referral else 0
            )
        )

    def _uncovered_nights(self, band: int | None) -> Gain:
        inside = self._placed(band).party
        released = self._by_party(
            lambda p: self.stock.day(p.referral.release_date) if p.referral else 0
        )
        waits = any(
            p.last > self.stock.day(p.referral.release_date)
            for p in self.parties
            if p.is_new and p.band == band and p.referral
        )
        if not waits:
            return Gain(np.zeros(len(self.parties), dtype=np.int64))
        return Gain(-inside * released, slope=inside)

    def _bookings_disturbed(self, _: int | None) -> Gain:
        return self._by_place(
            lambda p, place: int(
                p.booking is not None and p.booking.premises_id != place.premises.id
            ),
            new=False,
        )

    @cached_property
    def _tenths(self) -> npt.NDArray[np.int32]:
        """Tenths of a mile from home of each pair; 0 where no home is known, and for bookings."""
        pairs = self.options.pairs
        found = np.zeros(len(pairs.pool), dtype=np.int32)
        there = [premises.location for premises in self.problem.premises]
        known = [k for k, place in enumerate(there) if place is not None]
        column = np.full(len(there), NOWHERE)
        column[known] = np.arange(len(known))
        places = [place for place in there if place is not None]
        homes = [p.referral.location if p.is_new and p.referral else None for p in self.parties]
        at_home = [i for i, home in enumerate(homes) if home is not None]
        for first in range(0, len(at_home), AT_ONCE):
            some = at_home[first : first + AT_ONCE]
            table = tenths_matrix([home for i in some if (home := homes[i]) is not None], places)
            for i, row in zip(some, table, strict=True):
                mine = slice(int(pairs.first_of[i]), int(pairs.first_of[i + 1]))
                at = column[self.pool_premises[pairs.pool[mine]]]
                far = np.append(row, 10 * self.policy.unknown_miles)
                found[mine] = far[at]
        return found

    def _miles(self, _: int | None) -> Gain:
        return self._with_pairs(self._tenths)

    def _miles_beyond(self, _: int | None) -> Gain:
        default = self.policy.aimed_radius_miles
        aimed = self._by_party(
            lambda p: 10 * _or(p.referral.aimed_radius_miles if p.referral else None, default)
        )
        beyond = np.maximum(0, self._tenths - aimed[self.options.pairs.party])
        return self._with_pairs(beyond.astype(np.int32))

    def _preferred_premises(self, _: int | None) -> Gain:
        pairs = self.options.pairs
        found = np.zeros(len(pairs.pool), dtype=np.int32)
        for i, party in enumerate(self.parties):
            if party.is_new and party.referral and party.referral.preferred_premises:
                mine = slice(int(pairs.first_of[i]), int(pairs.first_of[i + 1]))
                there = self.pool_premises[pairs.pool[mine]]
                for points, premises in zip(
                    PREFERENCE_POINTS, party.referral.preferred_premises, strict=False
                ):
                    found[mine][there == self._premises.get(premises, NOWHERE)] = points
        most = self._by_party(
            lambda p: PREFERENCE_POINTS[0] if p.referral and p.referral.preferred_premises else 0
        )
        return replace(self._with_pairs(found), elsewhere=most)

    def _desirable_criteria(self, _: int | None) -> Gain:
        found = self._by_place(lambda p, place: desirable_met(p.referral, place), new=True)
        most = self._by_party(lambda p: len(p.referral.desirable) if p.referral else 0)
        return replace(found, elsewhere=most)

    def _scarce_features(self, _: int | None) -> Gain:
        features = frozenset(self.policy.scarce_features)
        return self._by_place(lambda p, place: scarce_taken(p.referral, place, features), new=True)

    def _least_change(self, _: int | None) -> Gain:
        exact = {
            i: (self._premises.get(self.keep[p.id][0], -1), self.stock.day(self.keep[p.id][1]))
            for i, p in enumerate(self.parties)
            if p.is_new and p.id in self.keep
        }
        return Gain(np.zeros(len(self.parties), dtype=np.int64), exact=exact)

    def _with_pairs(self, by_pair: npt.NDArray[np.int32]) -> Gain:
        return Gain(np.zeros(len(self.parties), dtype=np.int64), by_pair)

    def _by_place(self, value: Callable[[Party, Place], int], *, new: bool) -> Gain:
        """Gains of party and place, asked once for parties and places that look the same."""
        pairs = self.options.pairs
        found = np.zeros(len(pairs.pool), dtype=np.int32)
        kinds, kind_of = self._kinds(apart=not new)
        kind_there = kind_of[self.pool_place[pairs.pool]]
        known: dict[tuple[object, ...], Values] = defaultdict(lambda: np.full(len(kinds), UNASKED))
        for i, party in enumerate(self.parties):
            if party.is_new == new:
                mine = slice(int(pairs.first_of[i]), int(pairs.first_of[i + 1]))
                row, theirs = known[_needs_of(party)], kind_there[mine]
                for kind in np.unique(theirs[row[theirs] == UNASKED]).tolist():
                    row[kind] = value(party, kinds[kind])
                found[mine] = row[theirs]
        return self._with_pairs(found)

    def _kinds(self, apart: bool) -> tuple[list[Place], Values]:
        """A place of each kind that looks the same, and the kind of each place.

        `apart`: places of two premises are of two kinds.
        """
        number: dict[tuple[object, ...], int] = {}
        kinds: list[Place] = []
        kind_of = np.zeros(len(self.places), dtype=np.int64)
        for k, place in enumerate(self.places):
            key = (place.features, place.only_bed, place.premises.id if apart else "")
            if key not in number:
                number[key] = len(kinds)
                kinds.append(place)
            kind_of[k] = number[key]
        return kinds, kind_of


def _needs_of(party: Party) -> tuple[object, ...]:
    """What the gains by place look at: equal for parties that they treat alike."""
    if party.booking is not None:
        return (party.booking.essential, party.booking.premises_id)
    assert party.referral is not None
    return (
        party.referral.essential,
        party.referral.desirable,
        party.referral.possible_offences,
    )


def suited(party: Party, place: Place) -> int:
    """1 when the bed has every criterion that the booking holds."""
    assert party.booking is not None
    return int(place.has_all(party.booking.essential))


def desirable_met(referral: Referral | None, place: Place) -> int:
    """How many desirable criteria the bed has."""
    return sum(place.offers(c) for c in referral.desirable) if referral else 0


def scarce_taken(referral: Referral | None, place: Place, features: frozenset[Criterion]) -> int:
    """How many scarce features the bed has that the person does not need."""
    if referral is None:
        return 0
    needed = referral.essential | needs.of_room(referral.possible_offences)
    return len((place.features & features) - needed)


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
