"""Estate: premises, rooms and beds; and people and places to be kept apart."""

from __future__ import annotations

from typing import Any

from allocator.estate import Bed, Premises, Room
from allocator.safeguards import ExclusionZone, Separation
from api.service.change import Change, check_version
from api.service.conflicts import require_nobody_left_out
from api.service.new_id import new_id
from api.service.refusals import ConflictError, InvalidError
from api.service.seeing import hidden_people
from api.store import records
from api.store.tables import BEDS, BOOKINGS, HOLDS, OF_KIND, OUT_OF_SERVICE, ROOMS
from api.store.values import Row

Value = Premises | Room | Bed
KIND: dict[type, str] = {Premises: "premises", Room: "room", Bed: "bed"}


def create(change: Change, value: Value) -> Row:
    """A new record. Raises ConflictError when the id is taken, NotThereError for its parent."""
    kind = KIND[type(value)]
    if change.find(kind, value.id) is not None:
        raise ConflictError(f"there is a {kind} {value.id} already", code="exists")
    return change.record(f"{kind}.recorded", kind, _row(change, value, 1))


def update(change: Change, value: Value, version: int | None) -> Row:
    """The record is now this."""
    kind = KIND[type(value)]
    row = change.row(kind, value.id)
    check_version(row, version)
    after = _row(change, value, row["version"] + 1)
    if kind != "premises" and after["premises_id"] != row["premises_id"]:
        raise ConflictError(f"a {kind} stays at its premises: make a new one", code="moved")
    if isinstance(value, Bed):
        require_nobody_left_out(change, records.read(Bed, row), value)
    return change.record(f"{kind}.changed", kind, after)


def remove(change: Change, kind: str, identifier: str, version: int | None) -> None:
    """The record is no more. Raises ConflictError while anything is in it."""
    row = change.row(kind, identifier)
    check_version(row, version)
    if _inside(change, kind, identifier):
        raise ConflictError(
            f"{kind} {identifier} is still in use: close it, or end it on a date",
            code="in-use",
        )
    change.remove(f"{kind}.removed", kind, identifier)


def _inside(change: Change, kind: str, identifier: str) -> list[Row]:
    """What the record cannot go without."""
    if kind == "premises":
        rooms = change.rows("room", ROOMS.c.premises_id == identifier)
        # A booking may have premises and no bed yet.
        return rooms + change.rows("booking", BOOKINGS.c.premises_id == identifier)
    if kind == "room":
        return change.rows("bed", BEDS.c.room_id == identifier)
    booked = change.rows("booking", BOOKINGS.c.bed_id == identifier)
    held = change.rows("hold", HOLDS.c.bed_id == identifier)
    return booked + held + change.rows("out_of_service", OUT_OF_SERVICE.c.bed_id == identifier)


def _row(change: Change, value: Value, version: int) -> Row:
    if isinstance(value, Premises):
        return records.premises_row(value, version)
    if isinstance(value, Room):
        change.row("premises", value.premises_id)
        return records.room_row(value, version)
    room = change.row("room", value.room_id)
    if value.starts is not None and value.ends is not None and value.ends <= value.starts:
        text = "A bed ends after it starts: `ends` is the first night on which it is gone."
        told = [{"where": "body.ends", "message": text, "kind": "ends_before_starts"}]
        raise InvalidError("The request is not valid; complaints says where.", told)
    return records.bed_row(value, room["premises_id"], version)


def keep_apart(change: Change, value: Separation) -> Row:
    """Two people are kept apart from now on. Raises ConflictError when they are already."""
    _not_yet(change, "separation", value)
    return change.record(
        "separation.recorded", "separation", records.separation_row(new_id(), value, 1)
    )


def keep_out(change: Change, value: ExclusionZone, **facts: Any) -> Row:
    """A person is kept out of places from now on. Raises ConflictError when they are already."""
    _not_yet(change, "zone", value)
    row = records.zone_row(new_id(), value, 1)
    return change.record("zone.recorded", "zone", row, **facts)


def change_separation(
    change: Change, identifier: str, value: Separation, version: int | None
) -> Row:
    """The pair, or the radius, is now this."""
    row = change.row("separation", identifier)
    check_version(row, version)
    _not_yet(change, "separation", value, identifier)
    after = records.separation_row(identifier, value, row["version"] + 1)
    return change.record("separation.changed", "separation", after)


def change_zone(change: Change, identifier: str, value: ExclusionZone, version: int | None) -> Row:
    """The zone is now this."""
    row = change.row("zone", identifier)
    check_version(row, version)
    _not_yet(change, "zone", value, identifier)
    after = records.zone_row(identifier, value, row["version"] + 1)
    return change.record("zone.changed", "zone", after)


def _not_yet(
    change: Change, kind: str, value: Separation | ExclusionZone, ignoring: str = ""
) -> None:
    """Twice the same would have to be lifted twice; a pair has one record, whatever its miles.

    Of people whom the actor may not see it is kept twice: a refusal would tell what is kept.
    """
    if _people(value) & hidden_people(change.connection, change.actor):
        return
    for row in change.rows(kind, OF_KIND[kind].c.crn.in_(_people(value))):
        if row["id"] != ignoring and _same(records.read(type(value), row), value):
            raise ConflictError(
                f"there is such a {kind} already, {row['id']}: change that one", code="exists"
            )


def _same(one: Separation | ExclusionZone, other: Separation | ExclusionZone) -> bool:
    if isinstance(one, Separation) and isinstance(other, Separation):
        return _people(one) == _people(other)
    return one == other


def _people(value: Separation | ExclusionZone) -> set[str]:
    return {value.crn, value.other_crn} if isinstance(value, Separation) else {value.crn}


def lift(change: Change, kind: str, identifier: str, version: int | None) -> None:
    """A separation or zone holds no more."""
    row = change.row(kind, identifier)
    check_version(row, version)
    change.remove(f"{kind}.removed", kind, identifier)
