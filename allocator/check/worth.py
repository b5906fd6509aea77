"""The most that each party's best option is worth at a certificate's prices.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from allocator.check.gains import Gains
from allocator.check.levels import Level
from allocator.check.nights_axis import Flags, Numbers, sums
from allocator.check.prices import TOO_LARGE, CertificateError, Prices
from allocator.check.ways import Way, Ways
from allocator.referral import Referral
from allocator.vocabulary import MixAttribute


class Worth:
    """Answers `best(ways)` at fixed prices, for fixed multiples of the levels.

    Beds of one kind that are free on the same nights at the same prices are looked at once.
    """

    def __init__(
        self, ways: Ways, gains: Gains, prices: Prices, multiples: Mapping[Level, int]
    ) -> None:
        self.ways, self.gains, self.prices, self.multiples = ways, gains, prices, multiples
        problem = ways.facts.problem
        rooms = [bed.room_id for bed in problem.beds]
        counts = [len(problem.beds_in_room[room]) for room in rooms]
        size = np.array(counts, dtype=np.int64).reshape(-1, 1)
        by_room = _rows([prices.rooms.get(room) for room in rooms], ways.axis.nights)
        _refuse_large(by_room, int(size.max(initial=1)) * ways.axis.nights)
        self.one_each = self._unlike(prices.beds + by_room, prices.beds + size * by_room)
        self.kind = ways.kind_of_bed[self.one_each]
        self.free = ways.free_sums[self.one_each]
        self.sharing = sums((prices.beds + by_room)[self.one_each])
        self.alone = sums((prices.beds + size * by_room)[self.one_each])
        self.premises_row = {p.id: row for row, p in enumerate(problem.premises)}
        self.premises_of = np.array(
            [self.premises_row[ways.kinds[kind].premises.id] for kind in self.kind], dtype=np.int64
        )
        self.mix = {attribute: sums(rows) for attribute, rows in self._mix_rows().items()}
        self.arrivals = self._premises_rows(prices.arrivals)

    def best(self, ways: tuple[Way, ...]) -> int:
        """max(0, the most that an option is worth)."""
        return max([0, *(self._best(way) for way in ways)])

    def _best(self, way: Way) -> int:
        by_kind, by_arrival = self.gains.of(way, self.multiples)
        cells = dict(self.gains.single_cells(way, self.multiples))
        most = int(by_kind[way.kinds].max(initial=0)) + int(by_arrival.max(initial=0))
        if most + sum(extra for extra in cells.values() if extra > 0) <= 0:
            return 0
        beds = np.flatnonzero(way.kinds[self.kind])
        worth = by_kind[self.kind[beds]][:, None] + by_arrival[None, :] - self._cost(way, beds)
        for (premises_id, column), extra in cells.items():
            row = self.premises_row.get(premises_id, -1)
            worth[self.premises_of[beds] == row, column] += extra
        return int(worth[self._is_free(way, beds)].max(initial=0))

    def _is_free(self, way: Way, beds: Numbers) -> Flags:
        starts, ends = self._columns(way)
        found: Flags = _between(self.free, beds, starts, ends) == (ends - starts)[None, :]
        return found

    def _cost(self, way: Way, beds: Numbers) -> Numbers:
        starts, ends = self._columns(way)
        # Where no room has a price it makes no difference who sleeps alone.
        turn = way.alone_from if self.prices.rooms else self.ways.axis.nights
        cost = np.zeros((len(beds), len(starts)), dtype=np.int64)
        if turn > starts.min():
            before = np.minimum(starts, turn), np.minimum(ends, turn)
            cost += _between(self.sharing, beds, *before)
        if turn < ends.max():
            after = np.maximum(starts, turn), np.maximum(ends, turn)
            cost += _between(self.alone, beds, *after)
        if isinstance(way.party, Referral):
            at_premises = self._premises_cost(way.party, starts, ends)
            if at_premises is not None:
                cost += at_premises[self.premises_of[beds]]
        return cost

    def _premises_cost(self, referral: Referral, starts: Numbers, ends: Numbers) -> Numbers | None:
        """Prices of mix and arrivals, a row for each premises; None: there are none."""
        if not self.mix and self.arrivals is None:
            return None
        found = np.zeros((len(self.premises_row), len(starts)), dtype=np.int64)
        for attribute, rows in self.mix.items():
            if self.gains.has(referral, attribute):
                found += _between(rows, np.arange(len(rows)), starts, ends)
        if self.arrivals is not None:
            # An arrival past the end of the axis has no price.
            padded = np.pad(self.arrivals, ((0, 0), (0, 1)))
            found += padded[:, starts]
        return found

    def _columns(self, way: Way) -> tuple[Numbers, Numbers]:
        last = self.ways.axis.nights
        return np.minimum(way.arrivals, last), np.minimum(way.departures, last)

    def _unlike(self, *rows: Numbers) -> Numbers:
        """One bed of each set that kind, free nights and prices cannot tell apart."""
        found: dict[tuple[int, bytes], int] = {}
        for bed, kind in enumerate(self.ways.kind_of_bed.tolist()):
            parts = [self.ways.free[bed].tobytes(), *(row[bed].tobytes() for row in rows)]
            found.setdefault((kind, b"".join(parts)), bed)
        return np.array(list(found.values()), dtype=np.int64)

    def _mix_rows(self) -> dict[MixAttribute, Numbers]:
        found: dict[MixAttribute, dict[str, Numbers]] = {}
        for (premises_id, attribute), row in self.prices.mix.items():
            found.setdefault(attribute, {})[premises_id] = row
        return {attribute: self._all_premises(rows) for attribute, rows in found.items()}

    def _premises_rows(self, rows: Mapping[str, Numbers]) -> Numbers | None:
        return self._all_premises(rows) if rows else None

    def _all_premises(self, rows: Mapping[str, Numbers]) -> Numbers:
        return _rows([rows.get(premises) for premises in self.premises_row], self.ways.axis.nights)


def _rows(rows: list[Numbers | None], nights: int) -> Numbers:
    found = np.zeros((len(rows), nights), dtype=np.int64)
    for number, row in enumerate(rows):
        if row is not None:
            found[number] = row
    return found


def _between(sums: Numbers, rows: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """For some rows, what the nights from each start to each end come to, from running sums."""
    found: Numbers = sums[np.ix_(rows, ends)] - sums[np.ix_(rows, starts)]
    return found


def _refuse_large(rows: Numbers, times: int) -> None:
    if int(rows.max(initial=0)) * times >= TOO_LARGE:
        raise CertificateError("has prices too large to add up exactly")
