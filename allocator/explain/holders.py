"""Holders: who has the beds that a person could lawfully have, as counts and never as people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.explain.request import Request
from allocator.explain.said import listed
from allocator.explain.situation import Situation
from allocator.explain.stock import Ints
from allocator.plain_words import counted


@dataclass(frozen=True, slots=True)
class Holders:
    """People with one of the beds on some night wanted. Bands by number; None: not known."""

    residents: int
    bookings: Mapping[int | None, int]
    placements: Mapping[int | None, int]

    @property
    def words(self) -> str:
        """4 residents, 2 bookings (band 1: 1, not known: 1) and 3 people placed (band 2: 3)."""
        parts = [counted(self.residents, "resident")] if self.residents else []
        if self.bookings:
            total = sum(self.bookings.values())
            parts.append(f"{counted(total, 'future booking')} ({_bands(self.bookings)})")
        if self.placements:
            total = sum(self.placements.values())
            noun = "person" if total == 1 else "people"
            parts.append(f"{total:,} {noun} placed by this plan ({_bands(self.placements)})")
        return listed(parts) or "nobody"

    def as_json(self) -> dict[str, object]:
        """Counts by band."""
        return {
            "residents": self.residents,
            "bookings": {_band(band): n for band, n in _in_order(self.bookings)},
            "placements": {_band(band): n for band, n in _in_order(self.placements)},
        }


def holders_of(beds: Ints, request: Request, situation: Situation) -> Holders:
    """Who has these beds on any night that the person might be there."""
    bookings: Counter[int | None] = Counter()
    placements: Counter[int | None] = Counter()
    residents = 0
    for number in _numbers(beds, request, situation):
        person = situation.people[number]
        band = None if person.known is None else situation.policy.band_of(person.known)
        if not person.booked:
            placements[band] += 1
        elif situation.facts.bookings_by_id[person.id].resident:
            residents += 1
        else:
            bookings[band] += 1
    return Holders(residents, bookings, placements)


def _numbers(beds: Ints, request: Request, situation: Situation) -> list[int]:
    if not len(request.days):
        return []
    wanted = np.zeros(len(situation.stock.beds) + 1, dtype=np.bool_)  # the last: in no bed
    wanted[beds] = True
    starts, ends = situation.spans
    first, last = request.days[0], request.days[-1] + request.nights
    found: list[int] = np.flatnonzero(
        wanted[situation.bed_of] & (starts < last) & (ends > first)
    ).tolist()
    return found


def _bands(counts: Mapping[int | None, int]) -> str:
    return ", ".join(f"{_band(band)}: {n:,}" for band, n in _in_order(counts))


def _in_order(counts: Mapping[int | None, int]) -> list[tuple[int | None, int]]:
    return sorted(counts.items(), key=lambda entry: (entry[0] is None, entry[0] or 0))


def _band(band: int | None) -> str:
    return "band not known" if band is None else f"band {band}"
