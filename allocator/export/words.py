"""Words for what a plan reports, so that the terminal, the workbook and the report agree."""

from __future__ import annotations

from datetime import date

from allocator.plain_words import percent
from allocator.plan import EndedBy, LevelReached, Plan, PlanStatus, Sense
from allocator.policy import Policy
from allocator.referral import Referral

PROPOSALS_ONLY = "Proposals only: a named person decides every placement."
SYNTHETIC = "Synthetic data: every person, premises and booking here is invented."
DRAWN = "Synthetic people: the estate is a file's, and who comes is drawn from a forecast."
HANDLING = (
    "OFFICIAL-SENSITIVE: contains personal data (case reference numbers, risk tiers and where "
    "people will live). Share it only with those who need it to place people."
)
NOT_KNOWN = "not known"

AIM_WORDS = {
    "residents_kept": "Residents who keep a bed",
    "bookings_kept": "Bookings that keep a bed",
    "bookings_suited": "Residents and bookings in a bed with the criteria they hold",
    "placed": "People placed",
    "urgent_first": "Urgency of the people placed",
    "uncovered_nights": "Nights between release and arrival",
    "bookings_disturbed": "Bookings moved to another premises",
    "miles_beyond": "Distance beyond the radius aimed for",
    "miles": "Distance from home",
    "preferred_premises": "Preferred premises",
    "desirable_criteria": "Desirable criteria met",
    "scarce_features": "Scarce features taken by people who do not need them",
    "least_change": "Same premises and arrival as in the plan before",
}

_UNITS = dict.fromkeys(("bookings_kept", "bookings_suited"), "stays")
"""By aim, what is counted where that is not the unit: who stays and is booked has two."""
_SINGULAR = {
    "people": "person",
    "stays": "stay",
    "nights": "night",
    "bookings": "booking",
    "points": "point",
    "criteria": "criterion",
    "features": "feature",
}
_ENDINGS = {
    EndedBy.PROVEN: "every level is proven",
    EndedBy.EFFORT: "the work allowed for was used up; a second run gives the same plan",
    EndedBy.TIME_LIMIT: (
        "the time limit was reached, or cut a part of the work short; "
        "a second run may give another plan"
    ),
    EndedBy.INTERRUPTED: "it was interrupted; this is the best plan until then",
}


def aim_words(level: LevelReached) -> str:
    """What the level counts."""
    words = AIM_WORDS.get(level.aim, level.aim)
    return words if level.band is None else f"{words}, band {level.band}"


def sense_words(level: LevelReached) -> str:
    """Which way is better."""
    return "more is better" if level.sense is Sense.MOST else "fewer is better"


def amount(level: LevelReached, value: int) -> str:
    """A value of the level with its unit; tenths of a mile are said as miles."""
    if level.unit == "tenths of a mile":
        return f"{value / 10:,.1f} miles"
    unit = _UNITS.get(level.aim, level.unit)
    return f"{value:,} {_SINGULAR.get(unit, unit) if value == 1 else unit}"


def gap_words(level: LevelReached) -> str:
    """What a better plan could still gain on this level, with the earlier levels held."""
    if level.proven:
        return "Proven: no plan does better."
    if level.bound is None:
        return "No bound is known."
    if _says_nothing(level):
        return "Not proven: no useful bound yet."
    verb = "gain" if level.sense is Sense.MOST else "save"
    difference = amount(level, abs(level.bound - level.value))
    share = ""
    if level.bound > 0 and level.gap and level.gap <= 1:
        share = f" ({percent(level.gap, 1)}%)"
    return f"Not proven: a better plan could {verb} at most {difference}{share}."


def bound_amount(level: LevelReached) -> str:
    """The bound with its unit, or that there is none to speak of."""
    if level.bound is None:
        return "none known"
    return "none useful yet" if _says_nothing(level) else amount(level, level.bound)


def _says_nothing(level: LevelReached) -> bool:
    """Whether the bound is only that nothing is fewer than none."""
    fewest = level.sense is Sense.FEWEST and not level.proven
    return fewest and level.bound is not None and level.bound <= 0


def bound_words(plan: Plan, level: LevelReached) -> str:
    """Who vouches for the level's bound: prices that anyone can add up, or the solver alone."""
    if level.bound is None:
        return "–"
    certified = any(certificate.level == level.code for certificate in plan.certificates)
    return "by prices in the plan" if certified else "by the solver only"


def status_words(plan: Plan) -> str:
    """How the solve ended, in a sentence."""
    kind = (
        "Every level is proven best"
        if plan.status is PlanStatus.OPTIMAL
        else "Not every level is proven best"
    )
    return f"{kind}. It ended because {_ENDINGS[plan.ended_by]}."


def band_name(policy: Policy, number: int) -> str:
    """The policy's name for a band."""
    return next((band.name for band in policy.bands if band.number == number), "")


def tier_words(referral: Referral) -> str:
    """The risk tier, or that it is not known."""
    return NOT_KNOWN if referral.tier is None else referral.tier.value


def assumption_words(referral: Referral) -> str:
    """Everything the file did not say about the referral, and how it was read."""
    return "; ".join(f"{a.field} read as {a.read_as}: {a.why}" for a in referral.assumptions)


def day(value: date) -> str:
    """1 Feb 2027."""
    return f"{value.day} {value:%b %Y}"


def long_day(value: date) -> str:
    """1 February 2027."""
    return f"{value.day} {value:%B %Y}"


def miles_words(miles: float | None) -> str:
    """Miles to one place, or a dash when they cannot be counted."""
    return "–" if miles is None else f"{miles:,.1f}"
