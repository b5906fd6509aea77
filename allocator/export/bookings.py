"""bookings.csv: one row a resident or booking, with the bed the plan has for it."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.booking import Booking
from allocator.estate import Premises
from allocator.export.surplus import surplus_reason
from allocator.export.table import Column, Table, yes_no
from allocator.plan import Plan, Seat
from allocator.problem import Problem


@dataclass(frozen=True, slots=True)
class Seated:
    """A booking and its seat; without a seat it is surplus at its own premises."""

    booking: Booking
    seat: Seat | None
    premises: Premises
    room: str
    bed: str
    reason: str

    @property
    def surplus(self) -> bool:
        """Whether no bed at the premises can hold it."""
        return self.seat is None


def seated_bookings(plan: Plan, problem: Problem) -> tuple[Seated, ...]:
    """Every seat and every surplus booking, by premises and arrival."""
    seated = [_seated(seat, problem) for seat in plan.seats]
    surplus = [
        Seated(
            problem.bookings_by_id[s.booking_id],
            None,
            problem.premises_by_id[s.premises_id],
            "",
            "",
            surplus_reason(problem.bookings_by_id[s.booking_id], plan, problem),
        )
        for s in plan.surplus
    ]
    return tuple(
        sorted(
            seated + surplus,
            key=lambda s: (s.premises.name, s.premises.id, s.booking.stay.arrival, s.booking.id),
        )
    )


def bookings_table(seated: tuple[Seated, ...], problem: Problem) -> Table:
    """Where every resident and booking sleeps, and what a person should look at."""
    synthetic = yes_no(problem.synthetic)
    return Table.of((*_COLUMNS, Column("synthetic", 10, lambda _: synthetic)), seated)


def _seated(seat: Seat, problem: Problem) -> Seated:
    room = problem.room_of_bed(seat.bed_id)
    return Seated(
        problem.bookings_by_id[seat.booking_id],
        seat,
        problem.premises_by_id[room.premises_id],
        room.name,
        problem.beds_by_id[seat.bed_id].name,
        seat.reason,
    )


_COLUMNS: tuple[Column[Seated], ...] = (
    Column("booking_id", 18, lambda s: s.booking.id),
    Column("crn", 10, lambda s: s.booking.crn),
    Column("kind", 10, lambda s: "resident" if s.booking.resident else "booking"),
    Column("premises_id", 14, lambda s: s.premises.id),
    Column("premises_name", 30, lambda s: s.premises.name),
    Column("room", 14, lambda s: s.room),
    Column("bed", 14, lambda s: s.bed),
    Column("bed_id", 18, lambda s: s.seat.bed_id if s.seat else ""),
    Column("arrival", 12, lambda s: s.booking.stay.arrival),
    Column("departure", 12, lambda s: s.booking.stay.departure),
    Column("bed_inferred", 14, lambda s: yes_no(s.seat is not None and s.seat.inferred)),
    Column("moved", 8, lambda s: yes_no(s.seat is not None and s.seat.moved)),
    Column("surplus", 10, lambda s: yes_no(s.surplus)),
    Column("booked_premises_id", 18, lambda s: s.booking.premises_id),
    Column("booked_bed_id", 18, lambda s: s.booking.bed_id),
    Column("reason", 40, lambda s: s.reason),
)
