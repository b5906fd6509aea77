"""Shown: records as answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar, get_args

from pydantic import Field

from allocator.booking import Booking
from allocator.estate import Bed, Premises, Room
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation
from api.store.values import Row
from api.wire.holds_shown import BedHold
from api.wire.words import BidStatus, BookingStatus, Shown

T = TypeVar("T")


class Page(Shown, Generic[T]):
    """Some records of a list; `after` is what the next page is asked for with, null at the end."""

    records: list[T]
    after: str | None = None
    total: int

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """What the schema is called: the records' names and no brackets."""
        kinds = [kind for each in params for kind in (get_args(each) or (each,))]
        return f"PageOf{'Or'.join(kind.__name__ for kind in kinds)}"


class PremisesShown(Shown):
    """A premises at a version."""

    id: str
    version: int
    details: Premises


class RoomShown(Shown):
    """A room at a version."""

    id: str
    version: int
    premises_id: str
    details: Room


class BedShown(Shown):
    """A bed at a version."""

    id: str
    version: int
    room_id: str
    premises_id: str
    details: Bed
    holds: list[BedHold] = Field(
        default_factory=list, description="When it is read: nights kept for higher bands."
    )


class OutOfServiceShown(Shown):
    """Nights on which a bed is out of use, `last_night` included."""

    id: str
    version: int
    bed_id: str
    premises_id: str
    first_night: date
    last_night: date
    reason: str
    cancelled: bool
    in_conflict: bool = Field(
        description="An import put it on nights on which somebody is booked: it holds nothing."
    )

    @classmethod
    def of(cls, row: Row) -> OutOfServiceShown:
        last = date.fromordinal(row["end"].toordinal() - 1)
        return cls(**{k: v for k, v in row.items() if k != "end"}, last_night=last)


class SeparationShown(Shown):
    """Two people kept apart."""

    id: str
    version: int
    details: Separation
    conflicts: list[str] = Field(
        default_factory=list,
        description="After a change: bookings that it does not allow. GET /v1/conflicts has all.",
    )


class ZoneShown(Shown):
    """Where a person must not live."""

    id: str
    version: int
    details: ExclusionZone
    conflicts: list[str] = Field(
        default_factory=list,
        description="After a change: bookings that it does not allow. GET /v1/conflicts has all.",
    )


class Escalation(Shown):
    """Where a bid stands on the ladder."""

    rung: int
    role: str
    since: datetime
    due: datetime
    acknowledged_by: str | None
    for_managers: bool = Field(description="Whether managers alone acknowledge at this rung.")
    may_acknowledge: bool = Field(description="Whether you may, as far as your roles go.")


class ReferralShown(Shown):
    """A bid. Of one that the reader may not see only that it is there."""

    id: str
    version: int
    restricted: bool = Field(
        description="Whether only some may see whose bid it is; to all others `details` is null."
    )
    status: BidStatus
    band: int
    release_date: date
    latest_arrival: date
    days_to_release: int
    failed_attempts: int
    without_bed: bool
    escalation: Escalation | None
    flags: list[str] = Field(default_factory=list)
    owner_id: str | None = None
    owner_name: str | None = None
    owner_acknowledged: bool = False
    booking_id: str | None = None
    closed_reason: str | None = None
    details: Referral | None = None


class BookingShown(Shown):
    """A stay made. `bed_inferred`: the files named no bed, and the allocator chose it."""

    id: str
    version: int
    restricted: bool
    status: BookingStatus
    premises_id: str
    bed_id: str | None
    bed_inferred: bool
    surplus: bool
    arrival: date
    departure: date
    referral_id: str | None
    transferred_from: str | None
    made_by: str
    made_at: datetime
    ended_reason: str | None = None
    details: Booking | None = None


def booking_shown(row: Row, hidden: bool) -> BookingShown:
    """The booking, without its person where the reader may not know whose it is."""
    kept = {k: v for k, v in row.items() if k not in ("crn", "held_from", "details")}
    if hidden:
        return BookingShown(**{**kept, "referral_id": None, "ended_reason": None}, restricted=True)
    return BookingShown(**kept, restricted=False, details=row["details"])


class AttemptShown(Shown):
    """A day on which the bid failed, and why."""

    day: date
    code: str
    text: str
    run_id: str | None
    details: dict[str, Any]


class EventShown(Shown):
    """Something that happened."""

    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    kind: str
    subject: str
    hash: str
    facts: dict[str, Any] | None = None
