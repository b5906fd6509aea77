"""What a study says of itself: days, estate, changes in words, and what changed nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.cli.template import scenario_text
from allocator.export.simulated_words import days_words, estate_words
from allocator.forecast import write_forecast
from allocator.problem_file import write_problem
from allocator.scenario.answers import SiteAnswer, SiteAnswers
from allocator.scenario.answers_in_words import sites_words
from allocator.scenario.figures import change_of, figures, mean_of
from allocator.scenario.file import Base, Scenario, ScenarioFile
from allocator.scenario.in_words import change_in_words
from allocator.scenario.no_effect import warnings_of
from allocator.scenario.read import read_scenario
from allocator.scenario.study import replications
from allocator.simulate.about import about
from allocator.simulate.cell import Cell, Result
from allocator.simulate.changes import AnyChange, Close, Convert, DemandFactor, OpenBeds, StayLength
from allocator.simulate.changes.who import Who
from allocator.simulate.compare import Interval, count_of, share_of
from allocator.simulate.setting import Setting, inputs_of
from allocator.simulate.tally import BandTally, Tally
from allocator.vocabulary import ApType, Criterion, Gender
from tests.holding.test_advice import _forecast

DAY = date(2026, 11, 20)
CLOSE = Close("NE003", date(2026, 12, 1))
SHORT = Setting(size="S", days=28, warm_up_days=14)


def test_the_days_follow_from_the_date_of_the_estate() -> None:
    found = about(SHORT)
    assert (found.first_day, found.first_counted) == (date(2026, 11, 2), date(2026, 11, 16))
    assert found.last_counted == date(2026, 12, 13)
    assert days_words(found) == (
        "Releases are counted from 16 November 2026 to 13 December 2026, 28 days; the 14 days from "
        "2 November 2026 are the warm-up."
    )
    assert "warm-up" not in days_words(about(replace(SHORT, warm_up_days=0)))


@pytest.mark.parametrize("synthetic", [True, False])
def test_an_estate_of_a_file_is_synthetic_where_the_file_says_so(
    tmp_path: Path, synthetic: bool
) -> None:
    problem, forecast = tmp_path / "problem.json", tmp_path / "forecast.json"
    write_problem(replace(inputs_of(SHORT).problem, synthetic=synthetic), problem)
    write_forecast(_forecast(), forecast)
    setting = replace(SHORT, problem=str(problem), forecast=str(forecast))
    found = about(setting)
    assert found.synthetic_estate is synthetic
    assert found.synthetic_word == ("estate and people" if synthetic else "people")
    said = estate_words(setting, found)
    assert said.startswith("Synthetic estate of problem.json" if synthetic else "Estate of")
    assert "Synthetic people, drawn from forecast.json" in said


NAMES = {"NE003": "Alder House"}


def test_every_change_is_told_with_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(scenario_text(), encoding="utf-8")
    said = {
        change.kind: change_in_words(change, NAMES)
        for scenario in read_scenario(path).scenarios
        for change in scenario.changes
    }
    assert said["close"].startswith("Alder House (NE003) closes: no arrival from 1 March 2027")
    assert said["open_beds"].startswith("10 beds more at YH001 from 1 February 2027")
    assert "15 beds" in said["open_premises"]
    assert "latitude 54.97" in said["open_premises"]
    assert "5 of its rooms gain: step-free designated" in said["convert"]
    assert "0.5 times as often" in said["out_of_service_rate"]
    assert all(said.values())
    assert len(said) == 10


def test_who_a_change_is_about_is_told() -> None:
    change = StayLength(7, 84, Who(frozenset({1, 2}), genders=frozenset({Gender.WOMAN})))
    words = "stays of 7 nights in place of 84, only of band 1 and 2, women"
    assert change_in_words(change, NAMES) == words


def test_no_code_of_an_ap_type_or_of_a_criterion_is_told() -> None:
    who = Who(ap_types=frozenset({ApType.RFAP, ApType.MHAP_ST_JOSEPHS}))
    said = change_in_words(StayLength(7, 84, who), NAMES)
    assert said.endswith("AP type Recovery-focused and Specialist mental health: St Joseph's")
    ground = frozenset({Criterion.IS_GROUND_FLOOR})
    converted = Convert("NE003", frozenset({ApType.NORMAL}), ground)
    assert change_in_words(converted, NAMES).startswith(
        "Alder House (NE003): becomes AP type Standard, all rooms gain: ground floor,"
    )


def years(same: bool) -> Mapping[tuple[str, str], tuple[Result, ...]]:
    """One year of the base and of a scenario called x, with the same figures or not."""
    band = BandTally(1, 10, 9, 0, 1, 3, 0, 0, 0, None)
    cell = Cell(SHORT, "first-come")
    base, other = (
        Result(cell, Tally("m", (band,), unmet, unmet, 0.9), 0.0, (), ())
        for unmet in (64.0, 64.0 if same else 128.0)
    )
    return {("base", "first-come"): (base,), ("x", "first-come"): (other,)}


@pytest.mark.parametrize(
    ("changes", "same", "words"),
    [
        ((StayLength(7, instead_of=83),), True, ["x: change 1 (stay_length) changed nobody"]),
        ((DemandFactor(1.0), DemandFactor(0.5)), False, ["x: change 1 (demand_factor)"]),
        ((DemandFactor(0.5),), False, []),
        ((OpenBeds("NE003"),), True, ["x: every figure of every year is the base's."]),
        ((OpenBeds("NE003"),), False, []),
        ((), True, ["x: has no changes, so every figure is the base's."]),
        ((CLOSE, CLOSE), False, ["x: change 2 (close) changed nobody"]),
        ((replace(CLOSE, since=DAY), CLOSE), False, ["x: change 2 (close) changed nobody"]),
        ((CLOSE, replace(CLOSE, since=DAY)), False, []),
        (
            (CLOSE, OpenBeds("NE003", 5, date(2027, 1, 9))),
            False,
            ["x: change 2 (open_beds) opens beds at NE003 from 9 January 2027, but from 1 "],
        ),
        ((OpenBeds("NE003", 5), CLOSE), False, []),
        ((CLOSE, OpenBeds("YH001", 5, date(2027, 1, 9))), False, []),
    ],
)
def test_a_change_that_changed_nothing_is_told(
    changes: tuple[AnyChange, ...], same: bool, words: list[str]
) -> None:
    file = ScenarioFile(
        1, (Scenario("x", changes),), Base(), ("first-come",), 2, days=28, warm_up_days=14
    )
    found = warnings_of(file, replications(file), years(same))
    assert len(found) == len(words)
    for said, start in zip(found, words, strict=True):
        assert said.startswith(start)


def of_band(asked: int, on_the_day: int) -> Tally:
    band = BandTally(1, asked, on_the_day, 0, asked - on_the_day, 0, 0, 0, 0, None)
    return Tally("m", (band,), 0.0, 0.0, 0.9)


def test_a_share_of_nobody_is_no_figure_and_neither_is_its_difference() -> None:
    told = next(each for each in figures([1]) if each.name == "on_the_day_band_1")
    nobody, half = of_band(0, 0), of_band(2, 1)
    assert mean_of(told, [nobody, nobody]) is None
    assert change_of(told, [nobody, half], [half, nobody]) is None
    found = mean_of(told, [nobody, half])
    assert found is not None
    assert (found.mean, found.half) == (0.5, None)


def test_no_interval_of_a_share_leaves_what_a_share_can_be() -> None:
    told = next(each for each in figures([1]) if each.name == "on_the_day_band_1")
    few, many = [of_band(10, 0), of_band(10, 3)], [of_band(10, 10), of_band(10, 7)]
    low, high, change = mean_of(told, few), mean_of(told, many), change_of(told, many, few)
    assert low is not None
    assert high is not None
    assert change is not None
    assert (low.low, high.high) == (0.0, 1.0)
    assert (change.low, change.high) == (-1.0, 1.0)
    assert share_of(Interval(0.2, 0.3)).spread(100, 0) == " (0–50)"
    assert share_of(Interval(0.5, 0.3)).spread(100, 0) == " ± 30"
    assert share_of(Interval(0.5, None)).spread(100, 0) == ""


def test_the_interval_of_a_count_ends_at_nought_and_of_its_difference_does_not() -> None:
    found = count_of(Interval(2.0, 3.0))
    assert (found.low, found.high) == (0.0, 5.0)
    assert found.spread(1, 1) == " (0.0–5.0)"
    assert count_of(Interval(2000.0, 3.0)).spread(1, 0) == " ± 3"
    assert count_of(Interval(2.0, None)).low is None
    told = next(each for each in figures([1]) if each.name == "unmet_band_1")
    few, none = [of_band(10, 9), of_band(10, 6)], [of_band(10, 10), of_band(10, 10)]
    mean, change = mean_of(told, few), change_of(told, none, few)
    assert mean is not None
    assert change is not None
    assert mean.low == 0.0
    assert change.low is not None
    assert change.low < -4


def test_the_sites_that_were_not_run_are_told_of_and_what_a_price_is() -> None:
    order, left, price = sites_words(SiteAnswers("first-come", 10, 2, ()), {})
    assert order.startswith("Best first")
    assert left.startswith("2 of 10 premises were run, chosen by price. The other 8 were not")
    assert "one bed more or less" in price
    assert "None was left out" in sites_words(SiteAnswers("first-come", 2, 2, ()), {})[1]


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ([(-30.0, 10.0), (26.0, 387.0)], "holds nought at B: it cannot be told"),
        ([(-3.0, 10.0), (26.0, 387.0)], "holds nought at every one of them"),
        ([(-30.0, None), (26.0, None)], "One year has no interval"),
        ([(-30.0, 10.0), (26.0, 10.0)], None),
    ],
)
def test_a_difference_that_cannot_be_told_from_none_is_told_to_be_so(
    intervals: list[tuple[float, float | None]], words: str | None
) -> None:
    nothing = Interval(0.0, 0.0)
    sites = tuple(
        SiteAnswer(name, 1.0, Interval(*found), nothing, nothing)
        for name, found in zip("AB", intervals, strict=True)
    )
    said = sites_words(SiteAnswers("first-come", 2, 2, sites), {})
    assert len(said) == (3 if words is None else 4)
    assert words is None or words in said[1]
