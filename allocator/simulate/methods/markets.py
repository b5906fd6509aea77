"""Markets: beds and people of one estate and AP type, counted by night."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from allocator.simulate.asker import Asker
from allocator.simulate.board import NOBODY
from allocator.simulate.decision import Desk
from allocator.simulate.ground import Ground
from allocator.vocabulary import ApType, Gender

Market = tuple[Gender, ApType]
Counts = npt.NDArray[np.float64]


def beds_of(ground: Ground) -> dict[Market, npt.NDArray[np.int64]]:
    """Numbers of the beds of each market, at premises that take people."""
    found: dict[Market, list[int]] = {}
    for number in np.flatnonzero(ground.takes_people).tolist():
        site = ground.problem.premises[int(ground.site_of_bed[number])]
        for kind in site.ap_types:
            found.setdefault((site.gender, kind), []).append(number)
    return {market: np.array(beds, dtype=np.int64) for market, beds in found.items()}


def free_beds(desk: Desk, market: Market, first: int, end: int) -> Counts:
    """Beds of the market that nobody has, on each night from `first` to the one before `end`.

    Where premises take nobody new from a day on, their free beds do not count from then.
    """
    beds = beds_of(desk.ground).get(market)
    if beds is None:
        return np.zeros(end - first)
    free = desk.board.who[beds, first:end] == NOBODY
    nights: Counts = (free & desk.ground.offered[beds, first:end]).sum(axis=0).astype(np.float64)
    return nights


def present(people: Iterable[Asker], market: Market, band: int, first: int, end: int) -> Counts:
    """People of the market, of `band` or above, who would be there on each night."""
    change = np.zeros(end - first + 1)
    for person in people:
        if person.band <= band and person.market == market and person.release < end:
            arrival = max(person.release, first)
            departure = min(person.release + person.nights, end)
            if arrival < departure:
                change[arrival - first] += 1
                change[departure - first] -= 1
    return np.cumsum(change)[:-1]
