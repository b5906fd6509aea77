"""Synthetic residents and future bookings.

Each is given a bed in secret, so that everyone fits; most bookings then do not name it, as in the
service. Only `overbooked` premises have more people than beds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allocator.booking import Booking
from allocator.estate import Bed, OutOfService, Premises, Room
from allocator.generate import defaults
from allocator.generate.booked import asked, request
from allocator.generate.draws import whole, yes
from allocator.generate.estate import Estate
from allocator.generate.needs import share_assessments
from allocator.generate.options import Options
from allocator.generate.timing import nights_for
from allocator.nights import Stay
from allocator.streams import Streams
from allocator.vocabulary import ApType

SURPLUS_A_PREMISES = 2


@dataclass(frozen=True, slots=True)
class _Sleeper:
    """A booking in the making, with its secret bed (None for the surplus)."""

    site: Premises
    stay: Stay
    resident: bool
    bed: Bed | None


def make_bookings(
    options: Options,
    estate: Estate,
    records: tuple[OutOfService, ...],
    crns: list[str],
    streams: Streams,
) -> tuple[Booking, ...]:
    """Residents first, then future bookings; needs at most as many CRNs as `most_bookings`."""
    beds_of = _beds_of(estate)
    out = {record.bed_id: record.nights for record in records}
    sleepers = _residents(options, estate.premises, beds_of, out, streams)
    sleepers += _future(options, estate, sleepers, out, streams)
    if options.overbooked:
        sleepers += _surplus(options, sleepers)
    return _as_bookings(options, sleepers, estate.rooms, crns, streams)


def most_bookings(options: Options) -> int:
    """More people than bookings can ever be made for."""
    return 2 * options.beds + 2 * SURPLUS_A_PREMISES


def _beds_of(estate: Estate) -> dict[str, list[Bed]]:
    """Beds of each premises."""
    site_of = {room.id: room.premises_id for room in estate.rooms}
    found: dict[str, list[Bed]] = defaultdict(list)
    for bed in estate.beds:
        found[site_of[bed.room_id]].append(bed)
    return found


def _residents(
    options: Options,
    premises: tuple[Premises, ...],
    beds_of: dict[str, list[Bed]],
    out: dict[str, Stay],
    streams: Streams,
) -> list[_Sleeper]:
    """People in most of the beds in service, leaving before their bed goes out of service."""
    least, most = defaults.OCCUPANCY.value
    shares = streams("residents/occupancy").uniform(least, most, len(premises))
    found: list[_Sleeper] = []
    for n, site in enumerate(premises):
        beds = beds_of[site.id]
        order = streams(f"residents/beds/{site.id}").permutation(len(beds))
        in_service = [beds[k] for k in order if not _is_out(beds[k], options.as_of, out)]
        taken = in_service[: round(float(shares[n]) * len(in_service))]
        stays = _current_stays(site, options.as_of, len(taken), streams)
        found += [
            _Sleeper(site, _before(stay, out.get(bed.id)), True, bed)
            for bed, stay in zip(taken, stays, strict=True)
        ]
    return found


def _current_stays(site: Premises, as_of: date, count: int, streams: Streams) -> list[Stay]:
    """Stays that began before the plan's date and end after it, at any point of their length."""
    (kind,) = site.ap_types
    nights = nights_for([kind] * count, streams, f"residents/{site.id}")
    gone = streams(f"residents/gone/{site.id}").random(count)
    early = yes(streams, f"residents/early/{site.id}", defaults.EARLY_EXITS.value, count)
    sooner = streams(f"residents/sooner/{site.id}").random(count)
    found = []
    for n in range(count):
        so_far = 1 + int(gone[n] * (nights[n] - 1))
        left = nights[n] - so_far
        if early[n]:
            left = int(sooner[n] * left)
        found.append(Stay(as_of - timedelta(days=so_far), as_of + timedelta(days=max(1, left))))
    return found


