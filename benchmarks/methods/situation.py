"""A problem as plain arrays: beds by nights, and which beds each referral may have."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocator.booking import Booking
from allocator.candidates import Candidates
from allocator.geography.distance import tenths_matrix
from allocator.nights import Stay
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules.licence_expiry import arrivals
from allocator.rules.place import place_of
from allocator.solving.settled import Settled, ahead, settle
from benchmarks.methods.attributes import attributes_of_booking

Beds = NDArray[np.bool_]


class Situation:
    """What every method starts from. Nights and arrivals are days from the plan's date.

    Raises ValueError when beds are held: no method but ours knows of that, and no instance has any.
    """

    def __init__(self, problem: Problem, policy: Policy) -> None:
        if problem.held:
            raise ValueError("beds are held, which the other methods know nothing of")
        self.problem, self.policy = problem, policy
        self.beds = sorted(bed.id for bed in problem.beds)
        self.bed_index = {bed: n for n, bed in enumerate(self.beds)}
        self.sites = [site.id for site in problem.premises]
        self.site_index = {site: n for n, site in enumerate(self.sites)}
        self.site_of_bed = np.array(
            [self.site_index[problem.premises_of_bed(bed).id] for bed in self.beds], dtype=np.int64
        )
        self.settled: Settled = settle(problem, policy, False)
        self.nights = self._horizon()
        self.usable = self._usable()
        self.free = self.usable & ~self._blocked()

    def day(self, when: date) -> int:
        """Days from the plan's date."""
        return (when - self.problem.as_of).days

    def date(self, day: int) -> date:
        """The date so many days from the plan's."""
        return self.problem.as_of + timedelta(days=int(day))

    def span(self, stay: Stay) -> slice:
        """The nights of a stay that are not past, and inside the horizon."""
        return slice(max(0, self.day(stay.arrival)), min(self.nights, self.day(stay.departure)))

    def window(self, referral: Referral) -> range:
        """Arrival days that the window and the licence allow."""
        allowed = arrivals(referral, self.problem.as_of)
        if allowed is None:
            return range(0)
        return range(self.day(allowed[0]), self.day(allowed[1]) + 1)

    @cached_property
    def lawful(self) -> dict[str, NDArray[np.int64]]:
        """For each referral, the beds that no rule about the place bars."""
        candidates = Candidates(self.problem, self.policy)
        place_of = np.array([candidates.place_index[bed] for bed in self.beds], dtype=np.int64)
        known: dict[tuple[int, ...], NDArray[np.int64]] = {}
        found = {}
        for referral in self.problem.referrals:
            places = tuple(candidates.lawful(referral))
            if places not in known:
                known[places] = np.flatnonzero(np.isin(place_of, places))
            found[referral.id] = known[places]
        return found

    @cached_property
    def scarce(self) -> NDArray[np.int64]:
        """Beds by the policy's scarce features: 1 where the bed has the feature."""
        features = self.policy.scarce_features
        rows = [place_of(bed, self.problem).features for bed in self.beds]
        flat = [[int(feature in row) for feature in features] for row in rows]
        return np.array(flat, dtype=np.int64).reshape(len(self.beds), len(features))

    @cached_property
    def tenths(self) -> dict[str, NDArray[np.int64]]:
        """For each referral, tenths of a mile to each premises (0: no location to measure from)."""
        sites = [site.location for site in self.problem.premises]
        near = [n for n, point in enumerate(sites) if point is not None]
        unknown = 10 * self.policy.unknown_miles
        homes = [r for r in self.problem.referrals if r.location is not None]
        matrix = np.full((len(homes), len(sites)), unknown, dtype=np.int64)
        if homes and near:
            matrix[:, near] = tenths_matrix(
                [r.location for r in homes if r.location is not None],
                [point for point in sites if point is not None],
            )
        nothing = np.zeros(len(sites), dtype=np.int64)
        rows = {r.id: matrix[n] for n, r in enumerate(homes)}
        return {r.id: rows.get(r.id, nothing) for r in self.problem.referrals}

    @cached_property
    def bookings_ahead(self) -> tuple[Booking, ...]:
        """Bookings with a night still to come."""
        return tuple(b for b in self.problem.bookings if ahead(b, self.problem) is not None)

    @cached_property
    def booked(self) -> NDArray[np.int64]:
        """People booked, by premises and night, seated or surplus."""
        counts = np.zeros((len(self.sites), self.nights), dtype=np.int64)
        for booking in self.bookings_ahead:
            counts[self.site_index[booking.premises_id], self.span(booking.stay)] += 1
        return counts

    def booked_with(self, site: int, attribute: str) -> NDArray[np.int64]:
        """People booked at a premises who count as the attribute, by night."""
        counts = np.zeros(self.nights, dtype=np.int64)
        for booking in self.bookings_ahead:
            if self.site_index[booking.premises_id] == site and attribute in attributes_of_booking(
                booking, self.policy
            ):
                counts[self.span(booking.stay)] += 1
        return counts

    def beds_do_not_count(self, site: int) -> bool:
        """Whether counting beds is not enough: someone is surplus, or in a bed not usable."""
        room = self.usable_count[site] - self.booked[site]
        here = np.flatnonzero(self.site_of_bed == site)
        settled = {b.id for b in self.settled.kept}
        still_open = np.zeros(self.nights, dtype=np.int64)
        for booking in self.bookings_ahead:
            if self.site_index[booking.premises_id] == site and booking.id not in settled:
                still_open[self.span(booking.stay)] += 1
        return bool((self.free[here].sum(axis=0) - still_open > room).any() or (room < 0).any())

    @cached_property
    def booked_arrivals(self) -> NDArray[np.int64]:
        """Bookings that arrive, by premises and day."""
        counts = np.zeros((len(self.sites), self.nights), dtype=np.int64)
        for booking in self.bookings_ahead:
            if self.day(booking.stay.arrival) >= 0:
                counts[self.site_index[booking.premises_id], self.day(booking.stay.arrival)] += 1
        return counts

    @cached_property
    def usable_count(self) -> NDArray[np.int64]:
        """Usable beds by premises and night."""
        counts = np.zeros((len(self.sites), self.nights), dtype=np.int64)
        np.add.at(counts, self.site_of_bed, self.usable.astype(np.int64))
        return counts

    @cached_property
    def stays_of(self) -> dict[str, list[tuple[Stay, str]]]:
        """Booked stays of each CRN, and their premises."""
        found: dict[str, list[tuple[Stay, str]]] = defaultdict(list)
        for booking in self.bookings_ahead:
            found[booking.crn].append((booking.stay, booking.premises_id))
        return found

    def _horizon(self) -> int:
        ends = [booking.stay.departure for booking in self.problem.bookings]
        ends += [
            max(r.latest_arrival, self.problem.as_of) + timedelta(days=r.nights)
            for r in self.problem.referrals
        ]
        return max((self.day(end) for end in ends), default=1) + 1

    def _usable(self) -> Beds:
        grid = np.ones((len(self.beds), self.nights), dtype=np.bool_)
        for bed in self.problem.beds:
            row = self.bed_index[bed.id]
            if bed.starts is not None:
                grid[row, : max(0, self.day(bed.starts))] = False
            if bed.ends is not None:
                grid[row, max(0, self.day(bed.ends)) :] = False
        for record in self.problem.out_of_service:
            grid[self.bed_index[record.bed_id], self.span(record.nights)] = False
        return grid

    def _blocked(self) -> Beds:
        grid = np.zeros((len(self.beds), self.nights), dtype=np.bool_)
        for bed, stays in self.settled.blocked.items():
            for stay in stays:
                grid[self.bed_index[bed], self.span(stay)] = True
        return grid
