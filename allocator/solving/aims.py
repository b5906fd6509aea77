"""Aims as numbers: what each option adds to each level. Table: docs/model.md#aims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.geography.distance import tenths_matrix
from allocator.plan import Plan, Sense
from allocator.policy import AIMS_BY_BAND, Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import needs
from allocator.rules.place import Place
from allocator.solving.options import Options
from allocator.solving.parties import Party
from allocator.solving.stock import Stock
from allocator.vocabulary import Criterion

Values = npt.NDArray[np.int64]
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


class Gains:
    """gain(level)[option]: what choosing the option adds, signed so that more is better."""

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
        self.pool_place = np.array([pool.place for pool in stock.pools], dtype=np.int64)
        self._premises = {p.id: i for i, p in enumerate(problem.premises)}
        self.pool_premises = np.array(
            [self._premises[pool.premises_id] for pool in stock.pools], dtype=np.int64
        )
        self.is_new = np.array([party.is_new for party in parties], dtype=bool)

    def of(self, level: Level) -> Values:
        """Gains of every option at the level: negative where fewest is wanted."""
        added: Values = getattr(self, f"_{level.aim}")(level.band)
        return added if level.sense is Sense.MOST else -added

    def _by_party(self, value: Callable[[Party], int]) -> Values:
        values = np.array([value(party) for party in self.parties], dtype=np.int64)
        return values[self.options.party] if len(values) else np.zeros(0, np.int64)

    def _residents_kept(self, _: int | None) -> Values:
        return self._by_party(lambda p: int(p.booking is not None and p.booking.resident))

    def _bookings_kept(self, _: int | None) -> Values:
        return self._by_party(lambda p: int(p.booking is not None and not p.booking.resident))

    def _bookings_suited(self, _: int | None) -> Values:
        suits = self._by_place(lambda p, place: suited(p, place), new=False)
        return suits

    def _placed(self, band: int | None) -> Values:
        return self._by_party(lambda p: int(p.is_new and p.band == band))

    def _urgent_first(self, _: int | None) -> Values:
        as_of = self.problem.as_of
        return self._by_party(
            lambda p: self.policy.urgency(p.referral, as_of) if p.is_new and p.referral else 0
        )

    def _uncovered_nights(self, band: int | None) -> Values:
        released = np.array(
            [
                self.stock.day(p.referral.release_date) if p.is_new and p.referral else 0
                for p in self.parties
            ],
            dtype=np.int64,
        )
        waits = self.options.arrival - released[self.options.party]
        return np.where(self._placed(band) > 0, waits, 0)

    def _bookings_disturbed(self, _: int | None) -> Values:
        home = np.array(
            [
                self._premises[p.booking.premises_id] if p.booking is not None else -1
                for p in self.parties
            ],
            dtype=np.int64,
        )[self.options.party]
        return ((home >= 0) & (home != self.pool_premises[self.options.pool])).astype(np.int64)

    def _tenths(self) -> Values:
        """Tenths of a mile from each party's home (row) to each premises (column)."""
        far = 10 * self.policy.unknown_miles
        table = np.zeros((len(self.parties), len(self.problem.premises)), dtype=np.int64)
        homes = [p.referral.location if p.is_new and p.referral else None for p in self.parties]
        there = [premises.location for premises in self.problem.premises]
        rows = [i for i, home in enumerate(homes) if home is not None]
        columns = [j for j, place in enumerate(there) if place is not None]
        table[rows] = far
        table[np.ix_(rows, columns)] = tenths_matrix(
            [home for home in homes if home is not None],
            [place for place in there if place is not None],
        )
        return table

    def _miles(self, _: int | None) -> Values:
        if not hasattr(self, "_tenths_table"):
            self._tenths_table = self._tenths()
        return np.asarray(
            self._tenths_table[self.options.party, self.pool_premises[self.options.pool]]
        )

    def _miles_beyond(self, band: int | None) -> Values:
        default = self.policy.aimed_radius_miles
        aimed = self._by_party(
            lambda p: 10 * _or(p.referral.aimed_radius_miles if p.referral else None, default)
        )
        return np.maximum(0, self._miles(band) - aimed)

    def _preferred_premises(self, _: int | None) -> Values:
        table = np.zeros((len(self.parties), len(self.problem.premises)), dtype=np.int64)
        for i, party in enumerate(self.parties):
            if party.is_new and party.referral:
                for points, premises in zip(
                    PREFERENCE_POINTS, party.referral.preferred_premises, strict=False
                ):
                    if premises in self._premises:
                        table[i, self._premises[premises]] = points
        return np.asarray(table[self.options.party, self.pool_premises[self.options.pool]])

    def _desirable_criteria(self, _: int | None) -> Values:
        return self._by_place(lambda p, place: desirable_met(p.referral, place), new=True)

    def _scarce_features(self, _: int | None) -> Values:
        features = frozenset(self.policy.scarce_features)
        return self._by_place(
            lambda p, place: scarce_taken(p.referral, place, features), new=True
        )

    def _least_change(self, _: int | None) -> Values:
        premises = np.full(len(self.parties), -1, dtype=np.int64)
        arrival = np.full(len(self.parties), -1, dtype=np.int64)
        for i, party in enumerate(self.parties):
            if party.is_new and party.id in self.keep:
                premises_id, when = self.keep[party.id]
                premises[i] = self._premises.get(premises_id, -1)
                arrival[i] = self.stock.day(when)
        who = self.options.party
        return (
            (premises[who] == self.pool_premises[self.options.pool])
            & (arrival[who] == self.options.arrival)
        ).astype(np.int64)

    def _by_place(self, value: Callable[[Party, Place], int], *, new: bool) -> Values:
        """Gains that depend on the party and the place, asked once for each such pair met."""
        table = np.zeros((len(self.parties), len(self.places)), dtype=np.int64)
        place = self.pool_place[self.options.pool]
        pairs = np.unique(self.options.party.astype(np.int64) * len(self.places) + place)
        for i, j in zip(*np.divmod(pairs, len(self.places)), strict=True):
            if self.parties[i].is_new == new:
                table[i, j] = value(self.parties[i], self.places[j])
        return np.asarray(table[self.options.party, place])


def suited(party: Party, place: Place) -> int:
    """1 when the bed has every criterion that the booking holds."""
    assert party.booking is not None
    return int(
        all(
            place.only_bed if criterion is Criterion.IS_SINGLE else criterion in place.features
            for criterion in party.booking.essential
        )
    )


def desirable_met(referral: Referral | None, place: Place) -> int:
    """How many desirable criteria the bed has."""
    return sum(place.offers(c) for c in referral.desirable) if referral else 0


def scarce_taken(
    referral: Referral | None, place: Place, features: frozenset[Criterion]
) -> int:
    """How many scarce features the bed has that the person does not need."""
    if referral is None:
        return 0
    needed = referral.essential | needs.of_room(referral.possible_offences)
    return len((place.features & features) - needed)


def kept_placements(plan: Plan | None, problem: Problem) -> dict[str, tuple[str, date]]:
    """Premises and arrival of each placement of an earlier plan, where the bed still exists."""
    if plan is None:
        return {}
    return {
        p.referral_id: (problem.premises_of_bed(p.bed_id).id, p.stay.arrival)
        for p in plan.placements
        if p.bed_id in problem.beds_by_id
    }


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
