"""Holds shown: beds kept for higher bands, as answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from api.service.held_nights import left_of, status_now
from api.store.values import Row
from api.wire.words import Shown

HoldStatus = Literal["current", "released", "expired", "used", "overridden", "yielded"]
ONE_DAY = timedelta(days=1)


class NightsShown(Shown):
    """Nights from the first to the last, both included."""

    first_night: date
    last_night: date


class BedHold(Shown):
    """A hold as its bed is shown with it."""

    hold_id: str
    lowest_band: int
    until: date
    nights_left: list[NightsShown]


class HoldShown(Shown):
    """A bed kept for people known to be of bands 1 to `lowest_band`. It names no person."""

    id: str
    version: int
    bed_id: str
    premises_id: str
    first_night: date
    last_night: date
    nights_left: list[NightsShown] = Field(description="Those that nobody has taken.")
    lowest_band: int
    until: date = Field(description="The day on which it ends by itself.")
    why: str
    owner_id: str
    owner_name: str
    made_by: str
    made_at: datetime
    run_id: str | None = Field(description="The run whose advice was followed.")
    status: HoldStatus = Field(
        description="Ended how: let go of, run out, taken by those it was for, passed over by "
        "somebody who decided, or given up to a booking or an out-of-service record."
    )
    ended_reason: str | None

    @classmethod
    def of(cls, row: Row, today: date) -> HoldShown:
        told = {name: value for name, value in row.items() if name not in ("end", "left")}
        told["status"] = status_now(row, today)
        return cls(**told, last_night=row["end"] - ONE_DAY, nights_left=_nights(row))


def bed_hold(row: Row) -> BedHold:
    """The hold beside its bed."""
    return BedHold(
        hold_id=row["id"],
        lowest_band=row["lowest_band"],
        until=row["until"],
        nights_left=_nights(row),
    )


def _nights(row: Row) -> list[NightsShown]:
    return [
        NightsShown(first_night=stay.arrival, last_night=stay.departure - ONE_DAY)
        for stay in left_of(row)
    ]
