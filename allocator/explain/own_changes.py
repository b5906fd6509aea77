"""Own changes: the smallest changes to what a person asks for that would give them a bed.

Each kind is looked through whole, so that what is not found is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from math import ceil

import numpy as np

from allocator.code_words import AP_TYPES
from allocator.explain.board import LATEST_DAYS
from allocator.explain.change import Change, Kind
from allocator.explain.said import criterion_words, day_words
from allocator.explain.situation import Situation
from allocator.explain.spots import Spot, first_spot
from allocator.geography.distance import miles_between
from allocator.plain_words import counted
from allocator.referral import Referral
from allocator.vocabulary import ApType

Search = Callable[[Referral, Situation], Iterator[Change]]


def as_things_are(referral: Referral, situation: Situation) -> Iterator[Change]:
    """A lawful bed that the plan leaves empty."""
    spot = first_spot(referral, situation)
    if spot is not None:
        yield spot.change(Kind.NOTHING, "Nothing needs to change: a bed is open as things are.")


def later(referral: Referral, situation: Situation) -> Iterator[Change]:
    """The first day after the last one allowed, at most LATEST_DAYS later."""
    last = max(referral.latest_arrival, referral.release_date, situation.problem.as_of)
    longer = replace(referral, latest_arrival=last + timedelta(days=LATEST_DAYS))
    request = situation.request(longer)
    after = request.days[request.days > (last - situation.problem.as_of).days]
    where, when = situation.open_to(replace(request, days=after))
    if len(when):
        first = situation.date_of(int(when.min()))
        asked = replace(referral, latest_arrival=first)
        beds = np.unique(where[when == when.min()])
        days = (first - last).days
        spot = first_spot(asked, situation, beds)
        assert spot is not None
        text = (
            f"Arriving {counted(days, 'day')} later than the last day allowed, {day_words(last)}."
        )
        yield spot.change(Kind.LATER, text, amount=days)


def further(referral: Referral, situation: Situation) -> Iterator[Change]:
    """The smallest consented radius that would do, or none where a distance is not known."""
    radius = referral.consented_radius_miles
    if radius is None:
        return
    free = replace(referral, consented_radius_miles=None)
    where, _ = situation.open_to(situation.request(free))
    if not len(where):
        return
    miles = {bed: _miles(referral, bed, situation) for bed in np.unique(where).tolist()}
    known = [ceil(value) for value in miles.values() if value is not None]
    if known:
        asked = replace(referral, consented_radius_miles=min(known))
        text = f"Consent to {min(known)} miles from home rather than {radius}."
    else:
        asked, text = free, "No limit on the distance, which is not known for any open bed."
    spot = first_spot(asked, situation)
    assert spot is not None
    yield spot.change(Kind.FURTHER, text, amount=min(known, default=None))


def criterion(referral: Referral, situation: Situation) -> Iterator[Change]:
    """Each essential criterion that alone is in the way."""
    for dropped in sorted(referral.essential):
        asked = replace(referral, essential=referral.essential - {dropped})
        spot = first_spot(asked, situation)
        if spot is not None:
            text = f"Doing without one essential criterion: {criterion_words(dropped)}."
            yield spot.change(Kind.CRITERION, text)


def shorter(referral: Referral, situation: Situation) -> Iterator[Change]:
    """The longest stay that would do, of at least half the nights asked for.

    A stay that fits still fits when it is cut short, so the search may halve its way down.
    """
    fits, fails = -(-referral.nights // 2), referral.nights
    if fits == fails or _with_nights(referral, fits, situation) is None:
        return
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if _with_nights(referral, middle, situation) is None:
            fails = middle
        else:
            fits = middle
    spot = _with_nights(referral, fits, situation)
    assert spot is not None
    fewer = referral.nights - fits
    text = f"A stay {counted(fewer, 'night')} shorter: {fits} rather than {referral.nights}."
    yield spot.change(Kind.SHORTER, text, amount=fewer)


def ap_type(referral: Referral, situation: Situation) -> Iterator[Change]:
    """The first AP type that would do and whose beds the person may not have as it is."""
    allowed = situation.policy.ap_types_for
    for kind in ApType:
        if not allowed[kind] <= allowed[referral.ap_type]:
            spot = first_spot(replace(referral, ap_type=kind), situation)
            if spot is not None:
                instead = AP_TYPES[referral.ap_type]
                text = f"Asking for AP type {AP_TYPES[kind]} rather than {instead}."
                yield spot.change(Kind.AP_TYPE, text)
                return


OWN_CHANGES: tuple[Search, ...] = (later, further, criterion, shorter, ap_type)


def _with_nights(referral: Referral, nights: int, situation: Situation) -> Spot | None:
    return first_spot(replace(referral, nights=nights), situation)


def _miles(referral: Referral, bed: int, situation: Situation) -> float | None:
    there = situation.bars.place(bed).premises.location
    if referral.location is None or there is None:
        return None
    return miles_between(referral.location, there)
