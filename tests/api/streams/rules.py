"""Rules: which stays are unlawful in the tiny estate, written from docs/model.md."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from allocator.referral import Referral
from allocator.vocabulary import Criterion
from tests.api.streams import ladder
from tests.api.streams.model import OVERSTAY, Booking, Model, barred, nights
from tests.api.streams.tiny_estate import APART, BEDS, ROOMS


class Faults(NamedTuple):
    """What is certainly wrong with a stay, and what only some readings call wrong."""

    certain: set[str]
    open_to_reading: set[str]


def taken(model: Model, crn: str, bed: str, first: date, end: date, ignoring: str = "") -> set[str]:
    """`bed` when somebody else has the bed on one of the nights, `person` when they sleep
    elsewhere, `out` when it is out of use, from today on."""
    found = set()
    for night in nights(max(first, model.today), end):
        holder = model.holder(bed, night)
        if holder not in (None, ignoring):
            found.add("bed" if holder in model.bookings else "out")
        if model.sleeping(crn, night) not in (None, ignoring):
            found.add("person")
    return found


def kept_out(model: Model, value: Referral, bed: str, first: date, end: date) -> bool:
    """Whether a night is held for others than people known to be of the person's band."""
    band = ladder.known_band(value)
    mine = set(nights(first, end))
    holds = [hold for hold in model.in_force() if hold.bed == bed]
    return any(band > hold.lowest_band and hold.nights & mine for hold in holds)


def with_others(
    model: Model, value: Referral, bed: str, first: date, end: date, ignoring: str = ""
) -> Faults:
    """Sharing a room, and being kept apart, from today on."""
    certain, reading = set(), set()
    room = BEDS[bed]
    for key, other in model.bookings.items():
        if key == ignoring or not other.holds:
            continue
        same_room, same_premises = BEDS[other.bed] == room, _premises(other.bed) == _premises(bed)
        for night in nights(max(first, model.today), end):
            there = other.arrival <= night < other.departure
            if not there and not _may_still_be_there(model, other, night):
                continue
            found = certain if there else reading
            if other.bed == bed or other.value.crn == value.crn:
                reading.add("overstay")
            elif same_room:
                live = model.bids[other.bid].value
                ways = {_may_share(value, each, night) for each in (other.value, live)}
                if ways == {False}:
                    found.add("sharing")
                elif len(ways) == 2:
                    reading.add("sharing")
            if same_premises and {value.crn, other.value.crn} == APART:
                found.add("apart")
            if same_premises and not there:
                reading.add("count")
    return Faults(certain, reading)


def new_stay(model: Model, value: Referral, bed: str, first: date, end: date) -> Faults:
    """A placement of a bid: bed rules, arrival, length, and the others who are there."""
    found = with_others(model, value, bed, first, end)
    if barred(model, value, bed):
        found.certain.add("barred")
    earliest = max(value.release_date, model.today)
    if first < earliest:
        found.certain.add("before release")
    if first > max(value.latest_arrival, earliest):
        found.open_to_reading.add("later than asked for")
    if (end - first).days != value.nights:
        found.open_to_reading.add("length")
    return found


def could_serve(model: Model, key: str, bed: str, first: date, end: date) -> bool:
    """Whether the bid could certainly be placed in the bed so as to use one of these nights."""
    value = model.bids[key].value
    if barred(model, value, bed):
        return False
    earliest = max(value.release_date, model.today)
    for arrival in nights(earliest, max(value.latest_arrival, earliest) + _ONE):
        departure = arrival + _ONE * value.nights
        if arrival >= end or departure <= first:
            continue
        if taken(model, value.crn, bed, arrival, departure):
            continue
        found = with_others(model, value, bed, arrival, departure)
        if not found.certain and not found.open_to_reading:
            return True
    return False


def wake(model: Model, bed: str, first: date, end: date) -> None:
    """These nights of the bed are free: every open bid it is lawful for is flagged, but for whom
    a plan proposes a bed."""
    first = max(first, model.today)
    model.may_wake(bed, first, end)
    if first >= end:
        return
    proposed = {bid for (_, bid), each in model.proposals.items() if each.status == "proposed"}
    for key, _ in model.open_bids():
        if key not in proposed and could_serve(model, key, bed, first, end):
            model.expected.must_flag.add((key, "bed_freed"))


def _may_share(one: Referral, other: Referral, night: date) -> bool:
    return all(
        each.sharing is not None
        and each.sharing.suitable
        and night <= each.sharing.valid_until
        and Criterion.IS_SINGLE not in each.essential
        for each in (one, other)
    )


def _may_still_be_there(model: Model, other: Booking, night: date) -> bool:
    late = other.status == "arrived" and other.departure <= model.today
    return late and other.departure <= night < max(other.departure, model.today) + OVERSTAY


def _premises(bed: str) -> str:
    return ROOMS[BEDS[bed]][0]


_ONE = date(2026, 1, 2) - date(2026, 1, 1)
