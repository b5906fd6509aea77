"""What in a plan needs a person: unknown risk information, agreements, surplus bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allocator.export.surplus import holder_of_named_bed
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral


@dataclass(frozen=True, slots=True)
class Attention:
    """A finding, how often it occurs, and the ids it is about."""

    text: str
    subjects: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.subjects)


_UNKNOWN: tuple[tuple[str, Callable[[Referral], bool]], ...] = (
    ("Risk tier not known; read as A.", lambda r: r.tier is None),
    ("Risk of serious harm not known; read as Very High.", lambda r: r.rosh is None),
    ("MAPPA level not known; read as 3.", lambda r: r.mappa_level is None),
    ("Offence questions not answered; read as yes.", lambda r: bool(r.offences_unknown)),
    (
        "Local restrictions not answered; read as all applying.",
        lambda r: r.restriction_codes is None,
    ),
    ("No place to live near is known; miles are not counted.", lambda r: r.location is None),
)


def needs_attention(plan: Plan, problem: Problem, policy: Policy) -> tuple[Attention, ...]:
    """Every finding that occurs, those that stop a placement first."""
    found = (*_of_bookings(plan, problem), *_of_referrals(plan, problem, policy))
    return tuple(attention for attention in found if attention.subjects)


def _of_bookings(plan: Plan, problem: Problem) -> Iterator[Attention]:
    surplus = [problem.bookings_by_id[s.booking_id] for s in plan.surplus]
    doubled = {b.id for b in surplus if holder_of_named_bed(b, plan, problem) is not None}
    yield Attention(
        "Surplus bookings: their premises is booked beyond its beds.",
        tuple(b.id for b in surplus if b.id not in doubled),
    )
    yield Attention(
        "Surplus bookings: another booking has the bed that they name.",
        tuple(b.id for b in surplus if b.id in doubled),
    )
    yield Attention(
        "Bookings the plan moves to another premises.",
        tuple(s.booking_id for s in plan.seats if s.moved),
    )
    yield Attention(
        "Residents and bookings whose bed the source does not name; the plan gives one.",
        tuple(s.booking_id for s in plan.seats if s.inferred),
    )


def _of_referrals(plan: Plan, problem: Problem, policy: Policy) -> Iterator[Attention]:
    yield Attention(
        "Proposed placements that need a senior manager's agreement: the tier is outside the gate.",
        tuple(
            p.referral_id
            for p in plan.placements
            if policy.needs_agreement(problem.referrals_by_id[p.referral_id])
        ),
    )
    for text, unknown in _UNKNOWN:
        yield Attention(text, tuple(r.id for r in problem.referrals if unknown(r)))


def notes_by_code(problem: Problem) -> Counter[str]:
    """How many findings of each kind the input had."""
    return Counter(note.code for note in problem.notes)
