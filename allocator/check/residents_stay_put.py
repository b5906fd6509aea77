"""Bookings keep their premises, and their bed if named. Model: docs/model.md#residents_stay_put."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from allocator.booking import Booking
from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.plan import Seat

CODE = "residents_stay_put"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Bookings without one answer, settled ones out of their bed, and moves nobody may make."""
    yield from _answers(facts)
    yield from _strangers(facts)
    for surplus in facts.plan.surplus:
        booking = facts.bookings_by_id.get(surplus.booking_id)
        if booking is not None and surplus.premises_id != booking.premises_id:
            text = f"booking {booking.id} is surplus at a premises where it was not booked"
            yield Breach(CODE, (booking.id, surplus.premises_id), text)
    beds: dict[str, list[str]] = defaultdict(list)
    for seat in facts.plan.seats:
        beds[seat.booking_id].append(seat.bed_id)
    for booking in facts.bookings:
        if facts.is_settled(booking):
            yield from _settled(booking, beds[booking.id], facts)
    for seat, booking, place in facts.seated:
        for fault in _faults(seat, booking, place, facts):
            yield Breach(CODE, (booking.id, seat.bed_id), f"booking {booking.id} {fault}")


def _answers(facts: Facts) -> Iterator[Breach]:
    seated = Counter(seat.booking_id for seat in facts.plan.seats)
    surplus = Counter(entry.booking_id for entry in facts.plan.surplus)
    for booking in facts.bookings:
        if seated[booking.id] + surplus[booking.id] != 1:
            text = (
                f"booking {booking.id} has {seated[booking.id]} beds "
                f"and is listed as surplus {surplus[booking.id]} times"
            )
            yield Breach(CODE, (booking.id,), text)


def _strangers(facts: Facts) -> Iterator[Breach]:
    """Answers for a booking that is over or unknown, and seats in a bed that is not there."""
    named = [seat.booking_id for seat in facts.plan.seats]
    named += [entry.booking_id for entry in facts.plan.surplus]
    for stranger in sorted(set(named) - facts.bookings_by_id.keys()):
        text = f"the plan answers for booking {stranger}, which has no night to come"
        yield Breach(CODE, (stranger,), text)
    for seat in facts.plan.seats:
        if seat.bed_id not in facts.problem.beds_by_id:
            text = f"booking {seat.booking_id} has bed {seat.bed_id}, which is not in the problem"
            yield Breach(CODE, (seat.booking_id, seat.bed_id), text)


def _settled(booking: Booking, beds: list[str], facts: Facts) -> Iterator[Breach]:
    if booking.id in facts.kept_ids and beds != [booking.bed_id]:
        text = f"booking {booking.id} names bed {booking.bed_id}, and the plan does not leave it so"
        yield Breach(CODE, (booking.id, str(booking.bed_id)), text)
    if booking.id not in facts.kept_ids and beds:
        text = f"booking {booking.id} is seated, though another booking comes first in its bed"
        yield Breach(CODE, (booking.id, str(booking.bed_id)), text)


def _faults(seat: Seat, booking: Booking, place: Place, facts: Facts) -> Iterator[str]:
    elsewhere = place.premises.id != booking.premises_id
    if elsewhere and not seat.moved:
        yield "is at another premises, and the plan does not say that it is moved"
    if seat.moved and not elsewhere:
        yield "is said to be moved, and is at the premises where it was booked"
    if seat.moved and not facts.is_movable(booking):
        yield "is moved, and may not be"
    if seat.moved and not seat.reason.strip():
        yield "is moved without a reason"
    if seat.inferred != (booking.bed_id is None and not seat.moved):
        yield "is wrongly marked as to whether the plan inferred its bed"
