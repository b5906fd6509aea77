"""The only way to a report: a plan is never shown unchecked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocator.check import Breach, check
from allocator.errors import AllocatorError
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.report.page import page_html

SHOWN_BREACHES = 20


class RefusedPlanError(AllocatorError):
    """The referee found something wrong with the plan, so there is no report of it."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        self.breaches = tuple(breaches)
        shown = [f"  {b.code}: {b.text}" for b in self.breaches[:SHOWN_BREACHES]]
        more = len(self.breaches) - len(shown)
        tail = [f"  and {more} more"] if more else []
        super().__init__(
            "the plan does not pass the check, so no report is made of it:\n"
            + "\n".join(shown + tail)
        )


def report_html(
    plan: Plan, problem: Problem, policy: Policy, reasons: Mapping[str, str] | None = None
) -> str:
    """The report of a plan that passes the referee. Raises RefusedPlanError for any other.

    `reasons`: main reason by referral id for those without a bed.
    """
    breaches = check(plan, problem, policy)
    if breaches:
        raise RefusedPlanError(breaches)
    return page_html(plan, problem, policy, reasons)
