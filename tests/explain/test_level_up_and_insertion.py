"""One level up and insertion on random small problems: what is shown is so."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from allocator.check import check, recompute
from allocator.explain import Kind, best_insertion, level_up
from allocator.explain.level_up import reassessed
from tests.explain import plain_search
from tests.explain.some_plans import a_situation, after, opinion, unplaced
from tests.strategies import a_small_case

SEEDS = range(300)


def test_a_higher_assessment_is_shown_to_win_by_a_lawful_and_better_plan() -> None:
    shown = 0
    for seed in SEEDS:
        _, situation = a_situation(seed)
        for referral in unplaced(situation):
            found = level_up(referral, situation)
            if found.change is None:
                continue
            plan, problem = after(found.change.proposal, situation)
            assert check(plan, problem, situation.policy) == []
            assert referral.id in plan.placement_of
            signs = [level.sign for level in situation.gains.levels]
            now = recompute(situation.plan, situation.problem, situation.policy).values()
            then = recompute(plan, problem, situation.policy).values()
            assert [s * v for s, v in zip(signs, then, strict=True)] > [
                s * v for s, v in zip(signs, now, strict=True)
            ]
            shown += 1
    assert shown > 30


def test_the_person_assessed_anew_is_in_a_higher_band_and_otherwise_the_same() -> None:
    for seed in SEEDS[:100]:
        _, situation = a_situation(seed)
        for referral in situation.problem.referrals:
            found = reassessed(referral, situation.policy)
            if found is not None:
                words, higher = found
                assert words
                assert situation.policy.band_of(higher) < situation.policy.band_of(referral)
                same = replace(
                    higher,
                    rosh=referral.rosh,
                    mappa_level=referral.mappa_level,
                    tier=referral.tier,
                )
                assert same == referral


def test_a_new_person_is_given_the_first_kind_of_place_that_there_is() -> None:
    kinds = []
    for seed in SEEDS:
        _, situation = a_situation(seed)
        other = a_small_case(Random(seed + 10_000)).problem.referrals[0]
        new = replace(other, id="new")
        change = best_insertion(situation, new)
        if plain_search.direct(new, situation):
            wanted = Kind.NOTHING
        else:
            order = (Kind.RESEATED, Kind.MOVED, Kind.DISPLACED)
            wanted = next((k for k in order if plain_search.exists(k, new, situation)), None)
        assert (None if change is None else change.kind) is wanted, f"seed {seed}"
        if change is not None:
            assert opinion(change.proposal, situation) == []
        kinds.append(wanted)
    assert {None, Kind.NOTHING, Kind.MOVED, Kind.DISPLACED} <= set(kinds)
