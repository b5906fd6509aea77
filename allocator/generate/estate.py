"""The synthetic estate: premises, rooms and beds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allocator.estate import Bed, LocalRestriction, MixCap, Premises, Room
from allocator.generate import defaults
from allocator.generate.draws import flags, split, whole, yes
from allocator.generate.kinds import ap_types_of_premises, genders_of_premises, type_flags
from allocator.generate.names import premises_names
from allocator.generate.options import Options
from allocator.generate.places import Place, near, places_in, regions_of
from allocator.streams import Streams
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute

CAPPED = (MixAttribute.SEXUAL_CHILD, MixAttribute.ARSON, MixAttribute.TOP_BAND)
WOMENS_AREA = "Women's AP's"


@dataclass(frozen=True, slots=True)
class Estate:
    """Premises, rooms and beds that belong together, each in order of id."""

    premises: tuple[Premises, ...]
    rooms: tuple[Room, ...]
    beds: tuple[Bed, ...]


def make_estate(options: Options, streams: Streams) -> Estate:
    """The whole estate: `options.size.premises` premises with `options.beds` beds in all."""
    sizes = _bed_counts(options, streams)
    premises = list(_premises(options, streams, sizes))
    rooms, beds = _rooms_and_beds(premises, sizes, streams)
    return Estate(
        tuple(sorted(premises, key=lambda site: site.id)),
        tuple(sorted(rooms, key=lambda room: room.id)),
        tuple(sorted(beds, key=lambda bed: bed.id)),
    )


def _bed_counts(options: Options, streams: Streams) -> list[int]:
    """Beds of each premises, adding up to the options' number."""
    count = options.size.premises
    least, most = defaults.BEDS_A_PREMISES.value
    without = round(count * defaults.BEDLESS_PREMISES.value)
    without += round(count * defaults.ARCHIVED_PREMISES.value)
    weights = [float(n) for n in whole(streams, "premises/beds", least, most, count)]
    return split(options.beds, weights[: count - without], least=2) + [0] * without


def _premises(options: Options, streams: Streams, sizes: list[int]) -> Iterator[Premises]:
    """Each premises in turn. Those without beds come last: first the bedless, then the archived."""
    count = options.size.premises
    archived = round(count * defaults.ARCHIVED_PREMISES.value)
    closed = round(count * defaults.CLOSED_PREMISES.value)
    shut = set(range(count - archived, count)) | set(
        streams("premises/closed").choice(count - archived, closed, replace=False).tolist()
    )
    genders = genders_of_premises(options, streams)
    types = ap_types_of_premises(genders, streams)
    characteristics = flags(streams, "premises", defaults.PREMISES_FLAGS.value, count)
    independent = yes(streams, "premises/independent", defaults.INDEPENDENT_PREMISES.value, count)
    names = premises_names(streams("premises/name"), count)
    places = _places(options, streams)
    jitter = streams("premises/jitter").standard_normal((count, 2))
    arrivals = _arrival_caps(streams, count)
    caps = _mix_caps(streams, sizes)
    restrictions = _restrictions(streams, count)
    for n in range(count):
        region = places[n].region
        yield Premises(
            id=f"{region.code}{n + 1:03d}",
            name=names[n],
            gender=genders[n],
            ap_types=frozenset({types[n]}),
            characteristics=_characteristics(characteristics[n], types[n], bool(independent[n])),
            location=near(places[n].point, jitter[n]),
            postcode=f"{places[n].outcode} 0ZZ",
            area=region.area if genders[n] is Gender.MAN else WOMENS_AREA,
            region=region.name,
            q_code=f"QS{n + 1:03d}",
            open=n not in shut,
            arrivals_per_day=arrivals[n],
            mix_caps=caps[n],
            local_restrictions=restrictions[n],
        )


def _characteristics(
    drawn: frozenset[Criterion], ap_type: ApType, independent: bool
) -> frozenset[Criterion]:
    """What was drawn, with the type's own flags; an ESAP is not for the vulnerable."""
    found = drawn | type_flags(ap_type)
    if independent:
        found |= {Criterion.IS_IAP}
    if ap_type is ApType.ESAP:
        found -= {Criterion.IS_SUITABLE_FOR_VULNERABLE}
    return found


def _places(options: Options, streams: Streams) -> list[Place]:
    """An outcode for each premises, regions having their shares."""
    regions = regions_of(options.size.areas)
    counts = split(options.size.premises, [region.premises for region in regions])
    found: list[Place] = []
    for region, count in zip(regions, counts, strict=True):
        inside = places_in(region.name)
        picks = streams(f"premises/place/{region.name}").integers(0, len(inside), count)
        found += [inside[pick] for pick in picks]
    return [found[n] for n in streams("premises/order").permutation(len(found))]


def _arrival_caps(streams: Streams, count: int) -> list[int | None]:
    share, least, most = defaults.ARRIVALS_CAP.value
    capped = yes(streams, "premises/arrivals", share, count)
    limits = whole(streams, "premises/arrivals limit", least, most, count)
    return [limit if has else None for has, limit in zip(capped, limits, strict=True)]


def _mix_caps(streams: Streams, sizes: list[int]) -> list[tuple[MixCap, ...]]:
    """A cap on one attribute at a few premises, as a share of their beds."""
    share, least, most = defaults.MIX_CAPS.value
    count = len(sizes)
    capped = yes(streams, "premises/mix", share, count)
    levels = streams("premises/mix limit").uniform(least, most, count)
    which = whole(streams, "premises/mix attribute", 0, len(CAPPED) - 1, count)
    return [
        (MixCap(CAPPED[which[n]], max(1, round(levels[n] * sizes[n]))),) if capped[n] else ()
        for n in range(count)
    ]


def _restrictions(streams: Streams, count: int) -> list[tuple[LocalRestriction, ...]]:
    codes = list(defaults.RESTRICTION_CODES.value.items())
    restricted = yes(streams, "premises/restricted", defaults.RESTRICTED_PREMISES.value, count)
    which = whole(streams, "premises/restriction", 0, len(codes) - 1, count)
    return [(LocalRestriction(*codes[which[n]]),) if restricted[n] else () for n in range(count)]


def _rooms_and_beds(
    premises: list[Premises], sizes: list[int], streams: Streams
) -> tuple[list[Room], list[Bed]]:
    """Rooms of one bed, a few of two, until each premises has its beds."""
    total = sum(sizes)
    doubles = yes(streams, "rooms/double", defaults.TWO_BED_ROOMS.value, total)
    drawn = flags(streams, "rooms", defaults.ROOM_FLAGS.value, total)
    rooms: list[Room] = []
    beds: list[Bed] = []
    for site, size in zip(premises, sizes, strict=True):
        left, number = size, 0
        while left:
            number += 1
            double = bool(doubles[len(rooms)]) and left > 1
            room = _room(site, f"{number:02d}", drawn[len(rooms)], double)
            rooms.append(room)
            beds += _beds(site, room, 2 if double else 1)
            left -= 2 if double else 1
    return rooms, beds


def _room(site: Premises, number: str, drawn: frozenset[Criterion], double: bool) -> Room:
    found = drawn if double else drawn | {Criterion.IS_SINGLE}
    if Criterion.IS_ARSON_SUITABLE in found:
        found |= {Criterion.IS_FULLY_FM, Criterion.HAS_CRIB7_BEDDING}
    return Room(f"{site.id}/{number}", site.id, number, found)


def _beds(site: Premises, room: Room, count: int) -> Iterator[Bed]:
    for number in range(1, count + 1):
        yield Bed(f"{site.q_code}-{room.name}-{number}", room.id, f"{room.name} - {number}")
