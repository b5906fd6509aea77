"""The shares of cells: their own where the count allows, else a log-linear model of the rest.

A cell with 30 referrals or more keeps count / all. The others are pooled: among them band, region,
and sex with AP type are taken as independent, and the model is fitted so that every band, every
region and every sex with AP type keeps its share of all (quasi-independence, whose likelihood is
greatest where the margins agree; found by iterative proportional fitting).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TypeVar

import numpy as np

from allocator.forecast import prior
from allocator.forecast.cell import NO_REGION, Cell
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.total import Floats
from allocator.geography.regions import region_of_outcode
from allocator.plain_words import percent
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.vocabulary import ApType, Gender

ROUNDS = 200
K = TypeVar("K")
Key = tuple[int, str, tuple[Gender, ApType]]


def region_of(referral: Referral) -> str:
    """The region that the person should live in."""
    region = region_of_outcode(referral.outcode) if referral.outcode else None
    return region.name if region else NO_REGION


def fit_cells(
    referrals: Sequence[Referral], policy: Policy
) -> tuple[tuple[Cell, ...], tuple[Remark, ...]]:
    """A cell for every combination that is possible, and what was pooled."""
    keys: list[Key] = [
        (policy.band_of(each), region_of(each), (each.gender, each.ap_type)) for each in referrals
    ]
    count = len(keys)
    enough = count >= prior.ENOUGH_PEOPLE.value
    bands = _margin([key[0] for key in keys], prior.bands(len(policy.bands)), enough)
    # Never the prior's: a history of one area says nothing of the others.
    regions = _margin([key[1] for key in keys], {}, True)
    estates = _margin([key[2] for key in keys], prior.sex_and_type(), enough)
    counts = Counter(keys)
    every: list[Key] = list(product(bands, regions, estates))
    own = {key for key in every if enough and counts[key] >= prior.OWN_CELL.value}
    margins = [list(margin.values()) for margin in (bands, regions, estates)]
    shares = _shares(every, margins, {key: counts[key] / count for key in own})
    cells = tuple(
        Cell(band, region, gender, ap_type, share, counts[key], key in own)
        for key, share in zip(every, shares, strict=True)
        for band, region, (gender, ap_type) in [key]
        if share > 0
    )
    return cells, _remarks(cells, count, enough)


def _margin(values: Sequence[K], usual: Mapping[K, float], enough: bool) -> dict[K, float]:
    """The share of each value: by count alone where there are enough, else beside the prior's."""
    counts = Counter(values)
    if enough:
        return {key: counts[key] / len(values) for key in sorted(counts, key=str)}
    weight = prior.WEIGHT.value
    found = sorted({*counts, *usual}, key=str)
    return {
        key: (counts[key] + weight * usual.get(key, 0.0)) / (len(values) + weight) for key in found
    }


def _shares(
    every: Sequence[Key], margins: Sequence[Sequence[float]], own: Mapping[Key, float]
) -> list[float]:
    """The share of each cell; those of `own` are held, and the margins are kept."""
    shape = tuple(len(margin) for margin in margins)
    held = np.array([own.get(key, 0.0) for key in every]).reshape(shape)
    free = np.array([key not in own for key in every], dtype=np.float64).reshape(shape)
    targets = [
        np.maximum(np.array(margin) - _along(held, axis), 0.0)
        for axis, margin in enumerate(margins)
    ]
    found = free
    for _ in range(ROUNDS):
        for axis, target in enumerate(targets):
            sums = _along(found, axis)
            factors = np.divide(target, sums, out=np.zeros_like(sums), where=sums > 0)
            found = found * factors.reshape([-1 if n == axis else 1 for n in range(3)])
    whole = (held + found).ravel()
    return [float(share) for share in whole / whole.sum()]


def _along(table: Floats, axis: int) -> Floats:
    """Sums over all other axes."""
    found: Floats = table.sum(axis=tuple(n for n in range(table.ndim) if n != axis))
    return found


def _remarks(cells: Sequence[Cell], count: int, enough: bool) -> tuple[Remark, ...]:
    if not enough:
        text = (
            f"{count} referrals are too few for shares of their own "
            f"({prior.ENOUGH_PEOPLE.value} are needed): bands, sex and AP type beside "
            f"prior shares that count for {prior.WEIGHT.value} referrals ({prior.BANDS.source})"
        )
        return (Remark(Kind.PRIOR, "shares of cells", text),)
    own = [cell for cell in cells if cell.own]
    pooled = [cell for cell in cells if not cell.own]
    kept = f"{len(own)} cells with {percent(sum(cell.share for cell in own))}% of referrals"
    rest = (
        f"{len(pooled)} cells with fewer than {prior.OWN_CELL.value} referrals each and "
        f"{percent(sum(cell.share for cell in pooled))}% of all: band, region and sex with AP type "
        "taken as independent among them"
    )
    return (
        Remark(Kind.KEPT, "shares of cells", kept),
        Remark(Kind.POOLED, "shares of cells", rest),
    )
