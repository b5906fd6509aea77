"""Study figures: what a study came to, as pages and programs read it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from api.wire.words import Shown


class IntervalTold(Shown):
    """A mean over years with its 95 % interval, by Student's t; no interval of a single year."""

    mean: float
    low: float | None
    high: float | None


class FigureTold(Shown):
    """What a figure is of. `share`: from 0 to 1."""

    name: str
    words: str
    unit: str
    share: bool


class OutcomeTold(Shown):
    """One scenario under one method. A figure that no year has is null."""

    scenario: str
    method: str
    figures: dict[str, IntervalTold | None]
    differences: dict[str, IntervalTold | None] | None = Field(
        description="Year by year, less what `less` names; null for that itself."
    )


class UnmetTold(Shown):
    """People who never had a bed, and the nights they asked for, over all years together."""

    scenario: str
    method: str
    band: int
    region: str
    sex: str
    ap_type: str
    cause: str
    people: int
    nights: int


class GateTold(Shown):
    """People of one sex and tier whose eligibility a scenario changes, in a year."""

    scenario: str
    gate: str
    who: str
    people: float


class SiteTold(Shown):
    """One premises with the change made there, less the base. The price only chose it."""

    premises: str
    price: float
    weighted_unmet: IntervalTold
    unmet: IntervalTold
    unmet_band_1: IntervalTold


class SitesTold(Shown):
    """Best first. `looked_at` of `premises` were run."""

    method: str
    premises: int
    looked_at: int
    sites: list[SiteTold]


class BedsAt(Shown):
    """Beds more at one premises."""

    premises: str
    beds: int


class EnoughBedsTold(Shown):
    """Beds more with which nobody of band 1 went without, or as few as was reached."""

    method: str
    years: int
    without: int = Field(description="Of band 1, in all years, with no bed more.")
    beds: list[BedsAt]
    left: int = Field(description="Of band 1, in all years, with those beds.")
    reached: bool = Field(description="Whether nobody of band 1 is left.")
    enough: bool = Field(
        description="Whether nobody is left whom a bed there could take: all are beyond help."
    )
    beyond_help: int = Field(description="Of those left, people whom no bed there could take.")
    smallest: bool = Field(description="Whether it is known that fewer beds would not do.")
    runs: int = Field(description="Sets of beds that were tried.")

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, found: Any) -> Any:
        """Figures that were kept before it was told whether the beds are enough."""
        if isinstance(found, dict) and "enough" not in found:
            return {**found, "enough": found.get("left", 0) <= found.get("beyond_help", 0)}
        return found


class AnswersTold(Shown):
    """Null: not asked."""

    best_sites: SitesTold | None = None
    closures: SitesTold | None = None
    enough_beds: EnoughBedsTold | None = None


class StudyFigures(Shown):
    """Simulated, not observed: it says nothing of what anyone did."""

    kind: Literal["scenario", "simulation"]
    synthetic_estate: bool = Field(description="Whether the estate is made up. People always are.")
    replications: int
    days: int
    warm_up_days: int
    less: str = Field(description="What differences are to: the base, or the first method.")
    figures: list[FigureTold]
    outcomes: list[OutcomeTold]
    ledger: list[UnmetTold]
    gate: list[GateTold]
    answers: AnswersTold
    names: dict[str, str] = Field(
        default={}, description="What the premises of the base are called, by their ids."
    )
