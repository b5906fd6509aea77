"""Several sizes: what a field asks that one change be tried at: “5, 10, 20”, or “5 to 20 by 5”."""

from __future__ import annotations

import re
from decimal import Decimal

MOST_SIZES = 25
"""Of one change at once: more points in between tell a curve no better."""
_NUMBER = r"(\d{1,6}(?:\.\d{1,4})?)\s*%?"
_ONE = re.compile(_NUMBER)
_RANGE = re.compile(rf"{_NUMBER}\s*to\s*{_NUMBER}\s*by\s*{_NUMBER}", re.IGNORECASE)
_COMMA = re.compile(r"\d+,\d+\s*%?")
"""Two sizes, or one as other countries write it, or a thousand: nobody can tell."""
_DASHED = re.compile(rf"{_NUMBER}\s*[-–—]\s*{_NUMBER}")
_MEANT = re.compile(r"\b(to|by)\b", re.IGNORECASE)
_TOO_MANY = f"at most {MOST_SIZES} sizes are tried at once"


def sizes(text: str, *, percent: bool) -> list[str]:
    """Each size once, as plain digits; what is no number as it was written, for its field to say.

    `percent`: they may be written with its sign. One empty size for an empty field. Raises
    ValueError for a range that is none, too many, and what may be two sizes or one.
    """
    if _COMMA.fullmatch(text.strip()):
        two, one = text.strip().replace(",", ", "), text.strip().replace(",", ".")
        raise ValueError(f"write {one} for one size, or {two} with a space for two")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = dict.fromkeys(
        size for part in parts for size in (_of(part) if percent or "%" not in part else [part])
    )
    if len(found) > MOST_SIZES:
        raise ValueError(_TOO_MANY)
    return list(found) or [""]


def _of(part: str) -> list[str]:
    if one := _ONE.fullmatch(part):
        return [_plain(Decimal(one[1]))]
    if _DASHED.fullmatch(part):
        raise ValueError("several are written as 5, 10, 20, and a range as 5 to 20 by 5")
    if not _MEANT.search(part):
        return [part]
    ends = _RANGE.fullmatch(part)
    if ends is None:
        raise ValueError("a range is written as 5 to 20 by 5")
    first, last, step = (Decimal(each) for each in ends.groups())
    if not step or last < first:
        raise ValueError("a range goes up, as 5 to 20 by 5 does")
    steps = int((last - first) // step)
    if steps >= MOST_SIZES:
        raise ValueError(_TOO_MANY)
    return [_plain(first + n * step) for n in range(steps + 1)]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
