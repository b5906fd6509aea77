"""Notes on bookings that cannot all be true: more people than beds, one bed or person twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.problem import Note, Problem


def clash_notes(problem: Problem) -> Iterator[Note]:
    """Every clash among the bookings, on nights from the problem's date on."""
    yield from _overbooked(problem)
    yield from _shared(problem, "bed_named_twice", "bed", lambda booking: booking.bed_id)
    yield from _shared(problem, "person_booked_twice", "person", lambda booking: booking.crn)


def _overbooked(problem: Problem) -> Iterator[Note]:
    booked: dict[str, Counter[date]] = defaultdict(Counter)
    for booking in problem.bookings:
        nights = _to_come(booking, problem.as_of)
        if nights is not None:
            booked[booking.premises_id].update(nights)
    beds = _beds_of_premises(problem)
    for premises, people in sorted(booked.items()):
        over = {
            night: count - usable
            for night, count in people.items()
            if count > (usable := beds[premises].usable(problem, night))
        }
        if over:
            worst = min(over, key=lambda night: (-over[night], night))
            yield Note(
                "premises_overbooked",
                premises,
                f"{premises} has more bookings than usable beds on {len(over)} nights, first "
                f"{min(over)}; most on {worst}: {people[worst]} people, {over[worst]} too many",
            )


@dataclass(slots=True)
class _Beds:
    """Beds of one premises: how many are always there, and those that are not."""

    always: int = 0
    sometimes: list[str] = field(default_factory=list)

    def usable(self, problem: Problem, night: date) -> int:
        return self.always + sum(problem.bed_is_usable(bed, night) for bed in self.sometimes)


def _beds_of_premises(problem: Problem) -> dict[str, _Beds]:
    found: dict[str, _Beds] = defaultdict(_Beds)
    for bed in problem.beds:
        beds = found[problem.premises_of_bed(bed.id).id]
        if bed.starts or bed.ends or bed.id in problem.out_of_service_by_bed:
            beds.sometimes.append(bed.id)
        else:
            beds.always += 1
    return found


def _shared(
    problem: Problem, code: str, kind: str, key: Callable[[Booking], str | None]
) -> Iterator[Note]:
    """Bookings with one key and a night in common, each against the one that ends last so far."""
    groups: dict[str, list[tuple[Stay, str]]] = defaultdict(list)
    for booking in problem.bookings:
        nights, name = _to_come(booking, problem.as_of), key(booking)
        if nights is not None and name is not None:
            groups[name].append((nights, booking.id))
    for name, stays in sorted(groups.items()):
        last, *others = sorted(stays)
        for stay in others:
            if stay[0].meets(last[0]):
                yield Note(
                    code,
                    name,
                    f"the {kind} {name} is in placements {last[1]} and {stay[1]} on common "
                    f"nights, from {stay[0].arrival}",
                )
            last = max(last, stay, key=lambda each: each[0].departure)


def _to_come(booking: Booking, as_of: date) -> Stay | None:
    """The nights of a booking from the problem's date on."""
    if booking.stay.departure <= as_of:
        return None
    return Stay(max(booking.stay.arrival, as_of), booking.stay.departure)
