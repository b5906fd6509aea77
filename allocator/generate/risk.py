"""Risk of the synthetic people: RoSH, MAPPA and tier that put them in the intended band."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allocator.generate import defaults
from allocator.generate.draws import choices, yes
from allocator.streams import Streams
from allocator.vocabulary import RiskTier, Rosh


@dataclass(frozen=True, slots=True)
class Risk:
    """What is recorded of one person's risk; None is not known."""

    rosh: Rosh | None
    mappa_level: int | None
    mappa_category: str | None
    tier: RiskTier | None


_V, _H, _M, _L = Rosh.VERY_HIGH, Rosh.HIGH, Rosh.MEDIUM, Rosh.LOW
# For each band: RoSH, MAPPA level and tier letter that lead to it, and their share (ours).
_WAYS: tuple[tuple[tuple[Rosh, int, str, float], ...], ...] = (
    ((_V, 2, "A", 0.35), (_V, 1, "A", 0.3), (_V, 3, "A", 0.2), (_H, 3, "A", 0.15)),
    ((_H, 2, "A", 0.9), (_M, 2, "A", 0.1)),
    ((_H, 1, "B", 0.55), (_H, 0, "B", 0.35), (_M, 0, "B", 0.1)),
    ((_M, 1, "C", 0.4), (_M, 0, "C", 0.5), (_L, 0, "D", 0.1)),
)


def risks(streams: Streams, count: int, name: str = "risk") -> list[Risk]:
    """The risk of each person, with some answers missing."""
    bands = choices(streams, f"{name}/band", range(len(_WAYS)), defaults.BANDS.value, count)
    digits = choices(streams, f"{name}/digit", "0123", (0.05, 0.2, 0.35, 0.4), count)
    categories = choices(streams, f"{name}/category", "123", (0.6, 0.35, 0.05), count)
    ways = [
        choices(streams, f"{name}/way {band}", options, [way[3] for way in options], count)
        for band, options in enumerate(_WAYS)
    ]
    whole = [_risk(ways[band][n], digits[n], categories[n]) for n, band in enumerate(bands)]
    return _with_gaps(whole, streams, name)


def _risk(way: tuple[Rosh, int, str, float], digit: str, category: str) -> Risk:
    rosh, level, letter, _ = way
    return Risk(rosh, level, category if level else None, RiskTier(letter + digit))


def _with_gaps(risks: list[Risk], streams: Streams, name: str) -> list[Risk]:
    """The same, with each answer missing at the default rate."""
    share, count = defaults.UNKNOWN.value, len(risks)
    rosh = yes(streams, f"{name}/no rosh", share, count)
    mappa = yes(streams, f"{name}/no mappa", share, count)
    tier = yes(streams, f"{name}/no tier", share, count)
    return [
        replace(
            risk,
            rosh=None if rosh[n] else risk.rosh,
            mappa_level=None if mappa[n] else risk.mappa_level,
            mappa_category=None if mappa[n] else risk.mappa_category,
            tier=None if tier[n] else risk.tier,
        )
        for n, risk in enumerate(risks)
    ]
