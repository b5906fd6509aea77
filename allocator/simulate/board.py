"""Board: who has each bed each night, and whether one more stay is lawful."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from allocator.simulate.asker import Asker
from allocator.simulate.ground import Flags, Ground, Ints

NOBODY, CLOSED = -1, -2
Sleepers = npt.NDArray[np.int32]
Days = npt.NDArray[np.int16]


class Slot(NamedTuple):
    """A bed by number, the day of arrival and the day of departure."""

    bed: int
    arrival: int
    departure: int


@dataclass(slots=True)
class Board:
    """Plan rules by nights. Whoever is put on it must have been asked about first: `allows`."""

    ground: Ground
    who: Sleepers
    """[bed, night]: a person's number, NOBODY or CLOSED."""
    until: Days
    """[bed, night]: the first night from this one on that is not free."""
    since: Days
    """[bed, night]: the first night of the free ones that end before this one."""
    arrivals: Ints
    """[premises, day]: people who arrive."""
    mix: dict[tuple[int, str], Ints]
    """People with a capped attribute on each night, by premises and attribute."""
    slots: dict[int, Slot] = field(default_factory=dict)
    people: dict[int, Asker] = field(default_factory=dict)
    apart: dict[str, tuple[tuple[str, float | None], ...]] = field(default_factory=dict)
    """For a CRN, those it is kept apart from, and the miles."""
    number_of: dict[str, int] = field(default_factory=dict)
    """The person on the board with a CRN."""
    settled: set[int] = field(default_factory=set)
    """People who arrived before the first day: no arrival of theirs counts."""
    crowded: set[int] = field(default_factory=set)
    """Premises with somebody in a bed that is out of service: no more people than beds there."""
    _spare: list[Board] = field(default_factory=list)
    """Boards whose trials are over."""

    @classmethod
    def empty(cls, ground: Ground) -> Board:
        """Nobody anywhere; closed where a bed cannot be used."""
        who = np.where(ground.usable, NOBODY, CLOSED).astype(np.int32)
        pairs: dict[str, list[tuple[str, float | None]]] = {}
        for pair in ground.problem.separations:
            pairs.setdefault(pair.crn, []).append((pair.other_crn, pair.radius_miles))
            pairs.setdefault(pair.other_crn, []).append((pair.crn, pair.radius_miles))
        board = cls(
            ground,
            who,
            until=np.zeros(who.shape, dtype=np.int16),
            since=np.zeros(who.shape, dtype=np.int16),
            arrivals=np.zeros((len(ground.sites), ground.days), dtype=np.int64),
            mix={
                (site, attribute): np.zeros(ground.days, dtype=np.int64)
                for site, caps in enumerate(ground.caps)
                for attribute, _ in caps
            },
            apart={crn: tuple(others) for crn, others in pairs.items()},
        )
        for bed in range(len(who)):
            board._look_again(bed)
        return board

    def copy(self) -> Board:
        """Another board in the same state."""
        return Board(
            self.ground,
            self.who.copy(),
            self.until.copy(),
            self.since.copy(),
            self.arrivals.copy(),
            {key: counts.copy() for key, counts in self.mix.items()},
            dict(self.slots),
            dict(self.people),
            self.apart,
            dict(self.number_of),
            set(self.settled),
            set(self.crowded),
        )

    @contextmanager
    def trial(self, first: int = 0) -> Iterator[Board]:
        """A copy to try things on, which is nobody's after the block.

        Only what is from night `first` on is copied, and may be asked about. Its memory is written
        again by the next trial: to have it anew from the system takes longer than the copying.
        """
        if self._spare:
            board = self._spare.pop()
            board._become(self, first)
        else:
            board = self.copy()
        try:
            yield board
        finally:
            self._spare.append(board)

    def _become(self, other: Board, first: int) -> None:
        """Take over the state of another board of the same ground, from a night on."""
        for mine, theirs in (
            (self.who, other.who),
            (self.until, other.until),
            (self.since, other.since),
            (self.arrivals, other.arrivals),
        ):
            np.copyto(mine[:, first:], theirs[:, first:])
        for key, counts in other.mix.items():
            np.copyto(self.mix[key][first:], counts[first:])
        self.slots, self.people = dict(other.slots), dict(other.people)
        self.number_of, self.settled = dict(other.number_of), set(other.settled)
        self.crowded = set(other.crowded)

    def is_free(self, slot: Slot) -> bool:
        """Whether the bed is empty for the whole stay."""
        return bool(self.until[slot.bed, slot.arrival] >= slot.departure)

    def free(self, beds: Ints, arrival: int, nights: int) -> Flags:
        """Which of the beds are empty for the whole stay."""
        empty: Flags = self.until[beds, arrival] >= arrival + nights
        return empty

    def free_from(self, beds: Ints, first: int, last: int, nights: int) -> Flags:
        """[bed, day]: whether the stay from each day, `first` to `last`, finds the bed empty."""
        ends = np.arange(first, last + 1) + nights
        found: Flags = self.until[beds, first : last + 1] >= ends
        return found

    def allows(self, asking: Asker, slot: Slot) -> bool:
        """Whether the rules beyond an empty bed let the person have it."""
        kept_apart = asking.referral.crn in self.apart
        crowded = self.ground.site_numbers[slot.bed] in self.crowded
        if not kept_apart and not crowded and slot.bed in self.ground.plain_beds:
            return True
        return (
            not (crowded and self._is_full(slot))
            and self._hold_allows(asking, slot)
            and self._room_takes(asking, slot)
            and self._may_arrive(slot)
            and self._mix_allows(asking, slot)
            and not (kept_apart and self._too_near(asking, slot))
        )

    def put(self, asking: Asker, slot: Slot, *, settled: bool = False) -> None:
        """Write the person down. Raises ValueError when the bed is not empty throughout.

        `settled`: they came before the first day.
        """
        if not self.is_free(slot) or asking.number in self.slots:
            raise ValueError(f"bed {self.ground.beds[slot.bed]} or the person is taken")
        self._write(asking, slot, settled=settled)

    def seat(self, asking: Asker, slot: Slot, *, settled: bool) -> None:
        """Write down somebody whose bed is a fact, be it in service or not.

        Raises ValueError as `put` does.
        """
        row = self.who[slot.bed, slot.arrival : slot.departure]
        if (row == CLOSED).any():
            row[row == CLOSED] = NOBODY
            self._look_again(slot.bed)
            self.crowded.add(self.ground.site_numbers[slot.bed])
        self.put(asking, slot, settled=settled)

    def offer(self, asking: Asker, slot: Slot) -> bool:
        """Write the person down if they have no bed, this one is empty and the rules allow it."""
        open_to = asking.number not in self.slots and self.is_free(slot)
        if open_to and self.allows(asking, slot):
            self._write(asking, slot)
            return True
        return False

    def _write(self, asking: Asker, slot: Slot, *, settled: bool = False) -> None:
        self.who[slot.bed, slot.arrival : slot.departure] = asking.number
        self._cut_run(slot)
        if settled:
            self.settled.add(asking.number)
        else:
            self.arrivals[self.ground.site_numbers[slot.bed], slot.arrival] += 1
        self._count_mix(asking, slot.bed, slot.arrival, slot.departure, 1)
        self.slots[asking.number] = slot
        self.people[asking.number] = asking
        self.number_of[asking.referral.crn] = asking.number

    def take_out(self, number: int, from_day: int = 0) -> Slot:
        """Free the person's nights from a day on; the slot they had."""
        slot = self.slots[number]
        first = max(slot.arrival, from_day)
        row = self.who[slot.bed, first : slot.departure]
        usable = self.ground.usable[slot.bed, first : slot.departure]
        row[row == number] = np.where(usable, NOBODY, CLOSED)[row == number]
        self._look_again(slot.bed)
        self._count_mix(self.people[number], slot.bed, first, slot.departure, -1)
        if from_day <= slot.arrival:
            if number not in self.settled:
                self.arrivals[self.ground.site_of_bed[slot.bed], slot.arrival] -= 1
            crn = self.people.pop(number).referral.crn
            if self.number_of.get(crn) == number:
                del self.number_of[crn]
            del self.slots[number]
        else:
            self.slots[number] = slot._replace(departure=from_day)
        return slot

    def stay_on(self, number: int) -> None:
        """One more night in the same bed, which must be empty."""
        slot = self.slots[number]
        if self.who[slot.bed, slot.departure] != NOBODY:
            raise ValueError(f"bed {self.ground.beds[slot.bed]} is not empty")
        self.who[slot.bed, slot.departure] = number
        self._look_again(slot.bed)
        self._count_mix(self.people[number], slot.bed, slot.departure, slot.departure + 1, 1)
        self.slots[number] = slot._replace(departure=slot.departure + 1)

    def close(self, bed: int, first: int, end: int) -> None:
        """Take an empty bed out of service."""
        row = self.who[bed, first:end]
        row[row == NOBODY] = CLOSED
        self._look_again(bed)

    def _cut_run(self, slot: Slot) -> None:
        """Bring the free runs up to date with a stay put into one of them."""
        until, since = self.until[slot.bed], self.since[slot.bed]
        arrival, departure = slot.arrival, slot.departure
        end = int(until[arrival])
        until[since[arrival] : arrival] = arrival
        until[arrival:departure] = self.ground.numbers[arrival:departure]
        since[arrival + 1 : departure + 1] = self.ground.numbers[arrival + 1 : departure + 1]
        since[departure + 1 : end + 1] = departure

    def _look_again(self, bed: int) -> None:
        """Work out the free runs of a bed whose nights have changed."""
        taken = self.who[bed] != NOBODY
        nights = self.ground.numbers
        ahead = np.where(taken, nights, len(taken))[::-1]
        self.until[bed] = np.minimum.accumulate(ahead)[::-1]
        self.since[bed, 0] = 0
        np.maximum.accumulate(np.where(taken, nights + 1, 0)[:-1], out=self.since[bed, 1:])

    def _count_mix(self, asking: Asker, bed: int, first: int, end: int, change: int) -> None:
        site = self.ground.site_numbers[bed]
        for attribute, _ in self.ground.caps[site]:
            if attribute in asking.attributes:
                self.mix[site, attribute][first:end] += change

    def booked_on(self, bed: int, first: int, end: int) -> list[int]:
        """Numbers of the people who have the bed on any of these nights, in order."""
        found = np.unique(self.who[bed, first:end])
        return [int(number) for number in found if number >= 0]

    # ---- rules ----------------------------------------------------------------------------

    def _is_full(self, slot: Slot) -> bool:
        """Whether a night of the stay has as many people there as beds in service."""
        beds = self.ground.beds_of_site[self.ground.site_numbers[slot.bed]]
        people = (self.who[beds, slot.arrival : slot.departure] >= 0).sum(axis=0)
        in_service = self.ground.usable[beds, slot.arrival : slot.departure].sum(axis=0)
        return bool((people >= in_service).any())

    def _hold_allows(self, asking: Asker, slot: Slot) -> bool:
        holds = self.ground.held.get(slot.bed)
        if not holds:
            return True
        band = self.ground.policy.known_band(asking.referral)
        return not any(
            band > lowest and first < slot.departure and slot.arrival < end
            for first, end, lowest in holds
        )

    def _may_arrive(self, slot: Slot) -> bool:
        site = self.ground.site_numbers[slot.bed]
        return bool(self.arrivals[site, slot.arrival] < self.ground.arrivals_limit[site])

    def _mix_allows(self, asking: Asker, slot: Slot) -> bool:
        site = self.ground.site_numbers[slot.bed]
        for attribute, limit in self.ground.caps[site]:
            if attribute in asking.attributes:
                nights = self.mix[site, attribute][slot.arrival : slot.departure]
                if nights.max() >= limit:
                    return False
        return True

    def _room_takes(self, asking: Asker, slot: Slot) -> bool:
        for bed in self.ground.others_in_room[slot.bed]:
            night = int(self.until[bed, slot.arrival])
            while night < slot.departure:
                number = int(self.who[bed, night])
                if number < 0:
                    night = int(self.until[bed, night + 1]) if number == CLOSED else night + 1
                    continue
                other, end = self.people[number], self.slots[number].departure
                last = min(end, slot.departure) - 1
                if last > min(asking.share_until, other.share_until):
                    return False
                if self._never_together(asking.attributes, other.attributes):
                    return False
                night = int(self.until[bed, end])
        return True

    def alone(self, beds: Ints, arrival: int, departure: int) -> Flags:
        """Which of the beds have no room-mate as far as a glance tells: the others have one."""
        mates = self.ground.mate[beds]
        first = self.until[mates, arrival]
        closed = self.who[mates, np.minimum(first, self.ground.days - 1)] == CLOSED
        found: Flags = (mates < 0) | (first >= departure) | closed
        return found

    def _never_together(self, one: frozenset[str], other: frozenset[str]) -> bool:
        for pair in self.ground.policy.never_share:
            first, last = min(pair), max(pair)
            if (first in one and last in other) or (last in one and first in other):
                return True
        return False

    def _too_near(self, asking: Asker, slot: Slot) -> bool:
        here = int(self.ground.site_of_bed[slot.bed])
        for crn, radius in self.apart[asking.referral.crn]:
            other = self.number_of.get(crn)
            if other is None:
                continue
            theirs = self.slots[other]
            if theirs.arrival >= slot.departure or slot.arrival >= theirs.departure:
                continue
            there = int(self.ground.site_of_bed[theirs.bed])
            if here == there:
                return True
            # What is not known of a distance counts as near.
            if radius is not None and self.ground.near.get((here, there), 0.0) <= radius:
                return True
        return False
