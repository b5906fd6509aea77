"""Notice by band and AP type, and nights asked for by AP type, each as history has them.

A group of 50 people or more has its own distribution. Others have that of the wider group: notice
of band and AP type, then of the band, then of all. The widest, if it is too small as well, is
smoothed: the prior's spread is added with the weight of 50 people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

from allocator.coming import Coming
from allocator.forecast import prior
from allocator.forecast.remark import Kind, Remark
from allocator.forecast.shape import Shape
from allocator.policy import Policy
from allocator.vocabulary import ApType

ENOUGH = prior.OWN_GROUP.value


def fit_notice(
    people: Sequence[Coming], policy: Policy
) -> tuple[tuple[Shape, ...], tuple[Remark, ...]]:
    """Days from referral to release."""
    days = [
        (policy.band_of(each.referral), each.referral.ap_type, _notice(each)) for each in people
    ]
    numbers = [band.number for band in policy.bands]
    found = []
    pooled = []
    for band, kind in product(numbers, (*ApType, None)):
        group = [n for its, other, n in days if its == band and kind in (None, other)]
        if len(group) >= ENOUGH:
            found.append(_shape(band, kind, Counter(group), len(group)))
        elif group:
            pooled.append(f"band {band}{f' {kind}' if kind else ''}")
    everybody = [n for _, _, n in days]
    told = _pooled("notice", pooled)
    if len(everybody) < ENOUGH:
        told = (*told, _smoothed("notice", len(everybody), prior.NOTICE.source))
        found.append(_shape(None, None, _with_prior(everybody, _prior_notice()), len(everybody)))
    else:
        found.append(_shape(None, None, Counter(everybody), len(everybody)))
    return tuple(found), told


def fit_nights(
    people: Sequence[Coming], policy: Policy
) -> tuple[tuple[Shape, ...], tuple[Remark, ...]]:
    """Nights asked for; where few of an AP type are known, beside the policy's default."""
    found: list[Shape] = []
    smoothed = []
    for kind in ApType:
        group = [each.referral.nights for each in people if each.referral.ap_type is kind]
        if len(group) >= ENOUGH:
            found.append(_shape(None, kind, Counter(group), len(group)))
        else:
            smoothed.append(f"{kind} ({len(group)})")
            usual = {policy.default_nights[kind]: 1.0}
            found.append(_shape(None, kind, _with_prior(group, usual), len(group)))
    if not smoothed:
        return tuple(found), ()
    text = (
        f"fewer than {ENOUGH} people: {', '.join(smoothed)}; the policy's default length is added "
        f"with the weight of {ENOUGH}"
    )
    return tuple(found), (Remark(Kind.PRIOR, "nights", text),)


def _notice(coming: Coming) -> int:
    return (coming.referral.release_date - coming.referred_on).days


def _shape(band: int | None, kind: ApType | None, weights: Mapping[int, float], n: int) -> Shape:
    values = sorted(weights)
    return Shape(band, kind, tuple(values), tuple(float(weights[v]) for v in values), n)


def _with_prior(group: Sequence[int], usual: Mapping[int, float]) -> dict[int, float]:
    counts = Counter(group)
    return {value: counts[value] + ENOUGH * usual.get(value, 0.0) for value in {*counts, *usual}}


def _prior_notice() -> dict[int, float]:
    return {
        day: share / (most + 1 - least)
        for least, most, share in prior.NOTICE.value
        for day in range(least, most + 1)
    }


def _pooled(about: str, groups: Sequence[str]) -> tuple[Remark, ...]:
    if not groups:
        return ()
    text = f"fewer than {ENOUGH} people, so as the wider group: {', '.join(groups)}"
    return (Remark(Kind.POOLED, about, text),)


def _smoothed(about: str, count: int, source: str) -> Remark:
    text = f"{count} people are fewer than {ENOUGH}: the prior's spread is added ({source})"
    return Remark(Kind.PRIOR, about, text)
