"""Ledger: who had no bed in a simulated year, and why; it adds up to the tally's unmet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.closed import CLOSED
from allocator.simulate.cause import Cause, bands_of, cause_of
from allocator.simulate.changes.who import home_region
from allocator.simulate.record import Record
from allocator.simulate.year import Year
from allocator.vocabulary import ApType, Gender


@dataclass(frozen=True, slots=True)
class Unmet:
    """People of one kind who come, whose release is counted, and who never had a bed.

    `region`: where they should live. `nights`: asked for by them, and had by nobody for them.
    """

    __pydantic_config__ = CLOSED

    band: int
    region: str
    gender: Gender
    ap_type: ApType
    cause: Cause
    people: int
    nights: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of the unmet of a band could lawfully have been at a premises, had it had room."""

    __pydantic_config__ = CLOSED

    premises: str
    band: int
    people: int


def ledger(year: Year) -> tuple[Unmet, ...]:
    """A row for each kind and cause, in order."""
    bands = bands_of(year)
    people: Counter[tuple[int, str, Gender, ApType, Cause]] = Counter()
    nights: Counter[tuple[int, str, Gender, ApType, Cause]] = Counter()
    for record in unmet_records(year):
        asking = year.world.askers[record.number]
        key = (
            record.band,
            home_region(asking.referral),
            record.gender,
            record.ap_type,
            cause_of(record, year, bands),
        )
        people[key] += 1
        nights[key] += asking.nights
    return tuple(Unmet(*key, people[key], nights[key]) for key in sorted(people))


def wanted(year: Year) -> tuple[Wanted, ...]:
    """A row for each premises and band that is not 0. A person counts at several premises."""
    ground = year.world.ground
    found: dict[tuple[str, int], int] = defaultdict(int)
    for record in unmet_records(year):
        if record.latest < record.release:
            continue
        beds = year.world.askers[record.number].beds
        for site in np.unique(ground.site_of_bed[beds]).tolist():
            found[ground.sites[site], record.band] += 1
    return tuple(Wanted(*key, count) for key, count in sorted(found.items()))


def unmet_records(year: Year) -> Iterable[Record]:
    """Those whom the tally counts as unmet, in order of their number."""
    world = year.world
    first, end = world.ground.day(world.counted_from), world.ground.day(world.until)
    return (
        record
        for _, record in sorted(year.records.items())
        if record.comes and first <= record.release < end and record.housed_on is None
    )
