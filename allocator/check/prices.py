"""A certificate's prices, night by night, refused when they are not what they should be.

Model: docs/model.md#certificate.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from allocator.check.arrivals_per_day import limit_of
from allocator.check.facts import Facts
from allocator.check.nights_axis import Axis, Numbers
from allocator.plan import Certificate, PriceRun
from allocator.vocabulary import MixAttribute

TOO_LARGE = 2**56
"""Nothing that is added up may reach this, so that no sum of 64 bits can overflow."""

SIDES = ("mix", "arrivals")
"""Kinds of limit, other than a bed's, that may have a price."""


class CertificateError(ValueError):
    """The certificate proves nothing, whatever its prices add up to."""


class Prices:
    """Prices on beds, mix caps and arrivals: one row of nights for each."""

    def __init__(self, certificate: Certificate, facts: Facts, axis: Axis) -> None:
        self.facts, self.axis = facts, axis
        bed_row = {bed.id: row for row, bed in enumerate(facts.problem.beds)}
        self.beds = np.zeros((len(bed_row), axis.nights), dtype=np.int64)
        self._seen: set[tuple[str, str]] = set()
        for priced in certificate.beds:
            prices = self._spread(priced.runs)
            for bed_id in priced.bed_ids:
                self._once("bed", bed_id)
                if bed_id not in bed_row:
                    raise CertificateError(f"prices bed {bed_id}, which is not in the problem")
                self.beds[bed_row[bed_id]] = prices
        self.mix: dict[tuple[str, MixAttribute], Numbers] = {}
        self.arrivals: dict[str, Numbers] = {}
        for side in certificate.sides:
            self._once(side.kind, side.key)
            self._add_side(side.kind, side.key, self._spread(side.runs))

    def _once(self, kind: str, key: str) -> None:
        if (kind, key) in self._seen:
            raise CertificateError(f"prices {kind} {key} twice")
        self._seen.add((kind, key))

    def _spread(self, runs: tuple[PriceRun, ...]) -> Numbers:
        """The price of each night; nights before the plan's date and after the axis have none."""
        if any(run.price < 0 for run in runs):
            raise CertificateError("has a price below nothing")
        if any(later.first <= earlier.first for earlier, later in pairwise(runs)):
            raise CertificateError("has runs of prices that are out of order")
        if any(run.price * self.axis.nights >= TOO_LARGE for run in runs):
            raise CertificateError("has prices too large to add up exactly")
        found = np.zeros(self.axis.nights, dtype=np.int64)
        for run in runs:
            found[self.axis.clip(run.first) :] = run.price
        return found

    def _add_side(self, kind: str, key: str, prices: Numbers) -> None:
        if kind not in SIDES:
            raise CertificateError(f"prices {kind} {key}, which is no limit of the model")
        if self.facts.plan.displacement:
            raise CertificateError(f"prices {kind} {key}, which displacement mode does not allow")
        if kind == "mix":
            self.mix[self._cap(key)] = prices
        else:
            self._refuse_unless_limited(key)
            self.arrivals[key] = prices

    def _cap(self, key: str) -> tuple[str, MixAttribute]:
        premises_id, _, attribute = key.rpartition("/")
        premises = self.facts.problem.premises_by_id.get(premises_id)
        for cap in premises.mix_caps if premises else ():
            if cap.attribute.value == attribute:
                return premises_id, cap.attribute
        raise CertificateError(f"prices mix {key}, which no premises has a cap for")

    def _refuse_unless_limited(self, key: str) -> None:
        premises = self.facts.problem.premises_by_id.get(key)
        if premises is None or limit_of(premises, self.facts.policy) is None:
            raise CertificateError(f"prices arrivals {key}, where no limit is set")
