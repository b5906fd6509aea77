"""Enough beds: how few more, and where, so that nobody of band 1 need go without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from allocator.scenario.answers import EnoughBeds
from allocator.scenario.ask_sites import Run
from allocator.scenario.bed_worth import bed_worth
from allocator.scenario.file import ScenarioFile
from allocator.scenario.study import replications
from allocator.simulate.cause import Cause
from allocator.simulate.cell import Cell, Result
from allocator.simulate.changes import AnyChange, OpenBeds

BAND = 1
BEYOND_HELP = frozenset({Cause.LICENCE, Cause.NO_LAWFUL_BED})
"""No bed like those of the premises would have been lawful."""
Beds = Counter[str]


def enough_beds(file: ScenarioFile, most: int, method: str, run: Run) -> EnoughBeds:
    """Add a bed where most of those without one could lawfully have been, run all the years again,
    and go on until nobody is left whom a bed could help; then take away each bed that is not needed
    for that.

    Greedy: the number is one that does, and may be more than is needed.
    """
    search = _Search(file, method, run)
    results = base = search.years(Counter())
    beds: Beds = Counter()
    while _to_house(results) and beds.total() < most:
        site = search.best(results, beds)
        if site is None:
            break
        beds[site] += 1
        results = search.years(beds)
    if not _to_house(results):
        beds = search.pruned(beds)
        results = search.years(beds)
    left, enough = _without(results), not _to_house(results)
    return EnoughBeds(
        method=method,
        years=file.replications,
        without=_without(base),
        beds=tuple(sorted(beds.items())),
        left=left,
        reached=not left,
        enough=enough,
        beyond_help=_beyond_help(results),
        # With none there is nothing to spare; with one, the base shows that none is too few.
        smallest=enough and beds.total() <= 1,
        runs=len(search.tried),
    )


class _Search:
    """Years with so many beds more; what was run is not run again."""

    def __init__(self, file: ScenarioFile, method: str, run: Run) -> None:
        self._file, self._method, self._run = file, method, run
        self._worth = bed_worth(file)
        self.tried: dict[tuple[tuple[str, int], ...], tuple[Result, ...]] = {}

    def years(self, beds: Beds) -> tuple[Result, ...]:
        key = tuple(sorted((site, count) for site, count in beds.items() if count))
        if key not in self.tried:
            changes: tuple[AnyChange, ...] = tuple(OpenBeds(*each) for each in key)
            settings = replications(self._file, changes)
            self.tried[key] = self._run([Cell(each, self._method) for each in settings])
        return self.tried[key]

    def best(self, results: Sequence[Result], beds: Beds) -> str | None:
        """The premises that most of those without a bed could have been at; None: there is none.

        Each bed that is there already halves, thirds, … what speaks for another: it may be one
        that only a rare room would help.
        """
        wanted: Counter[str] = Counter()
        for result in results:
            for each in result.wanted:
                if each.band == BAND and each.premises in self._worth:
                    wanted[each.premises] += each.people
        if not wanted:
            return None
        return min(
            wanted,
            key=lambda site: (-wanted[site] / (1 + beds[site]), -self._worth[site].bed, site),
        )

    def pruned(self, beds: Beds) -> Beds:
        """The beds without those that are not needed beside the others."""
        for site in list(beds):
            while beds[site]:
                fewer = beds - Counter({site: 1})
                if _to_house(self.years(fewer)):
                    break
                beds = fewer
        return beds


def _without(results: Sequence[Result]) -> int:
    """People of the band without a bed in all the years."""
    return sum(result.tally.band(BAND).unmet for result in results)


def _beyond_help(results: Sequence[Result]) -> int:
    """Of them, people whom no bed at these premises could lawfully take."""
    return sum(
        row.people
        for result in results
        for row in result.ledger
        if row.band == BAND and row.cause in BEYOND_HELP
    )


def _to_house(results: Sequence[Result]) -> int:
    """Of them, people whom a bed more could help."""
    return _without(results) - _beyond_help(results)
