"""Close: a premises takes nobody new from a day on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from allocator.booking import Booking
from allocator.closed import CLOSED
from allocator.coming import Coming
from allocator.nights import Stay
from allocator.problem import Problem
from allocator.simulate.changes.inputs import Inputs, require_premises
from allocator.simulate.ground import Closing


@dataclass(frozen=True, slots=True)
class Close:
    """No arrival on or after `since`; who is there then stays as planned, or leaves by a day.

    Bookings of the first day that would arrive later ask again, as people referred on that day;
    so does who must leave before the stay's end, for the nights that are left of it.
    """

    __pydantic_config__ = CLOSED

    premises: str
    since: date
    leave_by: date | None = None
    """Nobody sleeps there from this day on; None: stays that have begun go on to their end."""
    kind: Literal["close"] = "close"

    def __post_init__(self) -> None:
        if self.leave_by is not None and self.leave_by < self.since:
            raise ValueError("leave_by is before since")

    def applied(self, inputs: Inputs) -> Inputs:
        problem = inputs.problem
        require_premises(problem, self.premises)
        here = [each for each in problem.bookings if each.premises_id == self.premises]
        gone = {each.id for each in here if each.stay.arrival >= max(self.since, problem.as_of)}
        gone -= {each.id for each in here if each.resident}
        kept = (
            self._left(each, problem.as_of) if each.premises_id == self.premises else each
            for each in problem.bookings
            if each.id not in gone
        )
        asking = [_asks_again(each, each.stay, problem) for each in here if each.id in gone]
        asking += [
            _asks_again(each, lost, problem)
            for each in here
            if each.id not in gone and each.referral is not None
            for lost in self._lost(each, problem.as_of)
        ]
        return replace(
            inputs,
            problem=replace(
                self._without_beds(problem), bookings=tuple(each for each in kept if each)
            ),
            closing=(*inputs.closing, Closing(self.premises, self.since)),
            again=(*inputs.again, *asking),
        )

    def _left(self, booking: Booking, as_of: date) -> Booking | None:
        """The booking with its nights before `leave_by`; None: it has none."""
        if self.leave_by is None or booking.stay.departure <= self.leave_by:
            return booking
        if self.leave_by <= max(booking.stay.arrival, as_of):
            return None
        return replace(booking, stay=Stay(booking.stay.arrival, self.leave_by))

    def _lost(self, booking: Booking, as_of: date) -> list[Stay]:
        """The nights of the booking that are yet to come and that the closing takes, if any."""
        if self._left(booking, as_of) is booking or self.leave_by is None:
            return []
        return [Stay(max(self.leave_by, booking.stay.arrival, as_of), booking.stay.departure)]

    def _without_beds(self, problem: Problem) -> Problem:
        if self.leave_by is None:
            return problem
        ends = self.leave_by
        return replace(
            problem,
            beds=tuple(
                replace(bed, ends=ends if bed.ends is None else min(bed.ends, ends))
                if problem.premises_of_bed(bed.id).id == self.premises
                else bed
                for bed in problem.beds
            ),
        )


def _asks_again(booking: Booking, stay: Stay, problem: Problem) -> Coming:
    assert booking.referral is not None  # else it would have no bed on the first day
    slack = booking.referral.latest_arrival - booking.referral.release_date
    return Coming(
        problem.as_of,
        replace(
            booking.referral,
            id=f"again-{booking.referral.id}",
            release_date=stay.arrival,
            latest_arrival=stay.arrival + slack,
            nights=stay.nights,
        ),
    )
