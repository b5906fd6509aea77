"""Problem: the validated whole that a plan is made for, and the look-ups everyone needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from allocator.booking import Booking
from allocator.closed import CLOSED
from allocator.estate import Bed, OutOfService, Premises, Room
from allocator.held import HeldNights
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation

PROBLEM_VERSION = 1


@dataclass(frozen=True, slots=True)
class Note:
    """Something found in the input that a person should know, and what was done about it.

    `code` names the kind of finding; `subject` is the id it is about. Never a person's name.
    """

    __pydantic_config__ = CLOSED

    code: str
    subject: str
    text: str


@dataclass(frozen=True)
class Problem:
    """Everything a plan depends on besides the policy. Nights before `as_of` are the past.

    Raises ValueError when an id occurs twice or names something that is not there.
    """

    __pydantic_config__ = CLOSED

    as_of: date
    premises: tuple[Premises, ...] = ()
    rooms: tuple[Room, ...] = ()
    beds: tuple[Bed, ...] = ()
    out_of_service: tuple[OutOfService, ...] = ()
    referrals: tuple[Referral, ...] = ()
    bookings: tuple[Booking, ...] = ()
    separations: tuple[Separation, ...] = ()
    zones: tuple[ExclusionZone, ...] = ()
    held: tuple[HeldNights, ...] = ()
    notes: tuple[Note, ...] = ()
    synthetic: bool = False
    """True: made by the generator; every figure from it is about invented people."""
    version: int = field(default=PROBLEM_VERSION)

    def __post_init__(self) -> None:
        _refuse_repeats("premises", (p.id for p in self.premises))
        _refuse_repeats("room", (r.id for r in self.rooms))
        _refuse_repeats("bed", (b.id for b in self.beds))
        _refuse_repeats("referral", (r.id for r in self.referrals))
        _refuse_repeats("booking", (b.id for b in self.bookings))
        _refuse_strangers("room", "premises", self.rooms, "premises_id", self.premises_by_id)
        _refuse_strangers("bed", "room", self.beds, "room_id", self.rooms_by_id)
        _refuse_strangers(
            "out-of-service record", "bed", self.out_of_service, "bed_id", self.beds_by_id
        )
        _refuse_strangers("hold", "bed", self.held, "bed_id", self.beds_by_id)
        _refuse_strangers("booking", "premises", self.bookings, "premises_id", self.premises_by_id)
        for booking in self.bookings:
            if booking.bed_id is not None and (
                booking.bed_id not in self.beds_by_id
                or self.premises_of_bed(booking.bed_id).id != booking.premises_id
            ):
                raise ValueError(
                    f"booking {booking.id} names bed {booking.bed_id}, "
                    f"which is not at premises {booking.premises_id}"
                )

    def __getstate__(self) -> dict[str, object]:
        """What another process is given: not the look-ups, which it makes again."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def premises_by_id(self) -> Mapping[str, Premises]:
        return MappingProxyType({p.id: p for p in self.premises})

    @cached_property
    def rooms_by_id(self) -> Mapping[str, Room]:
        return MappingProxyType({r.id: r for r in self.rooms})

    @cached_property
    def beds_by_id(self) -> Mapping[str, Bed]:
        return MappingProxyType({b.id: b for b in self.beds})

    @cached_property
    def referrals_by_id(self) -> Mapping[str, Referral]:
        return MappingProxyType({r.id: r for r in self.referrals})

    @cached_property
    def bookings_by_id(self) -> Mapping[str, Booking]:
        return MappingProxyType({b.id: b for b in self.bookings})

    @cached_property
    def beds_in_room(self) -> Mapping[str, tuple[Bed, ...]]:
        """Beds of each room, in order of id."""
        found: dict[str, list[Bed]] = {room.id: [] for room in self.rooms}
        for bed in sorted(self.beds, key=lambda b: b.id):
            found[bed.room_id].append(bed)
        return MappingProxyType({room: tuple(beds) for room, beds in found.items()})

    @cached_property
    def out_of_service_by_bed(self) -> Mapping[str, tuple[OutOfService, ...]]:
        found: dict[str, list[OutOfService]] = defaultdict(list)
        for record in self.out_of_service:
            found[record.bed_id].append(record)
        return MappingProxyType({bed: tuple(records) for bed, records in found.items()})

    @cached_property
    def held_by_bed(self) -> Mapping[str, tuple[HeldNights, ...]]:
        found: dict[str, list[HeldNights]] = defaultdict(list)
        for record in self.held:
            found[record.bed_id].append(record)
        return MappingProxyType({bed: tuple(records) for bed, records in found.items()})

    @cached_property
    def zones_by_crn(self) -> Mapping[str, tuple[ExclusionZone, ...]]:
        found: dict[str, list[ExclusionZone]] = defaultdict(list)
        for zone in self.zones:
            found[zone.crn].append(zone)
        return MappingProxyType({crn: tuple(zones) for crn, zones in found.items()})

    def room_of_bed(self, bed_id: str) -> Room:
        return self.rooms_by_id[self.beds_by_id[bed_id].room_id]

    def premises_of_bed(self, bed_id: str) -> Premises:
        return self.premises_by_id[self.room_of_bed(bed_id).premises_id]

    def bed_is_usable(self, bed_id: str, night: date) -> bool:
        """Whether the bed exists and is in service that night, whoever sleeps in it."""
        bed = self.beds_by_id[bed_id]
        return (
            (bed.starts is None or bed.starts <= night)
            and (bed.ends is None or night < bed.ends)
            and not any(
                record.nights.contains(night)
                for record in self.out_of_service_by_bed.get(bed_id, ())
            )
        )

    def with_referrals(self, referrals: Iterable[Referral]) -> Problem:
        """The same problem with another list of referrals."""
        return replace(self, referrals=tuple(referrals))

    def with_bookings(self, bookings: Iterable[Booking]) -> Problem:
        """The same problem with other bookings."""
        return replace(self, bookings=tuple(bookings))


def _refuse_repeats(kind: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for identifier in ids:
        if identifier in seen:
            raise ValueError(f"two {kind} records have the id {identifier}")
        seen.add(identifier)


def _refuse_strangers(
    kind: str, other: str, records: Iterable[object], attribute: str, known: Mapping[str, object]
) -> None:
    for record in records:
        if getattr(record, attribute) not in known:
            raise ValueError(
                f"a {kind} names {other} {getattr(record, attribute)}, which is not in the problem"
            )
