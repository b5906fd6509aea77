"""Small problems that reach every rule, from a seed or from Hypothesis: one maker for both.

case = a_small_case(random.Random(7))
@given(small_cases())
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from allocator.booking import Booking
from allocator.estate import Bed, OutOfService
from allocator.held import HeldNights
from allocator.policy import AIM_CODES, Policy
from allocator.problem import Problem
from allocator.referral import Referral, ShareAssessment
from allocator.safeguards import ExclusionZone, Separation
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute, Offence, RiskTier, Rosh
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_cap,
    a_circle_zone,
    a_point,
    a_policy,
    a_problem,
    a_referral,
    a_restriction,
    a_separation,
    a_square_zone,
    a_stay,
    an_estate,
    day,
    held,
    may_share,
    out_of_service,
)

T = TypeVar("T")
SHAPES: tuple[dict[str, tuple[int, ...]], ...] = (
    {"P1": (1,)},
    {"P1": (2,)},
    {"P1": (1, 2)},
    {"P1": (1,), "P2": (1,)},
    {"P1": (2,), "P2": (1,)},
    {"P1": (1, 1), "P2": (2,)},
    {"P1": (3,)},
    {"P1": (1,), "P2": (1,), "P3": (1,)},
)
MILES_NORTH = (0, 3, 40, 60, None)
ROOM_FEATURES = (
    Criterion.IS_SINGLE,
    Criterion.IS_ARSON_SUITABLE,
    Criterion.IS_SUITED_FOR_SEX_OFFENDERS,
    Criterion.HAS_EN_SUITE,
    Criterion.IS_GROUND_FLOOR,
)
PREMISES_FEATURES = (Criterion.IS_SUITABLE_FOR_VULNERABLE, Criterion.IS_CATERED)
CRNS = ("CRN-1", "CRN-2", "CRN-3", "CRN-4", "CRN-5", "CRN-6")
CODES = ("no-gambling", "no-schools")


@dataclass(frozen=True)
class SmallCase:
    """A small problem, and how it is to be planned."""

    problem: Problem
    policy: Policy
    displacement: bool = False
    kept_plan: tuple[tuple[str, str, date], ...] = ()


@st.composite
def small_cases(draw: st.DrawFn) -> SmallCase:
    """The maker below with Hypothesis for its dice, so that what fails is made smaller."""
    return a_small_case(draw(st.randoms(use_true_random=False)))


def a_small_case(dice: Random, *, displacement: bool | None = None) -> SmallCase:
    """At most five referrals, four beds, windows of three days and three bookings."""
    estate = _estate(dice)
    crowded = dice.random() < 0.2
    beds = estate["beds"][:1] if crowded else estate["beds"]
    bookings = [
        _booking(dice, f"bkg-{n}", estate, dice.choice(beds), open=crowded)
        for n in range(3 if crowded else dice.choice((0, 0, 1, 2, 2)))
    ]
    referrals = [_referral(dice, f"ref-{n}") for n in range(dice.choice((1, 2, 3, 3, 4, 5)))]
    problem = a_problem(
        referrals=referrals,
        bookings=bookings,
        out_of_service=_out_of_service(dice, estate),
        separations=_separations(dice),
        zones=_zones(dice),
        **estate,
    )
    if displacement is None:
        displacement = dice.random() < 0.25
    policy, kept_plan = _policy(dice), _kept_plan(dice, problem)
    problem = replace(problem, held=_held(dice, problem))
    return SmallCase(problem, policy, displacement, kept_plan)


def _policy(dice: Random) -> Policy:
    last = list(AIM_CODES[2:])
    if dice.random() < 0.3:
        dice.shuffle(last)
    return a_policy(
        arrivals_per_day=dice.choice((0, 0, 0, 1, 2)),
        displacement_freeze_days=dice.choice((0, 1, 2)),
        aims=(*AIM_CODES[:2], *last),
    )


def _estate(dice: Random) -> dict[str, Any]:
    shape = dice.choice(SHAPES)
    rooms = [f"{p}-R{n}" for p, sizes in shape.items() for n in range(1, len(sizes) + 1)]
    beds = [
        f"{p}-R{n}-B{k}"
        for p, sizes in shape.items()
        for n, size in enumerate(sizes, 1)
        for k in range(1, size + 1)
    ]
    return an_estate(
        shape,
        premises={premises: _premises(dice) for premises in shape},
        rooms={room: {"characteristics": _some(dice, ROOM_FEATURES, 0.6)} for room in rooms},
        beds={bed: _bed(dice) for bed in beds},
    )


def _premises(dice: Random) -> dict[str, Any]:
    north = dice.choice(MILES_NORTH)
    return {
        "gender": _mostly(dice, Gender.MAN, Gender.WOMAN),
        "ap_types": _mostly(dice, frozenset({ApType.NORMAL}), frozenset({ApType.PIPE})),
        "characteristics": _some(dice, sorted(ALL_ACCEPTED), 0.9)
        | _some(dice, PREMISES_FEATURES, 0.5),
        "location": None if north is None else a_point(north),
        "open": _mostly(dice, True, False),
        "arrivals_per_day": dice.choice((None, None, None, None, None, None, 0, 1)),
        "mix_caps": tuple(
            a_cap(attribute, dice.choice((0, 1, 1, 2)))
            for attribute in MixAttribute
            if dice.random() < 0.1
        ),
        "local_restrictions": tuple(a_restriction(code) for code in CODES if dice.random() < 0.1),
    }


def _bed(dice: Random) -> dict[str, Any]:
    return {
        "starts": _mostly(dice, None, day(dice.choice((-1, 1, 2)))),
        "ends": _mostly(dice, None, day(dice.choice((3, 4, 6)))),
    }


def _out_of_service(dice: Random, estate: dict[str, Any]) -> tuple[OutOfService, ...]:
    return tuple(
        out_of_service(bed.id, dice.choice((-1, 0, 2, 3)), dice.choice((1, 2)))
        for bed in estate["beds"]
        if dice.random() < 0.1
    )


def _held(dice: Random, problem: Problem) -> tuple[HeldNights, ...]:
    return tuple(
        held(bed.id, dice.choice((-1, 0, 1, 2, 3)), dice.choice((1, 2, 5)), dice.choice((1, 2, 3)))
        for bed in problem.beds
        if dice.random() < 0.15
    )


def _referral(dice: Random, id: str, **changes: Any) -> Referral:
    release = dice.choice((-2, 0, 1, 1, 1, 2))
    north = dice.choice((0, 0, 2, 30, None))
    values: dict[str, Any] = {
        "crn": dice.choice(CRNS),
        "gender": _mostly(dice, Gender.MAN, Gender.WOMAN),
        "release_date": release,
        "latest_arrival": release + dice.choice((0, 0, 1, 2)),
        "nights": dice.choice((1, 2, 2, 3, 4)),
        "ap_type": _mostly(dice, ApType.NORMAL, ApType.PIPE),
        "tier": dice.choice((None, *RiskTier)),
        "rosh": dice.choice((None, *Rosh, Rosh.LOW, Rosh.HIGH)),
        "mappa_level": dice.choice((None, 0, 0, 1, 2, 3)),
        "location": None if north is None else a_point(north),
        "aimed_radius_miles": dice.choice((None, None, 1, 20)),
        "consented_radius_miles": _mostly(dice, None, dice.choice((0, 10, 50))),
        "essential": _some(dice, (*ROOM_FEATURES, *PREMISES_FEATURES), 0.04),
        "desirable": _some(dice, (*ROOM_FEATURES, *PREMISES_FEATURES), 0.3),
        "offences": _some(dice, tuple(Offence), 0.07),
        "offences_unknown": _some(dice, tuple(Offence), 0.03),
        "restriction_codes": _mostly(dice, frozenset(), dice.choice((None, frozenset(CODES[:1])))),
        "licence_expiry": _mostly(dice, None, release + dice.choice((2, 3, 4))),
        "sharing": _sharing(dice),
        "preferred_premises": tuple(dice.sample(("P1", "P2", "P3"), dice.choice((0, 1, 2)))),
        "failed_attempts": dice.choice((0, 0, 1, 12)),
    }
    return a_referral(id, **(values | changes))


def _sharing(dice: Random) -> ShareAssessment | None:
    until, suitable = dice.choice((1, 3, 90, 90, 90)), dice.random() < 0.9
    return dice.choice((None, may_share(until, suitable=suitable), may_share()))


def _booking(dice: Random, id: str, estate: dict[str, Any], bed: Bed, *, open: bool) -> Booking:
    premises_of = {room.id: room.premises_id for room in estate["rooms"]}
    resident = dice.random() < 0.4
    arrival = dice.choice((-6, -3)) if resident else dice.choice((0, 1, 1, 2, 3))
    crn = dice.choice((f"CRN-{id}", f"CRN-{id}", *CRNS))
    return a_booking(
        id,
        crn=crn,
        premises_id=premises_of[bed.room_id],
        stay=a_stay(arrival, dice.choice((2, 3, 4, 8))),
        resident=resident,
        bed_id=None if open or dice.random() < 0.5 else bed.id,
        essential=_some(dice, (*ROOM_FEATURES, *PREMISES_FEATURES), 0.1),
        sharing=_sharing(dice),
        referral=None if dice.random() < 0.3 else _referral(dice, f"of-{id}", crn=crn),
    )


def _separations(dice: Random) -> tuple[Separation, ...]:
    pairs = [tuple(dice.sample(CRNS, 2)) for _ in range(dice.choice((0, 1, 2, 3)))]
    return tuple(
        a_separation(one, other, dice.choice((None, None, 5.0, 50.0))) for one, other in pairs
    )


def _zones(dice: Random) -> tuple[ExclusionZone, ...]:
    found: list[ExclusionZone] = []
    for _ in range(dice.choice((0, 0, 1, 2))):
        crn, centre = dice.choice(CRNS), a_point(dice.choice((0, 3, 41)))
        found.append(
            dice.choice(
                (
                    a_circle_zone(crn, dice.choice((1.0, 3.5)), centre),
                    a_square_zone(crn, centre, 0.05),
                    ExclusionZone(crn=crn, premises_ids=frozenset({"P1"})),
                )
            )
        )
    return tuple(found)


def _kept_plan(dice: Random, problem: Problem) -> tuple[tuple[str, str, date], ...]:
    if dice.random() < 0.5:
        return ()
    return tuple(
        (
            referral.id,
            dice.choice(problem.premises).id,
            max(referral.release_date, dice.choice((day(0), referral.latest_arrival))),
        )
        for referral in problem.referrals
        if dice.random() < 0.7
    )


def _some(dice: Random, values: Sequence[T], chance: float) -> frozenset[T]:
    return frozenset(value for value in values if dice.random() < chance)


def _mostly(dice: Random, usual: Any, other: Any) -> Any:
    return other if dice.random() < 0.05 else usual
