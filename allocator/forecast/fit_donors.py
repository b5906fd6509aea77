"""Donors and homes from history: at most so many of a kind, and never one beside the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

from allocator.forecast.donor import Donor, Home
from allocator.forecast.fit_cells import region_of
from allocator.forecast.remark import Kind, Remark
from allocator.policy import Band, Policy
from allocator.referral import Referral
from allocator.vocabulary import ApType, Gender, Offence, RiskTier, Rosh

MOST = 250
"""Donors kept of one band, sex and AP type: more would add names to the file, not needs."""


def fit_donors(
    referrals: Sequence[Referral], policy: Policy
) -> tuple[tuple[Donor, ...], tuple[Remark, ...]]:
    """Donors of each band, sex and AP type, evenly over the time of the history.

    A band that nobody was in gets one for each sex, of whom nothing is known but the band.
    """
    groups: dict[tuple[int, Gender, ApType], list[Donor]] = defaultdict(list)
    for referral in referrals:
        donor = _donor(referral, policy)
        groups[donor.band, donor.gender, donor.ap_type].append(donor)
    found = [donor for key in sorted(groups, key=str) for donor in _some(groups[key])]
    there = {(donor.band, donor.gender) for donor in found}
    lacking = [
        (band, gender)
        for band, gender in product(policy.bands, Gender)
        if (band.number, gender) not in there
    ]
    found += [_unknown(band, gender, policy) for band, gender in lacking]
    if not lacking:
        return tuple(found), ()
    names = ", ".join(f"band {band.number} ({gender})" for band, gender in lacking)
    text = f"nobody in the history: {names}; drawn with every offence read as applying"
    return tuple(found), (Remark(Kind.PRIOR, "needs", text),)


def fit_homes(referrals: Sequence[Referral]) -> tuple[Home, ...]:
    """Outcodes by region, with how many of the history should live near each."""
    counts = Counter((region_of(each), each.outcode, each.location) for each in referrals)
    return tuple(
        Home(region, outcode, location, people)
        for (region, outcode, location), people in sorted(counts.items(), key=str)
    )


def _some(donors: Sequence[Donor]) -> list[Donor]:
    """All of few; of many as many as are kept, evenly, and put in an order that is not time's."""
    step = max(1.0, len(donors) / MOST)
    chosen = [donors[int(n * step)] for n in range(min(MOST, len(donors)))]
    return sorted(chosen, key=_order)


def _order(donor: Donor) -> str:
    """A text that is the same on every run: sets are put in order."""
    parts = (
        *(donor.tier, donor.rosh, donor.mappa_level, donor.mappa_category),
        *(donor.exceptional_case, donor.window_days),
        *(donor.aimed_radius_miles, donor.consented_radius_miles),
        *(sorted(donor.essential), sorted(donor.desirable)),
        *(sorted(donor.offences), sorted(donor.offences_unknown)),
        None if donor.restriction_codes is None else sorted(donor.restriction_codes),
        *(donor.licence_days, donor.share_suitable, donor.share_days),
    )
    return repr([str(part) for part in parts])


def _donor(referral: Referral, policy: Policy) -> Donor:
    departure = referral.release_date + timedelta(days=referral.nights)
    licence, sharing = referral.licence_expiry, referral.sharing
    return Donor(
        band=policy.band_of(referral),
        gender=referral.gender,
        ap_type=referral.ap_type,
        tier=referral.tier,
        rosh=referral.rosh,
        mappa_level=referral.mappa_level,
        mappa_category=referral.mappa_category,
        exceptional_case=referral.exceptional_case,
        window_days=(referral.latest_arrival - referral.release_date).days,
        aimed_radius_miles=referral.aimed_radius_miles,
        consented_radius_miles=referral.consented_radius_miles,
        essential=referral.essential,
        desirable=referral.desirable,
        offences=referral.offences,
        offences_unknown=referral.offences_unknown,
        restriction_codes=referral.restriction_codes,
        licence_days=None if licence is None else (licence - departure).days,
        share_suitable=None if sharing is None else sharing.suitable,
        share_days=0 if sharing is None else (sharing.valid_until - departure).days,
    )


def _unknown(band: Band, gender: Gender, policy: Policy) -> Donor:
    """Somebody of the band of whom nothing else is known."""
    for tier, rosh, level in product((None, *RiskTier), (None, *Rosh), (None, 3, 2, 1, 0)):
        donor = Donor(
            band=band.number,
            gender=gender,
            ap_type=ApType.NORMAL,
            tier=tier,
            rosh=rosh,
            mappa_level=level,
            mappa_category=None,
            offences_unknown=frozenset(Offence),
        )
        if _band_of(donor, policy) == band.number:
            return donor
    raise ValueError(f"no tier, RoSH and MAPPA level lead to band {band.number}")


def _band_of(donor: Donor, policy: Policy) -> int:
    day = date.min
    return policy.band_of(
        Referral(
            id="",
            crn="",
            gender=donor.gender,
            release_date=day,
            latest_arrival=day,
            nights=1,
            tier=donor.tier,
            rosh=donor.rosh,
            mappa_level=donor.mappa_level,
        )
    )
