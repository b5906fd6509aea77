"""Unmet need: whom a plan leaves without a bed, by what they need and by what stands in the way.

Counts alone. What people need is as the plan had it, whatever was corrected in the register since;
the cause is the one that the plan told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from allocator.geography.regions import region_of_outcode
from allocator.policy import Policy
from allocator.referral import Referral
from api.service.run_values import plan_of, policy_of, problem_of, reasons_of
from api.store.values import Row

NO_REGION = "Not known"
BY = ("band", "region", "gender", "ap_type")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a plan, by their bid's id. `cause` None: they have a bed in it."""

    id: str
    band: int
    region: str
    gender: str
    ap_type: str
    cause: str | None


@dataclass(slots=True)
class Line:
    """People of one value: how many asked, and of those without a bed how many by cause."""

    people: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def without(self) -> int:
        """How many have no bed."""
        return self.causes.total()


def people_of(connection: Connection, run: Row) -> tuple[Person, ...]:
    """Everyone in a plan over the register. Raises NotThereError where one of them is erased."""
    plan = plan_of(connection, run)
    problem, policy = problem_of(connection, run), policy_of(connection, run)
    reasons = reasons_of(connection, run)
    causes: dict[str, str | None] = {placement.referral_id: None for placement in plan.placements}
    for name in plan.unplaced:
        causes[name] = reasons[name].main if name in reasons else "the plan does not say"
    return tuple(
        _person(problem.referrals_by_id[name], policy, cause)
        for name, cause in sorted(causes.items())
    )


def _person(asks: Referral, policy: Policy, cause: str | None) -> Person:
    region = region_of_outcode(asks.outcode) if asks.outcode else None
    return Person(
        asks.id,
        policy.band_of(asks),
        region.name if region else NO_REGION,
        asks.gender.value,
        asks.ap_type.value,
        cause,
    )


def seen_by(people: Sequence[Person], hidden: frozenset[str]) -> list[Person]:
    """Without those who are restricted: differences of counts would tell their facts."""
    return [each for each in people if each.id not in hidden]


def among(people: Sequence[Person], wanted: Mapping[str, str]) -> list[Person]:
    """Those of these values, by the names of BY and `cause`."""
    return [
        each
        for each in people
        if all(str(getattr(each, name)) == value for name, value in wanted.items())
    ]


def lines(people: Sequence[Person], by: str) -> list[tuple[str, Line]]:
    """By value of one thing, in order of it."""
    found: dict[str, Line] = defaultdict(Line)
    for each in people:
        line = found[str(getattr(each, by))]
        line.people += 1
        if each.cause is not None:
            line.causes[each.cause] += 1
    return sorted(found.items())
