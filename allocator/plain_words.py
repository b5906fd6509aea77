"""Plain words: numbers with their things, bands and shares, as all of the project says them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NOISE = 1e-9
"""By which sums of shares that make up all may miss 1."""


def counted(number: int, one: str, many: str = "") -> str:
    """1 day, 2 days, 1,200 days."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bands_words(lowest: int) -> str:
    """The bands from the first down to this one: band 1, or bands 1 to 3."""
    return "band 1" if lowest == 1 else f"bands 1 to {lowest}"


def rounded(value: float, decimals: int) -> Decimal:
    """A half goes away from nought: 25.25 is 25.3. As the number is written, without its noise."""
    written = Decimal(f"{value:.12g}")
    return written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def percent(share: float, decimals: int = 0) -> str:
    """A share as so many per cent, without the sign: 100 of all alone, 0 of none alone.

    What would be rounded to either is written as >99 or <1; of less than nothing as <-99 or >-1.
    """
    size, (more, less, sign) = abs(share), ("<", ">", "-") if share < 0 else (">", "<", "")
    told, step = f"{rounded(100 * size, decimals):f}", 10.0**-decimals
    if float(told) == 100 and size < 1 - NOISE:
        return f"{more}{sign}{100 - step:.{decimals}f}"
    if float(told) == 0:
        return f"{less}{sign}{step:.{decimals}f}" if size > NOISE else told
    return f"{sign}{told}"


def rounded_share(part: int, whole: int) -> float:
    """To a thousandth, and 1 or 0 of all and of none alone."""
    assert 0 <= part <= whole
    if part in (0, whole):
        return part / whole
    return min(max(round(part / whole, 3), 0.001), 0.999)
