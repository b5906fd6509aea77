"""When a bed is made firm: the rules of thumb against their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from allocator.simulate.methods.between import quorum
from allocator.solving.fluid import Stream, fluid_prices
from allocator.solving.network_prices import Trip, network_prices


def test_the_quorum_is_littlewoods_ratio() -> None:
    weights = (64, 16, 4, 1)
    assert [quorum(band, weights) for band in (1, 2, 3, 4)] == [0.0, 0.75, 0.75, 0.75]
    assert quorum(2, (10, 5)) == 0.5


@pytest.mark.parametrize(("expected", "levels"), [(3, (5, 4, 3)), (5, (8, 6, 5)), (8, (12, 10, 8))])
def test_protection_against_poisson_demand(expected: float, levels: tuple[int, ...]) -> None:
    """Littlewood's levels for ratios of worth 0.1, 0.25 and 0.5."""
    found = tuple(int(poisson.ppf(1 - ratio, expected)) for ratio in (0.1, 0.25, 0.5))
    assert found == levels


def test_a_scarce_resource_is_priced_at_what_it_turns_away() -> None:
    """Two beds, three people worth 5, 3 and 2: one bed more would house the last."""
    trips = [Trip(worth, 1.0, (0,)) for worth in (5.0, 3.0, 2.0)]
    assert network_prices(trips, np.array([2.0]))[0] == pytest.approx(2.0, abs=1.01)
    assert network_prices(trips, np.array([4.0]))[0] == pytest.approx(0.0)


def test_a_long_stay_pays_for_each_of_its_weeks() -> None:
    """A long stay worth 3 against two short ones worth 2 each: the short ones have it."""
    trips = [Trip(3.0, 1.0, (0, 1)), Trip(2.0, 1.0, (0,)), Trip(2.0, 1.0, (1,))]
    prices = network_prices(trips, np.array([1.0, 1.0]))
    assert prices.sum() >= 3.0
    assert (prices <= 2.0 + 1e-9).all()


def test_bed_nights_have_a_price_only_where_there_are_too_few() -> None:
    people = [Stream(4.0, 10, (0,))] * 3 + [Stream(1.0, 10, (0, 1))] * 3
    prices = fluid_prices(people, np.array([20.0, 100.0]))
    assert prices[0] == pytest.approx(0.4, abs=1e-4)
    assert prices[1] == pytest.approx(0.0, abs=1e-6)
