"""Plain words: numbers with their things, and bands, as every part of the project says them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """1 day, 2 days, 1,200 days."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bands_words(lowest: int) -> str:
    """The bands from the first down to this one: band 1, or bands 1 to 3."""
    return "band 1" if lowest == 1 else f"bands 1 to {lowest}"
