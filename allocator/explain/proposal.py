"""Proposal: one change to a finished plan that gives one more person a bed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allocator.nights import Stay
from allocator.plan import Placement, Plan, Seat
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral


@dataclass(frozen=True, slots=True)
class Proposal:
    """A bed for `referral` (which may differ from the problem's), and who makes way for it.

    Holds other people's ids: for making the plan, never for showing.
    """

    referral: Referral
    bed_id: str
    arrival: date
    without: str | None = None
    """The placed referral that gives up its bed."""
    again: tuple[str, date] | None = None
    """The bed and the arrival it gets instead; None: it is left without a bed."""
    reseated: tuple[str, str] | None = None
    """A booking and the bed of its premises that it moves to."""

    def problem_after(self, problem: Problem) -> Problem:
        """The problem with the referral as the proposal has it; a new referral is added."""
        others = (r for r in problem.referrals if r.id != self.referral.id)
        return problem.with_referrals((*others, self.referral))

    def plan_after(self, plan: Plan, problem: Problem, policy: Policy) -> Plan:
        """The plan with the change, and no word on levels, bounds or the problem's hash."""
        gone = {self.referral.id, self.without}
        placements = [p for p in plan.placements if p.referral_id not in gone]
        unplaced = [r for r in plan.unplaced if r not in gone]
        placements.append(placement(self.referral, self.bed_id, self.arrival, plan.as_of, policy))
        if self.without is not None:
            if self.again is None:
                unplaced.append(self.without)
            else:
                other = problem.referrals_by_id[self.without]
                placements.append(placement(other, *self.again, plan.as_of, policy))
        return replace(
            plan,
            placements=tuple(placements),
            unplaced=tuple(unplaced),
            seats=tuple(self._seats(plan)),
            levels=(),
            certificates=(),
        )

    def _seats(self, plan: Plan) -> Iterator[Seat]:
        for seat in plan.seats:
            if self.reseated is not None and seat.booking_id == self.reseated[0]:
                yield replace(seat, bed_id=self.reseated[1])
            else:
                yield seat


def placement(
    referral: Referral, bed_id: str, arrival: date, as_of: date, policy: Policy
) -> Placement:
    """The placement with the length, band and decision day that the policy gives it."""
    band = policy.band_of(referral)
    notice = timedelta(days=policy.commit_by_days[band - 1])
    return Placement(
        referral_id=referral.id,
        bed_id=bed_id,
        stay=Stay.of(arrival, referral.nights),
        band=band,
        decide_by=max(as_of, arrival - notice),
    )
