"""The ledger: who is where so far, and whether one more person is lawful."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.geography.distance import miles_between
from allocator.nights import Stay
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import Criterion
from benchmarks.methods.attributes import attributes_of, attributes_of_booking
from benchmarks.methods.situation import Situation


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Someone in a bed, as far as sharing a room goes."""

    stay: Stay
    sharing: ShareAssessment | None
    alone: bool
    attributes: frozenset[str]


class Ledger:
    """Starts with the bookings in their seats; `place` adds a referral, `takes` asks first."""

    def __init__(self, situation: Situation, seats: dict[str, str]) -> None:
        self.situation = situation
        problem = situation.problem
        self.empty = situation.free.copy()
        self._busy_before = np.zeros((len(situation.beds), situation.nights + 1), dtype=np.int32)
        self._last_busy = np.zeros((len(situation.beds), situation.nights + 1), dtype=np.int32)
        self._next_busy = np.zeros((len(situation.beds), situation.nights + 1), dtype=np.int32)
        self._sleepers: dict[str, list[Sleeper]] = defaultdict(list)
        self._stays = {crn: list(stays) for crn, stays in situation.stays_of.items()}
        self._people = situation.booked.copy()
        self._full_before = np.zeros((len(situation.sites), situation.nights + 1), dtype=np.int32)
        self._arrivals = np.zeros((len(situation.sites), situation.nights), dtype=np.int64)
        self._mix: dict[tuple[str, str], NDArray[np.int64]] = {}
        self._apart: dict[str, list[tuple[str, float | None]]] = defaultdict(list)
        for pair in problem.separations:
            self._apart[pair.crn].append((pair.other_crn, pair.radius_miles))
            self._apart[pair.other_crn].append((pair.crn, pair.radius_miles))
        self._count_bookings(seats)
        for bed in range(len(situation.beds)):
            self._count_busy(bed)
        for site in range(len(situation.sites)):
            self._count_full(site)

    def open_starts(self, referral: Referral) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Beds and arrival days at which a lawful bed is empty for the whole stay."""
        situation = self.situation
        beds, window = situation.lawful[referral.id], situation.window(referral)
        if len(beds) == 0 or len(window) == 0:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing
        days = np.arange(window.start, window.stop)
        sites = situation.site_of_bed[beds]
        ends = days + referral.nights
        busy = self._busy_before[beds][:, ends] != self._busy_before[beds][:, days]
        full = self._full_before[sites][:, ends] != self._full_before[sites][:, days]
        rows, columns = np.nonzero(~(busy | full))
        return beds[rows], days[columns]

    def idle_beside(
        self, beds: NDArray[np.int64], days: NDArray[np.int64], nights: int
    ) -> NDArray[np.int64]:
        """Idle nights left between a stay and its neighbours; none after a bed's last stay."""
        before = days - self._last_busy[beds, days]
        after = self._next_busy[beds, days + nights].astype(np.int64) - (days + nights)
        endless = self._next_busy[beds, days + nights] == np.iinfo(np.int32).max
        idle: NDArray[np.int64] = before + np.where(endless, 0, after)
        return idle

    def takes(self, referral: Referral, bed: int, day: int) -> bool:
        """Whether an empty lawful bed may be had from this day, by all the plan rules."""
        stay = Stay.of(self.situation.date(day), referral.nights)
        site = self.situation.sites[self.situation.site_of_bed[bed]]
        return (
            self._is_nowhere_else(referral, stay)
            and self._room_takes(referral, bed, stay)
            and self._keeps_apart(referral, site, stay)
            and self._mix_allows(referral, site, stay)
            and self._may_arrive(site, day)
        )

    def may_arrive_at(self, beds: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the premises of each choice takes one more arrival that day."""
        limits = [arrivals_limit(self.situation, site) for site in self.situation.sites]
        most = np.array([np.iinfo(np.int64).max if n is None else n for n in limits])
        sites = self.situation.site_of_bed[beds]
        allowed: NDArray[np.bool_] = self._arrivals[sites, days] < most[sites]
        return allowed

    def needs_a_look(self, referral: Referral, beds: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Choices for which a rule beyond an empty bed and the day's arrivals may matter."""
        if referral.crn in self._apart or referral.crn in self._stays:
            return np.ones(len(beds), dtype=np.bool_)
        attributes = attributes_of(referral, self.situation.policy)
        capped = {site for site, attribute in self._mix if attribute in attributes}
        look = np.zeros(len(self.situation.beds), dtype=np.bool_)
        for bed in np.unique(beds):
            site = self.situation.sites[self.situation.site_of_bed[bed]]
            look[bed] = site in capped or any(self._sleepers[b] for b in self._beside(int(bed)))
        return look[beds]

    def place(self, referral: Referral, bed: int, day: int) -> None:
        """Write the person down."""
        situation = self.situation
        stay = Stay.of(situation.date(day), referral.nights)
        nights = situation.span(stay)
        site = int(situation.site_of_bed[bed])
        self.empty[bed, nights] = False
        self._people[site, nights] += 1
        self._arrivals[site, day] += 1
        self._count_busy(bed)
        self._count_full(site)
        self._sleepers[situation.beds[bed]].append(self.sleeper(referral, stay))
        self._stays.setdefault(referral.crn, []).append((stay, situation.sites[site]))
        for attribute in attributes_of(referral, situation.policy):
            counts = self._mix.get((situation.sites[site], attribute))
            if counts is not None:
                counts[nights] += 1

    def sleeper(self, referral: Referral, stay: Stay) -> Sleeper:
        """The referral as a room-mate."""
        return Sleeper(
            stay,
            referral.sharing,
            Criterion.IS_SINGLE in referral.essential,
            attributes_of(referral, self.situation.policy),
        )

    def _count_bookings(self, seats: dict[str, str]) -> None:
        situation = self.situation
        for site in situation.problem.premises:
            for cap in site.mix_caps:
                self._mix[site.id, cap.attribute.value] = np.zeros(situation.nights, dtype=np.int64)
        for booking in situation.bookings_ahead:
            nights = situation.span(booking.stay)
            attributes = attributes_of_booking(booking, situation.policy)
            for (site_id, attribute), counts in self._mix.items():
                if site_id == booking.premises_id and attribute in attributes:
                    counts[nights] += 1
            arrival = situation.day(booking.stay.arrival)
            if 0 <= arrival < situation.nights:
                self._arrivals[situation.site_index[booking.premises_id], arrival] += 1
            if booking.id in seats:
                bed = seats[booking.id]
                self.empty[situation.bed_index[bed], nights] = False
                alone = Criterion.IS_SINGLE in booking.essential
                self._sleepers[bed].append(
                    Sleeper(booking.stay, booking.sharing, alone, attributes)
                )

    def _count_busy(self, bed: int) -> None:
        busy = ~self.empty[bed]
        nights = np.arange(self.situation.nights, dtype=np.int32)
        np.cumsum(busy, out=self._busy_before[bed, 1:])
        np.maximum.accumulate(np.where(busy, nights + 1, 0), out=self._last_busy[bed, 1:])
        ahead = np.where(busy, nights, np.iinfo(np.int32).max)[::-1]
        self._next_busy[bed, :-1] = np.minimum.accumulate(ahead)[::-1]
        self._next_busy[bed, -1] = np.iinfo(np.int32).max

    def _count_full(self, site: int) -> None:
        full = self._people[site] >= self.situation.usable_count[site]
        np.cumsum(full, out=self._full_before[site, 1:])

    def _is_nowhere_else(self, referral: Referral, stay: Stay) -> bool:
        return not any(other.meets(stay) for other, _ in self._stays.get(referral.crn, ()))

    def _room_takes(self, referral: Referral, bed: int, stay: Stay) -> bool:
        others = self._beside(bed)
        if not others:
            return True
        person = self.sleeper(referral, stay)
        return all(
            self.may_share(person, other) for bed_id in others for other in self._sleepers[bed_id]
        )

    def _beside(self, bed: int) -> list[str]:
        """The other beds of the room."""
        problem, code = self.situation.problem, self.situation.beds[bed]
        return [
            b.id for b in problem.beds_in_room[problem.beds_by_id[code].room_id] if b.id != code
        ]

    def may_share(self, one: Sleeper, other: Sleeper) -> bool:
        """Whether the two may be in one room on every night they have in common."""
        common = one.stay.common(other.stay)
        if common is None:
            return True
        if one.alone or other.alone:
            return False
        last = common.departure.toordinal() - 1
        for sharing in (one.sharing, other.sharing):
            if sharing is None or not sharing.suitable or sharing.valid_until.toordinal() < last:
                return False
        return not any(
            clash(pair, one.attributes, other.attributes)
            for pair in self.situation.policy.never_share
        )

    def _keeps_apart(self, referral: Referral, site: str, stay: Stay) -> bool:
        return not any(
            other.meets(stay) and near(self.situation, site, other_site, radius)
            for crn, radius in self._apart.get(referral.crn, ())
            for other, other_site in self._stays.get(crn, ())
        )

    def _mix_allows(self, referral: Referral, site: str, stay: Stay) -> bool:
        caps = self.situation.problem.premises_by_id[site].mix_caps
        if not caps:
            return True
        attributes = attributes_of(referral, self.situation.policy)
        nights = self.situation.span(stay)
        return all(
            self._mix[site, cap.attribute.value][nights].max() < cap.limit
            for cap in caps
            if cap.attribute.value in attributes
        )

    def _may_arrive(self, site: str, day: int) -> bool:
        limit = arrivals_limit(self.situation, site)
        return limit is None or self._arrivals[self.situation.site_index[site], day] < limit


def arrivals_limit(situation: Situation, site: str) -> int | None:
    """Most new arrivals a day, or None for no limit."""
    own = situation.problem.premises_by_id[site].arrivals_per_day
    return own if own is not None else (situation.policy.arrivals_per_day or None)


def clash(pair: frozenset[str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one has the first attribute of the pair and the other the second."""
    first, last = min(pair), max(pair)
    return (first in one and last in other) or (last in one and first in other)


def near(situation: Situation, site: str, other: str, radius: float | None) -> bool:
    """Whether two premises are the same, or within the radius (unknown counts as within)."""
    if site == other:
        return True
    if radius is None:
        return False
    here = situation.problem.premises_by_id[site].location
    there = situation.problem.premises_by_id[other].location
    return here is None or there is None or miles_between(here, there) <= radius
