"""Plan models: a plan, its proof and its difference from another, as they are told."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from allocator.plan import Certificate
from api.routes.run_reads import Restricted
from api.wire.words import Shown


class LevelTold(Shown):
    """One level: what is reached, and what no lawful plan can beat."""

    code: str
    unit: str
    sense: str
    value: int
    bound: int | None
    proven: bool


class PlacementTold(Shown):
    """A bed proposed for somebody."""

    referral_id: str
    bed_id: str
    arrival: date
    departure: date
    band: int
    decide_by: date


class SeatTold(Shown):
    """The bed of a booking."""

    booking_id: str
    bed_id: str
    inferred: bool
    moved: bool


class PlanTold(Shown):
    """The whole plan, but for its certificates."""

    run_id: str
    as_of: date
    status: str
    ended_by: str
    problem_hash: str
    policy_name: str
    policy_hash: str
    versions: dict[str, str]
    synthetic: bool
    levels: list[LevelTold]
    placements: list[PlacementTold]
    unplaced: list[str]
    seats: list[SeatTold]
    surplus: list[str] = Field(description="Bookings that no bed of their premises can hold.")
    restricted: list[Restricted] = Field(description="People in the plan whom you may not see.")


class Certificates(Shown):
    """Prices that prove the bounds: docs/model.md says how to add them up."""

    run_id: str
    problem_hash: str
    policy_hash: str
    certificates: list[Certificate]


class BedTold(Shown):
    """Where somebody would be, and when."""

    bed_id: str
    arrival: date
    departure: date


class DifferenceTold(Shown):
    """One person whom two plans treat differently. None: without a bed."""

    referral_id: str
    here: BedTold | None
    there: BedTold | None


class LevelBeside(Shown):
    """One level in both plans. None: that plan has no such level."""

    code: str
    unit: str
    here: int | None
    there: int | None


class ComparisonTold(Shown):
    """What changed from the other run (`there`) to this one (`here`)."""

    here: str
    there: str
    gained: list[DifferenceTold]
    lost: list[DifferenceTold]
    moved: list[DifferenceTold]
    only_here: list[str] = Field(description="People of whom the other run knew nothing.")
    only_there: list[str]
    levels: list[LevelBeside]
    restricted: list[Restricted] = Field(description="People in either plan whom you may not see.")
