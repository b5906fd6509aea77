"""Reason models: explanations as they are told. No CRN in what a planner gets."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from api.wire.words import Shown


class MainReason(Shown):
    """The one main thing, as a kind and a sentence."""

    kind: str
    text: str


class ChangeTold(Shown):
    """One small change, and the bed it would give. `amount`: days, miles or nights, by kind."""

    kind: str
    text: str
    bed_id: str
    premises: str
    arrival: date
    amount: int | None
    band_of_person_who_makes_way: int | None
    price: str
    better_in_the_policys_order: bool


class HeldBy(Shown):
    """Who holds beds, as counts by band; nobody is named."""

    residents: int
    bookings: dict[str, int]
    placements: dict[str, int]


class NotKnown(Shown):
    """Something nobody has said, how it was read, and how many beds that reading bars."""

    field: str
    read_as: str
    beds_barred: int | None
    text: str


class NextBest(Shown):
    """The best other bed that is free. `won_on`: the aim by which the proposed one is better."""

    bed_id: str
    premises: str
    arrival: date
    won_on: str | None
    is_better: bool
    costs: list[str]
    saves: list[str]


class LevelUpTold(Shown):
    """What an assessment one level higher would do. `shown`: a better plan is known."""

    referral_id: str
    crn: str | None = None
    band: int
    band_if: int | None
    assessed: str
    shown: bool
    change: ChangeTold | None
    text: str


class UnplacedTold(Shown):
    """One person without a bed: why, and the smallest changes that would give them one."""

    referral_id: str
    crn: str | None = None
    outcome: Literal["unplaced"]
    band: int
    main_reason: MainReason
    beds: int
    beds_barred: dict[str, int]
    beds_lawful: int
    held_by: HeldBy = Field(description="Who holds the lawful beds.")
    marginal_count: dict[str, int] | None = Field(
        description="Beds that meet each need, where no bed meets them all."
    )
    changes: list[ChangeTold]
    changes_tried: list[str]
    nothing_would_change: str | None
    one_level_up: LevelUpTold | None
    not_known: list[NotKnown]
    needs_exceptional_agreement: bool


class PlacedTold(Shown):
    """One person with a bed: what it meets, and the next best that is free."""

    referral_id: str
    crn: str | None = None
    outcome: Literal["placed"]
    band: int
    bed_id: str
    premises: str
    arrival: date
    departure: date
    nights_after_release: int
    miles: float | None
    firm: bool
    decide_by: date
    essential_met: list[str]
    desirable_met: list[str]
    desirable_not_met: list[str]
    next_best: NextBest | None
    not_known: list[NotKnown]
    needs_exceptional_agreement: bool


class ReasonTold(Shown):
    """The main reason alone. `code` is for programs."""

    referral_id: str
    code: str
    main_reason: MainReason


class SupposedTold(Shown):
    """Where the person would go; and unless a bed is open as things are, what is in the way."""

    referral_id: str
    band: int
    insertion: ChangeTold | None
    explanation: UnplacedTold | None
