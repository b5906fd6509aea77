"""Candidates: for each referral, the places that no bed rule bars."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import numpy.typing as npt

from allocator.geography.distance import miles_matrix
from allocator.geography.point import Point
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import (
    ap_type,
    consented_radius,
    essential_criteria,
    estate,
    exclusion_zone,
    local_restriction,
    offences,
    premises_closed,
)
from allocator.rules.place import Place, place_of

Indexes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bars = Callable[[Referral, Place, Problem, Policy], bool]
_BY_NEED: tuple[tuple[str, Bars, Callable[[Referral], Hashable]], ...] = (
    (estate.CODE, estate.bars, lambda referral: referral.gender),
    (ap_type.CODE, ap_type.bars, lambda referral: referral.ap_type),
    (essential_criteria.CODE, essential_criteria.bars, lambda referral: referral.essential),
    (offences.CODE, offences.bars, lambda referral: referral.possible_offences),
    (local_restriction.CODE, local_restriction.bars, lambda referral: referral.restriction_codes),
    (premises_closed.CODE, premises_closed.bars, lambda _: None),
)
"""Rules, and what each looks at of a referral: asked once for all who are alike in that."""
_BY_PERSON = (exclusion_zone, consented_radius)
"""Rules about the person's own map, which see a premises and not a room."""


@dataclass(frozen=True)
class Candidates:
    """Which places each referral may have, judged once for people with the same needs."""

    problem: Problem
    policy: Policy

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every distinct place, in order of the first bed that has it."""
        return tuple(dict.fromkeys(self._place_of_bed.values()))

    @cached_property
    def place_index(self) -> Mapping[str, int]:
        """Index into `places` for each bed id."""
        index = {place: i for i, place in enumerate(self.places)}
        return {bed: index[place] for bed, place in self._place_of_bed.items()}

    @cached_property
    def _place_of_bed(self) -> dict[str, Place]:
        beds = sorted(self.problem.beds, key=lambda bed: bed.id)
        shared: dict[Place, Place] = {}
        found = {}
        for bed in beds:
            place = place_of(bed.id, self.problem)
            found[bed.id] = shared.setdefault(place, place)
        return found

    def lawful(self, referral: Referral, within: int | None = None) -> Indexes:
        """Indexes of the places no rule bars for the referral, in order.

        `within`: at no more than so many premises, those they prefer first and then the nearest.
        """
        open_to = self.open_to(referral)
        premises, home = self._premises
        at = np.unique(home[open_to])
        if within is not None:
            at = at[np.argsort(self._how_near(referral)[at], kind="stable")]
        found = np.zeros(len(premises), dtype=bool)
        left = len(premises) if within is None else within
        for k in at.tolist():
            if left and not self._own_map_bars(referral, premises[k]):
                found[k] = True
                left -= 1
        return np.flatnonzero(open_to & found[home])

    def need(self, referral: Referral) -> tuple[Hashable, ...]:
        """All that `open_to` looks at of a referral."""
        return tuple(need(referral) for _, _, need in _BY_NEED)

    def open_to(self, referral: Referral) -> Flags:
        """Of each place, whether the rules about need leave it open, whoever has it."""
        found = np.ones(len(self.places), dtype=bool)
        for _, rule, need in _BY_NEED:
            found &= self._open(rule, need(referral), referral)
        return found

    def barred(self, referral: Referral) -> dict[str, Flags]:
        """By the code of each rule about the place: which places it keeps from the referral."""
        premises, home = self._premises
        found = {code: ~self._open(rule, need(referral), referral) for code, rule, need in _BY_NEED}
        for rule in _BY_PERSON:
            bars = [rule.bars(referral, place, self.problem, self.policy) for place in premises]
            found[rule.CODE] = np.array(bars, dtype=bool)[home]
        return found

    def _how_near(self, referral: Referral) -> npt.NDArray[np.float64]:
        """Miles from home to each premises; of nobody's home, the way round from one by chance."""
        premises, _ = self._premises
        preferred = [place.premises.id in referral.preferred_premises for place in premises]
        if referral.location is None:
            first = crc32(referral.id.encode()) % max(1, len(premises))
            miles = np.roll(np.arange(len(premises), dtype=np.float64), first)
        else:
            miles = np.full(len(premises), np.inf)
            known, there = self._located
            miles[known] = miles_matrix([referral.location], there)[0]
        return np.where(preferred, -1.0, miles)

    @cached_property
    def _located(self) -> tuple[Indexes, list[Point]]:
        """Which of `_premises` have a known place on the map, and where."""
        premises, _ = self._premises
        at = [(k, place.premises.location) for k, place in enumerate(premises)]
        known = [(k, there) for k, there in at if there is not None]
        return np.array([k for k, _ in known], dtype=np.int64), [there for _, there in known]

    @cached_property
    def _premises(self) -> tuple[tuple[Place, ...], Indexes]:
        """A place of each premises, its room left out, and the number of each place's premises."""
        number = {place.premises.id: k for k, place in enumerate(self.places)}
        last = sorted(number.values())
        at = {self.places[k].premises.id: n for n, k in enumerate(last)}
        some = tuple(Place(self.places[k].premises, frozenset(), True) for k in last)
        home = [at[place.premises.id] for place in self.places]
        return some, np.array(home, dtype=np.int64)

    def _own_map_bars(self, referral: Referral, place: Place) -> bool:
        return any(rule.bars(referral, place, self.problem, self.policy) for rule in _BY_PERSON)

    def _open(self, rule: Bars, need: Hashable, referral: Referral) -> Flags:
        """Places that a rule leaves open to referrals with this need."""
        if (rule, need) not in self._known:
            self._known[rule, need] = np.array(
                [not rule(referral, place, self.problem, self.policy) for place in self.places],
                dtype=bool,
            )
        return self._known[rule, need]

    @cached_property
    def _known(self) -> dict[tuple[Bars, Hashable], Flags]:
        return {}
