"""Cause: why a person of a simulated year never had a bed."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from allocator.simulate.asker import Asker
from allocator.simulate.board import CLOSED, Slot
from allocator.simulate.ground import Ints
from allocator.simulate.record import Record
from allocator.simulate.year import Year

Bands = npt.NDArray[np.int8]
TAKEN, SHUT, BARRED, LOWER, FREE = 1, 2, 3, 4, 5
"""What was in the way of a stay, the least of it last: another person of the same band or a higher
one on some night, a bed that could not be used, a rule between people beside a bed that nobody
had (a room-mate, a cap, arrivals that day), people of lower bands alone, or nothing."""


class Cause(StrEnum):
    """The first that holds, in this order, of the year as it went in the end."""

    LICENCE = "licence leaves no window"
    NO_LAWFUL_BED = "no lawful bed at all"
    LOST = "release changed or bed lost after it was firm"
    NOT_MADE_FIRM = "a lawful bed stood free: held back, or not made firm in time"
    LOWER_BAND = "lawful beds taken, one of them by people of lower bands alone"
    BETWEEN_PEOPLE = "lawful beds taken, or free and barred by a rule between people"
    SHUT = "lawful beds taken, or out of service or closed"
    TAKEN = "lawful beds all taken by people of the same or higher bands"


_OF_LEAST = {
    LOWER: Cause.LOWER_BAND,
    BARRED: Cause.BETWEEN_PEOPLE,
    SHUT: Cause.SHUT,
    TAKEN: Cause.TAKEN,
}


def cause_of(record: Record, year: Year, bands: Bands) -> Cause:
    """Why the person of the record has no bed; `bands`: see `bands_of`."""
    if record.latest < record.release:
        return Cause.LICENCE
    ground = year.world.ground
    asking = year.world.askers[record.number]
    beds = ground.lawful(asking.referral)
    if not len(beds):
        return Cause.NO_LAWFUL_BED
    if record.disturbed or record.firm_on is not None:
        return Cause.LOST
    days = np.arange(record.release, record.latest + 1)
    found = _in_the_way(beds, days, asking, year, bands)
    for b, d in np.argwhere(found == FREE).tolist():
        if _allowed(asking, int(beds[b]), int(days[d]), year):
            return Cause.NOT_MADE_FIRM
        found[b, d] = BARRED
    return _OF_LEAST[int(found.max())]


def bands_of(year: Year) -> Bands:
    """[bed, night]: the band of who slept there, or had the night and did not come; 0: nobody."""
    numbers = year.board.who
    of = np.zeros(max(int(numbers.max(initial=0)), *year.board.people, 0) + 1, dtype=np.int8)
    for number, person in year.board.people.items():
        of[number] = person.band
    found: Bands = np.where(numbers >= 0, of[np.maximum(numbers, 0)], 0).astype(np.int8)
    return found


def _in_the_way(beds: Ints, days: Ints, asking: Asker, year: Year, bands: Bands) -> Bands:
    """[bed, day]: what was in the way of a stay in the bed from the day on."""
    first, end = int(days[0]), int(days[-1]) + asking.nights
    there, who = bands[beds, first:end], year.board.who[beds, first:end]
    night = np.full(there.shape, FREE, dtype=np.int8)
    night[there > asking.band] = LOWER
    night[who == CLOSED] = SHUT
    night[(there > 0) & (there <= asking.band)] = TAKEN
    found = np.stack(
        [night[:, n : n + asking.nights].min(axis=1) for n in range(len(days))], axis=1
    )
    shut = year.world.ground.stops[beds][:, None] <= days[None, :]
    found[shut] = np.minimum(found[shut], SHUT)
    return found


def _allowed(asking: Asker, bed: int, day: int, year: Year) -> bool:
    return year.board.allows(asking, Slot(bed, day, day + asking.nights))
