"""Simulated years: lawful, the same people for everyone, and counted without loss."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from allocator.estate import OutOfService
from allocator.nights import Stay
from allocator.simulate import hindsight, judge
from allocator.simulate.board import Board
from allocator.simulate.decision import Desk
from allocator.simulate.methods import METHODS
from allocator.simulate.methods.together import together
from allocator.simulate.setting import Setting, futures_of, world_of
from allocator.simulate.tally import tally
from allocator.simulate.year import Decided, Year

QUICK = [name for name in METHODS if name != "optimise-all"]
"""The optimiser itself takes minutes for such a year: it is asked about one meeting."""
SETTING = Setting(size="S", days=84, warm_up_days=28, load=1.3)


@cache
def _run(method: str, setting: Setting = SETTING) -> Year:
    world = world_of(setting)
    chosen = METHODS[method]
    year = Year(world, chosen, futures_of(setting, world, chosen.futures))
    year.run()
    return year


@pytest.mark.parametrize("method", QUICK)
def test_the_referee_finds_nothing_in_a_year_of_any_method(method: str) -> None:
    assert judge.breaches(_run(method)) == []


def test_the_referee_is_asked_about_what_was_decided() -> None:
    """Two people put into one bed, a man into a women's premises: it says so."""
    year = _run("first-come")
    one, other = [each for each in year.decided if not each.resident][:2]
    wrong = Year(year.world, year.method, year.futures)
    wrong.decided = [*year.decided, replace(other, bed_id=one.bed_id, stay=one.stay, number=10**8)]
    assert {each.code for each in judge.breaches(wrong)} >= {"one_person_a_bed_night"}
    wrong.decided = [*year.decided, _in_a_womens_bed(year, one)]
    assert "estate" in {each.code for each in judge.breaches(wrong)}


def _in_a_womens_bed(year: Year, one: Decided) -> Decided:
    problem = year.world.problem
    bed = next(
        bed.id
        for bed in problem.beds
        if problem.premises_of_bed(bed.id).gender is not one.asking.referral.gender
    )
    return replace(one, bed_id=bed, number=10**8 + 1)


@pytest.mark.parametrize("method", [name for name in QUICK if name != "first-come"])
def test_every_method_is_asked_for_the_same_people(method: str) -> None:
    asked = [band.asked for band in tally(_run("first-come")).bands]
    assert [band.asked for band in tally(_run(method)).bands] == asked
    assert sum(asked) > 150


def test_everyone_who_asks_is_housed_or_unmet() -> None:
    for band in tally(_run("commit-by")).bands:
        assert band.on_the_day + band.later + band.unmet == band.asked


def test_the_same_setting_gives_the_same_year() -> None:
    first = _run("look-ahead")
    world_of.cache_clear()
    world = world_of(SETTING)
    again = Year(world, METHODS["look-ahead"], futures_of(SETTING, world, 4))
    again.run()
    assert tally(again) == tally(first)
    assert [each.bed_id for each in again.decided] == [each.bed_id for each in first.decided]


def test_another_replication_is_another_year_on_the_same_estate() -> None:
    other = replace(SETTING, replication=2)
    assert world_of(other).problem.beds == world_of(SETTING).problem.beds
    assert world_of(other).people != world_of(SETTING).people


def test_nobody_is_firm_before_being_referred_nor_housed_before_release() -> None:
    for record in _run("first-come").records.values():
        if record.firm_on is not None:
            assert record.firm_on >= record.referred
        if record.housed_on is not None:
            assert record.release <= record.housed_on <= record.latest


def test_commit_by_makes_nobody_firm_sooner_than_the_policy_says() -> None:
    year = _run("commit-by")
    days = year.world.policy.commit_by_days
    moved = {p.referral.id for p in year.world.people if p.changed_on is not None}
    for asking in year.world.askers:
        record = year.records.get(asking.number)
        if record is None or record.firm_on is None or asking.referral.id in moved:
            continue
        # A meeting is weekly: a bed is firm at the last one before the day.
        assert record.firm_on >= record.release - days[record.band - 1] - 7


