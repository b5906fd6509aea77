"""A plan whose every text field holds the same hostile text."""

from __future__ import annotations

from dataclasses import replace

from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Note, Problem
from allocator.referral import Assumption
from tests.builders import (
    a_bed,
    a_booking,
    a_policy,
    a_premises,
    a_problem,
    a_referral,
    a_room,
    a_stay,
    default_policy,
)
from tests.plans import a_plan


def hostile(text: str) -> tuple[Plan, Problem, Policy, dict[str, str]]:
    """A plan, its problem, its policy, and reasons by referral.

    One person is placed and one is not; one booking is seated and one is surplus. Ids that must
    differ have a figure after the text.
    """
    bands = tuple(replace(band, name=text) for band in default_policy().bands)
    policy = a_policy(name=text, summary=text, bands=bands)
    assumed = (Assumption(text, text, text),)
    problem = a_problem(
        premises=(a_premises(text, name=text, region=text, area=text, postcode=text, q_code=text),),
        rooms=(a_room(text + "1", text, name=text), a_room(text + "2", text, name=text)),
        beds=(a_bed(text + "1", text + "1", name=text), a_bed(text + "2", text + "2", name=text)),
        referrals=(
            a_referral(text + "1", crn=text + "1", assumptions=assumed, rosh=None),
            a_referral(text + "2", crn=text + "2", assumptions=assumed),
        ),
        bookings=(
            a_booking(text + "1", crn=text + "3", premises_id=text, stay=a_stay(20, 3)),
            a_booking(text + "2", crn=text + "4", premises_id=text, stay=a_stay(20, 3)),
        ),
        notes=(Note(text, text, text),),
    )
    plan = a_plan(
        problem,
        policy,
        placements=[(text + "1", text + "1", 1)],
        seats={text + "1": text + "1"},
        effort=text,
        versions=((text, text),),
    )
    return (
        replace(plan, seats=tuple(replace(seat, reason=text) for seat in plan.seats)),
        problem,
        policy,
        {text + "2": text},
    )
