"""The grids say of every bed and arrival what the referee says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.explain.proposal import Proposal
from allocator.explain.verified import breaches
from allocator.rules.barred import bed_bars
from tests.explain.some_plans import a_situation, an_oracle, opinion, unplaced
from tests.plans import a_placement

SEEDS = range(400)


@pytest.mark.parametrize("first", range(0, len(SEEDS), 100))
def test_a_bed_is_open_exactly_when_the_referee_accepts_the_person_in_it(first: int) -> None:
    asked = 0
    for seed in SEEDS[first : first + 100]:
        case, situation = a_situation(seed)
        oracle = an_oracle(case)
        for referral in unplaced(situation):
            request = situation.request(referral)
            where, when = situation.open_to(request)
            found = {
                (situation.stock.beds[b], situation.date_of(d))
                for b, d in zip(where.tolist(), when.tolist(), strict=True)
            }
            wanted = set()
            for placement in oracle.options(referral):
                plan = situation.plan
                if oracle.is_lawful(replace(plan, placements=(*plan.placements, placement))):
                    wanted.add((placement.bed_id, placement.stay.arrival))
                asked += 1
            assert found == wanted, f"seed {seed}, {referral.id}"
    assert asked > 100


def test_beds_barred_are_those_the_rules_bar_one_by_one() -> None:
    for seed in SEEDS[:60]:
        case, situation = a_situation(seed)
        for referral in case.problem.referrals:
            masks = situation.bars.of(referral)
            for number, bed in enumerate(situation.stock.beds):
                barred = tuple(code for code, mask in masks.items() if mask[number])
                assert barred == bed_bars(referral, bed, case.problem, case.policy)


def test_the_ledger_is_as_it_was_after_people_were_taken_out_and_put_back() -> None:
    for seed in SEEDS[:30]:
        _, situation = a_situation(seed)
        ledger = situation.ledger
        before = [ledger.busy_before.copy(), ledger.full_before.copy(), ledger.arrivals.copy()]
        with ledger.changed(out=situation.people):
            assert not ledger.asleep.any()
            assert not ledger.people.any()
        after = [ledger.busy_before, ledger.full_before, ledger.arrivals]
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_referee_says_of_the_part_what_it_says_of_the_whole() -> None:
    """Any bed and arrival for any unplaced person, lawful or not."""
    lawful = unlawful = 0
    for seed in SEEDS[:40]:
        case, situation = a_situation(seed)
        for referral in unplaced(situation):
            for option in an_oracle(case).options(referral):
                proposal = Proposal(referral, option.bed_id, option.stay.arrival)
                part = {(b.code, b.subject) for b in breaches(proposal, situation)}
                whole = {(b.code, b.subject) for b in opinion(proposal, situation)}
                assert part == whole, f"seed {seed}, {option}"
                lawful += not whole
                unlawful += bool(whole)
    assert lawful > 20
    assert unlawful > 20


def test_a_placement_made_by_a_proposal_is_the_one_a_plan_would_have() -> None:
    case, situation = a_situation(3)
    referral, bed = case.problem.referrals[0], case.problem.beds[0]
    proposal = Proposal(referral, bed.id, referral.release_date)
    plan = proposal.plan_after(situation.plan, case.problem, case.policy)
    expected = a_placement(case.problem, case.policy, referral.id, bed.id, referral.release_date)
    assert plan.placement_of[referral.id] == expected
