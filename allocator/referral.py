"""A referral: one person, one stay asked for, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from allocator.closed import CLOSED
from allocator.geography.point import Point
from allocator.restriction_code import folded
from allocator.sets import SetOf
from allocator.vocabulary import ApType, Criterion, Gender, Offence, RiskTier, Rosh


@dataclass(frozen=True, slots=True)
class ShareAssessment:
    """A room-share assessment: `suitable` to share up to and including the night of `valid_until`.

    No assessment, or one that has run out, means the person sleeps alone in the room.
    """

    __pydantic_config__ = CLOSED

    suitable: bool
    valid_until: date


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the file did not say and how it was read, so that a person can mend it."""

    __pydantic_config__ = CLOSED

    field: str
    read_as: str
    why: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A placement request. Arrival may be any day from `release_date` to `latest_arrival`.

    None in a risk field means *not known*; every rule then takes the cautious reading.
    """

    __pydantic_config__ = CLOSED

    id: str
    crn: str
    gender: Gender
    release_date: date
    latest_arrival: date
    nights: int
    ap_type: ApType = ApType.NORMAL
    tier: RiskTier | None = None
    rosh: Rosh | None = None
    mappa_level: int | None = None
    """1, 2 or 3; 0: known not to be under MAPPA; None: not known (read as 3)."""
    mappa_category: str | None = None
    exceptional_case: bool = False
    """A senior manager agreed the referral although the tier is outside the gate."""
    outcode: str | None = None
    location: Point | None = None
    """Where the person should live near; None: miles cannot be counted."""
    aimed_radius_miles: int | None = None
    """Miles the service aims within; None: the policy's default. Beyond it is a cost, not a bar."""
    consented_radius_miles: int | None = None
    """Miles beyond which the person must not be placed; None: no such limit was given."""
    essential: SetOf[Criterion] = frozenset()
    desirable: SetOf[Criterion] = frozenset()
    offences: SetOf[Offence] = frozenset()
    """Kinds of offence known to apply."""
    offences_unknown: SetOf[Offence] = frozenset()
    """Kinds nobody has answered for; read as applying."""
    restriction_codes: SetOf[str] | None = None
    """Local-restriction codes that apply to the person; None: not known (all of them apply).

    Folded, so that case makes no other code of one.
    """
    licence_expiry: date | None = None
    sharing: ShareAssessment | None = None
    preferred_premises: tuple[str, ...] = ()
    failed_attempts: int = 0
    protected: tuple[tuple[str, str], ...] = ()
    """Protected characteristics, carried for monitoring only; no rule or aim reads them."""
    assumptions: tuple[Assumption, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.restriction_codes is not None:
            codes = frozenset(folded(code) for code in self.restriction_codes)
            object.__setattr__(self, "restriction_codes", codes)
        if self.nights < 1:
            raise ValueError(f"referral {self.id}: nights must be at least 1, not {self.nights}")
        if self.latest_arrival < self.release_date:
            raise ValueError(f"referral {self.id}: latest arrival is before the release date")
        if self.mappa_level not in (None, 0, 1, 2, 3):
            raise ValueError(f"referral {self.id}: MAPPA level must be 0 to 3")
        if self.failed_attempts < 0:
            raise ValueError(f"referral {self.id}: failed attempts cannot be negative")

    @property
    def possible_offences(self) -> frozenset[Offence]:
        """Offences that apply or may apply: the cautious reading."""
        return self.offences | self.offences_unknown

    @property
    def vulnerable(self) -> bool:
        """Whether the person is at risk of exploitation, as the essential criteria say."""
        return Criterion.IS_SUITABLE_FOR_VULNERABLE in self.essential
