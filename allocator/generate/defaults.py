"""Every default of the generator, with its unit and where it comes from.

"Ours" means that no public figure was found: the value is a choice to be swept, not an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from allocator.vocabulary import ApType, Criterion, Offence

T = TypeVar("T")

HMIP = "HMI Probation, approved premises inspections, September 2025"
SERVICE = "the service's published source code, August 2026"
SEED_FILES = "the service's published development seed files: counts rounded"
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Default(Generic[T]):
    """One value of the generator."""

    value: T
    unit: str
    source: str


AS_OF = Default(date(2026, 11, 2), "date", f"{OURS}: a Monday")
LOAD = Default(1.1, "nights asked for / free nights", f"{OURS}: scarce but not hopeless")

# The estate
WOMENS_PREMISES = Default(8 / 104, "share of premises", f"{HMIP}: 8 of 104")
INDEPENDENT_PREMISES = Default(14 / 104, "share of premises", f"{HMIP}: 14 of 104")
AP_TYPES: Default[Mapping[ApType, float]] = Default(
    {
        ApType.PIPE: 12 / 104,
        ApType.ESAP: 4 / 104,
        ApType.RFAP: 3 / 104,
        ApType.MHAP_ST_JOSEPHS: 1 / 104,
        ApType.MHAP_ELLIOTT_HOUSE: 1 / 104,
    },
    "share of premises",
    f"PIPE: {HMIP}, 12 of 104; one of each specialist mental health: {SERVICE}; others {OURS}",
)
BEDS_A_PREMISES = Default((12, 30), "beds, least and most", "typical size of one premises; mean 22")
TWO_BED_ROOMS = Default(0.06, "share of rooms", SEED_FILES)
ARCHIVED_PREMISES = Default(0.01, "share of premises", f"{OURS}: a trap at a low rate")
CLOSED_PREMISES = Default(0.02, "share of premises", f"{OURS}: takes no new bookings")
BEDLESS_PREMISES = Default(0.01, "share of premises", f"{OURS}: a trap at a low rate")
PREMISES_FLAGS: Default[Mapping[Criterion, float]] = Default(
    {
        Criterion.ACCEPTS_SEX_OFFENDERS: 0.85,
        Criterion.ACCEPTS_CHILD_SEX_OFFENDERS: 0.74,
        Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS: 0.85,
        Criterion.ACCEPTS_HATE_CRIME_OFFENDERS: 0.9,
        Criterion.IS_SUITABLE_FOR_VULNERABLE: 0.7,
        Criterion.IS_CATERED: 0.89,
        Criterion.HAS_WIDE_STEP_FREE_ACCESS: 0.32,
        Criterion.HAS_WIDE_ACCESS_TO_COMMUNAL_AREAS: 0.3,
        Criterion.HAS_STEP_FREE_ACCESS_TO_COMMUNAL_AREAS: 0.3,
        Criterion.HAS_WHEEL_CHAIR_ACCESSIBLE_BATHROOMS: 0.15,
        Criterion.HAS_LIFT: 0.05,
        Criterion.HAS_TACTILE_FLOORING: 0.03,
        Criterion.HAS_BRAILLE_SIGNAGE: 0.03,
        Criterion.HAS_HEARING_LOOP: 0.05,
    },
    "share of premises",
    f"{SEED_FILES} for child sexual offences, catering, step-free entrance and lift; rest {OURS}",
)
ROOM_FLAGS: Default[Mapping[Criterion, float]] = Default(
    {
        Criterion.IS_GROUND_FLOOR: 0.14,
        Criterion.IS_FULLY_FM: 0.6,
        Criterion.HAS_SMOKE_DETECTOR: 0.95,
        Criterion.IS_ARSON_SUITABLE: 0.19,
        Criterion.IS_SUITED_FOR_SEX_OFFENDERS: 0.83,
        Criterion.HAS_EN_SUITE: 0.11,
        Criterion.IS_STEP_FREE_DESIGNATED: 0.11,
        Criterion.IS_WHEELCHAIR_DESIGNATED: 0.01,
    },
    "share of rooms",
    f"{SEED_FILES}; wheelchair designation, furnishing and detectors {OURS}",
)
ARRIVALS_CAP = Default((0.15, 2, 4), "share of premises; fewest and most arrivals a day", OURS)
MIX_CAPS = Default((0.06, 0.55, 0.8), "share of premises; limit as a share of beds", OURS)
RESTRICTED_PREMISES = Default(0.1, "share of premises with a coded local restriction", OURS)
RESTRICTION_CODES: Default[Mapping[str, str]] = Default(
    {
        "near-school": "No one whose licence keeps them from schools: a school is next door",
        "sex-work-area": "No offences against sex workers: the street is used for sex work",
        "insurance-arson": "The insurer takes no one with a record of setting fires",
    },
    "code and text",
    f"{OURS}, after the examples in the service's free text",
)
OUT_OF_SERVICE = Default((0.06, 0.06), "share of beds now, and later on", f"{OURS}: 5 to 10 %")
OUT_OF_SERVICE_DAYS = Default((5, 60), "days", OURS)
OUT_OF_SERVICE_AHEAD = Default(120, "days ahead that later records begin", OURS)
OUT_OF_SERVICE_REASONS: Default[Mapping[str, float]] = Default(
    {
        "Planned Refurbishment (FM)": 0.15,
        "Planned FM works required": 0.2,
        "Damage by resident requiring FM Repair": 0.25,
        "Flood / Fire requiring FM repair": 0.05,
        "Other unplanned FM works required": 0.15,
        "Incident not requiring FM repair": 0.05,
        "Staff shortage / Illness (Non-FM)": 0.1,
        "AP Closure / Operational Reduction in Capacity (Non-FM)": 0.05,
    },
    "share of records",
    f"reasons: {SERVICE}; shares {OURS}",
)

# Who is there
OCCUPANCY = Default((0.88, 0.92), "share of beds in service", "Probation Circular 55/2005: 90 %")
BOOKINGS_A_BED = Default(300 / 2300, "future bookings a bed", OURS)
BOOKING_DAYS = Default(56, "days ahead that bookings arrive", f"{OURS}: 8 weeks")
EARLY_EXITS = Default(0.2, "share of residents who leave sooner than planned", OURS)
BEDS_NAMED = Default(0.08, "share of bookings that name their bed", f"{OURS}: the service has none")
BOOKING_NEEDS = Default(0.2, "share of bookings that hold a room criterion", OURS)

# Who asks for a bed
BANDS = Default(
    (0.12, 0.25, 0.45, 0.18),
    "share of referrals in bands 1 to 4",
    f"{OURS}: of all releases at high risk or above 1 in 15 is very high, April 2024 to March "
    "2025, but referrals to approved premises concentrate at the top",
)
REQUESTED_TYPES: Default[Mapping[ApType, float]] = Default(
    {
        ApType.PIPE: 0.09,
        ApType.ESAP: 0.02,
        ApType.RFAP: 0.02,
        ApType.MHAP_ST_JOSEPHS: 0.005,
        ApType.MHAP_ELLIOTT_HOUSE: 0.005,
    },
    "share of referrals",
    OURS,
)
NIGHTS: Default[Mapping[ApType, int]] = Default(
    {
        ApType.NORMAL: 84,
        ApType.RFAP: 84,
        ApType.MHAP_ST_JOSEPHS: 84,
        ApType.MHAP_ELLIOTT_HOUSE: 84,
        ApType.PIPE: 182,
        ApType.ESAP: 364,
    },
    "nights",
    f"{SERVICE}: default length of stay, tier scheme v2",
)
OTHER_NIGHTS = Default(
    ((56, 0.1), (112, 0.2)),
    "nights and share of standard stays",
    "8 weeks: the cut of July 2024; 16 weeks: tier scheme v3; shares ours",
)
NOTICE = Default(
    (("emergency", 0.15, 0, 7), ("shortNotice", 0.25, 8, 28), ("standard", 0.6, 29, 240)),
    "kind, share of the referrals made, least and most days of notice",
    f"limits of the kinds: {SERVICE}; shares {OURS}, to be swept",
)
UNKNOWN = Default(0.02, "share of referrals that lack the answer", f"{OURS}: 1 to 3 %")
OFFENCES: Default[Mapping[Offence, float]] = Default(
    {
        Offence.SEXUAL_ADULT: 0.2,
        Offence.SEXUAL_CHILD: 0.15,
        Offence.NON_SEXUAL_CHILD: 0.06,
        Offence.HATE: 0.03,
        Offence.ARSON: 0.05,
    },
    "share of referrals",
    OURS,
)
ESSENTIAL: Default[Mapping[Criterion, float]] = Default(
    {
        Criterion.IS_SINGLE: 0.15,
        Criterion.HAS_EN_SUITE: 0.03,
        Criterion.IS_GROUND_FLOOR: 0.04,
        Criterion.IS_STEP_FREE_DESIGNATED: 0.03,
        Criterion.IS_WHEELCHAIR_DESIGNATED: 0.003,
        Criterion.IS_SUITABLE_FOR_VULNERABLE: 0.05,
        Criterion.IS_CATERED: 0.04,
    },
    "share of referrals",
    OURS,
)
DESIRABLE: Default[Mapping[Criterion, float]] = Default(
    {
        Criterion.IS_SINGLE: 0.1,
        Criterion.HAS_EN_SUITE: 0.08,
        Criterion.IS_GROUND_FLOOR: 0.05,
        Criterion.IS_CATERED: 0.06,
    },
    "share of referrals",
    OURS,
)
RESTRICTED_PEOPLE = Default(0.05, "share of referrals to whom a local restriction applies", OURS)
AIMED_RADIUS = Default((0.2, 60, 150), "share of referrals; miles in tens", f"choices: {SERVICE}")
CONSENTED_RADIUS = Default((0.12, 60, 150), "share of referrals; miles in tens", OURS)
LICENCE_EXPIRY = Default((0.2, -21, 400), "share of referrals; days after the stay", OURS)
SHARING = Default(
    (0.3, 0.1), "share assessed suitable, unsuitable", f"{OURS}: most are not assessed"
)
SHARING_DAYS = Default((-30, 120), "days from the end of the stay to the end of validity", OURS)
PREFERRED = Default((0.35, 5), "share of referrals that name premises; most", f"most: {SERVICE}")
FAILED_ATTEMPTS = Default((0.8, 0.12, 0.05, 0.03), "share with 0, 1, 2, 3 failed attempts", OURS)
WINDOWS: Default[Mapping[str, tuple[tuple[int, float], ...]]] = Default(
    {
        "fixed": ((0, 1.0),),
        "mixed": ((0, 0.6), (7, 0.25), (28, 0.15)),
        "long": ((28, 1.0),),
    },
    "most days between release and arrival, and share of referrals",
    OURS,
)

# A year of referrals, and what comes of them
WEEKDAYS = Default(
    (0.19, 0.2, 0.2, 0.2, 0.17, 0.02, 0.02),
    "share of referrals made on each day of the week, Monday first",
    f"{OURS}: offices are open on five days",
)
SEASON = Default(
    (0.1, 45),
    "swing of the daily rate over the year as a share of its mean; day of the year of the peak",
    f"{OURS}: mild, to be swept",
)
WITHDRAWN = Default(0.12, "share of referrals withdrawn, on any day up to the release", OURS)
NOT_ARRIVING = Default(0.06, "share of those not withdrawn who do not come", OURS)
EARLY_ENDS = Default(
    0.3,
    "share of stays that end before the nights asked for, on any night of them",
    f"{OURS}: recalls and moves on; a bed turned every 43 days is what 1,700 people a year in 200 "
    "beds come to, which is far less than 12 weeks",
)
RELEASE_CHANGED = Default(
    (0.1, -14, 42),
    "share of referrals whose release date changes; fewest and most days later",
    OURS,
)

# Who must be kept apart, and from where
SEPARATED = Default(0.02, "share of people who are in a separated pair", OURS)
SEPARATED_FROM_RESIDENT = Default(0.3, "share of pairs with someone who has a booking", OURS)
SEPARATION_RADIUS = Default((0.2, 5, 25), "share of pairs; miles", OURS)
ZONES = Default(0.08, "share of referrals with an exclusion zone", OURS)
ZONE_KINDS = Default((0.5, 0.3, 0.2), "share of circles, polygons, named premises", OURS)
ZONE_MILES = Default((2, 20), "miles from the middle to the edge", OURS)


def table() -> dict[str, Default[object]]:
    """Every default by its name, in the order above."""
    return {name: value for name, value in globals().items() if isinstance(value, Default)}
