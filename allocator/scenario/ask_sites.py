"""Asking of sites: one change at each of several premises, run on the base's own years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from allocator.scenario.answers import SiteAnswer, SiteAnswers
from allocator.scenario.bed_worth import Worth, bed_worth
from allocator.scenario.figures import unmet
from allocator.scenario.file import ScenarioFile
from allocator.scenario.study import replications
from allocator.simulate.cell import Cell, Result
from allocator.simulate.changes import AnyChange, Close, OpenBeds
from allocator.simulate.compare import Figure, Interval, difference, weighted_unmet
from allocator.simulate.setting import inputs_of
from allocator.simulate.tally import Tally

Run = Callable[[Sequence[Cell]], tuple[Result, ...]]
"""Runs cells, keeping what they come to."""


def best_sites(file: ScenarioFile, most: int, method: str, run: Run) -> SiteAnswers:
    """One bed more from the first day on, at the premises where a bed is priced highest."""
    worth = bed_worth(file)
    chosen = sorted(worth, key=lambda site: (-worth[site].bed, site))[:most]
    prices = {site: worth[site].bed for site in chosen}
    changes: dict[str, AnyChange] = {site: OpenBeds(site) for site in chosen}
    return _asked(file, method, run, changes, prices, worth)


def least_harm(file: ScenarioFile, most: int, method: str, run: Run) -> SiteAnswers:
    """Closing on the first day that is counted, where all the beds together are priced lowest."""
    worth = bed_worth(file)
    chosen = sorted(worth, key=lambda site: (worth[site].beds, site))[:most]
    first = inputs_of(replications(file)[0]).problem.as_of + timedelta(days=file.warm_up_days)
    prices = {site: worth[site].beds for site in chosen}
    changes: dict[str, AnyChange] = {site: Close(site, since=first) for site in chosen}
    return _asked(file, method, run, changes, prices, worth)


def _asked(
    file: ScenarioFile,
    method: str,
    run: Run,
    changes: Mapping[str, AnyChange],
    prices: Mapping[str, float],
    worth: Mapping[str, Worth],
) -> SiteAnswers:
    sets: list[tuple[AnyChange, ...]] = [(), *((change,) for change in changes.values())]
    found = run([Cell(each, method) for one in sets for each in replications(file, one)])
    years = [found[n : n + file.replications] for n in range(0, len(found), file.replications)]
    base, rest = years[0], years[1:]

    answers = [
        SiteAnswer(
            site,
            prices[site],
            _difference(weighted_unmet, ours, base),
            _difference(unmet, ours, base),
            _difference(unmet_band_1, ours, base),
        )
        for site, ours in zip(changes, rest, strict=True)
    ]
    answers.sort(key=lambda each: (each.weighted_unmet.mean, each.premises))
    return SiteAnswers(method, len(worth), len(answers), tuple(answers))


def unmet_band_1(tally: Tally) -> float:
    """People of the highest band who never had a bed."""
    return float(tally.band(1).unmet)


def _difference(of: Figure, ours: Sequence[Result], base: Sequence[Result]) -> Interval:
    return difference(of, [each.tally for each in ours], [each.tally for each in base])
