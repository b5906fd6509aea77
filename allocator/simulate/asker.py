"""Asker: a person who wants a bed, with all that a board must know of them as numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from allocator.policy import Policy
from allocator.referral import Referral
from allocator.rules import licence_expiry
from allocator.simulate.ground import Ground, Ints
from allocator.solving.parties import attributes_of, shares_until
from allocator.vocabulary import ApType, Gender

SCARCE_TENTHS = 200
"""A scarce feature nobody asked for counts as much as twenty miles."""


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """Days count from the ground's first. `latest` < `release`: the licence allows no stay."""

    number: int
    """Nobody else on a board has it."""
    referral: Referral
    band: int
    release: int
    latest: int
    """Last day of arrival."""
    nights: int
    share_until: int
    attributes: frozenset[str]
    beds: Ints
    """Numbers of the lawful beds, in order."""
    tenths: Ints
    """Tenths of a mile to each of those beds."""
    worth: npt.NDArray[np.float64]
    """What each of those beds costs beside idle nights: miles, and scarce features unasked for."""

    @property
    def market(self) -> tuple[Gender, ApType]:
        """Whose beds are asked for."""
        return self.referral.gender, self.referral.ap_type


def asker(number: int, referral: Referral, ground: Ground, policy: Policy) -> Asker:
    """The referral as someone who asks."""
    window = licence_expiry.arrivals(referral, ground.problem.as_of)
    first = ground.day(referral.release_date)
    beds = ground.lawful(referral) if window is not None else np.zeros(0, dtype=np.int64)
    if ground.closing:
        beds = beds[ground.stops[beds] > first]
    tenths = ground.tenths(referral)[ground.site_of_bed[beds]]
    return Asker(
        number=number,
        referral=referral,
        band=policy.band_of(referral),
        release=first,
        latest=first - 1 if window is None else ground.day(window[1]),
        nights=referral.nights,
        share_until=shares_until(referral.sharing, referral.essential, ground.problem.as_of),
        attributes=attributes_of(referral, policy),
        beds=beds,
        tenths=tenths,
        worth=tenths + SCARCE_TENTHS * ground.scarce[beds].astype(np.float64),
    )


def released_on(asking: Asker, release: int, ground: Ground) -> Asker:
    """The same person with another release date; the window keeps its length."""
    moved = release - asking.release
    referral = asking.referral
    shift = timedelta(days=moved)
    changed = replace(
        referral,
        release_date=referral.release_date + shift,
        latest_arrival=referral.latest_arrival + shift,
    )
    if ground.closing:
        # Another day, other beds that still take people.
        return asker(asking.number, changed, ground, ground.policy)
    window = licence_expiry.arrivals(changed, ground.problem.as_of)
    return replace(
        asking,
        referral=changed,
        release=release,
        latest=release - 1 if window is None else ground.day(window[1]),
    )
