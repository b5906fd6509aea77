"""Synthetic separations and exclusion zones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from allocator.booking import Booking
from allocator.estate import Premises
from allocator.generate import defaults
from allocator.generate.draws import choices, yes
from allocator.generate.options import Options
from allocator.geography.distance import miles_matrix
from allocator.geography.point import Point
from allocator.referral import Referral
from allocator.safeguards import Circle, ExclusionZone, Polygon, Separation
from allocator.streams import Streams

MILES_A_DEGREE = 69.0
CORNERS = 6


def make_separations(
    options: Options,
    referrals: tuple[Referral, ...],
    bookings: tuple[Booking, ...],
    streams: Streams,
) -> tuple[Separation, ...]:
    """Pairs kept apart; those at one density are among those at any higher density.

    They are the first so many of one fixed sequence of pairs, in which nobody occurs twice.
    """
    pairs = _pairs(referrals, bookings, streams)
    wanted = round(options.separations * len(referrals) / 2)
    chosen = pairs[:wanted]
    share, least, most = defaults.SEPARATION_RADIUS.value
    wide = yes(streams, "separations/radius", share, len(pairs))
    miles = streams("separations/miles").integers(least, most + 1, len(pairs))
    found = (
        Separation(min(pair), max(pair), float(miles[n]) if wide[n] else None)
        for n, pair in enumerate(chosen)
    )
    return tuple(sorted(found, key=lambda pair: (pair.crn, pair.other_crn)))


def make_zones(
    referrals: tuple[Referral, ...], premises: tuple[Premises, ...], streams: Streams
) -> tuple[ExclusionZone, ...]:
    """Exclusion zones of some people, near where they would live."""
    count = len(referrals)
    has = yes(streams, "zones", defaults.ZONES.value, count)
    kinds = choices(
        streams, "zones/kind", ("circle", "polygon", "premises"), defaults.ZONE_KINDS.value, count
    )
    shift = streams("zones/shift").standard_normal((count, 2)) * 0.1
    miles = streams("zones/miles").uniform(*defaults.ZONE_MILES.value, count)
    zones = []
    for n, referral in enumerate(referrals):
        if not has[n] or referral.location is None:
            continue
        centre = _shifted(referral.location, shift[n])
        radius = round(float(miles[n]), 1)
        if kinds[n] == "circle":
            zones.append(ExclusionZone(referral.crn, circle=Circle(centre, radius)))
        elif kinds[n] == "polygon":
            zones.append(ExclusionZone(referral.crn, polygon=_around(centre, radius)))
        else:
            nearest = _nearest(referral, premises)
            zones.append(ExclusionZone(referral.crn, premises_ids=frozenset({nearest})))
    return tuple(sorted(zones, key=lambda zone: zone.crn))


def _pairs(
    referrals: tuple[Referral, ...], bookings: tuple[Booking, ...], streams: Streams
) -> list[tuple[str, str]]:
    """A fixed sequence of pairs: with the next person of the same estate, or with a resident."""
    order = streams("separations/order").permutation(len(referrals))
    with_resident = yes(
        streams, "separations/resident", defaults.SEPARATED_FROM_RESIDENT.value, len(referrals)
    )
    others = [bookings[n].crn for n in streams("separations/others").permutation(len(bookings))]
    waiting: dict[object, str] = {}
    pairs = []
    for n, position in enumerate(order):
        person = referrals[position]
        if with_resident[n] and others:
            pairs.append((person.crn, others.pop()))
        elif (first := waiting.pop(person.gender, None)) is not None:
            pairs.append((first, person.crn))
        else:
            waiting[person.gender] = person.crn
    return pairs


def _around(centre: Point, radius: float) -> Polygon:
    """A hexagon with corners `radius` miles from the centre, to a few decimals."""
    wide = MILES_A_DEGREE * math.cos(math.radians(centre.latitude))
    ring: list[tuple[float, float]] = []
    for n in range(CORNERS):
        angle = 2 * math.pi * n / CORNERS
        east, north = radius * math.cos(angle), radius * math.sin(angle)
        ring.append(
            (
                round(centre.longitude + east / wide, 5),
                round(centre.latitude + north / MILES_A_DEGREE, 5),
            )
        )
    return Polygon((((*ring, ring[0]),),))


def _shifted(point: Point, offset: NDArray[np.float64]) -> Point:
    return Point(
        round(point.latitude + float(offset[0]), 5), round(point.longitude + float(offset[1]), 5)
    )


def _nearest(referral: Referral, premises: tuple[Premises, ...]) -> str:
    """The nearest premises of the person's estate."""
    sites = [p for p in premises if p.gender is referral.gender and p.location is not None]
    points = [p.location for p in sites if p.location is not None]
    assert referral.location is not None
    miles = miles_matrix([referral.location], points)[0]
    return sites[int(miles.argmin())].id
