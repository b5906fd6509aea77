"""The estate: premises, rooms, beds, and nights on which a bed cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allocator.closed import CLOSED
from allocator.geography.point import Point
from allocator.nights import Stay
from allocator.restriction_code import folded
from allocator.sets import SetOf
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute


@dataclass(frozen=True, slots=True)
class MixCap:
    """At most `limit` people with `attribute` sleep at the premises on any night."""

    __pydantic_config__ = CLOSED

    attribute: MixAttribute
    limit: int


@dataclass(frozen=True, slots=True)
class LocalRestriction:
    """A restriction on who may live at a premises, as a code that a rule can read."""

    __pydantic_config__ = CLOSED

    code: str
    """Folded, so that case makes no other code of it."""
    description: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", folded(self.code))


@dataclass(frozen=True, slots=True)
class Premises:
    """One approved premises. `location` None: distance to it cannot be measured."""

    __pydantic_config__ = CLOSED

    id: str
    name: str
    gender: Gender
    ap_types: SetOf[ApType]
    characteristics: SetOf[Criterion] = frozenset()
    location: Point | None = None
    postcode: str = ""
    area: str = ""
    region: str = ""
    q_code: str = ""
    open: bool = True
    """False: archived, or takes no new bookings. People already there stay."""
    arrivals_per_day: int | None = None
    """Most new arrivals on one day; None: the policy's default."""
    mix_caps: tuple[MixCap, ...] = ()
    local_restrictions: tuple[LocalRestriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A room; characteristics belong to it, not to its beds."""

    __pydantic_config__ = CLOSED

    id: str
    premises_id: str
    name: str
    characteristics: SetOf[Criterion] = frozenset()


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed. It cannot be used before `starts`, nor on or after `ends` (gone *on* that date)."""

    __pydantic_config__ = CLOSED

    id: str
    room_id: str
    name: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nights on which a bed cannot be used. Half-open here; files give the last day inclusive."""

    __pydantic_config__ = CLOSED

    bed_id: str
    nights: Stay
    reason: str = ""
