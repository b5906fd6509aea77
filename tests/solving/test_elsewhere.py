"""Where there are more options than are listed: near ones are, and bounds hold for the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.candidates import Candidates
from allocator.check import check
from allocator.generate import generate
from allocator.geography.distance import miles_between
from allocator.policy import load_policy
from allocator.solving import options, solve
from allocator.solving.certify import best_anywhere
from allocator.solving.model import build_model
from allocator.solving.prices import Prices, gain_at
from allocator.solving.strips import Strips

POLICY = load_policy()
PROBLEM = generate("S", 3, windows="mixed")
WHOLE = build_model(PROBLEM, POLICY)


@pytest.fixture
def narrow(monkeypatch):
    """People's options are listed at two premises of ten."""
    monkeypatch.setattr(options, "MOST_PAIRS", 0)
    monkeypatch.setattr(options, "LISTED_PAIRS", 0)
    monkeypatch.setattr(options, "FEWEST_PREMISES", 2)


@pytest.mark.parametrize("level", range(len(WHOLE.levels)))
def test_nobody_could_have_anything_better_than_what_a_bound_counts(narrow, level):
    model = build_model(PROBLEM, POLICY)
    assert len(model.options) < len(WHOLE.options) / 2
    beds = np.random.default_rng(level).integers(0, 9, WHOLE.stock.capacity.shape)
    prices = Prices(beds, {3: 700, 10: 3}, {})
    counted, there = (
        best_anywhere(
            Strips(each, np.arange(len(each.options))), gain_at(each, level, 500, prices), prices
        )
        for each in (model, WHOLE)
    )
    assert (counted >= there).all()
    if WHOLE.levels[level].unit == "people":
        assert counted.sum() < 1.2 * there.sum() + 1, "or the bound says little"


def test_a_plan_is_lawful_and_what_it_says_no_plan_can_beat_no_plan_beats(narrow, monkeypatch):
    found = solve(PROBLEM, POLICY, effort="quick", seed=1)
    assert check(found, PROBLEM, POLICY) == []
    assert not found.certificates, "they would be of what is listed"
    assert all(level.bound is not None for level in found.levels)
    monkeypatch.undo()
    best = solve(PROBLEM, POLICY, effort="quick", seed=1)
    short = next(
        (here, there)
        for here, there in zip(found.levels, best.levels, strict=True)
        if here.value != there.value
    )
    assert not short[0].proven and short[0].value < short[1].value <= short[0].bound


def test_those_listed_are_at_the_premises_preferred_and_then_the_nearest():
    candidates = Candidates(PROBLEM, POLICY)
    for referral in PROBLEM.referrals:
        if referral.location is None:
            continue
        everywhere, some = candidates.lawful(referral), candidates.lawful(referral, 2)
        assert set(some.tolist()) <= set(everywhere.tolist())
        listed = {candidates.places[k].premises.id for k in some}
        others = {candidates.places[k].premises.id for k in everywhere} - listed
        assert len(listed) == 2 or not others

        def far(name, at=referral):
            there = PROBLEM.premises_by_id[name].location
            assert there is not None and at.location is not None
            wanted = name in at.preferred_premises
            return -1.0 if wanted else miles_between(at.location, there)

        assert not others or max(map(far, listed)) <= min(map(far, others))


def test_people_whose_home_nobody_knows_are_not_all_listed_at_the_same_premises():
    candidates = Candidates(PROBLEM, POLICY)
    nowhere = [replace(each, location=None) for each in PROBLEM.referrals[:60]]
    listed = [candidates.lawful(each, 1) for each in nowhere]
    assert len({candidates.places[k].premises.id for some in listed for k in some}) > 4
