"""Merging: the estate of files that name a part of it, with the estate that is known.

What the files have no column or row for stays as it is known: a short file must not open premises
that are closed, nor lift a cap or a restriction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from allocator.estate import Bed, LocalRestriction, Premises, Room
from allocator.ingest.premises import ap_types_of
from allocator.vocabulary import Criterion

T = TypeVar("T", Premises, Room, Bed)
OPEN = ("status", "supports_space_bookings", "allow_new_space_bookings")
COORDINATES = ("latitude", "longitude")
SAME_NAME = ("postcode", "area", "q_code", "arrivals_per_day", "mix_caps")
"""Columns that hold a value of the premises as it is."""


def merged_premises(
    read: Sequence[Premises], columns: Collection[str], known: Iterable[Premises]
) -> list[Premises]:
    """Premises of a file with these columns, and those that only are known."""
    return _merged(read, known, lambda new, old: _premises(new, old, columns))


def merged_rooms(
    read: Sequence[Room], columns: Collection[str], known: Iterable[Room]
) -> list[Room]:
    """Rooms likewise."""

    def room(new: Room, old: Room) -> Room:
        return replace(new, characteristics=_features(new, old, columns))

    return _merged(read, known, room)


def merged_beds(read: Sequence[Bed], columns: Collection[str], known: Iterable[Bed]) -> list[Bed]:
    """Beds likewise."""

    def bed(new: Bed, old: Bed) -> Bed:
        starts = new.starts if "bed_start" in columns else old.starts
        return replace(new, starts=starts, ends=new.ends if "bed_end" in columns else old.ends)

    return _merged(read, known, bed)


def without_false_singles(read: Iterable[Room], beds: Iterable[Bed]) -> list[Room]:
    """A room of several beds is no single one, whichever of them its file names."""
    many = Counter(bed.room_id for bed in beds)
    single = {Criterion.IS_SINGLE}
    return [
        replace(room, characteristics=room.characteristics - single)
        if many[room.id] > 1 and single & room.characteristics
        else room
        for room in read
    ]


def merged_restrictions(
    known: Iterable[LocalRestriction], read: Iterable[LocalRestriction]
) -> tuple[LocalRestriction, ...]:
    """Each code once, as the file has it where it does."""
    found = {each.code: each for each in (*known, *read)}
    return tuple(found[code] for code in sorted(found))


def _merged(read: Sequence[T], known: Iterable[T], both: Callable[[T, T], T]) -> list[T]:
    there: dict[str, T] = {each.id: each for each in known}
    found: list[T] = [both(each, there[each.id]) if each.id in there else each for each in read]
    named: set[str] = {each.id for each in read}
    return found + [each for each in there.values() if each.id not in named]


def _premises(new: Premises, old: Premises, columns: Collection[str]) -> Premises:
    same = {name: getattr(old, name) for name in SAME_NAME if name not in columns}
    merged = replace(
        new,
        characteristics=_features(new, old, columns),
        region=new.region if "probation_region" in columns else old.region,
        # Which of the columns closed the premises is not known: all of them open it again.
        open=new.open and (old.open or all(name in columns for name in OPEN)),
        local_restrictions=old.local_restrictions,
        **same,
    )
    if merged.postcode == old.postcode and not any(name in columns for name in COORDINATES):
        merged = replace(merged, location=old.location)
    if merged.characteristics == old.characteristics:
        return replace(merged, ap_types=old.ap_types)
    return replace(merged, ap_types=ap_types_of(merged.characteristics))


def _features(
    new: Premises | Room, old: Premises | Room, columns: Collection[str]
) -> frozenset[Criterion]:
    """What the file says of each criterion that it has a column for, and the others as known."""
    if "characteristics" in columns:
        return frozenset(new.characteristics)
    unsaid = {c for c in Criterion if f"flags.{c}" not in columns}
    return frozenset(new.characteristics) | (frozenset(old.characteristics) & unsaid)
