"""Hindsight of a simulated year: a bound on what any method could have come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.coming import Coming
from allocator.simulate.asker import Asker, released_on
from allocator.simulate.ground import Ints
from allocator.simulate.world import World, nights_left
from allocator.solving.hindsight import Stayer, hindsight


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Weights of everyone who comes and whose release is on a day of the world, warm-up included.

    `asked`: all of it. `most`: no method can house more. `least_unmet`: the difference.
    """

    asked: float
    most: float

    @property
    def least_unmet(self) -> float:
        return self.asked - self.most


def of_world(world: World, alike: float = 1.0) -> Hindsight:
    """The bound: dates, early ends, breakages and withdrawals all known on the first day.

    `alike`: of allocator.solving.hindsight; for a year too large for a price at each premises.
    """
    ground = world.ground
    end = ground.day(world.until)
    stayers = []
    asked = 0.0
    for asking, coming in zip(world.askers, world.people, strict=True):
        at_last = _at_last(asking, coming, world)
        if at_last is None or at_last.release >= end:
            continue
        worth = world.policy.band_weights[at_last.band - 1]
        asked += worth
        sites = np.unique(ground.site_of_bed[at_last.beds])
        nights = min(coming.nights, at_last.nights)
        stayers.append(Stayer(worth, nights, at_last.release, at_last.latest, sites))
    return Hindsight(asked, hindsight(stayers, _beds(world, end), alike))


def _at_last(asking: Asker, coming: Coming, world: World) -> Asker | None:
    """The person with the dates they end up with; None: they never come."""
    if not coming.arrives or coming.withdrawn_on is not None:
        return None
    if coming.changed_on is None or coming.changed_release is None:
        return asking
    told = max(0, world.ground.day(coming.changed_on))
    release = max(world.ground.day(coming.changed_release), told)
    return released_on(asking, release, world.ground)


def _beds(world: World, end: int) -> Ints:
    """Usable beds at each premises each night, less those of the people of the first day.

    Someone whose bed breaks may be anywhere afterwards, and is counted nowhere.
    """
    ground = world.ground
    last = end + 60
    usable = ground.usable[:, :last].copy()
    for breakage in world.breakages:
        usable[ground.number_of[breakage.bed_id], breakage.first : breakage.end] = False
    broken = {b.bed_id: b.first for b in reversed(world.breakages)}
    for _, booking in world.residents:
        stay = nights_left(booking, world.first)
        bed = str(booking.bed_id)
        until = min(ground.day(stay.departure), broken.get(bed, last))
        usable[ground.number_of[bed], ground.day(stay.arrival) : until] = False
    found = np.zeros((len(ground.sites), last), dtype=np.int64)
    np.add.at(found, ground.site_of_bed, usable.astype(np.int64))
    return found
