"""Who is in the way: everyone whose making way, alone, might open a bed to a person.

A person is open to a bed and arrival when nobody is in the bed and no plan rule objects. One
person making way can only help where nobody else is in that bed; and where the bed is empty, only
someone whom each objecting rule counts. So those not listed here need not be tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from allocator.check.people import Person
from allocator.explain.board import Board
from allocator.explain.request import Request
from allocator.explain.stock import Counts, Flags, Ints
from allocator.explain.sums import before, between

_ABOUT_PEOPLE = ("separation", "one_place_a_person_night")


class Way:
    """Sleepers bed by bed, made once a board."""

    def __init__(self, board: Board) -> None:
        self.board = board
        asleep = board.asleep
        self._closed_before = before(board.stock.closed)
        starts = asleep >= 0
        starts[:, 1:] &= asleep[:, 1:] != asleep[:, :-1]
        self._starts_before = before(starts)
        self._last = _last_seen(asleep)
        self._asleep = asleep.astype(np.int32)
        self._in_bed: dict[int, list[int]] = defaultdict(list)
        for number, bed in enumerate(board.bed_of.tolist()):
            self._in_bed[bed].append(number)

    def people_in(self, bed: int) -> list[Person]:
        """Everyone who has the bed on some night."""
        return [self.board.people[number] for number in self._in_bed.get(bed, ())]

    def of(self, request: Request) -> list[tuple[Person, Ints]]:
        """People who might make way, each with the beds that it might open."""
        beds, days = self.board.lawful_beds(request.referral), request.days
        found: dict[int, set[int]] = defaultdict(set)
        if len(beds) and len(days):
            self._in_the_bed(request, beds, found)
            self._round_empty_beds(request, beds, found)
        may = self.board.may_give_way
        return [
            (self.board.people[number], np.array(sorted(where), dtype=np.int64))
            for number, where in sorted(found.items())
            if may[number]
        ]

    def _in_the_bed(self, request: Request, beds: Ints, found: dict[int, set[int]]) -> None:
        """Whoever is the only one in a bed for a whole stay."""
        days, ends = request.days, request.days + request.nights
        there = self._asleep[beds][:, days] >= 0
        sleepers = there + between(self._starts_before, beds, days + 1, ends)
        alone = (sleepers == 1) & (between(self._closed_before, beds, days, ends) == 0)
        kept = self.board.stock.kept_before(request.known_band)
        if kept is not None:
            alone &= between(kept, beds, days, ends) == 0
        rows, columns = np.nonzero(alone)
        numbers = self._last[beds[rows], ends[columns]]
        pairs = np.unique(numbers.astype(np.int64) * len(self._asleep) + beds[rows])
        for number, bed in zip(*np.divmod(pairs, len(self._asleep)), strict=True):
            found[int(number)].add(int(bed))

    def _round_empty_beds(self, request: Request, beds: Ints, found: dict[int, set[int]]) -> None:
        """People whom the rules count that keep the person from an empty bed."""
        board = self.board
        empty = board.ledger.is_empty(request.nights, beds, request.days, request.known_band)
        rows = np.flatnonzero(empty.any(axis=1))
        beds, empty = beds[rows], empty[rows]
        if not len(beds):
            return
        blocked = board.ledger.blocked(request, beds, request.days)
        nowhere = np.zeros_like(empty)
        by_room = empty & blocked.get("room_sharing", nowhere)
        about = empty & ~by_room & _any(blocked, _ABOUT_PEOPLE, nowhere)
        by_site = empty & ~by_room & ~about & _any(blocked, tuple(blocked), nowhere)
        for bed in beds[by_room.any(axis=1)].tolist():
            for mate in board.stock.mates[bed]:
                _add(self._in_bed.get(mate, ()), [bed], found)
        if about.any():
            related = {p.id for p in board.ledger.related(request.referral.crn)}
            numbers = [n for n, p in enumerate(board.people) if p.id in related]
            _add(numbers, beds[about.any(axis=1)].tolist(), found)
        blocked_beds = beds[by_site.any(axis=1)]
        for site in np.unique(board.stock.site_of_bed[blocked_beds]).tolist():
            here = blocked_beds[board.stock.site_of_bed[blocked_beds] == site].tolist()
            _add(self._meeting(request, site), here, found)

    def _meeting(self, request: Request, site: int) -> list[int]:
        """People at the premises on some night that the person might be there."""
        starts, ends = self.board.spans
        first, last = request.days[0], request.days[-1] + request.nights
        near = (self.board.site_of == site) & (starts < last) & (ends > first)
        return np.flatnonzero(near).tolist()


def _add(numbers: Iterable[int], beds: list[int], found: dict[int, set[int]]) -> None:
    for number in numbers:
        found[number].update(beds)


def _any(blocked: dict[str, Flags], codes: tuple[str, ...], nowhere: Flags) -> Flags:
    found = nowhere.copy()
    for code in codes:
        if code in blocked:
            found |= blocked[code]
    return found


def _last_seen(asleep: Ints) -> Counts:
    """For each bed and night, who slept there last before that night; -1: nobody."""
    nights = np.arange(asleep.shape[1])
    seen = np.maximum.accumulate(np.where(asleep >= 0, nights, -1), axis=1)
    rows = np.arange(len(asleep))[:, None]
    found = np.full((asleep.shape[0], asleep.shape[1] + 1), -1, dtype=np.int32)
    found[:, 1:] = np.where(seen >= 0, asleep[rows, np.maximum(seen, 0)], -1)
    return found
