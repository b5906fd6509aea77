"""A large problem begins with one coarse programme of all bands, and whole people made of it."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
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


@pytest.mark.parametrize("when", ["leading", "waiting"])
def test_the_other_thread_ends_when_this_one_is_interrupted(model: Model, when: str) -> None:
    chain = begun(model, workers=2)
    asked = count()

    def leading(self: Chain, _: object) -> list[int]:
        self.clock.interrupted = when == "leading"
        return []

    chain.clock.stop = lambda: when == "waiting" and next(asked) > 1
    with patch.object(Chain, "_lead", leading):
        chain._lead_beside(stretches(model.levels)[0])
    assert chain.clock.interrupted
    assert when == "leading" or next(asked) <= 9, "the other went on to its end"


def test_the_other_thread_ends_when_this_one_has_a_fault(model: Model) -> None:
    chain = begun(model, workers=2)
    heard: list[Clock] = []

    def going_on(self: Chain, _levels: object, _random: object, clock: Clock, *_: object) -> None:
        heard.append(clock)
        while not clock.stopped():
            time.sleep(0.01)

    with (
        patch.object(Chain, "_lead", side_effect=ModelError("out of order")),
        patch.object(Chain, "_made_better", going_on),
        pytest.raises(ModelError, match="out of order"),
    ):
        chain._lead_beside(stretches(model.levels)[0])
    assert heard[0].interrupted


def test_the_last_level_goes_on_from_the_programme_of_all(model: Model) -> None:
    chain = short_of_time(begun(model, workers=2))
    last = stretches(model.levels)[0][-1]
    assert chain.beside is not None and chain.together is chain.beside.result()[0]
    led = chain.leads[last].closed
    assert led is not None and led is not chain.together
