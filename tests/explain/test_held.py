"""Explaining holds: a bed that is held is a bar, or a reason why no bed is free."""

from __future__ import annotations

import pytest

from allocator.explain import Kind, Situation, reason_of
from allocator.explain.insertion import best_insertion
from allocator.explain.unplaced import explain_unplaced
from allocator.holding.seated import seated
from allocator.rules.barred import bed_bars, count_bars
from allocator.simulate.board import Slot
from allocator.solving import solve
from allocator.vocabulary import Rosh
from tests.builders import a_problem, a_referral, an_estate, day, default_policy, held

BED = "P1-R1-B1"
POLICY = default_policy()


def planned(*holds, shape=(1,), **referral):
    problem = a_problem(
        referrals=[a_referral(nights=3, **referral)], held=holds, **an_estate({"P1": shape})
    )
    plan = solve(problem, POLICY, effort="quick")
    return plan, problem, Situation(plan, problem, POLICY)


def test_who_is_kept_out_on_every_day_is_told_that_the_bed_is_held():
    plan, problem, situation = planned(held(BED, 0, 20))
    (referral,) = problem.referrals
    assert plan.unplaced == ("ref-1",)
    assert bed_bars(referral, BED, problem, POLICY) == ("held_bed",)
    assert count_bars(referral, problem, POLICY) == {"held_bed": 1}
    told = explain_unplaced(referral, situation)
    assert told.barred == {"held_bed": 1} and told.lawful == 0
    assert "held for people of a higher band" in told.reason.text


@pytest.mark.parametrize(
    ("unknown", "lowest_band", "words"),
    [
        ("rosh", 1, "the risk of serious harm (RoSH) were known to be Very High"),
        ("mappa_level", 1, "the MAPPA level were known to be 3"),
        ("tier", 2, "the risk tier were known to be of letter A"),
    ],
)
def test_risk_that_is_not_known_is_to_be_found_out_where_it_might_open_a_held_bed(
    unknown, lowest_band, words
):
    plan, problem, situation = planned(held(BED, 0, 20, lowest_band), **{unknown: None})
    assert plan.unplaced == ("ref-1",), "what is not known opens no held bed"
    found = explain_unplaced(problem.referrals[0], situation).changes
    (told,) = [each.text for each in found if each.kind is Kind.FOUND_OUT]
    assert told.startswith(f"If {words}: find out the ")


def test_a_tier_that_is_not_known_opens_no_bed_held_for_those_above_any_tier():
    _, problem, situation = planned(held(BED, 0, 20, 1), tier=None)
    found = explain_unplaced(problem.referrals[0], situation).changes
    assert Kind.FOUND_OUT not in {each.kind for each in found}


def test_arriving_later_helps_where_the_hold_is_over_by_then():
    _, problem, situation = planned(held(BED, 0, 4))
    told = explain_unplaced(problem.referrals[0], situation)
    assert [change.kind.value for change in told.changes] == ["later"]
    assert told.changes[0].amount == 3


def test_a_bed_that_is_free_but_for_a_hold_is_counted_in_the_reason():
    # From day 1 the bed is held, and from day 4 on somebody else has it.
    problem = a_problem(
        referrals=[
            a_referral("ref-1", nights=3, latest_arrival=4),
            a_referral("ref-2", nights=3, release_date=4, rosh=Rosh.VERY_HIGH),
        ],
        held=[held(BED, 1, 3)],
    )
    plan = solve(problem, POLICY, effort="quick")
    assert plan.unplaced == ("ref-1",)
    situation = Situation(plan, problem, POLICY)
    text = reason_of(problem.referrals_by_id["ref-1"], situation).text
    assert "1 bed would be free but for a hold" in text


def test_somebody_new_is_put_where_nothing_is_held_from_them():
    _, _, situation = planned(held(BED, 0, 20), shape=(1, 1), release_date=40)
    low = a_referral("new", nights=3)
    change = best_insertion(situation, low)
    assert change is not None and change.bed_id != BED


def test_people_drawn_from_a_forecast_keep_off_held_beds_too():
    plan, problem, _ = planned(held(BED, 0, 20), rosh=Rosh.VERY_HIGH)
    assert [p.bed_id for p in plan.placements] == [BED]
    there = seated(plan, problem, POLICY, 30)
    (asking,) = there.placed.values()
    slot = Slot(0, there.ground.day(day(1)), there.ground.day(day(4)))
    assert there.board.allows(asking, slot)
    low = there.placed["ref-1"]
    unknown = type(low)(
        **{
            name: getattr(low, name)
            for name in low.__dataclass_fields__
            if name not in ("referral",)
        },
        referral=a_referral("other", rosh=None),
    )
    assert not there.board.allows(unknown, slot)
