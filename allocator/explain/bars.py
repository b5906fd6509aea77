"""Which beds each bed rule bars for a person, asked once for people of whom it reads the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from types import ModuleType

import numpy as np

from allocator.explain.request import arrival_days
from allocator.explain.stock import Flags, Ints, Stock
from allocator.explain.sums import before, between
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import (
    PLACE_RULES,
    ap_type,
    bed_in_service,
    consented_radius,
    essential_criteria,
    estate,
    exclusion_zone,
    held_bed,
    licence_expiry,
    local_restriction,
    offences,
    premises_closed,
)
from allocator.rules.place import Place, place_of

_READS: dict[str, Callable[[Referral], Hashable]] = {
    estate.CODE: lambda r: r.gender,
    ap_type.CODE: lambda r: r.ap_type,
    essential_criteria.CODE: lambda r: r.essential,
    offences.CODE: lambda r: r.possible_offences,
    local_restriction.CODE: lambda r: r.restriction_codes,
    exclusion_zone.CODE: lambda r: r.crn,
    consented_radius.CODE: lambda r: (r.consented_radius_miles, r.location),
    premises_closed.CODE: lambda r: None,
}
"""What each rule reads of a referral. A rule that is not here is asked anew for everyone."""
_SEES_ROOMS = frozenset({essential_criteria.CODE, offences.CODE})
_REMEMBERED = 4_000


class Bars:
    """Beds (by number) that each rule bars for a referral, whenever the person might arrive."""

    def __init__(self, problem: Problem, policy: Policy, stock: Stock) -> None:
        self.problem, self.policy, self.stock = problem, policy, stock
        self._unusable_before = before(~stock.usable)
        self._sometimes_gone = np.flatnonzero(~stock.usable.all(axis=1))
        places = [place_of(bed, problem) for bed in stock.beds]
        numbers: dict[Place, int] = {}
        self._place_of_bed = np.array(
            [numbers.setdefault(place, len(numbers)) for place in places], dtype=np.int64
        )
        self.places = tuple(numbers)
        self._sites = tuple(Place(p, frozenset(), True) for p in problem.premises)
        self._known: dict[tuple[str, Hashable], Flags] = {}

    def of(self, referral: Referral) -> dict[str, Flags]:
        """For each rule, in the order of docs/model.md, the beds that it bars."""
        found = {rule.CODE: self._by_place(rule, referral) for rule in PLACE_RULES}
        return found | self._by_stay(referral)

    def lawful(self, referral: Referral) -> Flags:
        """Beds that no rule bars."""
        barred = np.zeros(len(self.stock.beds), dtype=np.bool_)
        for mask in self.of(referral).values():
            barred |= mask
        return ~barred

    def beds_where(self, test: Callable[[Place], bool]) -> Flags:
        """Beds whose place passes the test."""
        answers = [test(place) for place in self.places]
        found: Flags = np.array(answers, dtype=np.bool_)[self._place_of_bed]
        return found

    def place(self, bed: int) -> Place:
        """The place of a bed."""
        return self.places[int(self._place_of_bed[bed])]

    def place_number(self, bed: int) -> int:
        """The same number for beds that look alike."""
        return int(self._place_of_bed[bed])

    def _by_stay(self, referral: Referral) -> dict[str, Flags]:
        nothing: Flags = np.zeros(len(self.stock.beds), dtype=np.bool_)
        every: Flags = np.ones(len(self.stock.beds), dtype=np.bool_)
        if licence_expiry.arrivals(referral, self.stock.as_of) is None:
            return {
                licence_expiry.CODE: every,
                bed_in_service.CODE: nothing,
                held_bed.CODE: nothing,
            }
        days, beds = arrival_days(referral, self.stock), self._sometimes_gone
        gone = between(self._unusable_before, beds, days, days + referral.nights) > 0
        never = nothing.copy()
        never[beds] = gone.all(axis=1)
        return {
            licence_expiry.CODE: nothing,
            bed_in_service.CODE: never,
            held_bed.CODE: self._always_held(referral, days),
        }

    def _always_held(self, referral: Referral, days: Ints) -> Flags:
        """Beds with a night kept from the person's band in every stay that might be theirs."""
        found: Flags = np.zeros(len(self.stock.beds), dtype=np.bool_)
        kept = self.stock.kept_before(self.policy.known_band(referral))
        if kept is not None:
            beds = self.stock.held_beds
            held = between(kept, beds, days, days + referral.nights) > 0
            found[beds] = held.all(axis=1)
        return found

    def _by_place(self, rule: ModuleType, referral: Referral) -> Flags:
        reads = _READS.get(rule.CODE)
        if reads is None:
            return self._ask(rule, referral)
        key = (rule.CODE, reads(referral))
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._ask(rule, referral)
        return self._known[key]

    def _ask(self, rule: ModuleType, referral: Referral) -> Flags:
        if rule.CODE in _READS and rule.CODE not in _SEES_ROOMS:
            asked, index = self._sites, self.stock.site_of_bed
        else:
            asked, index = self.places, self._place_of_bed
        answers = [rule.bars(referral, place, self.problem, self.policy) for place in asked]
        found: Flags = np.array(answers, dtype=np.bool_)[index]
        return found
