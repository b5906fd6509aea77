"""Verified: the referee's verdict on a proposal, asked about the people and premises it touches.

The plan before was lawful, and a rule only ever speaks of people at one premises, in one bed, of
one CRN or kept apart. So it is enough to show the referee the touched premises whole, with all
who are there at the time, and the stays of people related to those who are new or moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from allocator.check.breach import Breach
from allocator.check.facts import Facts
from allocator.check.plan_rules import PLAN_RULES
from allocator.explain.proposal import Proposal
from allocator.explain.situation import Situation
from allocator.nights import Stay
from allocator.plan import Plan
from allocator.problem import Problem

_OF_THE_WHOLE = {"one_placement_a_referral", "plan_complete"}
"""Rules about the plan as a document; a part of a plan is none."""


def breaches(proposal: Proposal, situation: Situation) -> list[Breach]:
    """What the referee has against the part of the changed plan that the proposal touches."""
    touched = _touched(proposal, situation)
    sites = {site for _, site, _ in touched}
    crns = {crn for crn, _, _ in touched}
    related = [p for crn in crns for p in situation.ledger.related(crn)]
    stays = [stay for _, _, stay in touched]
    near = {p.premises_id for p in related if any(p.stay.meets(stay) for stay in stays)}
    plan, problem = situation.parts.of(frozenset(sites | near))
    kept = {p.id for p in related} | {proposal.referral.id, proposal.without}
    some, problem = _at_the_time(plan, problem, kept, stays)
    after = proposal.plan_after(some, situation.problem, situation.policy)
    part = _with_their_rules(proposal, problem, situation, crns)
    facts = Facts(after, part, situation.policy)
    rules = [rule for rule in PLAN_RULES if rule.CODE not in _OF_THE_WHOLE]
    return [breach for rule in rules for breach in rule.breaches(facts)]


def _at_the_time(
    plan: Plan, problem: Problem, kept: set[str | None], stays: list[Stay]
) -> tuple[Plan, Problem]:
    """The part without people who have gone before, or come after, all that the proposal touches.

    Where a booking is surplus nobody booked is left out: who keeps a bed depends on all of them.
    """
    placements = tuple(
        p
        for p in plan.placements
        if p.referral_id in kept or any(p.stay.meets(stay) for stay in stays)
    )
    if plan.surplus:
        return replace(plan, placements=placements), problem
    bookings = tuple(
        b for b in problem.bookings if b.id in kept or any(b.stay.meets(stay) for stay in stays)
    )
    there = {b.id for b in bookings}
    seats = tuple(s for s in plan.seats if s.booking_id in there)
    return replace(plan, placements=placements, seats=seats), problem.with_bookings(bookings)


def _touched(proposal: Proposal, situation: Situation) -> list[tuple[str, str, Stay]]:
    """CRN, premises and stay of everyone who is new or elsewhere than before."""
    problem = situation.problem
    found = [
        (
            proposal.referral.crn,
            problem.premises_of_bed(proposal.bed_id).id,
            Stay.of(proposal.arrival, proposal.referral.nights),
        )
    ]
    if proposal.without is not None and proposal.again is not None:
        other = problem.referrals_by_id[proposal.without]
        bed, arrival = proposal.again
        found.append((other.crn, problem.premises_of_bed(bed).id, Stay.of(arrival, other.nights)))
    if proposal.reseated is not None:
        booking = problem.bookings_by_id[proposal.reseated[0]]
        stay = situation.facts.nights_of(booking)
        found.append((booking.crn, booking.premises_id, stay))
    return found


def _with_their_rules(
    proposal: Proposal, problem: Problem, situation: Situation, crns: Iterable[str]
) -> Problem:
    """The part with everyone in the proposal, and all that is said of those it touches."""
    whole, wanted = situation.problem, set(crns)
    referrals = problem.referrals
    if proposal.without is not None and proposal.without not in problem.referrals_by_id:
        referrals = (*referrals, whole.referrals_by_id[proposal.without])
    part = replace(
        problem,
        referrals=referrals,
        separations=tuple(s for s in whole.separations if s.crn in wanted or s.other_crn in wanted),
        zones=tuple(z for crn in sorted(wanted) for z in whole.zones_by_crn.get(crn, ())),
    )
    return proposal.problem_after(part)
