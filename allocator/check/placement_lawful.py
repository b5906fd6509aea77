"""Each placement and each move keeps every bed rule. Model: docs/model.md#placement_lawful."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from allocator.check.bed_rules import BED_RULES
from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.nights import Stay
from allocator.plan import Placement
from allocator.referral import Referral

CODE = "placement_lawful"


def breaches(facts: Facts) -> Iterator[Breach]:
    """Bed rules by their own codes; arrival, length, band and decision day by this one's."""
    yield from _strangers(facts)
    for placement, referral, place in facts.placed:
        yield from _bed_rules(referral.id, referral, place, placement.stay, facts)
        yield from _times(placement, referral, facts)
        yield from _priority(placement, referral, facts)
    for seat, booking, place in facts.seated:
        if seat.moved and booking.referral is not None:
            stay = facts.nights_of(booking)
            yield from _bed_rules(booking.id, booking.referral, place, stay, facts)
            if facts.first_blocked(place.bed.id, stay) is not None:
                text = f"booking {booking.id} is moved to bed {place.bed.id}, which is booked"
                yield Breach(CODE, (booking.id, place.bed.id), text)


def _strangers(facts: Facts) -> Iterator[Breach]:
    for placement in facts.plan.placements:
        subject = (placement.referral_id, placement.bed_id)
        if placement.referral_id not in facts.problem.referrals_by_id:
            text = f"{subject[0]} is placed, which is no referral of the problem"
            yield Breach(CODE, subject, text)
        if placement.bed_id not in facts.problem.beds_by_id:
            text = f"{subject[0]} is placed in {subject[1]}, which is no bed of the problem"
            yield Breach(CODE, subject, text)


def _bed_rules(
    person: str, referral: Referral, place: Place, stay: Stay, facts: Facts
) -> Iterator[Breach]:
    for rule in BED_RULES:
        if not rule.allows(referral, place, stay, facts):
            text = f"{person} is in bed {place.bed.id}, but {rule.TEXT}"
            yield Breach(rule.CODE, (person, place.bed.id), text)


def _times(placement: Placement, referral: Referral, facts: Facts) -> Iterator[Breach]:
    earliest = max(referral.release_date, facts.problem.as_of)
    latest = max(referral.latest_arrival, earliest)
    if not earliest <= placement.stay.arrival <= latest:
        text = (
            f"referral {referral.id} arrives on {placement.stay.arrival}, "
            f"not from {earliest} to {latest}"
        )
        yield Breach(CODE, (referral.id,), text)
    if placement.stay.nights != referral.nights:
        text = (
            f"referral {referral.id} asks for {referral.nights} nights "
            f"and is given {placement.stay.nights}"
        )
        yield Breach(CODE, (referral.id,), text)


def _priority(placement: Placement, referral: Referral, facts: Facts) -> Iterator[Breach]:
    band = facts.policy.band_of(referral)
    if placement.band != band:
        text = f"referral {referral.id} is in band {band}, not in band {placement.band}"
        yield Breach(CODE, (referral.id,), text)
    notice = timedelta(days=facts.policy.commit_by_days[band - 1])
    decide_by = max(facts.problem.as_of, placement.stay.arrival - notice)
    if placement.decide_by != decide_by:
        text = (
            f"referral {referral.id} is to be decided by {decide_by}, not by {placement.decide_by}"
        )
        yield Breach(CODE, (referral.id,), text)
