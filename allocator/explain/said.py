"""Said: small words that every explanation uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from allocator.code_words import CRITERIA
from allocator.vocabulary import Criterion


def day_words(value: date) -> str:
    """1 Feb 2027."""
    return f"{value.day} {value:%b %Y}"


def criterion_words(criterion: Criterion) -> str:
    """A criterion in words."""
    return CRITERIA[criterion].words


def have_words(criterion: Criterion, number: int) -> str:
    """What a bed, or several, is or has: "is arson-suitable", "have an en-suite"."""
    return CRITERIA[criterion].has if number == 1 else CRITERIA[criterion].have


def listed(parts: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
