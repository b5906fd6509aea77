"""Where the synthetic people should live near, how far they may go, and what they ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.estate import Premises
from allocator.generate import defaults
from allocator.generate.draws import choices, split, whole, yes
from allocator.generate.options import Options
from allocator.generate.places import Place, places_in, regions_of
from allocator.geography.distance import miles_matrix
from allocator.streams import Streams
from allocator.vocabulary import Gender


@dataclass(frozen=True, slots=True)
class Home:
    """The place a person should live near, and how far from it they may be."""

    place: Place
    aimed_radius: int | None
    consented_radius: int | None


def homes(options: Options, streams: Streams, count: int, name: str = "homes") -> list[Home]:
    """A home for each person, regions having their shares."""
    regions = regions_of(options.size.areas)
    found: list[Place] = []
    for region, people in zip(
        regions, split(count, [region.people for region in regions]), strict=True
    ):
        inside = places_in(region.name)
        picks = streams(f"{name}/place/{region.name}").integers(0, len(inside), people)
        found += [inside[pick] for pick in picks]
    order = streams(f"{name}/order").permutation(count)
    return _with_radii([found[n] for n in order], streams, name)


def homes_by_chance(
    options: Options, streams: Streams, count: int, name: str = "homes"
) -> list[Home]:
    """A home for each person, drawn apart from the others': a region's number is left to chance."""
    regions = regions_of(options.size.areas)
    weights = [float(region.people) for region in regions]
    drawn = choices(streams, f"{name}/region", regions, weights, count)
    spots = streams(f"{name}/place").random(count)
    found = []
    for region, spot in zip(drawn, spots, strict=True):
        inside = places_in(region.name)
        found.append(inside[int(spot * len(inside))])
    return _with_radii(found, streams, name)


def preferred_premises(
    homes: list[Home], genders: list[Gender], premises: tuple[Premises, ...], streams: Streams
) -> list[tuple[str, ...]]:
    """Up to five premises of the right estate near home that some people name, best first."""
    share, most = defaults.PREFERRED.value
    names = yes(streams, "homes/preferred", share, len(homes))
    counts = whole(streams, "homes/preferred count", 1, most, len(homes))
    nearest = {gender: _nearest(homes, gender, premises, most) for gender in Gender}
    return [
        tuple(nearest[genders[n]][n][: counts[n]]) if names[n] else () for n in range(len(homes))
    ]


def _nearest(
    homes: list[Home], gender: Gender, premises: tuple[Premises, ...], most: int
) -> list[list[str]]:
    """Ids of the nearest premises of one estate for each home."""
    sites = [p for p in premises if p.gender is gender and p.location is not None]
    points = [p.location for p in sites if p.location is not None]
    # Once a place, not once a person: a year has many more people than places.
    spots = list(dict.fromkeys(home.place.point for home in homes))
    miles = miles_matrix(spots, points)
    order = np.argsort(miles, axis=1, kind="stable")[:, :most]
    near = {
        spot: [sites[n].id for n in row] for spot, row in zip(spots, order.tolist(), strict=True)
    }
    return [near[home.place.point] for home in homes]


def _with_radii(places: list[Place], streams: Streams, name: str) -> list[Home]:
    """Homes at these places; some people have a radius of their own."""
    count = len(places)
    aimed = _radii(streams, f"{name}/aimed", defaults.AIMED_RADIUS.value, count)
    consented = _radii(streams, f"{name}/consented", defaults.CONSENTED_RADIUS.value, count)
    return [Home(places[n], aimed[n], consented[n]) for n in range(count)]


def _radii(
    streams: Streams, name: str, choice: tuple[float, int, int], count: int
) -> list[int | None]:
    """A radius in tens of miles for some people."""
    share, least, most = choice
    has = yes(streams, name, share, count)
    tens = whole(streams, f"{name} miles", least // 10, most // 10, count)
    return [10 * ten if given else None for given, ten in zip(has, tens, strict=True)]
