"""What is taken for so where history is too short to tell: each value with its unit and source.

"Ours" means that no public figure was found: the value is a choice, and a forecast that rests on it
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from allocator.vocabulary import ApType, Gender

T = TypeVar("T")
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Prior(Generic[T]):
    """One value, its unit, and where it comes from."""

    value: T
    unit: str
    source: str


# How much history is enough
ENOUGH_WEEKS = Prior(8, "whole weeks to fit a rate on", OURS)
ENOUGH_PEOPLE = Prior(200, "referrals for shares of their own", OURS)
SEASON_WEEKS = Prior(104, "weeks before a season is looked for", f"{OURS}: two of each season")
OWN_CELL = Prior(30, "referrals for a cell to keep its own share", OURS)
OWN_GROUP = Prior(50, "referrals for a group to keep its own distribution or rate", OURS)
SIGNIFICANCE = Prior(0.01, "chance of seeing so much where there is nothing", OURS)

# What is taken instead
WEIGHT = Prior(50, "referrals that prior shares count for beside those of a short history", OURS)
DISPERSION = Prior(
    0.02, "variance of a week's rate over its squared mean", f"{OURS}: a week is 14 % off"
)
SWING = Prior(
    0.08,
    "standard deviation of each coefficient of a yearly wave, on the log scale",
    f"{OURS}: half of all seasons then swing by more than 9 % to each side",
)
BANDS = Prior(
    (0.12, 0.25, 0.45, 0.18),
    "share of referrals, highest band first; bands beyond share alike",
    f"{OURS}: referrals to approved premises concentrate at the top of the list of releases",
)
WOMEN = Prior(8 / 104, "share of referrals", "women's share of premises, HMI Probation, 2025")
AP_TYPES: Prior[Mapping[ApType, float]] = Prior(
    {
        ApType.NORMAL: 0.86,
        ApType.PIPE: 0.09,
        ApType.ESAP: 0.02,
        ApType.RFAP: 0.02,
        ApType.MHAP_ST_JOSEPHS: 0.005,
        ApType.MHAP_ELLIOTT_HOUSE: 0.005,
    },
    "share of referrals; women's only the first three",
    OURS,
)
WOMENS_TYPES = frozenset({ApType.NORMAL, ApType.PIPE, ApType.ESAP})
NOTICE = Prior(
    ((0, 7, 0.15), (8, 28, 0.25), (29, 240, 0.6)),
    "least and most days of notice, share; days alike between them",
    f"limits of emergency and short notice: the service's code, 2026; shares {OURS}",
)
WITHDRAWN = Prior(0.12, "share of referrals", OURS)
NOT_ARRIVING = Prior(0.06, "share of those not withdrawn", OURS)
EARLY = Prior(0.3, "share of stays that end before the nights asked for", OURS)
CHANGED = Prior(0.0, "share of referrals", f"{OURS}: a history that has no changes shows none")
EVENLY = (0.0, 1.0)
"""Ends of a share of time of which nothing is known: every share as likely."""


def sex_and_type() -> dict[tuple[Gender, ApType], float]:
    """Shares of sex and AP type together, adding up to 1."""
    types = AP_TYPES.value
    womens = sum(types[kind] for kind in WOMENS_TYPES)
    women = WOMEN.value
    found = {(Gender.MAN, kind): (1 - women) * share for kind, share in types.items()}
    found |= {(Gender.WOMAN, kind): women * types[kind] / womens for kind in sorted(WOMENS_TYPES)}
    return found


def bands(count: int) -> dict[int, float]:
    """Shares of so many bands, adding up to 1."""
    shares = (*BANDS.value, *([BANDS.value[-1]] * count))[:count]
    return {number: share / sum(shares) for number, share in enumerate(shares, start=1)}