def _future(
    options: Options,
    estate: Estate,
    residents: list[_Sleeper],
    out: dict[str, Stay],
    streams: Streams,
) -> list[_Sleeper]:
    """Bookings into beds that are or will be free, soonest 1 and latest 56 days ahead."""
    wanted = round(options.beds * defaults.BOOKINGS_A_BED.value)
    site_of = {room.id: room.premises_id for room in estate.rooms}
    sites = {site.id: site for site in estate.premises}
    free_from = {s.bed.id: s.stay.departure for s in residents if s.bed is not None}
    count = len(estate.beds)
    order = streams("bookings/beds").permutation(count)
    gaps = whole(streams, "bookings/gap", 0, 6, count)
    nights = nights_for([ApType.NORMAL] * count, streams, "bookings")
    found: list[_Sleeper] = []
    for n in order:
        bed = estate.beds[n]
        site = sites[site_of[bed.room_id]]
        first = max(free_from.get(bed.id, options.as_of), options.as_of + timedelta(days=1))
        (kind,) = site.ap_types
        length = nights[n] if kind is ApType.NORMAL else defaults.NIGHTS.value[kind]
        stay = Stay.of(first + timedelta(days=gaps[n]), length)
        soon = (stay.arrival - options.as_of).days <= defaults.BOOKING_DAYS.value
        if site.open and soon and not _meets(stay, out.get(bed.id)):
            found.append(_Sleeper(site, stay, False, bed))
        if len(found) == wanted:
            break
    return found


def _surplus(options: Options, sleepers: list[_Sleeper]) -> list[_Sleeper]:
    """Bookings beyond the beds of one premises, or two of a larger estate.

    They are as many as the beds that are free there on any night, and two more.
    """
    sites = list(dict.fromkeys(s.site.id for s in sleepers if s.site.open))
    found = []
    for site_id in sites[: 2 if options.size.premises >= 30 else 1]:
        site = next(s.site for s in sleepers if s.site.id == site_id)
        here = [s for s in sleepers if s.site.id == site_id and s.resident]
        stay = Stay.of(options.as_of - timedelta(days=7), 84)
        spare = max(1, len(here) // 5)
        found += [_Sleeper(site, stay, True, None)] * (spare + SURPLUS_A_PREMISES)
    return found


def _as_bookings(
    options: Options,
    sleepers: list[_Sleeper],
    rooms: tuple[Room, ...],
    crns: list[str],
    streams: Streams,
) -> tuple[Booking, ...]:
    """Bookings with what was recorded of the people, most without their bed."""
    count = len(sleepers)
    room_of = {room.id: room for room in rooms}
    named = yes(streams, "bookings/named", defaults.BEDS_NAMED.value, count)
    sharing = share_assessments([s.stay.departure for s in sleepers], streams, "bookings")
    facts = asked(
        options,
        [s.site for s in sleepers],
        [room_of[s.bed.room_id] if s.bed else None for s in sleepers],
        streams,
    )
    found = []
    for n, sleeper in enumerate(sleepers):
        booking = Booking(
            id=f"P{n + 1:06d}",
            crn=crns[n],
            premises_id=sleeper.site.id,
            stay=sleeper.stay,
            resident=sleeper.resident,
            bed_id=sleeper.bed.id if sleeper.bed and named[n] else None,
            essential=facts[n].room_criteria,
            sharing=sharing[n],
        )
        found.append(replace(booking, referral=request(booking, facts[n], sleeper.site)))
    return tuple(found)


def _is_out(bed: Bed, night: date, out: dict[str, Stay]) -> bool:
    nights = out.get(bed.id)
    return nights is not None and nights.contains(night)


def _meets(stay: Stay, other: Stay | None) -> bool:
    return other is not None and stay.meets(other)


def _before(stay: Stay, other: Stay | None) -> Stay:
    """The stay cut short so that it ends before the other begins."""
    if other is None or not stay.meets(other):
        return stay
    return Stay(stay.arrival, other.arrival)
