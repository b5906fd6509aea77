"""A second turn: whoever the first plan passed over comes before the others of their band."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.model import Model, build_model
from allocator.solving.start import second_turn, start


@pytest.fixture(scope="module")
def model() -> Model:
    return build_model(generate("S", 1, load=2.5, windows="mixed"), load_policy())


def test_those_passed_over_come_before_others_of_their_band_alone(model: Model) -> None:
    first = start(model).option_of
    band = np.array([party.band for party in model.parties])
    passed_over = (first < 0) & (band == 3)
    second = start(model, early=passed_over).option_of
    higher = band < 3
    assert (first[higher] == second[higher]).all()
    assert (second[passed_over] >= 0).sum() > 0


def test_bookings_stay_where_they_are_in_a_second_turn_and_more_people_have_a_bed(
    model: Model,
) -> None:
    first = start(model).option_of
    second = second_turn(model, first)
    booked = np.array([not party.is_new for party in model.parties])
    assert (first[booked] == second[booked]).all()
    assert model.totals(second) > model.totals(first)
