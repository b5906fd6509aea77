"""Years with changes: the base's own but for the change, lawful, and counted without loss."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from allocator.geography.point import Point
from allocator.simulate import judge
from allocator.simulate.cause import Cause
from allocator.simulate.cell import RESULT, Cell, run_cell
from allocator.simulate.changes import (
    AnotherPolicy,
    AnyChange,
    Close,
    CommitByDays,
    Convert,
    DemandFactor,
    EarlyRelease,
    OpenBeds,
    OpenPremises,
    OutOfServiceRate,
    StayLength,
    TierGate,
)
from allocator.simulate.ledger import ledger, unmet_records
from allocator.simulate.methods import METHODS
from allocator.simulate.setting import Setting, futures_of, world_of
from allocator.simulate.tally import tally
from allocator.simulate.world import World
from allocator.simulate.year import Year
from allocator.vocabulary import ApType, Criterion, Gender, TierScheme
from tests.scenario.some_inputs import SETTING, SITE, day, inputs

NO_CHANGE: tuple[AnyChange, ...] = (
    OutOfServiceRate(1.0),
    DemandFactor(1.0),
    EarlyRelease(28, 0.0, day(0), day(300)),
)
CHANGES: tuple[AnyChange, ...] = (
    Close(SITE, since=day(20)),
    Close(SITE, since=day(20), leave_by=day(30)),
    OpenBeds(SITE, 5, since=day(25)),
    OpenPremises("NEW1", Gender.WOMAN, Point(54.9, -1.6), 8),
    Convert(SITE, frozenset({ApType.PIPE}), add=frozenset({Criterion.IS_STEP_FREE_DESIGNATED})),
    OutOfServiceRate(3.0),
    StayLength(112, instead_of=84),
    DemandFactor(1.4),
    EarlyRelease(28, 0.5, day(40), day(100)),
    TierGate(TierScheme.V3, newly=2.0),
    CommitByDays((56, 28, 14, 2)),
)


@cache
def _run(*changes: AnyChange, method: str = "commit-by") -> Year:
    setting = replace(SETTING, changes=changes)
    world = world_of(setting)
    year = Year(world, METHODS[method], futures_of(setting, world, METHODS[method].futures))
    year.run()
    return year


def _everywhere(since: int) -> tuple[AnyChange, ...]:
    return tuple(Close(site.id, since=day(since)) for site in inputs().problem.premises)


@pytest.mark.parametrize("method", ["risk-order", "commit-by", "look-ahead"])
def test_a_change_of_nothing_is_the_base_exactly(method: str) -> None:
    setting = replace(SETTING, days=28)
    base = run_cell(Cell(setting, method))
    same = run_cell(Cell(replace(setting, changes=NO_CHANGE), method))
    assert (same.tally, same.ledger, same.wanted) == (base.tally, base.ledger, base.wanted)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_a_year_with_any_change_is_lawful_and_its_ledger_adds_up(change: AnyChange) -> None:
    year = _run(change)
    assert judge.breaches(year) == []
    _adds_up(year)


def _adds_up(year: Year) -> None:
    rows, counted = ledger(year), tally(year)
    people, nights = Counter(), Counter()
    for row in rows:
        people[row.band] += row.people
        nights[row.band] += row.nights
    assert {b.band: b.unmet for b in counted.bands} == {
        b.band: people[b.band] for b in counted.bands
    }
    asked = Counter()
    for record in unmet_records(year):
        asked[record.band] += year.world.askers[record.number].nights
    assert nights == asked


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
def test_people_beds_and_breakages_are_the_bases_where_the_change_does_not_say_otherwise(
    change: AnyChange,
) -> None:
    base, other = _world(), _world(change)
    if not isinstance(change, StayLength | DemandFactor | EarlyRelease | TierGate):
        assert other.people[: len(base.people)] == base.people
    if not isinstance(change, OutOfServiceRate):
        there = {bed.id for bed in base.problem.beds}
        assert tuple(b for b in other.breakages if b.bed_id in there) == base.breakages
    seats = {b.id: b.bed_id for b in base.problem.bookings}
    assert all(seats[b.id] == b.bed_id for b in other.problem.bookings)
    assert set(base.problem.separations) <= set(other.problem.separations)
    assert set(base.problem.zones) <= set(other.problem.zones)


def _world(*changes: AnyChange) -> World:
    return world_of(replace(SETTING, changes=changes))


def test_nobody_arrives_at_a_premises_that_is_closed_and_stays_there_go_on() -> None:
    year = _run(Close(SITE, since=day(20)))
    there = [
        each for each in year.decided if year.world.problem.premises_of_bed(each.bed_id).id == SITE
    ]
    assert max(each.stay.arrival for each in there) < day(20)
    assert max(each.stay.departure for each in there) > day(20)
    open_year = _run()
    late = [e for e in open_year.decided if e.stay.arrival >= day(20)]
    assert any(open_year.world.problem.premises_of_bed(e.bed_id).id == SITE for e in late)


def test_nobody_sleeps_at_a_closed_premises_after_its_last_day() -> None:
    year = _run(Close(SITE, since=day(20), leave_by=day(30)))
    problem = year.world.problem
    there = [e for e in year.decided if problem.premises_of_bed(e.bed_id).id == SITE]
    assert there
    assert max(each.stay.departure for each in there) <= day(30)


@pytest.mark.parametrize("method", ["first-come", "commit-by"])
def test_with_every_premises_closed_nobody_has_a_bed(method: str) -> None:
    year = _run(*_everywhere(0), method=method)
    counted = tally(year)
    assert sum(band.asked for band in counted.bands) > 100
    assert all(band.unmet == band.asked for band in counted.bands)
    assert not [each for each in year.decided if not each.resident]
    causes = {row.cause for row in ledger(year)}
    assert causes <= {Cause.SHUT, Cause.NO_LAWFUL_BED, Cause.LICENCE}
    _adds_up(year)


def test_beds_in_use_are_a_share_of_the_nights_that_could_be_slept_in() -> None:
    assert 0 < tally(_run(*_everywhere(40))).occupancy <= 1
    assert 0 < tally(_run()).occupancy <= 1


def test_a_bed_more_is_used_from_its_day_on() -> None:
    year = _run(OpenBeds(SITE, 5, since=day(25)))
    new = [each for each in year.decided if "-new" in each.bed_id]
    assert new
    assert min(each.stay.arrival for each in new) >= day(25)


def test_the_key_of_a_year_tells_its_changes_and_no_change_keeps_the_key() -> None:
    cells = [Cell(replace(SETTING, changes=(each,)), "commit-by") for each in CHANGES]
    assert len({cell.key for cell in cells} | {Cell(SETTING, "commit-by").key}) == len(CHANGES) + 1
    assert Cell(replace(SETTING, changes=()), "commit-by").key == Cell(SETTING, "commit-by").key


def test_a_policy_files_content_is_in_the_key(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = (resources.files("allocator.policies") / "2026-11.toml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    cell = Cell(replace(SETTING, changes=(AnotherPolicy(str(path)),)), "commit-by")
    before = cell.key
    path.write_text(text.replace("[28, 28, 14, 8]", "[28, 28, 14, 7]"), encoding="utf-8")
    assert cell.key != before


def test_a_result_with_changes_reads_back() -> None:
    setting = replace(Setting(size="S", days=7, warm_up_days=0), changes=CHANGES[:3])
    found = run_cell(Cell(setting, "first-come"))
    assert RESULT.validate_json(RESULT.dump_json(found)) == found
