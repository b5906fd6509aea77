"""Options priced a strip at a time are worth what they are worth one by one."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving.model import build_model
from allocator.solving.prices import Prices, gain_at, worths_of
from allocator.solving.strips import Strips

MODEL = build_model(generate("S", 3, windows="mixed"), load_policy())


@pytest.mark.parametrize("level", range(len(MODEL.levels)))
def test_each_party_s_best_is_the_best_of_its_options(level):
    random = np.random.default_rng(level)
    which = np.flatnonzero(random.random(len(MODEL.options)) < 0.8)
    limits = {
        number: random.integers(0, 50, MODEL.stock.days)
        for number, limit in enumerate(MODEL.limits.every)
        if limit.kind in ("mix", "arrivals") and random.random() < 0.5
    }
    prices = Prices(random.integers(0, 9, MODEL.stock.capacity.shape), {3: 700, 10: 3}, limits)
    strips, gain = Strips(MODEL, which), gain_at(MODEL, level, 500, prices)
    one_by_one = np.zeros(len(MODEL.parties), dtype=np.int64)
    np.maximum.at(one_by_one, MODEL.options.party[which], worths_of(MODEL, gain, prices, which))
    found = strips.best_of_each(strips.worths(gain, prices))
    assert found.tolist() == one_by_one.tolist()
    assert len(strips) < len(which)
