"""Changes that are told hold, and what is not told is not there: against a plain search."""

from __future__ import annotations

from collections import Counter

import pytest

from allocator.check import recompute
from allocator.explain import Kind, explain_unplaced, own_changes
from allocator.explain.proposal import Proposal
from allocator.explain.unplaced import changes_for
from tests.explain import plain_search
from tests.explain.some_plans import a_situation, after, opinion, unplaced

SEEDS = range(500)
KINDS = (
    Kind.FOUND_OUT,
    Kind.FOUND_OUT_MADE_WAY,
    Kind.LATER,
    Kind.FURTHER,
    Kind.CRITERION,
    Kind.SHORTER,
    Kind.AP_TYPE,
    *plain_search.WAYS,
)


@pytest.fixture(autouse=True)
def a_week_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the plain search ends today."""
    monkeypatch.setattr(own_changes, "LATEST_DAYS", 7)
    monkeypatch.setattr(plain_search, "LATEST_DAYS", 7)


@pytest.mark.parametrize("first", range(0, len(SEEDS), 100))
def test_every_change_is_lawful_and_every_kind_that_is_there_is_told(first: int) -> None:
    looked = 0
    for seed in SEEDS[first : first + 100]:
        _, situation = a_situation(seed)
        for referral in unplaced(situation):
            changes = changes_for(referral, situation)
            for change in changes:
                assert opinion(change.proposal, situation) == [], f"seed {seed}: {change.text}"
            found = {change.kind for change in changes}
            if Kind.NOTHING in found:
                assert plain_search.direct(referral, situation)
                continue
            assert not plain_search.direct(referral, situation)
            wanted = {kind for kind in KINDS if plain_search.exists(kind, referral, situation)}
            assert found == wanted, f"seed {seed}, {referral.id}"
            looked += 1
    assert looked > 10


def test_the_changes_are_the_smallest_of_their_kind() -> None:
    seen: Counter[Kind] = Counter()
    smallest = {
        Kind.LATER: plain_search.later,
        Kind.SHORTER: plain_search.shorter,
        Kind.FURTHER: plain_search.further,
    }
    for seed in SEEDS:
        _, situation = a_situation(seed)
        for referral in unplaced(situation):
            for change in changes_for(referral, situation):
                seen[change.kind] += 1
                if change.kind in smallest:
                    wanted = next(iter(smallest[change.kind](referral, situation)))
                    assert change.amount == wanted, f"seed {seed}, {change.text}"
    assert all(seen[kind] for kind in Kind), seen


def test_whoever_makes_way_once_something_is_found_out_does_by_the_least_that_would_do() -> None:
    seen: Counter[Kind] = Counter()
    for seed in SEEDS:
        _, situation = a_situation(seed)
        for referral in unplaced(situation):
            for change in changes_for(referral, situation):
                if change.kind is not Kind.FOUND_OUT_MADE_WAY:
                    continue
                known = change.proposal.referral
                if known.consented_radius_miles != referral.consented_radius_miles:
                    continue  # the answer stands for a place that is not known
                least = next(
                    k for k in plain_search.WAYS if plain_search.exists(k, known, situation)
                )
                assert way_of(change.proposal) is least, f"seed {seed}, {change.text}"
                assert not change.better
                seen[least] += 1
    assert seen[Kind.MOVED] and seen[Kind.DISPLACED], seen


def way_of(proposal: Proposal) -> Kind:
    if proposal.reseated is not None:
        return Kind.RESEATED
    return Kind.DISPLACED if proposal.again is None else Kind.MOVED


def test_a_change_called_better_is_better_in_the_policys_order() -> None:
    better = 0
    for seed in SEEDS:
        _, situation = a_situation(seed)
        signs = [level.sign for level in situation.gains.levels]
        now = recompute(situation.plan, situation.problem, situation.policy)
        before = [s * v for s, v in zip(signs, now.values(), strict=True)]
        for referral in unplaced(situation):
            for change in changes_for(referral, situation):
                if change.kind in plain_search.WAYS or change.kind is Kind.NOTHING:
                    plan, problem = after(change.proposal, situation)
                    reached = recompute(plan, problem, situation.policy).values()
                    then = [s * v for s, v in zip(signs, reached, strict=True)]
                    assert change.better == (then > before), f"seed {seed}, {change.text}"
                    better += change.better
    assert better > 10


def test_what_nothing_would_change_is_said_with_the_kinds_that_were_tried() -> None:
    said = 0
    for seed in SEEDS[:80]:
        _, situation = a_situation(seed)
        for referral in unplaced(situation):
            found = explain_unplaced(referral, situation)
            assert bool(found.nothing) == (not found.changes)
            if found.nothing:
                said += 1
                looked = found.nothing.startswith("Beside this plan, no single change")
                assert looked == bool(found.tried)
    assert said > 5
