"""A large problem begins with one coarse programme of all bands, and whole people made of it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from allocator.errors import ModelError
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

KNOWN = (21, 42, 32, 1)
"""Placed by band in a lawful plan of this list, by four minutes of standard effort."""
PATIENCE_S = 20
"""Seconds that a thread goes on at most when nobody tells it to stop."""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    # Few columns at first, as a national list has.
    monkeypatch.setattr(pricing, "AT_ONCE", 1_000)
    return build_model(generate("S", 1, load=2, windows="mixed"), load_policy())


def begun(model: Model, workers: int = 1) -> Chain:
    clock = Clock()
    return Chain(model, first_plan(model, clock), AS_OF_A_LARGE_ONE, 1, clock, workers)


def short_of_time(chain: Chain) -> Chain:
    """After all counts of people, by a clock that says that the options were listed late."""
    with patch.object(Clock, "listed_late", return_value=True):
        chain.go(stretches(chain.model.levels)[0], lambda _: None)
    return chain


def test_the_plan_after_it_is_better_in_order_and_gives_no_booking_away(model: Model) -> None:
    chain = begun(model)
    first = chain.reached
    counts = stretches(model.levels)[0]
    together = chain._priced_together(counts, chain.pricing)
    assert together is not None
    # What it held every level at while it priced them together is held no more.
    assert chain.pricing.relaxation.targets == {}
    found = chain._placed_by(chain._together(counts), together.relaxed, 0)
    assert model.totals(found) > first
    bookings = [k for k, party in enumerate(model.parties) if not party.is_new]
    assert (found[bookings] >= 0).all()


def test_each_level_is_led_afterwards(model: Model) -> None:
    chain = begun(model)
    counts = stretches(model.levels)[0]
    told: list[int] = []
    chain.go(counts, told.append)
    assert told == list(counts)
    assert all(chain.leads[level].bound >= chain.reached[level] for level in counts)


@pytest.mark.parametrize("workers", [1, 2])
def test_short_of_time_the_plan_is_made_better_and_every_count_is_bounded(
    model: Model, workers: int
) -> None:
    first = begun(model).reached
    chain = short_of_time(begun(model, workers))
    assert chain.reached > first
    for level, known in zip(chain.ends, (*first[:3], *KNOWN), strict=True):
        # Where all before it came out the same, a bound below what is known to be reached is false.
        assert known <= chain.ends[level].bound <= chain.plain(level)
        if chain.reached[level] != known:
            break


def test_short_of_time_two_workers_come_to_the_same_plan_twice(model: Model) -> None:
    one, other = (short_of_time(begun(model, workers=2)) for _ in range(2))
    assert np.array_equal(one.option_of, other.option_of)
    assert [one.ends[k].bound for k in one.ends] == [other.ends[k].bound for k in other.ends]


def test_a_fault_of_the_other_thread_is_raised(model: Model) -> None:
    with (
        patch.object(Chain, "_made_better", side_effect=ModelError("out of order")),
        pytest.raises(ModelError, match="out of order"),
    ):
        short_of_time(begun(model, workers=2))


class GoingOn:
    """In place of what makes the plan better: goes on until it is told to stop."""

    def __init__(self) -> None:
        self.clocks: list[Clock] = []
        self.ended = threading.Event()

    def __call__(
        self, levels: object, together: object, random: object, clock: Clock, *_: object
    ) -> None:
        self.clocks.append(clock)
        patience = time.monotonic() + PATIENCE_S
        while not clock.stopped() and time.monotonic() < patience:
            time.sleep(0.01)
        self.ended.set()

    @property
    def was_told(self) -> bool:
        return self.clocks[0].interrupted


@pytest.mark.parametrize("when", ["leading", "waiting"])
def test_the_other_thread_ends_when_this_one_is_interrupted(model: Model, when: str) -> None:
    chain, other = begun(model, workers=2), GoingOn()

    def leading(*_: object) -> list[int]:
        if when == "leading":
            chain.clock.interrupted = True
            assert other.ended.wait(PATIENCE_S), "it did not hear of it while this one leads"
        return []

    chain.clock.stop = lambda: bool(other.clocks)
    with (
        patch.object(chain, "_lead", leading),
        patch.object(chain, "_made_better", other),
    ):
        chain._lead_beside(stretches(model.levels)[0])
    assert chain.clock.interrupted and other.was_told


def test_the_other_thread_ends_when_this_one_has_a_fault(model: Model) -> None:
    chain, other = begun(model, workers=2), GoingOn()
    with (
        patch.object(chain, "_lead", side_effect=ModelError("out of order")),
        patch.object(chain, "_made_better", other),
        pytest.raises(ModelError, match="out of order"),
    ):
        chain._lead_beside(stretches(model.levels)[0])
    assert other.was_told


def test_the_last_level_goes_on_from_the_programme_of_all(model: Model) -> None:
    chain = short_of_time(begun(model, workers=2))
    last = stretches(model.levels)[0][-1]
    assert chain.together is not None and chain.care is pricing.LAST
    led = chain.leads[last].closed
    assert led is not None and led is not chain.together


def test_led_again_it_does_not_go_back_to_the_programme_that_it_went_on_from(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = short_of_time(begun(model, workers=2))
    relaxation = chain.pricing.relaxation
    fresh = np.flatnonzero(relaxation.able & ~relaxation.inside)
    assert relaxation.take_in(fresh) > 0
    monkeypatch.setattr(Clock, "hurried", lambda _: True)
    with patch("allocator.solving.chain.dived", side_effect=AssertionError("dived anew")):
        chain._lead_beside(stretches(model.levels)[0][-1:])
    assert (relaxation.inside | ~relaxation.able)[fresh].all()
