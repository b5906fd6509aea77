"""A problem as Timefold's Java reads it: 32-bit whole numbers, little end first.

A list is its length and its numbers; `benchmarks/timefold/facts/Facts.java` reads them in the same
order. More is better on every level here: what is wanted fewest of is counted below nought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allocator.safeguards import Separation
from benchmarks.methods.attributes import EVERY
from benchmarks.methods.choices import Person, gains, level_codes
from benchmarks.methods.ledger import arrivals_limit, near
from benchmarks.methods.situation import Situation

Whole = NDArray[np.int32]
MOST_LEVELS = 17
"""A score has a fixed number of levels: `Levels.MOST` in Java."""
ATTRIBUTES = {name: number for number, name in enumerate(sorted(EVERY))}
EVERYBODY = -1
NONE = -1


def write_problem(
    situation: Situation,
    people: list[Person],
    start: dict[str, tuple[int, int]],
    path: Path,
) -> None:
    """Writes the file. Raises ValueError when the policy has more levels than a score."""
    if len(level_codes(situation)) > MOST_LEVELS:
        raise ValueError(f"a score has {MOST_LEVELS} levels, and the policy has more")
    with path.open("wb") as file:
        for part in _parts(situation, people, start):
            part.astype("<i4").tofile(file)


def _parts(
    situation: Situation, people: list[Person], start: dict[str, tuple[int, int]]
) -> Iterator[Whole]:
    yield _numbers(len(level_codes(situation)), situation.nights)
    yield _list(situation.site_of_bed)
    yield _list(_rooms(situation))
    yield from _limits(situation, people, start)
    pairs = sorted((min(pair), max(pair)) for pair in situation.policy.never_share)
    yield _list([ATTRIBUTES[name] for pair in pairs for name in pair])
    yield _numbers(len(people))
    for person in people:
        yield from _person(situation, person)
    begun = [start.get(person.id, (NONE, NONE)) for person in people]
    yield _list([bed for bed, _ in begun])
    yield _list([day for _, day in begun])
    yield from _apart(situation, people)


def _numbers(*values: int) -> Whole:
    return np.array(values, dtype=np.int32)


def _list(values: Sequence[int] | NDArray[np.int64]) -> Whole:
    flat = np.asarray(values, dtype=np.int32)
    return np.concatenate((_numbers(len(flat)), flat))


def _rooms(situation: Situation) -> list[int]:
    number = {room: n for n, room in enumerate(situation.problem.beds_in_room)}
    return [number[situation.problem.beds_by_id[bed].room_id] for bed in situation.beds]


def _person(situation: Situation, person: Person) -> Iterator[Whole]:
    """Beds in order, and the runs of arrival days of each: choices are by bed, then by day."""
    referral, shared = person.referral, person.last_shared
    today = situation.problem.as_of.toordinal()
    codes = level_codes(situation)
    waiting = NONE
    if referral is not None:
        waiting = codes.index((f"uncovered_nights/{situation.policy.band_of(referral)}", False))
    yield _numbers(
        referral is not None,
        0 if referral is None else situation.policy.band_of(referral),
        person.nights,
        NONE if shared is None else max(NONE, shared - today),
        sum(1 << ATTRIBUTES[name] for name in person.attributes),
        waiting,
        0 if referral is None else situation.day(referral.release_date),
    )
    beds, first = np.unique(person.beds, return_index=True)
    apart = (np.diff(person.beds) != 0) | (np.diff(person.days) != 1)
    begin = np.concatenate(([0], np.flatnonzero(apart) + 1))
    end = np.append(begin[1:], len(person.beds)) - 1
    yield _list(beds)
    yield _list(np.append(np.searchsorted(begin, first), len(begin)))
    yield _list(person.days[begin])
    yield _list(person.days[end])
    # Waiting goes by the day, and all else by the bed: one choice of each bed says it.
    gain = gains(situation, replace(person, beds=beds, days=person.days[first]))
    amounts = np.zeros((len(beds), len(codes)), dtype=np.int64)
    for level, (code, most) in enumerate(codes):
        if code in gain and level != waiting:
            amounts[:, level] = gain[code] if most else -gain[code]
    yield _list(amounts.ravel())


def _limits(
    situation: Situation, people: list[Person], start: dict[str, tuple[int, int]]
) -> Iterator[Whole]:
    """For each premises its limits: whom they count, whether on arrival alone, and the room."""
    surplus = {
        person.booking.premises_id for person in people if person.booking and person.id not in start
    }
    yield _numbers(len(situation.sites))
    for site, code in enumerate(situation.sites):
        limits: list[tuple[int, bool, NDArray[np.int64]]] = [
            (
                ATTRIBUTES[cap.attribute.value],
                False,
                cap.limit - situation.booked_with(site, cap.attribute.value),
            )
            for cap in situation.problem.premises_by_id[code].mix_caps
        ]
        # Elsewhere every booking has a bed, and beds see to it.
        if code in surplus or situation.beds_do_not_count(site):
            room = situation.usable_count[site] - situation.booked[site]
            limits.append((EVERYBODY, False, room))
        arrivals = arrivals_limit(situation, code)
        if arrivals is not None:
            limits.append((EVERYBODY, True, arrivals - situation.booked_arrivals[site]))
        yield _numbers(len(limits))
        for attribute, on_arrival, room in limits:
            yield _numbers(attribute, on_arrival)
            yield _list(np.maximum(0, room))


def _apart(situation: Situation, people: list[Person]) -> Iterator[Whole]:
    """Pairs who both ask, and for each premises those that are too near it."""
    of_crn: dict[str, list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        if person.referral is not None:
            of_crn[person.crn].append(number)
    everywhere = [list(range(len(situation.sites)))] * len(situation.sites)
    pairs = [
        (one, other, everywhere)
        for same in of_crn.values()
        for n, one in enumerate(same)
        for other in same[n + 1 :]
    ]
    for separation in situation.problem.separations:
        both = [
            (one, other) for one in of_crn[separation.crn] for other in of_crn[separation.other_crn]
        ]
        if both:
            too_near = _too_near(situation, separation)
            pairs += [(one, other, too_near) for one, other in both]
    yield _numbers(len(pairs))
    for one, other, near_sites in pairs:
        yield _numbers(one, other)
        for sites in near_sites:
            yield _list(sites)


def _too_near(situation: Situation, separation: Separation) -> list[list[int]]:
    return [
        [
            n
            for n, other in enumerate(situation.sites)
            if near(situation, site, other, separation.radius_miles)
        ]
        for site in situation.sites
    ]
