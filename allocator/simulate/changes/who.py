"""Who: the people a change is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from allocator.closed import CLOSED
from allocator.geography.regions import REGIONS, region_of_outcode
from allocator.policy import Policy
from allocator.referral import Referral
from allocator.sets import SetOf
from allocator.vocabulary import ApType, Gender, TierScheme

NOT_KNOWN = "not known"
"""Region of somebody without an outcode, or with one outside the regions."""


_WRITTEN = {"male": Gender.MAN, "female": Gender.WOMAN}


def _as_written(value: object) -> object:
    return _WRITTEN.get(value.casefold(), value) if isinstance(value, str) else value


Sex = Annotated[Gender, BeforeValidator(_as_written)]
"""man or woman; Male and Female, as release lists write them, are read too."""


@dataclass(frozen=True, slots=True)
class Who:
    """People with one of the values of each list that is given; without lists, everybody."""

    __pydantic_config__ = CLOSED

    bands: SetOf[int] = frozenset()
    regions: SetOf[str] = frozenset()
    """Probation regions in which people should live, by outcode."""
    genders: SetOf[Sex] = frozenset()
    ap_types: SetOf[ApType] = frozenset()
    tier_schemes: SetOf[TierScheme] = frozenset()
    """Somebody whose tier is not known is in neither."""

    def checked(self, policy: Policy) -> Who:
        """Itself. Raises ValueError for a band or a region that does not exist."""
        strange = self.bands - {band.number for band in policy.bands}
        if strange:
            raise ValueError(f"no band {min(strange)} in the policy; it has {len(policy.bands)}")
        check_regions(self.regions)
        return self

    def takes(self, referral: Referral, policy: Policy) -> bool:
        """Whether the person is one of them."""
        scheme = None if referral.tier is None else referral.tier.scheme
        return (
            (not self.bands or policy.band_of(referral) in self.bands)
            and (not self.regions or home_region(referral) in self.regions)
            and (not self.genders or referral.gender in self.genders)
            and (not self.ap_types or referral.ap_type in self.ap_types)
            and (not self.tier_schemes or scheme in self.tier_schemes)
        )


def check_regions(named: Iterable[str]) -> None:
    """Raises ValueError for a probation region that there is not."""
    names = {region.name for region in REGIONS}
    strange = set(named) - names
    if strange:
        raise ValueError(
            f"no region called {min(strange)!r}; there are " + ", ".join(sorted(names))
        )


EVERYBODY = Who()


def home_region(referral: Referral) -> str:
    """The probation region that the person should live in."""
    region = region_of_outcode(referral.outcode) if referral.outcode else None
    return region.name if region else NOT_KNOWN
