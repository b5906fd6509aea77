"""Checked: whether advice may be shown, asked of the plan and the problem and not of `advise`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allocator.holding.advice import Advice, Hold, State
from allocator.nights import Stay
from allocator.plan import Placement, Plan
from allocator.policy import Policy
from allocator.problem import Problem


def advice_faults(advice: Advice, plan: Plan, problem: Problem, policy: Policy) -> list[str]:
    """What is wrong with the advice, in words without ids; none: it may be shown.

    The plan must have passed the referee. Written apart from what makes the advice.
    """
    return list(dict.fromkeys(_faults(advice, plan, problem, policy)))


def _faults(advice: Advice, plan: Plan, problem: Problem, policy: Policy) -> Iterator[str]:
    of = (advice.problem_hash, advice.policy_hash, advice.as_of)
    if of != (plan.problem_hash, policy.digest, plan.as_of):
        yield "it is advice on another plan"
    if advice.next_meeting <= plan.as_of:
        yield "the next meeting is not ahead"
    placed = {placement.referral_id: placement for placement in plan.placements}
    told = Counter(standing.referral_id for standing in advice.standings)
    if told.keys() != placed.keys() or any(times > 1 for times in told.values()):
        yield "it does not say of everyone placed, and of nobody else, how they stand"
        return
    held_back = set()
    for standing in advice.standings:
        placement = placed[standing.referral_id]
        if standing.band != placement.band:
            yield "somebody stands in another band than the plan has them in"
        due = placement.decide_by < advice.next_meeting
        if due == (standing.state is State.PROVISIONAL):
            yield "somebody is provisional who is due, or due who may wait"
        if not 0 <= standing.futures <= advice.futures:
            yield "somebody keeps a bed in more futures than there are"
        if due and (standing.futures >= standing.needed) != (standing.state is State.FIRM):
            yield "somebody is firm, or held back, against the count of futures"
        if standing.state is State.HELD_BACK:
            held_back.add(standing.referral_id)
    if Counter(hold.held_back for hold in advice.holds) != Counter(held_back):
        yield "beds are held for others than those who are held back"
        return
    for hold in advice.holds:
        yield from _hold_faults(hold, placed[hold.held_back], plan, problem, advice)


def _hold_faults(
    hold: Hold, placement: Placement, plan: Plan, problem: Problem, advice: Advice
) -> Iterator[str]:
    if (hold.bed_id, hold.nights) != (placement.bed_id, placement.stay):
        yield "a bed is held other than the one that was planned, or on other nights"
        return
    if hold.premises_id != problem.premises_of_bed(hold.bed_id).id:
        yield "a bed is held at premises where it is not"
    if not hold.for_bands or max(hold.for_bands) >= placement.band:
        yield "a bed is held from somebody for people of no higher band"
    if not plan.as_of < hold.expires <= advice.next_meeting:
        yield "a hold outlasts the next meeting"
    if any(not problem.bed_is_usable(hold.bed_id, night) for night in hold.nights):
        yield "a bed is held on nights on which it cannot be used"
    if any(hold.nights.meets(stay) for stay in _others(hold, plan, problem)):
        yield "a bed is held on nights that are somebody's"


def _others(hold: Hold, plan: Plan, problem: Problem) -> Iterator[Stay]:
    """Everyone else's nights in the bed: booked, seated or planned."""
    for booking in problem.bookings:
        if booking.bed_id == hold.bed_id:
            yield booking.stay
    for seat in plan.seats:
        if seat.bed_id == hold.bed_id:
            yield problem.bookings_by_id[seat.booking_id].stay
    for placement in plan.placements:
        if placement.bed_id == hold.bed_id and placement.referral_id != hold.held_back:
            yield placement.stay
