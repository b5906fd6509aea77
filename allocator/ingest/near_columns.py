"""Columns that are not known, and the known ones that they may have been meant for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

ALIKE = 0.8
"""Of 1, how like each other two names are that may be one misspelt."""
PART = 5
"""Letters of a name that are enough to know it by, where the rest is missing or too much."""


def near_columns(name: str, known: Iterable[str]) -> list[str]:
    """The known columns that a name is near to, the nearest first.

    Case, blanks and underscores count for nothing. Near: a few letters differ, or one name holds
    the other (`consented_radius`, `licence_expiry_date`).
    """
    plain = _letters(name)
    likeness = {column: _likeness(plain, _letters(column)) for column in known}
    near = [column for column in likeness if likeness[column] > 0]
    return sorted(near, key=lambda column: (-likeness[column], column))


def _likeness(name: str, column: str) -> float:
    """0 where they are not near."""
    alike = SequenceMatcher(None, name, column, autojunk=False).ratio()
    shorter, longer = sorted((name, column), key=len)
    held = len(shorter) >= PART and shorter in longer
    return alike if held or alike >= ALIKE else 0.0


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
