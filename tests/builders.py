"""Small things with sensible defaults, so that a test says only what matters to it.

Every name and place is invented. Days are counted from `AS_OF`, the plan's date: `day(3)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from allocator.booking import Booking
from allocator.estate import Bed, LocalRestriction, MixCap, OutOfService, Premises, Room
from allocator.geography.point import Point
from allocator.held import HeldNights
from allocator.nights import Stay
from allocator.policy import Policy, load_policy
from allocator.problem import Problem
from allocator.referral import Referral, ShareAssessment
from allocator.safeguards import Circle, ExclusionZone, Polygon, Separation
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute, RiskTier, Rosh

AS_OF = date(2026, 11, 2)
ALL_ACCEPTED = frozenset(
    {
        Criterion.ACCEPTS_SEX_OFFENDERS,
        Criterion.ACCEPTS_CHILD_SEX_OFFENDERS,
        Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS,
        Criterion.ACCEPTS_HATE_CRIME_OFFENDERS,
    }
)
"""What a premises that takes every offence has."""
MILES_PER_DEGREE_NORTH = 69.0934


def day(number: int) -> date:
    """So many days after the plan's date."""
    return AS_OF + timedelta(days=number)


def a_stay(first: int, nights: int) -> Stay:
    """A stay that begins so many days after the plan's date."""
    return Stay.of(day(first), nights)


def a_point(miles_north: float = 0.0) -> Point:
    """A place about so many miles north of one fixed place."""
    return Point(52.0 + miles_north / MILES_PER_DEGREE_NORTH, -1.5)


@cache
def default_policy() -> Policy:
    """The packaged policy."""
    return load_policy()


def a_policy(**changes: Any) -> Policy:
    """The packaged policy with some values changed."""
    return replace(default_policy(), **changes)


def a_premises(id: str = "P1", **changes: Any) -> Premises:
    """An open men's premises of the normal type with nothing special, at `a_point()`."""
    values: dict[str, Any] = {
        "name": f"Premises {id}",
        "gender": Gender.MAN,
        "ap_types": frozenset({ApType.NORMAL}),
        "location": a_point(),
        "area": "Midlands",
    }
    return Premises(id=id, **(values | changes))


def a_room(id: str = "P1-R1", premises_id: str = "P1", **changes: Any) -> Room:
    """A room with no characteristics."""
    return Room(**({"id": id, "premises_id": premises_id, "name": f"Room {id}"} | changes))


def a_bed(id: str = "P1-R1-B1", room_id: str = "P1-R1", **changes: Any) -> Bed:
    """A bed that is always there."""
    return Bed(**({"id": id, "room_id": room_id, "name": f"Bed {id}"} | changes))