def test_committing_late_houses_more_of_the_highest_band_than_first_come() -> None:
    """The point of it all, on one small estate with far too few beds."""
    late, today = tally(_run("commit-by")), tally(_run("first-come"))
    assert late.band(1).share_on_the_day > today.band(1).share_on_the_day + 0.05
    assert late.weighted_unmet < 0.7 * today.weighted_unmet


@pytest.mark.parametrize("method", QUICK)
def test_no_method_beats_hindsight(method: str) -> None:
    assert tally(_run(method)).unmet_with_warm_up >= _bound().least_unmet


@cache
def _bound() -> hindsight.Hindsight:
    return hindsight.of_world(world_of(SETTING))


def test_hindsight_says_something() -> None:
    best = min(tally(_run(method)).unmet_with_warm_up for method in QUICK)
    assert 0.2 * best < _bound().least_unmet <= best
    assert _bound().least_unmet < 0.5 * tally(_run("first-come")).unmet_with_warm_up


@pytest.mark.parametrize("alike", [0.9, 0.5])
def test_premises_priced_together_loosen_the_bound_at_most(alike: float) -> None:
    """The tolerance is that of the interior-point solver, whose prices both are added up from."""
    together = hindsight.of_world(world_of(SETTING), alike)
    assert together.asked == _bound().asked
    assert together.most >= _bound().most - 0.001 * together.asked
    best = min(tally(_run(method)).unmet_with_warm_up for method in QUICK)
    assert 0.1 * best < together.least_unmet <= best


def test_futures_are_not_the_years_own_people() -> None:
    world = world_of(SETTING)
    futures = futures_of(SETTING, world, 2)
    own = {(p.referral.location, p.referral.release_date, p.referral.nights) for p in world.people}
    for future in futures.each:
        drawn = {
            (p.referral.location, p.referral.release_date, p.referral.nights) for p in future.people
        }
        assert len(drawn & own) < 0.1 * len(drawn)


def test_a_forecast_of_nobody_looks_no_further_than_those_who_are_known() -> None:
    """Without futures to vote, everyone due has a bed if there is one."""
    blind = replace(SETTING, forecast_factor=0.0)
    world = world_of(blind)
    futures = futures_of(blind, world, 4)
    assert all(not future.people for future in futures.each)
    assert not np.any(futures.prices)
    year = Year(world, METHODS["look-ahead"], futures)
    year.run()
    assert [b.asked for b in tally(year).bands] == [
        b.asked for b in tally(_run("first-come")).bands
    ]


def test_the_optimiser_itself_decides_lawfully_and_no_worse_by_band_than_a_greedy_plan() -> None:
    world = world_of(SETTING)
    empty = Board.empty(world.ground)
    desk = Desk(
        today=0,
        next_meeting=7,
        board=empty,
        asking=world.askers[:40],
        futures=futures_of(SETTING, world, 0),
        ground=world.ground,
        policy=world.policy,
    )
    chosen = METHODS["optimise-all"].decide(desk).firm
    board = empty.copy()
    for person, slot in chosen:
        assert slot.bed in person.beds
        assert person.release <= slot.arrival <= person.latest
        assert board.allows(person, slot)
        board.put(person, slot)  # which refuses a bed that is taken
    greedy = together(empty.copy(), desk.asking, desk)
    for band in (1, 2):
        ours = sum(person.band <= band for person, _ in chosen)
        assert ours >= sum(person.band <= band for person, _ in greedy) > 0


def test_somebody_in_a_bed_that_is_out_of_service_stays_there_and_nobody_follows() -> None:
    """The bed of somebody who is there on the first day is a fact, whatever is being mended."""
    world = world_of(SETTING)
    booking = next(b for _, b in world.residents if b.stay.arrival < world.first)
    assert booking.bed_id is not None
    works = OutOfService(booking.bed_id, Stay.of(world.first, SETTING.days), "works")
    problem = replace(world.problem, out_of_service=(*world.problem.out_of_service, works))
    method = METHODS["first-come"]
    year = Year(replace(world, problem=problem), method, futures_of(SETTING, world, method.futures))
    year.run()
    assert judge.breaches(year) == []
    there = [each for each in year.decided if each.bed_id == booking.bed_id]
    assert [each.resident for each in there if each.stay.meets(works.nights)] == [True]
