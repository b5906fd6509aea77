"""Said: small words that every explanation uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from allocator.vocabulary import Criterion

_CRITERIA = {
    Criterion.IS_ARSON_SUITABLE: "arson-suitable",
    Criterion.HAS_EN_SUITE: "en-suite",
    Criterion.IS_SINGLE: "a room to oneself",
    Criterion.IS_SUITED_FOR_SEX_OFFENDERS: "suited for sex offenders",
    Criterion.IS_GROUND_FLOOR: "ground floor",
    Criterion.IS_WHEELCHAIR_DESIGNATED: "wheelchair designated",
    Criterion.IS_WHEELCHAIR_ACCESSIBLE: "wheelchair accessible",
    Criterion.IS_STEP_FREE_DESIGNATED: "step-free designated",
    Criterion.IS_SUITABLE_FOR_VULNERABLE: "suitable for people at risk of exploitation",
    Criterion.IS_CATERED: "catered",
}


def count(number: int, noun: str) -> str:
    """1 night, 2 nights, 1,200 beds."""
    plural = "" if number == 1 else "s"
    return f"{number:,} {noun}{plural}"


def day_words(value: date) -> str:
    """1 Feb 2027."""
    return f"{value.day} {value:%b %Y}"


def criterion_words(criterion: Criterion) -> str:
    """A criterion in words, or as the service spells it."""
    return _CRITERIA.get(criterion, criterion.value)


def have_words(criterion: Criterion, number: int) -> str:
    """What a bed, or several, is or has: "is arson-suitable", "have an en-suite"."""
    if criterion is Criterion.HAS_EN_SUITE:
        return "has an en-suite" if number == 1 else "have an en-suite"
    words = _CRITERIA.get(criterion)
    if words is None:
        return f"{'has' if number == 1 else 'have'} {criterion.value}"
    return f"{'is' if number == 1 else 'are'} {words}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
