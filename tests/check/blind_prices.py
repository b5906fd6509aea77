"""Certificates whose prices are drawn blindly: they prove something, if only a weak bound."""

from __future__ import annotations

from random import Random

from allocator.plan import BedPrices, Certificate, Plan, PriceRun, SidePrices
from allocator.problem import Problem
from tests.builders import day


def a_certificate(dice: Random, plan: Plan, problem: Problem, level: int) -> Certificate:
    """One for a level of the plan: every bed's prices are its own."""
    codes = [reached.code for reached in plan.levels]
    return Certificate(
        level=codes[level],
        scale=dice.choice((1, 2, 3)),
        earlier=tuple(
            (code, dice.choice((1, 2, 4))) for code in codes[:level] if dice.random() < 0.7
        ),
        beds=tuple(
            BedPrices((bed.id,), _runs(dice)) for bed in problem.beds if dice.random() < 0.8
        ),
        sides=tuple(
            SidePrices(kind, key, _runs(dice))
            for kind, key in _limits(plan, problem)
            if dice.random() < 0.5
        ),
    )


def an_even_certificate(dice: Random, plan: Plan, problem: Problem, level: int) -> Certificate:
    """One for a level of the plan: every bed has one price on a few nights, and no side has any.

    At 1 a bed and a scale of 2, a room of two beds is worth one person who keeps it to themselves.
    """
    first, nights = dice.choice((0, 1, 2, 3)), dice.choice((1, 1, 2, 4))
    runs = (PriceRun(day(first), dice.choice((1, 1, 2))), PriceRun(day(first + nights), 0))
    beds = (BedPrices(tuple(bed.id for bed in problem.beds), runs),)
    return Certificate(plan.levels[level].code, dice.choice((1, 2, 2, 3)), (), beds)


def _runs(dice: Random) -> tuple[PriceRun, ...]:
    days = sorted(dice.sample(range(-1, 9), dice.choice((1, 2, 3))))
    return tuple(PriceRun(day(number), dice.choice((0, 0, 1, 1, 2))) for number in days)


def _limits(plan: Plan, problem: Problem) -> list[tuple[str, str]]:
    if plan.displacement:
        return []
    mix = [
        ("mix", f"{premises.id}/{cap.attribute.value}")
        for premises in problem.premises
        for cap in premises.mix_caps
    ]
    limited = [p for p in problem.premises if p.arrivals_per_day is not None]
    return mix + [("arrivals", premises.id) for premises in limited]
