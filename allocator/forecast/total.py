"""How many referrals a week there are in all, and how sure that is.

    log m(day) = a + b cos(2πd/365.25) + c sin(2πd/365.25)    referrals a week; d: day of the year
    mean of a day = m(day) × share of its day of the week

A week's count is Poisson, or negative binomial with variance m + αm² where α is above 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from allocator.closed import CLOSED

DAYS_A_YEAR = 365.25
Floats = NDArray[np.float64]
Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Total:
    """The rate of all referrals. `coefficients`: a, b and c.

    Where no season was kept b and c are 0, and their covariance says how large one may still be.
    Raises ValueError for numbers that are no rate.
    """

    __pydantic_config__ = CLOSED

    coefficients: Three
    covariance: tuple[Three, Three, Three]
    dispersion: float
    """α; 0: no more variation than chance makes."""
    weekdays: tuple[float, float, float, float, float, float, float]
    """Share of a week's referrals on each day, Monday first."""

    def __post_init__(self) -> None:
        numbers = [*self.coefficients, *(cell for row in self.covariance for cell in row)]
        if len(numbers) != 12 or not all(map(math.isfinite, numbers)):
            raise ValueError("a rate has three coefficients and their covariance, all finite")
        if not 0 <= self.dispersion < math.inf:
            raise ValueError(f"dispersion must be 0 or more, not {self.dispersion}")
        if min(self.weekdays) < 0 or not math.isclose(sum(self.weekdays), 1, abs_tol=1e-6):
            raise ValueError("shares of the days of the week must add up to 1")

    @property
    def seasonal(self) -> bool:
        """Whether the rate follows the year."""
        return any(self.coefficients[1:])

    def drawn(self, rng: np.random.Generator, draws: int) -> Floats:
        """So many coefficient vectors that the history allows, one a row."""
        return rng.multivariate_normal(self.coefficients, self.covariance, draws, method="eigh")

    def daily(self, days: Sequence[date], coefficients: Floats | None = None) -> Floats:
        """Mean referrals of each day; with rows of coefficients, a row of means for each."""
        found = np.array(self.coefficients) if coefficients is None else coefficients
        week = np.array([self.weekdays[day.weekday()] for day in days])
        means: Floats = np.exp(found @ harmonics(days).T) * week
        return means

    def shocks(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        """Multiples of the mean, one a week, for what varies beyond chance; 1 where nothing does.

        A Poisson count with a mean times a gamma variable of mean 1 and variance α is the negative
        binomial.
        """
        if self.dispersion == 0:
            return np.ones(shape)
        return rng.gamma(1 / self.dispersion, self.dispersion, shape)


def harmonics(days: Sequence[date]) -> Floats:
    """A row for each day: 1, and the cosine and sine of the time of year."""
    turns = np.array([day.timetuple().tm_yday / DAYS_A_YEAR for day in days]) * math.tau
    return np.column_stack([np.ones(len(days)), np.cos(turns), np.sin(turns)])
