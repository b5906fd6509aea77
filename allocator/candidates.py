"""Candidates: for each referral, the places that no bed rule bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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

_BY_NEEDS = (estate, ap_type, essential_criteria, offences, local_restriction, premises_closed)
"""Rules whose answer is the same for everyone with the same needs, so it is asked once."""
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

    def lawful(self, referral: Referral) -> tuple[int, ...]:
        """Indexes of the places no rule bars for the referral, in order."""
        suited = self._suited(referral)
        if not suited:
            return ()
        there = {self._home[i]: self.places[i].premises for i in suited}
        barred = {
            home
            for home, premises in there.items()
            if self._own_map_bars(referral, Place(premises, frozenset(), True))
        }
        return tuple(i for i in suited if self._home[i] not in barred)

    @cached_property
    def _home(self) -> tuple[str, ...]:
        """The premises of each place."""
        return tuple(place.premises.id for place in self.places)

    def _own_map_bars(self, referral: Referral, place: Place) -> bool:
        return any(rule.bars(referral, place, self.problem, self.policy) for rule in _BY_PERSON)

    def _suited(self, referral: Referral) -> tuple[int, ...]:
        needs = (
            referral.gender,
            referral.ap_type,
            referral.essential,
            referral.possible_offences,
            referral.restriction_codes,
        )
        if needs not in self._known:
            self._known[needs] = tuple(
                i
                for i, place in enumerate(self.places)
                if not any(
                    rule.bars(referral, place, self.problem, self.policy) for rule in _BY_NEEDS
                )
            )
        return self._known[needs]

    @cached_property
    def _known(self) -> dict[tuple[object, ...], tuple[int, ...]]:
        return {}
