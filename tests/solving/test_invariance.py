"""What must not matter does not, and what is not known never makes anyone's chances better."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from allocator.plan import Plan, Sense
from allocator.problem import Problem
from allocator.problem_file import write_plan
from allocator.referral import Referral
from allocator.solving import solve
from allocator.vocabulary import Offence
from tests.builders import a_bed, a_room
from tests.oracle import Oracle
from tests.plans import a_placement, a_plan
from tests.solving.oracle_run import an_earlier_plan
from tests.strategies import SmallCase, a_small_case

SEEDS = range(80)
PARTS = (
    "premises",
    "rooms",
    "beds",
    "out_of_service",
    "referrals",
    "bookings",
    "separations",
    "zones",
)


def solved(case: SmallCase) -> Plan:
    return solve(
        case.problem,
        case.policy,
        keep=an_earlier_plan(case),
        displacement=case.displacement,
    )


def bytes_of(plan: Plan, tmp_path) -> bytes:
    """The plan's file without what times it and what names its problem."""
    levels = tuple(replace(level, seconds=0.0) for level in plan.levels)
    write_plan(replace(plan, levels=levels, seconds=0.0, problem_hash=""), tmp_path / "plan.json")
    return (tmp_path / "plan.json").read_bytes()


def with_problem(case: SmallCase, problem: Problem) -> SmallCase:
    return replace(case, problem=problem)


def with_protected(problem: Problem, dice: Random) -> Problem:
    """Each referral with drawn characteristics that the law protects."""
    return problem.with_referrals(
        replace(
            referral,
            protected=(
                ("ethnicity", dice.choice(("A", "B", "C"))),
                ("religion", dice.choice(("D", "E", ""))),
                ("age", str(dice.randrange(18, 90))),
            ),
        )
        for referral in problem.referrals
    )


def shuffled(problem: Problem, dice: Random) -> Problem:
    def part(name: str) -> tuple[object, ...]:
        rows = list(getattr(problem, name))
        return tuple(dice.sample(rows, len(rows)))

    return replace(problem, **{name: part(name) for name in PARTS})


@pytest.mark.parametrize("seed", SEEDS)
def test_protected_characteristics_change_nothing(seed, tmp_path):
    dice = Random(seed)
    case = a_small_case(dice)
    plans = {
        bytes_of(solved(with_problem(case, with_protected(case.problem, dice))), tmp_path)
        for _ in range(2)
    }
    assert plans == {bytes_of(solved(case), tmp_path)}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_rows_changes_nothing(seed, tmp_path):
    dice = Random(seed)
    case = a_small_case(dice)
    again = with_problem(case, shuffled(case.problem, dice))
    assert bytes_of(solved(again), tmp_path) == bytes_of(solved(case), tmp_path)


def with_a_bed_more(problem: Problem, dice: Random) -> Problem:
    """One more room of one bed: a second bed in a room would take away a room of one's own."""
    premises = dice.choice(problem.premises)
    room = a_room("new", premises.id, characteristics=dice.choice(problem.rooms).characteristics)
    return replace(
        problem, rooms=(*problem.rooms, room), beds=(*problem.beds, a_bed("new-B1", "new"))
    )


def reached(plan: Plan) -> list[int]:
    return [lv.value if lv.sense is Sense.MOST else -lv.value for lv in plan.levels]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_bed_never_makes_a_plan_worse(seed):
    dice = Random(seed)
    case = a_small_case(dice)
    more = with_problem(case, with_a_bed_more(case.problem, dice))
    assert reached(solved(more)) >= reached(solved(case))


def less_known(referral: Referral) -> Iterator[Referral]:
    """The referral with one risk field after the other deleted."""
    for field in ("tier", "rosh", "mappa_level", "restriction_codes", "sharing"):
        if getattr(referral, field) is not None:
            yield replace(referral, **{field: None})
    for offence in Offence:
        if offence not in referral.offences_unknown:
            yield replace(
                referral,
                offences=referral.offences - {offence},
                offences_unknown=referral.offences_unknown | {offence},
            )


def lawful_options(case: SmallCase, referral: Referral) -> set[tuple[str, int]]:
    """Beds and days of arrival that the referee has nothing against, beside settled bookings."""
    problem = case.problem.with_referrals((referral,))
    oracle = Oracle(problem, case.policy, case.displacement)
    empty = a_plan(problem, case.policy, displacement=case.displacement)
    first = max(referral.release_date, problem.as_of)
    days = range((max(referral.latest_arrival, first) - first).days + 1)
    return {
        (bed.id, number)
        for bed in problem.beds
        for number in days
        for arrival in [first + timedelta(days=number)]
        for placed in [a_placement(problem, case.policy, referral.id, bed.id, arrival)]
        if oracle.is_lawful(replace(empty, placements=(placed,)))
    }


def test_what_is_not_known_never_opens_a_bed_and_never_lowers_the_band():
    tried = smaller = higher = 0
    for seed in range(300):
        case = a_small_case(Random(seed))
        for referral in case.problem.referrals[:2]:
            known = lawful_options(case, referral)
            for unknown in less_known(referral):
                left = lawful_options(case, unknown)
                assert left <= known, (seed, referral.id, unknown)
                assert case.policy.band_of(unknown) <= case.policy.band_of(referral)
                tried += 1
                smaller += left < known
                higher += case.policy.band_of(unknown) < case.policy.band_of(referral)
    assert tried > 3_000
    assert smaller > 100
    assert higher > 100
