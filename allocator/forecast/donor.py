"""Donors: the needs of people of the past, without who they were or where they lived.

They are personal data in substance: what one person needed may be rare enough to know them by.
"""

from __future__ import annotations

from dataclasses import dataclass

from allocator.closed import CLOSED
from allocator.geography.point import Point
from allocator.sets import SetOf
from allocator.vocabulary import ApType, Criterion, Gender, Offence, RiskTier, Rosh


@dataclass(frozen=True, slots=True)
class Donor:
    """What one referral needed together. No id, no CRN, no home, no protected characteristic.

    Sex is here because it decides the estate. Days are counted from the end of the stay asked for.
    """

    __pydantic_config__ = CLOSED

    band: int
    gender: Gender
    ap_type: ApType
    tier: RiskTier | None
    rosh: Rosh | None
    mappa_level: int | None
    mappa_category: str | None
    exceptional_case: bool = False
    window_days: int = 0
    """From the release date to the latest arrival."""
    aimed_radius_miles: int | None = None
    consented_radius_miles: int | None = None
    essential: SetOf[Criterion] = frozenset()
    desirable: SetOf[Criterion] = frozenset()
    offences: SetOf[Offence] = frozenset()
    offences_unknown: SetOf[Offence] = frozenset()
    restriction_codes: SetOf[str] | None = None
    licence_days: int | None = None
    """From the end of the stay to the licence's; below 0: the licence ends first."""
    share_suitable: bool | None = None
    share_days: int = 0
    """From the end of the stay to the last night that the share assessment holds."""

    def __post_init__(self) -> None:
        if self.window_days < 0:
            raise ValueError("a latest arrival is not before the release")


@dataclass(frozen=True, slots=True)
class Home:
    """An outcode that people of a region should live near, and how many should."""

    __pydantic_config__ = CLOSED

    region: str
    outcode: str | None
    location: Point | None
    people: int

    def __post_init__(self) -> None:
        if self.people < 1:
            raise ValueError("a home is somebody's")
