"""Plan: what the allocator proposes, what it reached, and how that can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from allocator.nights import Stay

PLAN_VERSION = 1


class PlanStatus(StrEnum):
    """How the solve ended. There is always a plan, if only one that places nobody."""

    OPTIMAL = "optimal"
    """Every level is proven."""
    FEASIBLE = "feasible"
    """Lawful, and not every level is proven."""


class EndedBy(StrEnum):
    """What stopped the work."""

    PROVEN = "proven"
    EFFORT = "effort"
    """The deterministic work budget was used up: a second run gives the same plan."""
    TIME_LIMIT = "time limit"
    """The clock ran out: a second run may give another plan."""
    INTERRUPTED = "interrupted"


class Sense(StrEnum):
    """Whether an aim wants much or little."""

    MOST = "most"
    FEWEST = "fewest"


@dataclass(frozen=True, slots=True)
class Placement:
    """A referral given a bed for a stay: a proposal until a named person accepts it."""

    referral_id: str
    bed_id: str
    stay: Stay
    band: int
    decide_by: date
    """The policy's commit-by day: firm when it is not after the plan's date, else provisional."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The bed a booking has in this plan.

    `inferred`: the source named no bed. `moved`: it is at another premises than was booked
    (displacement mode only).
    """

    booking_id: str
    bed_id: str
    inferred: bool
    moved: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Surplus:
    """A booking without a bed: its premises is booked beyond its beds, or another has its bed."""

    booking_id: str
    premises_id: str


@dataclass(frozen=True, slots=True)
class LevelReached:
    """One aim in the policy's order: what the plan reaches, and what no plan can beat.

    `bound` holds for every plan at least as good on all earlier levels; None: none is known.
    `proven`: value equals the bound.
    """

    aim: str
    band: int | None
    sense: Sense
    unit: str
    value: int
    bound: int | None
    proven: bool
    seconds: float = 0.0

    @property
    def code(self) -> str:
        """`placed/1` for an aim taken band by band, else the aim's code."""
        return self.aim if self.band is None else f"{self.aim}/{self.band}"

    @property
    def gap(self) -> float | None:
        """|bound - value| as a share of the bound (of 1 when it is 0); None without a bound."""
        if self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1, abs(self.bound))


@dataclass(frozen=True, slots=True)
class PriceRun:
    """The same price on every night from `first` until the next run."""

    first: date
    price: int


@dataclass(frozen=True, slots=True)
class BedPrices:
    """Beds that share one price for each night."""

    bed_ids: tuple[str, ...]
    runs: tuple[PriceRun, ...]


@dataclass(frozen=True, slots=True)
class SidePrices:
    """Prices on a rule's own limit: `kind` is mix or arrivals; `key` says whose limit.

    mix: `premises/attribute`. arrivals: the premises' id.
    """

    kind: str
    key: str
    runs: tuple[PriceRun, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices that bound one level; docs/model.md#certificate says how to add them up.

    All prices and weights are whole numbers of 1/`scale` of the level's unit. `earlier` gives
    the weight of each earlier level, by code.
    """

    level: str
    scale: int
    earlier: tuple[tuple[str, int], ...]
    beds: tuple[BedPrices, ...]
    sides: tuple[SidePrices, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every referral placed or unplaced, every booking seated or surplus, and what was reached."""

    as_of: date
    problem_hash: str
    policy_name: str
    policy_hash: str
    status: PlanStatus
    ended_by: EndedBy
    placements: tuple[Placement, ...]
    unplaced: tuple[str, ...]
    """Ids of the referrals without a bed."""
    seats: tuple[Seat, ...] = ()
    surplus: tuple[Surplus, ...] = ()
    levels: tuple[LevelReached, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    displacement: bool = False
    kept_plan: tuple[tuple[str, str, date], ...] = ()
    """The earlier plan that `least_change` was measured against: referral, premises, arrival."""
    effort: str = ""
    seed: int = 0
    seconds: float = 0.0
    versions: tuple[tuple[str, str], ...] = ()
    synthetic: bool = False
    timed: bool = False
    """Whether a time limit had a say in which plan it is: the same again may come to another."""
    version: int = field(default=PLAN_VERSION)

    def __getstate__(self) -> dict[str, object]:
        """What another process is given: not the look-ups, which it makes again."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def placement_of(self) -> Mapping[str, Placement]:
        """Placements by referral id."""
        return MappingProxyType({p.referral_id: p for p in self.placements})

    @cached_property
    def seat_of(self) -> Mapping[str, Seat]:
        """Seats by booking id."""
        return MappingProxyType({s.booking_id: s for s in self.seats})

    def level(self, code: str) -> LevelReached:
        """The level with this code. Raises KeyError when the plan has none."""
        for level in self.levels:
            if level.code == code:
                return level
        raise KeyError(code)
