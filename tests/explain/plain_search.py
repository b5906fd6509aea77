"""Every change of each kind, found by asking the referee about all of them. Slow and obvious."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any

from allocator.check import recompute
from allocator.explain import Kind, Situation
from allocator.explain.own_changes import LATEST_DAYS
from allocator.plan import Plan, Seat
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import ApType, RiskTier, Rosh
from tests.oracle import Oracle

WAYS = (Kind.RESEATED, Kind.MOVED, Kind.DISPLACED)
"""What it costs whoever makes way, the least first."""
FAR = date(2100, 1, 1)
"""After every stay that is looked at."""


def direct(referral: Referral, situation: Situation) -> list[tuple[str, object]]:
    """Beds and arrivals the referee accepts, the referral being as it is given here."""
    return _ways(referral, situation.plan, situation)


def exists(kind: Kind, referral: Referral, situation: Situation) -> bool:
    """Whether some change of the kind places the person."""
    return any(True for _ in _SEARCH[kind](referral, situation))


def later(referral: Referral, situation: Situation) -> Iterator[int]:
    last = max(referral.latest_arrival, referral.release_date, situation.problem.as_of)
    for days in range(1, LATEST_DAYS + 1):
        asked = replace(referral, latest_arrival=last + timedelta(days=days))
        if direct(asked, situation):
            yield days


def shorter(referral: Referral, situation: Situation) -> Iterator[int]:
    for nights in range(referral.nights - 1, -(-referral.nights // 2) - 1, -1):
        if direct(replace(referral, nights=nights), situation):
            yield referral.nights - nights


def further(referral: Referral, situation: Situation) -> Iterator[int | None]:
    if referral.consented_radius_miles is not None:
        for miles in [*range(referral.consented_radius_miles, 80), None]:
            if direct(replace(referral, consented_radius_miles=miles), situation):
                yield miles


def criterion(referral: Referral, situation: Situation) -> Iterator[str]:
    for dropped in sorted(referral.essential):
        if direct(replace(referral, essential=referral.essential - {dropped}), situation):
            yield dropped


def ap_type(referral: Referral, situation: Situation) -> Iterator[ApType]:
    return (k for k in ApType if direct(replace(referral, ap_type=k), situation))


def found_out(referral: Referral, situation: Situation) -> Iterator[Referral]:
    """The person with some of what is not known found out, where that places them."""
    return (asked for asked in _answered(referral, situation) if direct(asked, situation))


def found_out_made_way(referral: Referral, situation: Situation) -> Iterator[Plan]:
    """The same with one other person making way, where less would not place them."""
    if any(exists(kind, referral, situation) for kind in (Kind.FOUND_OUT, *WAYS)):
        return
    for asked in _answered(referral, situation):
        yield from chain.from_iterable(_SEARCH[kind](asked, situation) for kind in WAYS)


def _answered(referral: Referral, situation: Situation) -> Iterator[Referral]:
    """The person with some of what is not known found out."""
    answers: list[dict[str, Any]] = []
    if referral.restriction_codes is None:
        answers.append({"restriction_codes": frozenset()})
    if referral.sharing is None or referral.sharing.suitable:
        answers.append({"sharing": ShareAssessment(suitable=True, valid_until=FAR)})
    worst: dict[str, Any] = {"rosh": Rosh.VERY_HIGH, "mappa_level": 3, "tier": RiskTier.A3}
    if risk := {name: value for name, value in worst.items() if getattr(referral, name) is None}:
        answers.append(risk)
    if referral.location is None and referral.consented_radius_miles is not None:
        answers += [{"location": p.location} for p in situation.problem.premises if p.location]
    unknown = referral.offences_unknown
    for offences in chain.from_iterable(combinations(unknown, n) for n in range(len(unknown) + 1)):
        for known in chain.from_iterable(combinations(answers, n) for n in range(4)):
            asked = replace(referral, offences_unknown=unknown - set(offences))
            for answer in known:
                asked = replace(asked, **answer)
            if offences or known:
                yield asked


def displaced(referral: Referral, situation: Situation) -> Iterator[Plan]:
    """Plans with one person of a lower band left out."""
    band = situation.policy.band_of(referral)
    for gone in (p for p in situation.plan.placements if p.band > band):
        yield from _placing(referral, _without(situation.plan, gone.referral_id), situation)


def moved(referral: Referral, situation: Situation) -> Iterator[Plan]:
    """Plans with one person of the same or a lower band elsewhere."""
    band = situation.policy.band_of(referral)
    for gone in (p for p in situation.plan.placements if p.band >= band):
        other = situation.problem.referrals_by_id[gone.referral_id]
        for plan in _placing(referral, _without(situation.plan, other.id), situation):
            yield from _placing(other, plan, situation, beside=referral)


def reseated(referral: Referral, situation: Situation) -> Iterator[Plan]:
    """Plans with one booking in another bed of its premises, suited as well."""
    for seat in situation.plan.seats:
        booking = situation.problem.bookings_by_id[seat.booking_id]
        if seat.moved or situation.facts.is_settled(booking):
            continue
        here = situation.problem.premises_of_bed(seat.bed_id).id
        for bed in situation.problem.beds:
            if bed.id != seat.bed_id and situation.problem.premises_of_bed(bed.id).id == here:
                plan = _reseat(situation.plan, replace(seat, bed_id=bed.id))
                if _suited(plan, situation) >= _suited(situation.plan, situation):
                    yield from _placing(referral, plan, situation)


_SEARCH = {
    Kind.FOUND_OUT: found_out,
    Kind.FOUND_OUT_MADE_WAY: found_out_made_way,
    Kind.LATER: later,
    Kind.FURTHER: further,
    Kind.CRITERION: criterion,
    Kind.SHORTER: shorter,
    Kind.AP_TYPE: ap_type,
    Kind.MOVED: moved,
    Kind.RESEATED: reseated,
    Kind.DISPLACED: displaced,
}


def _suited(plan: Plan, situation: Situation) -> int:
    return recompute(plan, situation.problem, situation.policy)["bookings_suited"]


def _reseat(plan: Plan, seat: Seat) -> Plan:
    others = (s for s in plan.seats if s.booking_id != seat.booking_id)
    return replace(plan, seats=(*others, seat))


def _without(plan: Plan, referral_id: str) -> Plan:
    kept = tuple(p for p in plan.placements if p.referral_id != referral_id)
    return replace(plan, placements=kept)


def _placing(
    referral: Referral, plan: Plan, situation: Situation, *, beside: Referral | None = None
) -> Iterator[Plan]:
    """The plan with the referral in each bed and arrival that the referee accepts.

    `beside`: someone in the plan already whom the problem does not hold as the plan has them.
    """
    new = {r.id: r for r in (beside, referral) if r is not None}
    others = (r for r in situation.problem.referrals if r.id not in new)
    problem = situation.problem.with_referrals((*others, *new.values()))
    oracle = Oracle(problem, situation.policy, plan.displacement)
    for option in oracle.options(referral):
        more = replace(plan, placements=(*plan.placements, option))
        if oracle.is_lawful(more):
            yield more


def _ways(referral: Referral, plan: Plan, situation: Situation) -> list[tuple[str, object]]:
    return [
        (p.placement_of[referral.id].bed_id, p.placement_of[referral.id].stay.arrival)
        for p in _placing(referral, plan, situation)
    ]
