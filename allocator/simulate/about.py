"""About: the days and the estate that a setting's years are simulated on, as results tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allocator.simulate.setting import Setting, inputs_of, last_day


@dataclass(frozen=True, slots=True)
class About:
    """Days are the same in every year of a study; estate and policy are the base's.

    `synthetic_estate`: whether premises and bookings are invented. Who comes always is.
    """

    synthetic_estate: bool
    first_day: date
    """The problem's own date: people are there, and more are referred."""
    first_counted: date
    """The first day on which a release is counted: all before it are the warm-up."""
    last_counted: date
    premises: int
    beds: int
    policy: str

    @property
    def synthetic_word(self) -> str:
        """For a cell: a table that is copied elsewhere still says it."""
        return "estate and people" if self.synthetic_estate else "people"


def about(setting: Setting) -> About:
    """Read from the setting's files, or from the estate that is made for it."""
    inputs = inputs_of(setting)
    problem = inputs.problem
    first = problem.as_of
    return About(
        problem.synthetic or setting.problem is None,
        first,
        first + timedelta(days=setting.warm_up_days),
        last_day(setting, first) - timedelta(days=1),
        len(problem.premises),
        len(problem.beds),
        inputs.policy.name,
    )
