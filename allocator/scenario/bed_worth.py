"""Bed worth: what a bed at each premises seems worth, before anything is run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allocator.scenario.file import ScenarioFile
from allocator.scenario.study import replications
from allocator.simulate.setting import futures_of, world_of

FUTURES = 4
DAYS_A_YEAR = 364


@dataclass(frozen=True, slots=True)
class Worth:
    """In weights of people a year: of one bed in the mean, and of all beds of the premises."""

    bed: float
    beds: float


def bed_worth(file: ScenarioFile) -> dict[str, Worth]:
    """Of each open premises with beds: the price of a night in its beds, times a year's nights.

    Prices are those of steady rates (allocator.solving.fluid): a bed-night more, at the margin,
    were people to come evenly and sleep in parts. They rank premises; they are not an answer.
    """
    # Prices need people whose whole notice lies in the days that are drawn.
    setting = replace(replications(file)[0], days=max(DAYS_A_YEAR, file.days))
    world = world_of(setting)
    ground = world.ground
    prices = futures_of(setting, world, FUTURES).prices * DAYS_A_YEAR
    found = {}
    for site, premises in enumerate(world.problem.premises):
        beds = ground.beds_of_site[site]
        if premises.open and len(beds):
            own = prices[beds]
            found[premises.id] = Worth(float(own.mean()), float(own.sum()))
    return found
