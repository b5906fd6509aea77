"""Conflicts: stays that the facts as they now are do not allow, told until somebody mends them.

A fact is recorded whoever it is about: who is there already when it becomes known must be moved by
a person. Found anew each time, so that nothing stays on the list or leaves it by mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from allocator.estate import Bed, Premises
from allocator.geography.distance import miles_between
from allocator.nights import Stay
from allocator.rules.exclusion_zone import SENTENCE, keeps_out
from allocator.safeguards import ExclusionZone, Separation
from api.service.change import Change
from api.service.refusals import ConflictError
from api.service.seeing import hidden_people
from api.store.apply import HOLDING
from api.store.by_many import by_many
from api.store.records import read
from api.store.tables import BOOKINGS, OUT_OF_SERVICE
from api.store.values import Row, canonical, sha256

COLUMNS = ("crn", "status", "premises_id", "bed_id", "surplus", "arrival", "departure")
Kind = Literal["separation", "exclusion_zone", "bed", "out_of_service"]
KINDS: Mapping[Kind, str] = {
    "separation": "people who are kept apart are at one premises, or too near each other",
    "exclusion_zone": SENTENCE,
    "bed": "the bed is not there on some nights of the stay",
    "out_of_service": "the bed is out of service on some nights of the stay",
}
"""What is the matter, for a coordinator."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Stays that may not be, from a night on. `about`: the separation, zone, bed or record."""

    kind: Kind
    about: str
    bookings: tuple[str, ...]
    crns: frozenset[str]
    first_night: date

    @property
    def id(self) -> str:
        """The same as long as it is the same conflict, and telling nothing."""
        return sha256(canonical([self.kind, self.about, *self.bookings]))[:32]


@dataclass(frozen=True, slots=True)
class _Booked:
    id: str
    crn: str
    premises_id: str
    bed_id: str | None
    surplus: bool
    stay: Stay


def conflicts(change: Change) -> list[Conflict]:
    """All of them, the soonest first."""
    booked = _booked(change)
    premises = {row["id"]: read(Premises, row) for row in change.rows("premises")}
    found = [
        *_separations(change, booked, premises),
        *_zones(change, booked, premises),
        *_beds(change, booked),
        *out_of_service_conflicts(change),
    ]
    return sorted(found, key=_soonest)


def bookings_against(change: Change, identifier: str) -> list[str]:
    """Bookings that this separation or zone does not allow as they are.

    Without those of people whom the actor may not see: they would tell where these are.
    """
    hidden = hidden_people(change.connection, change.actor)
    found = [c for c in conflicts(change) if c.about == identifier and not c.crns & hidden]
    return sorted({name for each in found for name in each.bookings})


def require_nobody_left_out(change: Change, before: Bed, after: Bed) -> None:
    """Raise ConflictError when bookings have nights on which the bed would no longer be there."""
    left = [
        each.id
        for each in _booked(change, BOOKINGS.c.bed_id == after.id)
        if not each.surplus
        and _outside(after, each.stay) is not None
        and _outside(before, each.stay) is None
    ]
    if left:
        raise ConflictError(
            f"bed {after.id} would be gone on nights for which it is booked: move these bookings "
            f"first: {', '.join(left)}",
            code="bed-taken",
            bed_id=after.id,
            bookings=left,
        )


def _booked(change: Change, *conditions: Any) -> list[_Booked]:
    """Stays that have nights to come, in order of id. Who is still there stays tonight."""
    rows = change.outlines("booking", COLUMNS, BOOKINGS.c.status.in_(HOLDING), *conditions)
    found = []
    for row in sorted(rows, key=lambda row: str(row["id"])):
        first = max(row["arrival"], change.today)
        end: date = row["departure"]
        if row["status"] == "arrived":
            end = max(end, change.today + timedelta(days=1))
        if first < end:
            same = {name: row[name] for name in ("id", "crn", "premises_id", "bed_id", "surplus")}
            found.append(_Booked(**same, stay=Stay(first, end)))
    return found


def _separations(
    change: Change, booked: Sequence[_Booked], premises: Mapping[str, Premises]
) -> Iterator[Conflict]:
    of = _by_crn(booked)
    for row in change.rows("separation"):
        value = read(Separation, row)
        for one in of[value.crn]:
            for other in of[value.other_crn]:
                common = one.stay.common(other.stay)
                if common is not None and _too_near(value, one, other, premises):
                    yield _conflict("separation", row, common.arrival, one, other)


def _too_near(
    value: Separation, one: _Booked, other: _Booked, premises: Mapping[str, Premises]
) -> bool:
    """Whether the two are at one premises, or not known to be far enough apart."""
    if one.premises_id == other.premises_id:
        return True
    if value.radius_miles is None:
        return False
    here, there = (premises[each.premises_id].location for each in (one, other))
    return here is None or there is None or miles_between(here, there) <= value.radius_miles


def _zones(
    change: Change, booked: Sequence[_Booked], premises: Mapping[str, Premises]
) -> Iterator[Conflict]:
    of = _by_crn(booked)
    for row in change.rows("zone"):
        zone = read(ExclusionZone, row)
        for each in of[zone.crn]:
            if keeps_out(zone, premises[each.premises_id]):
                yield _conflict("exclusion_zone", row, each.stay.arrival, each)


def _beds(change: Change, booked: Sequence[_Booked]) -> Iterator[Conflict]:
    """Beds that files have let end under someone; the API refuses to."""
    beds = {row["id"]: row for row in change.rows("bed")}
    for each in booked:
        if each.bed_id is not None and not each.surplus:
            row = beds[each.bed_id]
            night = _outside(read(Bed, row), each.stay)
            if night is not None:
                yield _conflict("bed", row, night, each)


def out_of_service_conflicts(change: Change) -> list[Conflict]:
    """Records that came in files for nights on which somebody is booked, the soonest first."""
    counting = (~OUT_OF_SERVICE.c.cancelled, OUT_OF_SERVICE.c.in_conflict)
    rows = change.rows("out_of_service", *counting, OUT_OF_SERVICE.c.end > change.today)
    found = []
    for some in by_many(sorted({row["bed_id"] for row in rows})):
        of_bed: dict[str | None, list[_Booked]] = defaultdict(list)
        for each in _booked(change, BOOKINGS.c.bed_id.in_(some), ~BOOKINGS.c.surplus):
            of_bed[each.bed_id].append(each)
        for row in rows:
            nights = Stay(row["first_night"], row["end"])
            for each in of_bed[row["bed_id"]]:
                common = each.stay.common(nights)
                if common is not None:
                    found.append(_conflict("out_of_service", row, common.arrival, each))
    return sorted(found, key=_soonest)


def _soonest(each: Conflict) -> tuple[date, str, str]:
    return each.first_night, each.kind, each.id


def _conflict(kind: Kind, about: Row, night: date, *booked: _Booked) -> Conflict:
    bookings = tuple(sorted(each.id for each in booked))
    return Conflict(kind, about["id"], bookings, frozenset(each.crn for each in booked), night)


def _by_crn(booked: Sequence[_Booked]) -> Mapping[str, list[_Booked]]:
    found: dict[str, list[_Booked]] = defaultdict(list)
    for each in booked:
        found[each.crn].append(each)
    return found


def _outside(bed: Bed, stay: Stay) -> date | None:
    """The first night of the stay on which the bed is not there, or None."""
    if bed.starts is not None and stay.arrival < bed.starts:
        return stay.arrival
    if bed.ends is not None and bed.ends < stay.departure:
        return max(bed.ends, stay.arrival)
    return None
