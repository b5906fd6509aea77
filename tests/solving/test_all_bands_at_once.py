"""A large problem begins with one coarse programme of all bands, and whole people made of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving import pricing
from allocator.solving.chain import Chain
from allocator.solving.clock import Clock
from allocator.solving.effort import EFFORTS
from allocator.solving.model import Model, build_model
from allocator.solving.solve import stretches
from allocator.solving.start import first_plan

AS_OF_A_LARGE_ONE = replace(EFFORTS["quick"], one_by_one=0, first_stretch_only=10**9)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    # Few columns at first, as a national list has.
    monkeypatch.setattr(pricing, "AT_ONCE", 1_000)
    return build_model(generate("S", 1, load=2, windows="mixed"), load_policy())


def test_the_plan_after_it_is_better_in_order_and_gives_no_booking_away(model: Model) -> None:
    clock = Clock()
    begun = first_plan(model, clock)
    chain = Chain(model, begun, AS_OF_A_LARGE_ONE, 1, clock)
    counts = stretches(model.levels)[0]
    chain._lead_together(counts)
    assert chain.together is not None
    assert chain.reached > model.totals(begun)
    bookings = [k for k, party in enumerate(model.parties) if not party.is_new]
    assert (chain.option_of[bookings] >= 0).all()
    # What it held every level at while it priced them together is held no more.
    assert chain.pricing.relaxation.targets == {}


def test_each_level_is_led_afterwards_and_no_bound_is_below_the_plan(model: Model) -> None:
    clock = Clock()
    chain = Chain(model, first_plan(model, clock), AS_OF_A_LARGE_ONE, 1, clock)
    counts = stretches(model.levels)[0]
    told: list[int] = []
    chain.go(counts, told.append)
    assert told == list(counts)
    for level in counts:
        assert chain.ends[level].bound >= chain.reached[level]
