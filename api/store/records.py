"""Records: values of the field as rows, and rows as values of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

from allocator.booking import Booking
from allocator.estate import Bed, OutOfService, Premises, Room
from allocator.held import HeldNights
from allocator.nights import Stay
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation
from api.store.values import Row

T = TypeVar("T")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (Premises, Room, Bed, Referral, Booking, Separation, ExclusionZone)
}


def details(value: object) -> Row:
    """The value as in problem.json."""
    written: Row = _ADAPTERS[type(value)].dump_python(value, mode="json")
    return written


def read(kind: type[T], row: Row) -> T:
    """The value that a row's `details` holds."""
    value: T = _ADAPTERS[kind].validate_python(row["details"])
    return value


def premises_row(value: Premises, version: int) -> Row:
    return {
        "id": value.id,
        "version": version,
        "name": value.name,
        "gender": value.gender.value,
        "region": value.region,
        "area": value.area,
        "open": value.open,
        "details": details(value),
    }


def room_row(value: Room, version: int) -> Row:
    return {
        "id": value.id,
        "version": version,
        "premises_id": value.premises_id,
        "details": details(value),
    }


def bed_row(value: Bed, premises_id: str, version: int) -> Row:
    return {
        "id": value.id,
        "version": version,
        "room_id": value.room_id,
        "premises_id": premises_id,
        "details": details(value),
    }


def separation_row(identifier: str, value: Separation, version: int) -> Row:
    return {
        "id": identifier,
        "version": version,
        "crn": value.crn,
        "other_crn": value.other_crn,
        "details": details(value),
    }


def zone_row(identifier: str, value: ExclusionZone, version: int) -> Row:
    return {"id": identifier, "version": version, "crn": value.crn, "details": details(value)}


def out_of_service(row: Row) -> OutOfService:
    """The nights that a record takes a bed out of use."""
    return OutOfService(row["bed_id"], Stay(row["first_night"], row["end"]), row["reason"])


def held_nights(row: Row) -> list[HeldNights]:
    """What is left of a hold."""
    return [
        HeldNights(
            row["bed_id"], Stay(date.fromisoformat(a), date.fromisoformat(b)), row["lowest_band"]
        )
        for a, b in row["left"]
    ]


def referral(row: Row) -> Referral:
    """The bid, with the attempts counted so far."""
    return replace(read(Referral, row), failed_attempts=row["failed_attempts"])


def booking(row: Row, about: Referral | None, as_of: date, overstay_nights: int) -> Booking:
    """The booking as a plan must honour it.

    An inferred bed is left open, for the plan to choose anew. A resident whose departure has gone
    by is taken to stay on for the policy's overstay nights.
    """
    departure = row["departure"]
    resident = row["status"] == "arrived"
    if resident and departure <= as_of:
        departure = as_of + timedelta(days=max(1, overstay_nights))
    known = read(Booking, row)
    return replace(
        known,
        premises_id=row["premises_id"],
        stay=Stay(row["arrival"], departure),
        resident=resident,
        bed_id=None if row["bed_inferred"] else row["bed_id"],
        referral=about if about is not None else known.referral,
    )
