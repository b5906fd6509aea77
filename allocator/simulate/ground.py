"""Ground: the estate as arrays of beds by days, and whom a rule lets into which bed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.geography.distance import miles_between, tenths_matrix
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.place import place_of

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NO_LIMIT = 10**6


@dataclass(frozen=True, slots=True)
class Closing:
    """A premises at which nobody arrives on or after a day; stays that have begun go on."""

    premises_id: str
    since: date


@dataclass(frozen=True)
class Ground:
    """The problem's estate over `days` nights from its date; its referrals are not looked at."""

    problem: Problem
    policy: Policy
    days: int
    closing: tuple[Closing, ...] = ()

    def day(self, when: date) -> int:
        """Days from the first day."""
        return (when - self.problem.as_of).days

    def date(self, day: int) -> date:
        """The date so many days after the first."""
        return self.problem.as_of + timedelta(days=int(day))

    @cached_property
    def numbers(self) -> npt.NDArray[np.int16]:
        """The days by number."""
        return np.arange(self.days, dtype=np.int16)

    @cached_property
    def beds(self) -> tuple[str, ...]:
        """Ids in order; a bed's place here is its number."""
        return tuple(sorted(bed.id for bed in self.problem.beds))

    @cached_property
    def number_of(self) -> dict[str, int]:
        return {bed: number for number, bed in enumerate(self.beds)}

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Ids of the premises; a premises' place here is its number."""
        return tuple(site.id for site in self.problem.premises)

    @cached_property
    def site_of_bed(self) -> Ints:
        number = {site: n for n, site in enumerate(self.sites)}
        found = [number[self.problem.premises_of_bed(bed).id] for bed in self.beds]
        return np.array(found, dtype=np.int64)

    @cached_property
    def site_numbers(self) -> tuple[int, ...]:
        """`site_of_bed` as plain numbers: one at a time they are found several times as fast."""
        return tuple(self.site_of_bed.tolist())

    @cached_property
    def beds_of_site(self) -> tuple[Ints, ...]:
        return tuple(np.flatnonzero(self.site_of_bed == n) for n in range(len(self.sites)))

    @cached_property
    def others_in_room(self) -> tuple[tuple[int, ...], ...]:
        """For each bed, the other beds of its room."""
        rooms = self.problem.beds_in_room
        return tuple(
            tuple(
                self.number_of[other.id]
                for other in rooms[self.problem.beds_by_id[bed].room_id]
                if other.id != bed
            )
            for bed in self.beds
        )

    @cached_property
    def mate(self) -> Ints:
        """The other bed of each bed's room; -1: none, or several."""
        found = [others[0] if len(others) == 1 else -1 for others in self.others_in_room]
        return np.array(found, dtype=np.int64)

    @cached_property
    def usable(self) -> Flags:
        """Whether each bed exists and is in service on each night, as known on the first day."""
        found = np.ones((len(self.beds), self.days), dtype=np.bool_)
        for number, bed_id in enumerate(self.beds):
            bed = self.problem.beds_by_id[bed_id]
            if bed.starts is not None:
                found[number, : max(0, self.day(bed.starts))] = False
            if bed.ends is not None:
                found[number, max(0, self.day(bed.ends)) :] = False
            for record in self.problem.out_of_service_by_bed.get(bed_id, ()):
                first, end = self.day(record.nights.arrival), self.day(record.nights.departure)
                found[number, max(0, first) : max(0, end)] = False
        return found

    @cached_property
    def takes_people(self) -> Flags:
        """Beds at premises that take new people."""
        open_sites = np.array([site.open for site in self.problem.premises], dtype=np.bool_)
        found: Flags = open_sites[self.site_of_bed]
        return found

    @cached_property
    def stops(self) -> Ints:
        """The first day from which nobody arrives in each bed; NO_LIMIT where it never comes."""
        found = np.full(len(self.beds), NO_LIMIT, dtype=np.int64)
        for closing in self.closing:
            here = self.beds_of_site[self.sites.index(closing.premises_id)]
            found[here] = np.minimum(found[here], self.day(closing.since))
        return found

    @cached_property
    def offered(self) -> Flags:
        """Usable nights of beds while new people may arrive there."""
        found: Flags = self.usable & self.takes_people[:, None]
        found &= self.numbers < self.stops[:, None]
        return found

    @cached_property
    def arrivals_limit(self) -> Ints:
        """Most arrivals a day at each premises."""
        general = self.policy.arrivals_per_day or NO_LIMIT
        return np.array(
            [
                general if site.arrivals_per_day is None else site.arrivals_per_day
                for site in self.problem.premises
            ],
            dtype=np.int64,
        )

    @cached_property
    def caps(self) -> tuple[tuple[tuple[str, int], ...], ...]:
        """For each premises, attributes and the most people with them on a night."""
        return tuple(
            tuple((cap.attribute.value, cap.limit) for cap in site.mix_caps)
            for site in self.problem.premises
        )

    @cached_property
    def plain(self) -> Flags:
        """Beds where nothing but the bed itself must be free: an own room, no cap, no limit."""
        capped = np.array([bool(site.mix_caps) for site in self.problem.premises])
        limited = self.arrivals_limit < NO_LIMIT
        own_room = np.array([not others for others in self.others_in_room], dtype=np.bool_)
        found: Flags = own_room & ~(capped | limited)[self.site_of_bed]
        found[list(self.held)] = False
        return found

    @cached_property
    def plain_beds(self) -> frozenset[int]:
        """The numbers of the beds that are `plain`."""
        return frozenset(np.flatnonzero(self.plain).tolist())

    @cached_property
    def held(self) -> dict[int, tuple[tuple[int, int, int], ...]]:
        """For each bed that is held: first day, end, and the lowest band that may have it."""
        return {
            self.number_of[bed]: tuple(
                (self.day(r.nights.arrival), self.day(r.nights.departure), r.lowest_band)
                for r in records
            )
            for bed, records in self.problem.held_by_bed.items()
        }

    @cached_property
    def near(self) -> dict[tuple[int, int], float]:
        """Miles between premises; pairs of which one has no location are left out."""
        points = [site.location for site in self.problem.premises]
        return {
            (a, b): miles_between(here, there)
            for a, here in enumerate(points)
            for b, there in enumerate(points)
            if here is not None and there is not None
        }

    @cached_property
    def scarce(self) -> Ints:
        """How many of the policy's scarce features each bed has."""
        found = [
            sum(c in place_of(bed, self.problem).features for c in self.policy.scarce_features)
            for bed in self.beds
        ]
        return np.array(found, dtype=np.int64)

    def lawful(self, referral: Referral) -> Ints:
        """Numbers of the beds that no bed rule bars for the referral."""
        found = [self._beds_of_place[place] for place in self._candidates.lawful(referral)]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)

    def tenths(self, referral: Referral) -> Ints:
        """Tenths of a mile to each premises; what is not known is the policy's unknown_miles."""
        unknown = 10 * self.policy.unknown_miles
        found = np.full(len(self.sites), unknown, dtype=np.int64)
        if referral.location is not None:
            known = [n for n, site in enumerate(self.problem.premises) if site.location is not None]
            points = [p for n in known if (p := self.problem.premises[n].location) is not None]
            found[known] = tenths_matrix([referral.location], points)[0]
        return found

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self.problem, self.policy)

    @cached_property
    def place_of(self) -> Ints:
        """The place of each bed, by number: beds of one place are open to the same people."""
        places = self._candidates.place_index
        return np.array([places[bed] for bed in self.beds], dtype=np.int64)

    @cached_property
    def _beds_of_place(self) -> tuple[Ints, ...]:
        places = range(len(self._candidates.places))
        return tuple(np.flatnonzero(self.place_of == n) for n in places)
