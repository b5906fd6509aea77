"""Certificates: what a plan's prices prove, added up anew. Model: docs/model.md#certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from allocator.check.breach import Breach
from allocator.check.capacity import capacity
from allocator.check.facts import Facts
from allocator.check.gains import Gains
from allocator.check.levels import Level, levels_of, of_settled, value
from allocator.check.nights_axis import Numbers
from allocator.check.prices import TOO_LARGE, CertificateError, Prices
from allocator.check.ways import Ways
from allocator.check.worth import Worth
from allocator.plan import Certificate, LevelReached, Plan, Sense
from allocator.policy import Policy
from allocator.problem import Problem


def certified_bound(certificate: Certificate, plan: Plan, problem: Problem, policy: Policy) -> int:
    """The bound on the certificate's level that its prices prove, in the level's own unit.

    Raises CertificateError when they prove nothing: an unknown limit, a price below nothing.
    """
    return Adder(Facts(plan, problem, policy)).bound(certificate)


def breaches(facts: Facts) -> Iterator[Breach]:
    """Certificates that prove nothing, or less than their level states."""
    stated = {level.code: level for level in facts.plan.levels}
    adder = Adder(facts)
    for certificate in facts.plan.certificates:
        fault = _fault(certificate, stated.get(certificate.level), adder)
        if fault:
            code = f"certificate:{certificate.level}"
            yield Breach(code, (certificate.level,), f"the certificate of {fault}")


def _fault(certificate: Certificate, stated: LevelReached | None, adder: Adder) -> str | None:
    try:
        bound = adder.bound(certificate)
    except CertificateError as error:
        return f"{certificate.level} {error}"
    if stated is None or stated.bound is None:
        return None
    most = stated.sense is Sense.MOST
    if bound > stated.bound if most else bound < stated.bound:
        return f"{stated.code} proves a bound of {bound}; the plan states {stated.bound}"
    if bound < stated.value if most else bound > stated.value:
        return f"{stated.code} proves {bound} and the plan is said to reach {stated.value}"
    return None


class Adder:
    """Adds up certificates of one plan; what does not depend on prices is worked out once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.levels = levels_of(facts.plan, facts.policy)
        self._reached: dict[str, int] = {}

    @cached_property
    def ways(self) -> Ways:
        return Ways(self.facts)

    @cached_property
    def gains(self) -> Gains:
        return Gains(self.ways, self.levels)

    def bound(self, certificate: Certificate) -> int:
        """The bound that the certificate proves. Raises CertificateError when it proves nothing."""
        level, weights = self._level(certificate), self._weights(certificate)
        prices = Prices(certificate, self.facts, self.ways.axis)
        worth = Worth(self.ways, prices, self._multiples(weights | {level: certificate.scale}))
        reached = sum(weight * self._of_parties(earlier) for earlier, weight in weights.items())
        total = capacity(prices, self.ways.free) - reached
        total += sum(max([0, *(worth.best(*each) for each in ways)]) for ways in self.gains.all)
        return level.sign * (total // certificate.scale) + of_settled(level, self.facts)

    def _multiples(self, weights: Mapping[Level, int]) -> Numbers:
        found = np.zeros(len(self.levels), dtype=np.int64)
        for number, level in enumerate(self.levels):
            weight, largest = weights.get(level, 0), self.gains.largest[number]
            if weight * largest >= TOO_LARGE:
                raise CertificateError("has weights too large to add up exactly")
            found[number] = weight if largest else 0
        return found

    def _of_parties(self, level: Level) -> int:
        """G of the level: what referrals and open bookings reach, most being wanted."""
        if level.code not in self._reached:
            parties = value(level, self.facts) - of_settled(level, self.facts)
            self._reached[level.code] = level.sign * parties
        return self._reached[level.code]

    def _level(self, certificate: Certificate) -> Level:
        for level in self.levels:
            if level.code == certificate.level:
                return level
        raise CertificateError("is for a level that the policy does not have")

    def _weights(self, certificate: Certificate) -> dict[Level, int]:
        if certificate.scale <= 0:
            raise CertificateError("has a scale that is not above nothing")
        codes = [level.code for level in self.levels]
        before = dict(zip(codes[: codes.index(certificate.level)], self.levels, strict=False))
        found: dict[Level, int] = {}
        for code, weight in certificate.earlier:
            if code not in before or before[code] in found:
                raise CertificateError(f"weighs {code} twice, or though it is no earlier level")
            if weight < 0:
                raise CertificateError(f"has a weight below nothing on {code}")
            found[before[code]] = weight
        return found
