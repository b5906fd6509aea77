"""Ledger: who sleeps where, by night, and whether one more person would be lawful.

Model: docs/model.md#plan-rules. Every answer is exact: `blocked` names, for each bed and arrival,
the plan rules that one more person would breach. Not for use by two threads at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from allocator.check.distance import within
from allocator.check.facts import Facts
from allocator.check.people import Person
from allocator.explain.request import Request
from allocator.explain.rooms import Rooms
from allocator.explain.stock import NO_LIMIT, Flags, Ints, Stock
from allocator.explain.sums import add_up, before, between


class Ledger:
    """Starts with everyone in the plan; people can be put in and taken out."""

    def __init__(self, facts: Facts, stock: Stock) -> None:
        self.facts, self.stock = facts, stock
        beds, sites, nights = len(stock.beds), len(stock.sites), stock.nights
        self.asleep = np.zeros((beds, nights), dtype=np.int32)
        self.people = np.zeros((sites, nights), dtype=np.int32)
        self.arrivals = np.zeros((sites, nights + 1), dtype=np.int64)
        self.mix = {a: np.zeros((sites, nights), dtype=np.int32) for a in stock.caps}
        self.rooms = Rooms(stock, facts.policy)
        self.stays: dict[str, list[Person]] = defaultdict(list)
        self._apart = self._kept_apart()
        self._capped_at = [
            tuple(a for a, limits in stock.caps.items() if limits[site] < NO_LIMIT)
            for site in range(sites)
        ]
        for person in facts.people:
            self._write(person, 1)
        self.busy_before = before(stock.closed | (self.asleep > 0))
        self.full_before = before(self.people >= stock.usable_at)
        self.capped_before = {
            a: before(counts >= stock.caps[a][:, None]) for a, counts in self.mix.items()
        }
        self.rooms.add_up()

    @contextmanager
    def changed(self, out: Iterable[Person] = (), into: Iterable[Person] = ()) -> Iterator[None]:
        """The ledger as it would be; put back at the end."""
        steps = [(person, -1) for person in out] + [(person, 1) for person in into]
        for person, sign in steps:
            self._step(person, sign)
        try:
            yield
        finally:
            for person, sign in reversed(steps):
                self._step(person, -sign)

    def is_open(self, request: Request, beds: Ints, days: Ints) -> Flags:
        """Beds (rows) and arrivals (columns) at which no plan rule is in the way."""
        found = self.is_empty(request.nights, beds, days, request.known_band)
        rows = np.flatnonzero(found.any(axis=1))
        for mask in self.blocked(request, beds[rows], days).values():
            found[rows] &= ~mask
        return found

    def is_empty(self, nights: int, beds: Ints, days: Ints, band: int) -> Flags:
        """Beds and arrivals: in service, nobody's, and not kept from the band, on every night."""
        found: Flags = between(self.busy_before, beds, days, days + nights) == 0
        kept = self.stock.kept_before(band)
        if kept is not None:
            found &= between(kept, beds, days, days + nights) == 0
        return found

    def blocked(self, request: Request, beds: Ints, days: Ints) -> dict[str, Flags]:
        """For each plan rule but an empty bed: where one more person would breach it."""
        stock, ends = self.stock, days + request.nights
        sites, row = np.unique(stock.site_of_bed[beds], return_inverse=True)
        full = between(self.full_before, sites, days, ends) > 0
        arrivals = self.arrivals[np.ix_(sites, days)] >= stock.arrivals_limit[sites][:, None]
        by_site = {"premises_count": full, "arrivals_per_day": arrivals}
        by_site["mix_cap"] = np.zeros_like(full)
        for attribute in request.capped:
            sums = self.capped_before[attribute]
            by_site["mix_cap"] |= between(sums, sites, days, ends) > 0
        by_site["separation"] = self._too_near(request, sites, days)
        found = {code: mask[row] for code, mask in by_site.items() if mask.any()}
        elsewhere = self.elsewhere(request, days)
        if elsewhere.any():
            found["one_place_a_person_night"] = np.tile(elsewhere, (len(beds), 1))
        sharing = self.rooms.unfit(request, beds, days)
        return found | ({"room_sharing": sharing} if sharing is not None else {})

    def related(self, crn: str) -> Iterator[Person]:
        """The person's other stays, and those of people to be kept apart from them."""
        yield from self.stays.get(crn, ())
        for other, _ in self._apart.get(crn, ()):
            yield from self.stays.get(other, ())

    def elsewhere(self, request: Request, days: Ints) -> Flags:
        """Arrivals at which the person would be in another place on some night."""
        found = np.zeros(len(days), dtype=np.bool_)
        for person in self.stays.get(request.referral.crn, ()):
            found |= self.meets(person, days, request.nights)
        return found

    def meets(self, person: Person, days: Ints, nights: int) -> Flags:
        """Arrivals of so many nights that share one with somebody's stay."""
        span = self.stock.span(person.stay)
        found: Flags = (days < span.stop) & (days + nights > span.start)
        return found

    def _too_near(self, request: Request, sites: Ints, days: Ints) -> Flags:
        found = np.zeros((len(sites), len(days)), dtype=np.bool_)
        for crn, radius in self._apart.get(request.referral.crn, ()):
            for person in self.stays.get(crn, ()):
                meets = self.meets(person, days, request.nights)
                if meets.any():
                    near = [self._near(site, person.premises_id, radius) for site in sites]
                    found |= np.array(near, dtype=np.bool_)[:, None] & meets[None, :]
        return found

    def _near(self, site: int, premises_id: str, radius: float | None) -> bool:
        if self.stock.sites[site] == premises_id:
            return True
        if radius is None:
            return False
        premises = self.facts.problem.premises
        there = self.facts.problem.premises_by_id[premises_id].location
        return within(premises[site].location, there, radius) is not False

    def _kept_apart(self) -> dict[str, list[tuple[str, float | None]]]:
        found: dict[str, list[tuple[str, float | None]]] = defaultdict(list)
        for pair in self.facts.problem.separations:
            if pair.crn != pair.other_crn:
                found[pair.crn].append((pair.other_crn, pair.radius_miles))
                found[pair.other_crn].append((pair.crn, pair.radius_miles))
        return found

    def _step(self, person: Person, sign: int) -> None:
        """Write, and add up again the rows that are touched."""
        self._write(person, sign)
        stock, site = self.stock, self.stock.site_number[person.premises_id]
        if person.bed_id is not None:
            bed = stock.bed_number[person.bed_id]
            add_up(self.busy_before[bed], stock.closed[bed] | (self.asleep[bed] > 0))
            self.rooms.add_up_beside(bed)
        add_up(self.full_before[site], self.people[site] >= stock.usable_at[site])
        for attribute in self._capped_at[site]:
            if person.has(attribute, self.facts.policy):
                limit = stock.caps[attribute][site]
                over = self.mix[attribute][site] >= limit
                add_up(self.capped_before[attribute][site], over)

    def _write(self, person: Person, sign: int) -> None:
        stock, nights = self.stock, self.stock.span(person.stay)
        site = stock.site_number[person.premises_id]
        self.people[site, nights] += sign
        arrival = (person.arrival - stock.as_of).days
        if 0 <= arrival < stock.nights:
            self.arrivals[site, arrival] += sign
        for attribute in self._capped_at[site]:
            if person.has(attribute, self.facts.policy):
                self.mix[attribute][site, nights] += sign
        if person.bed_id is not None:
            self.asleep[stock.bed_number[person.bed_id], nights] += sign
            self.rooms.write(person, nights, sign)
        if sign > 0:
            self.stays[person.crn].append(person)
        else:
            self.stays[person.crn].remove(person)
