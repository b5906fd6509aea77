"""Questions are answered by what was run; prices only say where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from allocator.scenario import ask_sites
from allocator.scenario.answers import EnoughBeds
from allocator.scenario.answers_in_words import enough_words
from allocator.scenario.ask_sites import best_sites
from allocator.scenario.bed_worth import Worth
from allocator.scenario.enough_beds import enough_beds
from allocator.scenario.file import Base, Scenario, ScenarioFile
from allocator.scenario.gate_report import gate_report
from allocator.scenario.study import cells_of, study_of
from allocator.simulate.cause import Cause
from allocator.simulate.cell import Cell, Result
from allocator.simulate.changes import OpenBeds, TierGate
from allocator.simulate.changes.tier_gate import Gate
from allocator.simulate.ledger import Unmet, Wanted
from allocator.simulate.sweep import sweep
from allocator.simulate.tally import BandTally, Tally
from allocator.vocabulary import ApType, Gender, TierScheme
from tests.simulate.test_study import Here

FILE = ScenarioFile(1, base=Base(load=1.3), methods=("first-come",), replications=2, days=28)
WORTH = {site: Worth(price, 10 * price) for site, price in (("a", 3.0), ("b", 2.0), ("c", 1.0))}


@pytest.fixture(autouse=True)
def prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices of three premises, in place of those of the estate."""
    monkeypatch.setattr(ask_sites, "bed_worth", lambda file: WORTH)
    monkeypatch.setattr("allocator.scenario.enough_beds.bed_worth", lambda file: WORTH)


def beds_of(cell: Cell) -> Counter[str]:
    opened = [c for c in cell.setting.changes if isinstance(c, OpenBeds)]
    return Counter({change.premises: change.beds for change in opened})


class Years:
    """Stands in for simulated years: band 1 without a bed, by the beds that were opened."""

    def __init__(self, needed: Counter[str], wanted: Counter[str], hopeless: int = 0) -> None:
        self._needed, self._wanted, self._hopeless = needed, wanted, hopeless
        self.sets: list[Counter[str]] = []

    def __call__(self, cells: Sequence[Cell]) -> tuple[Result, ...]:
        self.sets.append(beds_of(cells[0]))
        return tuple(self._result(cell) for cell in cells)

    def _result(self, cell: Cell) -> Result:
        without = (self._needed - beds_of(cell)).total() + self._hopeless
        band = BandTally(1, 10, 10 - without, 0, without, 0, 0, 0, 0, None)
        rows = (Unmet(1, "", Gender.MAN, ApType.NORMAL, Cause.NO_LAWFUL_BED, self._hopeless, 84),)[
            : self._hopeless
        ]
        wanted = tuple(Wanted(site, 1, count) for site, count in self._wanted.items())
        tally = Tally("m", (band,), 64.0 * without, 64.0 * without, 0.9)
        return Result(cell, tally, 0.0, rows, wanted if without > self._hopeless else ())


def test_enough_beds_are_found_and_those_not_needed_are_taken_away() -> None:
    years = Years(needed=Counter(b=2), wanted=Counter(a=3, b=2))
    found = enough_beds(FILE, 10, "first-come", years)
    assert found.reached
    assert found.beds == (("b", 2),)
    assert any(beds["a"] for beds in years.sets)
    assert (found.without, found.left, found.smallest) == (4, 0, False)


def test_one_bed_that_is_needed_is_the_smallest_number() -> None:
    found = enough_beds(FILE, 10, "first-come", Years(Counter(a=1), Counter(a=1)))
    assert (found.beds, found.smallest, found.reached) == ((("a", 1),), True, True)


def test_no_bed_is_added_where_nobody_is_without_one() -> None:
    years = Years(Counter(), Counter())
    found = enough_beds(FILE, 10, "first-come", years)
    assert (found.beds, found.reached, found.smallest) == ((), True, True)
    assert years.sets == [Counter()]


def test_where_beds_do_not_help_it_says_for_how_many() -> None:
    found = enough_beds(FILE, 10, "first-come", Years(Counter(a=1), Counter(a=1), hopeless=1))
    assert (found.reached, found.left, found.beyond_help) == (False, 2, 2)
    assert (found.enough, found.beds, found.smallest) == (True, (("a", 1),), True)


def test_whom_no_bed_could_take_keep_no_bed_that_is_not_needed() -> None:
    years = Years(Counter(b=2), Counter(a=3, b=2), hopeless=1)
    found = enough_beds(FILE, 10, "first-come", years)
    assert (found.enough, found.reached, found.beds) == (True, False, (("b", 2),))
    first, sure, beyond, method = enough_words(found, {})
    assert first == (
        "Beds more so that nobody of band 1 who could lawfully have one goes without in 2 "
        "simulated years: 2 (2 at b)."
    )
    assert sure.startswith("Fewer might do")
    assert beyond.startswith("Besides, 2 of band 1 went without whom no bed at these premises")
    assert method == f"Method first-come; {found.runs} sets of beds were run."


def test_more_beds_and_more_people_without_is_told_to_be_chance() -> None:
    beds = (("a", 2),)
    found = EnoughBeds("first-come", 3, 6, beds, 8, False, False, 3, False, 1)
    first, sure, beyond, method = enough_words(found, {})
    assert first == "Not reached in 3 simulated years with 2 beds more (2 at a)."
    assert sure.startswith("Of band 1, 8 went without in all with them, and 6 with no bed more.")
    assert "most likely chance" in sure
    assert beyond.startswith("Of those 8, 3 no bed at these premises could lawfully take")
    assert "the other 5 are still to be housed" in beyond
    assert method == "Method first-come; 1 set of beds was run."
    assert "chance" not in enough_words(replace(found, left=5), {})[1]


def test_no_more_beds_are_added_than_were_allowed() -> None:
    found = enough_beds(FILE, 3, "first-come", Years(Counter(a=9), Counter(a=1)))
    assert (found.enough, found.beds, found.left) == (False, (("a", 3),), 12)


def test_the_best_of_the_sites_that_were_run_is_not_the_dearest() -> None:
    """Premises a has the higher price; a bed at b is what helps."""
    found = best_sites(FILE, 2, "first-come", Years(Counter(b=1), Counter()))
    assert [each.premises for each in found.sites] == ["b", "a"]
    assert [each.weighted_unmet.mean for each in found.sites] == [-64.0, 0.0]
    assert (found.premises, found.looked_at) == (3, 2)


def test_who_newly_qualifies_is_counted_by_sex_and_tier(tmp_path: Path) -> None:
    file = ScenarioFile(
        1,
        (Scenario("v3", (TierGate(TierScheme.V3),)),),
        base=Base(),
        methods=("first-come",),
        replications=1,
        days=28,
        warm_up_days=0,
    )
    study = study_of(file, sweep(cells_of(file), tmp_path, executor=Here()))
    found = gate_report(study)
    assert found
    assert {each.gate for each in found} == {Gate.NEWLY}
    assert all(each.who.split()[1][0] in "ABC" for each in found)
    assert "woman C3" not in {each.who for each in found}
