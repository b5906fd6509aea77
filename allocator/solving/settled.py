"""Settled bookings: those that name their bed and stay in it, decided before anything else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from allocator.booking import Booking
from allocator.nights import Stay
from allocator.policy import Policy
from allocator.problem import Problem


@dataclass(frozen=True, slots=True)
class Settled:
    """What is fixed before the plan.

    `kept`: settled bookings in the bed they name. `surplus`: settled bookings whose bed another
    keeps. `open`: bookings the plan seats. `blocked`: nights taken from each bed.
    """

    kept: tuple[Booking, ...]
    surplus: tuple[Booking, ...]
    open: tuple[Booking, ...]
    blocked: dict[str, tuple[Stay, ...]]


def ahead(booking: Booking, problem: Problem) -> Stay | None:
    """The booking's nights from the plan's date on, or None when all are past."""
    if booking.stay.departure <= problem.as_of:
        return None
    return Stay(max(booking.stay.arrival, problem.as_of), booking.stay.departure)


def movable(booking: Booking, problem: Problem, policy: Policy, displacement: bool) -> bool:
    """Whether the plan may move the booking to another premises."""
    freeze = timedelta(days=policy.displacement_freeze_days)
    return (
        displacement
        and not booking.resident
        and booking.referral is not None
        and booking.stay.arrival >= problem.as_of + freeze
    )


def settle(problem: Problem, policy: Policy, displacement: bool) -> Settled:
    """Decide who keeps a bed that bookings name; docs/model.md#settled-and-open-bookings."""
    by_bed: dict[str, list[Booking]] = defaultdict(list)
    still_open = []
    for booking in sorted(problem.bookings, key=lambda b: b.id):
        if ahead(booking, problem) is None:
            continue
        if booking.bed_id is None or movable(booking, problem, policy, displacement):
            still_open.append(booking)
        else:
            by_bed[booking.bed_id].append(booking)
    kept: list[Booking] = []
    surplus: list[Booking] = []
    blocked: dict[str, tuple[Stay, ...]] = {}
    for bed_id, bookings in sorted(by_bed.items()):
        stays: list[Stay] = []
        for booking in sorted(bookings, key=_precedence):
            stay = ahead(booking, problem)
            assert stay is not None
            if any(stay.meets(other) for other in stays):
                surplus.append(booking)
            else:
                kept.append(booking)
                stays.append(stay)
        blocked[bed_id] = tuple(b for b in (ahead(k, problem) for k in bookings) if b)
    return Settled(tuple(kept), tuple(surplus), tuple(still_open), blocked)


def _precedence(booking: Booking) -> tuple[object, ...]:
    return (
        not booking.resident,
        booking.stay.departure,
        booking.stay.arrival,
        booking.id,
    )
