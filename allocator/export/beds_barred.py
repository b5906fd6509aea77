"""How many beds each bed rule keeps from each of many people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.candidates import Candidates
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.rules import SENTENCES, bed_in_service, held_bed, licence_expiry


@dataclass(frozen=True, slots=True)
class BedsBarred:
    """Beds each rule bars, by the rule's code; a bed barred by two rules is under both.

    `lawful`: beds that no bed rule bars, whoever is in them.
    """

    by_rule: Mapping[str, int]
    lawful: int

    def sentence(self, beds: int) -> str:
        """What the bed rules say about the person, and no more than that."""
        if not beds:
            return "There are no beds."
        if self.lawful:
            return (
                f"{self.lawful:,} of {beds:,} beds {'passes' if self.lawful == 1 else 'pass'} "
                "every bed rule; this plan gives the person none of them."
            )
        most = sorted(self.by_rule.items(), key=lambda entry: (-entry[1], entry[0]))[:3]
        told = "; ".join(f"{count:,} beds: {SENTENCES[code]}" for code, count in most)
        return f"None of {beds:,} beds passes every bed rule. {told}."


def beds_barred(
    referrals: Iterable[Referral], problem: Problem, policy: Policy
) -> dict[str, BedsBarred]:
    """For each referral's id, what the bed rules leave.

    Beds and people that are alike are judged once, and only beds with a night out of use are asked
    about nights: thousands of people times thousands of beds are then seconds.
    """
    candidates = Candidates(problem, policy)
    beds_at = np.bincount(list(candidates.place_index.values()), minlength=len(candidates.places))
    sometimes_gone = {
        bed.id
        for bed in problem.beds
        if bed.starts or bed.ends or bed.id in problem.out_of_service_by_bed
    }
    return {r.id: _barred(r, candidates, beds_at, sometimes_gone) for r in referrals}


def _barred(
    referral: Referral,
    candidates: Candidates,
    beds_at: npt.NDArray[np.int64],
    sometimes_gone: set[str],
) -> BedsBarred:
    """`beds_at`: how many beds each place has."""
    problem, policy = candidates.problem, candidates.policy
    counts: Counter[str] = Counter()
    lawful = 0
    window = licence_expiry.arrivals(referral, problem.as_of)
    if window is None:
        counts[licence_expiry.CODE] = len(problem.beds)
        gone: set[str] = set()
        held: set[str] = set()
    else:
        gone = {
            bed
            for bed in sometimes_gone
            if not bed_in_service.allows_some(bed, *window, referral.nights, problem)
        }
        counts[bed_in_service.CODE] = len(gone)
        band = policy.known_band(referral)
        held = {
            bed
            for bed in problem.held_by_bed
            if not held_bed.allows_some(bed, *window, referral.nights, band, problem)
        }
        counts[held_bed.CODE] = len(held)
    open_to = np.ones(len(beds_at), dtype=bool)
    for code, bars in candidates.barred(referral).items():
        counts[code] = int(beds_at[bars].sum())
        open_to &= ~bars
    if window is not None:
        lawful = int(beds_at[open_to].sum())
        lawful -= sum(bool(open_to[candidates.place_index[bed]]) for bed in gone | held)
    return BedsBarred({code: counts[code] for code in SENTENCES}, lawful)