def an_estate(
    shape: Mapping[str, Sequence[int]] | None = None,
    *,
    premises: Mapping[str, Mapping[str, Any]] | None = None,
    rooms: Mapping[str, Mapping[str, Any]] | None = None,
    beds: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Premises, rooms and beds for `a_problem(**an_estate(...))`.

    `shape` gives the number of beds in each room: {"P1": (1, 2)} has beds P1-R1-B1, P1-R2-B1
    and P1-R2-B2. The other arguments change single records by id.
    """
    found: dict[str, Any] = {"premises": [], "rooms": [], "beds": []}
    for premises_id, sizes in (shape or {"P1": (1,)}).items():
        found["premises"].append(a_premises(premises_id, **(premises or {}).get(premises_id, {})))
        for number, size in enumerate(sizes, start=1):
            room_id = f"{premises_id}-R{number}"
            found["rooms"].append(a_room(room_id, premises_id, **(rooms or {}).get(room_id, {})))
            for bed_id in (f"{room_id}-B{place}" for place in range(1, size + 1)):
                found["beds"].append(a_bed(bed_id, room_id, **(beds or {}).get(bed_id, {})))
    return {kind: tuple(records) for kind, records in found.items()}


def a_referral(id: str = "ref-1", **changes: Any) -> Referral:
    """A man of band 4 who asks for two nights from tomorrow, that day only, near `a_point()`.

    `crn` follows the id. `release_date` and `latest_arrival` may be given as day numbers.
    """
    values: dict[str, Any] = {
        "crn": f"CRN-{id}",
        "gender": Gender.MAN,
        "release_date": 1,
        "nights": 2,
        "tier": RiskTier.C1,
        "rosh": Rosh.MEDIUM,
        "mappa_level": 0,
        "location": a_point(),
        "restriction_codes": frozenset(),
    } | changes
    values.setdefault("latest_arrival", values["release_date"])
    for name in ("release_date", "latest_arrival", "licence_expiry"):
        if isinstance(values.get(name), int):
            values[name] = day(values[name])
    return Referral(id=id, **values)


def a_booking(id: str = "bkg-1", **changes: Any) -> Booking:
    """A future booking at P1 for two nights from tomorrow, its bed not named."""
    values: dict[str, Any] = {
        "crn": f"CRN-{id}",
        "premises_id": "P1",
        "stay": a_stay(1, 2),
    }
    return Booking(id=id, **(values | changes))


def a_resident(id: str = "res-1", **changes: Any) -> Booking:
    """Someone who came five days ago and leaves in three, in bed P1-R1-B1."""
    values: dict[str, Any] = {"stay": a_stay(-5, 8), "resident": True, "bed_id": "P1-R1-B1"}
    return a_booking(id, **(values | changes))


def may_share(until: int = 400, *, suitable: bool = True) -> ShareAssessment:
    """A room-share assessment that holds up to and including that night."""
    return ShareAssessment(suitable=suitable, valid_until=day(until))


def held(bed_id: str, first: int, nights: int, lowest_band: int = 1) -> HeldNights:
    """A bed held from a day on, for band 1 unless said."""
    return HeldNights(bed_id, a_stay(first, nights), lowest_band)


def out_of_service(bed_id: str, first: int, nights: int) -> OutOfService:
    """A bed that cannot be used for so many nights."""
    return OutOfService(bed_id=bed_id, nights=a_stay(first, nights), reason="works")


def a_cap(attribute: MixAttribute, limit: int) -> MixCap:
    """At most so many people with the attribute."""
    return MixCap(attribute=attribute, limit=limit)


def a_restriction(code: str = "no-gambling") -> LocalRestriction:
    """A coded local restriction."""
    return LocalRestriction(code=code)


def a_separation(crn: str, other_crn: str, radius_miles: float | None = None) -> Separation:
    """Two people to be kept apart."""
    return Separation(crn=crn, other_crn=other_crn, radius_miles=radius_miles)


def a_circle_zone(crn: str, radius_miles: float, centre: Point | None = None) -> ExclusionZone:
    """Nowhere within so many miles of a place (default: `a_point()`)."""
    return ExclusionZone(crn=crn, circle=Circle(centre or a_point(), radius_miles))


def a_square_zone(crn: str, centre: Point, half_side_degrees: float) -> ExclusionZone:
    """Nowhere in the square of that half side around a place."""
    north, east, half = centre.latitude, centre.longitude, half_side_degrees
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    ring = tuple((east + right, north + up) for right, up in corners)
    return ExclusionZone(crn=crn, polygon=Polygon(polygons=((ring,),)))


def a_problem(
    *, referrals: Iterable[Referral] = (), bookings: Iterable[Booking] = (), **parts: Any
) -> Problem:
    """A problem of `AS_OF`; without an estate it has one premises with one bed, P1-R1-B1."""
    values: dict[str, Any] = {"as_of": AS_OF} | an_estate() | parts
    values |= {name: tuple(part) for name, part in parts.items() if isinstance(part, list)}
    return Problem(referrals=tuple(referrals), bookings=tuple(bookings), **values)
