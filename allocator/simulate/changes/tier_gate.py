"""Tier gate: the same people judged for eligibility under tier scheme v3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from allocator.closed import CLOSED
from allocator.coming import Coming, Demand
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.simulate.changes.demand_factor import Multiplied
from allocator.simulate.changes.inputs import Inputs
from allocator.simulate.changes.who import EVERYBODY
from allocator.streams import Streams
from allocator.vocabulary import RiskTier, TierScheme


class Gate(StrEnum):
    """What the change of scheme does to one person's eligibility."""

    SAME = "same"
    NO_LONGER = "no longer"
    NEWLY = "newly"


@dataclass(frozen=True, slots=True)
class TierGate:
    """Tiers of scheme v2 read under v3 by their letter, and the policy's gate of v3.

    Who no longer qualifies, and has no exceptional case, is not referred. Of those who newly
    qualify the demand has only the people who were referred all the same: `newly` times as many
    come. Bands read the letter alone and stay. There is no way back: v3 has no digits.
    """

    __pydantic_config__ = CLOSED

    scheme: Literal[TierScheme.V3]
    newly: float = 1.0
    kind: Literal["tier_gate"] = "tier_gate"

    def __post_init__(self) -> None:
        if not 0 <= self.newly <= 10:
            raise ValueError("newly must be from 0 to 10")

    def applied(self, inputs: Inputs) -> Inputs:
        demand = _Gated(inputs.demand, inputs.policy, self.newly, inputs.number)
        return replace(inputs, demand=demand)


@dataclass(frozen=True, slots=True)
class _Gated:
    """Implements `Demand`."""

    before: Demand
    policy: Policy
    newly: float
    number: int

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        newly = _OfKind(self.before, self.policy, Gate.NEWLY)
        same = _OfKind(self.before, self.policy, Gate.SAME)
        more = Multiplied(newly, self.newly, EVERYBODY, None, self.policy, self.number)
        found = [*same.people(streams, first, until), *more.people(streams, first, until)]
        judged = (replace(each, referral=under_v3(each.referral)) for each in found)
        return tuple(sorted(judged, key=lambda each: (each.referred_on, each.referral.id)))


@dataclass(frozen=True, slots=True)
class _OfKind:
    """Those of the people whom the change does the same to. Implements `Demand`."""

    before: Demand
    policy: Policy
    gate: Gate

    def people(self, streams: Streams, first: date, until: date) -> tuple[Coming, ...]:
        return tuple(
            each
            for each in self.before.people(streams, first, until)
            if gate_of(each.referral, self.policy) is self.gate
        )


def under_v3(referral: Referral) -> Referral:
    """The person with the tier of scheme v3 that has the letter of theirs."""
    tier = referral.tier
    if tier is None or tier.scheme is TierScheme.V3:
        return referral
    return replace(referral, tier=RiskTier(tier.letter))


def gate_of(referral: Referral, policy: Policy) -> Gate:
    """Whether the person is inside the gate before and after; an exceptional case always is."""
    if referral.exceptional_case:
        return Gate.SAME
    before = policy.inside_gate(referral.tier, referral.gender)
    after = policy.inside_gate(under_v3(referral).tier, referral.gender)
    if before == after:
        return Gate.SAME
    return Gate.NEWLY if after else Gate.NO_LONGER


def gate_counts(people: Iterable[Coming], policy: Policy) -> dict[Gate, dict[str, int]]:
    """How many of the people no longer, and newly, qualify, by sex and tier as it was."""
    found: dict[Gate, dict[str, int]] = {Gate.NO_LONGER: {}, Gate.NEWLY: {}}
    for each in people:
        gate = gate_of(each.referral, policy)
        if gate is not Gate.SAME:
            key = f"{each.referral.gender} {each.referral.tier}"
            found[gate][key] = found[gate].get(key, 0) + 1
    return {gate: dict(sorted(counts.items())) for gate, counts in found.items()}
