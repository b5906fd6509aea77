"""Answers: what a planner asked beyond the scenarios, each figure from years that were run."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.simulate.compare import Interval


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """One premises with one change there; differences are to the base over the same years.

    `price`: by which it was chosen, in weights of people a year by the method's own steady-rate
    prices. It says where to look and is no answer.
    """

    premises: str
    price: float
    weighted_unmet: Interval
    unmet: Interval
    unmet_band_1: Interval


@dataclass(frozen=True, slots=True)
class SiteAnswers:
    """Premises in order of the difference, best first. `looked_at` of `premises` were run."""

    method: str
    premises: int
    looked_at: int
    sites: tuple[SiteAnswer, ...]


@dataclass(frozen=True, slots=True)
class EnoughBeds:
    """Beds with which nobody of band 1 who could have one went without in any simulated year.

    `beds`: by premises. `left`: of band 1, in all years, with those beds. `beyond_help`: of those
    left, people whom no bed at these premises could take. `enough`: whether they are all who are
    left. `reached`: whether nobody at all is.
    `smallest`: whether fewer beds cannot do; else their number is only no less than what is needed.
    """

    method: str
    years: int
    without: int
    """Of band 1, in all years, with no bed more."""
    beds: tuple[tuple[str, int], ...]
    left: int
    reached: bool
    enough: bool
    beyond_help: int
    smallest: bool
    runs: int
    """How many sets of beds were tried."""


@dataclass(frozen=True, slots=True)
class Answers:
    """None: not asked."""

    best_sites: SiteAnswers | None = None
    closures: SiteAnswers | None = None
    enough_beds: EnoughBeds | None = None
