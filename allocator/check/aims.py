"""The aims in the order of docs/model.md, and what one person in a bed adds to each.

Model: docs/model.md#aims.
"""

from __future__ import annotations

from allocator.booking import Booking
from allocator.check import offences
from allocator.check.aim import Aim, Depends
from allocator.check.distance import tenths
from allocator.check.facts import Facts
from allocator.check.place import Place
from allocator.plan import Sense
from allocator.referral import Referral
from allocator.vocabulary import Criterion

POINTS_FOR_PREFERRED = (5, 4, 3, 2, 1)


def resident_kept(booking: Booking, place: Place, moved: bool, facts: Facts) -> int:
    return int(booking.resident)


def booking_kept(booking: Booking, place: Place, moved: bool, facts: Facts) -> int:
    return int(not booking.resident)


def booking_suited(booking: Booking, place: Place, moved: bool, facts: Facts) -> int:
    met = place.features - {Criterion.IS_SINGLE}
    if place.beds_in_room == 1:
        met |= {Criterion.IS_SINGLE}
    return int(booking.essential <= met)


def booking_disturbed(booking: Booking, place: Place, moved: bool, facts: Facts) -> int:
    return int(moved)


def placed(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    return 1


def urgency(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    policy = facts.policy
    attempts = min(referral.failed_attempts, policy.most_attempts_counted)
    weeks = max(0, (referral.release_date - facts.problem.as_of).days) // 7
    return policy.points_per_failed_attempt * attempts + max(0, policy.weeks_counted - weeks)


def uncovered_nights(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    return day - (referral.release_date - facts.problem.as_of).days


def miles(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    if referral.location is None:
        return 0
    return tenths(referral.location, place.premises.location, facts.policy.unknown_miles)


def miles_beyond(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    if referral.location is None:
        return 0
    aimed = referral.aimed_radius_miles
    if aimed is None:
        aimed = facts.policy.aimed_radius_miles
    return max(0, miles(referral, place, day, facts) - 10 * aimed)


def preferred_premises(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    for preferred, points in zip(referral.preferred_premises, POINTS_FOR_PREFERRED, strict=False):
        if preferred == place.premises.id:
            return points
    return 0


def desirable_criteria(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    met = referral.desirable & place.features
    if place.beds_in_room > 1:
        met -= {Criterion.IS_SINGLE}
    return len(met)


def scarce_features(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    return len((place.features & frozenset(facts.policy.scarce_features)) - needed(referral))


def needed(referral: Referral) -> frozenset[Criterion]:
    """What the referral needs: no feature that it wastes."""
    return referral.essential | offences.needed_of_room(referral)


def least_change(referral: Referral, place: Place, day: int, facts: Facts) -> int:
    return int((place.premises.id, day) in facts.kept_places.get(referral.id, ()))


MOST, FEWEST = Sense.MOST, Sense.FEWEST
AIMS: tuple[Aim, ...] = (
    Aim("residents_kept", MOST, "people", of_booking=resident_kept),
    Aim("bookings_kept", MOST, "people", of_booking=booking_kept),
    Aim("bookings_suited", MOST, "people", of_booking=booking_suited),
    Aim("placed", MOST, "people", of_referral=placed, by_band=True),
    Aim("urgent_first", MOST, "points", of_referral=urgency),
    Aim(
        "uncovered_nights",
        FEWEST,
        "nights",
        of_referral=uncovered_nights,
        depends=Depends.ARRIVAL,
        by_band=True,
    ),
    Aim("bookings_disturbed", FEWEST, "bookings", of_booking=booking_disturbed),
    Aim(
        "miles_beyond",
        FEWEST,
        "tenths of a mile",
        of_referral=miles_beyond,
        depends=Depends.PREMISES,
    ),
    Aim("miles", FEWEST, "tenths of a mile", of_referral=miles, depends=Depends.PREMISES),
    Aim(
        "preferred_premises",
        MOST,
        "points",
        of_referral=preferred_premises,
        depends=Depends.PREMISES,
    ),
    Aim(
        "desirable_criteria",
        MOST,
        "criteria",
        of_referral=desirable_criteria,
        depends=Depends.ROOM,
        asks=lambda referral: referral.desirable,
    ),
    Aim(
        "scarce_features",
        FEWEST,
        "features",
        of_referral=scarce_features,
        depends=Depends.ROOM,
        asks=needed,
    ),
    Aim(
        "least_change",
        MOST,
        "people",
        of_referral=least_change,
        depends=Depends.PREMISES_AND_ARRIVAL,
    ),
)
AIM_OF = {aim.code: aim for aim in AIMS}
