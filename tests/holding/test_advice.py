"""Advice: who is firm, who is held back, and the price of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli import app
from allocator.export.advice import standings_csv
from allocator.forecast import Forecast, write_forecast
from allocator.forecast.fit import fit
from allocator.generate.options import SIZES, Options
from allocator.generate.problem import generate
from allocator.generate.year import TrueDemand
from allocator.history import History, Past
from allocator.holding import Advice, State, advise
from allocator.holding.file import advice_to_json
from allocator.plan import Plan
from allocator.policy import Policy, load_policy
from allocator.problem import Problem
from allocator.problem_file import write_plan, write_problem
from allocator.solving import solve
from allocator.streams import Streams
from tests.builders import (
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    out_of_service,
)

DAYS = 400


@cache
def _policy() -> Policy:
    return load_policy()


@cache
def _problem() -> Problem:
    return generate("S", 1)


@cache
def _plan() -> Plan:
    return solve(_problem(), _policy(), effort="quick", time_limit_s=20)


@cache
def _forecast() -> Forecast:
    first = _problem().as_of - timedelta(days=DAYS)
    demand = TrueDemand(Options(SIZES["S"]), _problem().premises, _policy())
    people = demand.people(Streams(5), first, _problem().as_of)
    past = tuple(Past(each, True, True, True) for each in people)
    return fit(History(past, first, _problem().as_of, synthetic=True), _policy(), _problem().as_of)


@cache
def _advice(factor: float = 1.0) -> Advice:
    return advise(_plan(), _problem(), _policy(), _forecast().scaled(factor), seed=3)


def test_every_placement_has_one_standing() -> None:
    standings = _advice().standings
    assert [each.referral_id for each in standings] == [
        each.referral_id for each in _plan().placements
    ]


def test_band_1_is_never_held_back() -> None:
    bands = {each.band for each in _advice().standings if each.state is State.HELD_BACK}
    assert bands
    assert 1 not in bands


def test_only_who_is_due_is_firm_or_held_back() -> None:
    for placement, standing in zip(_plan().placements, _advice().standings, strict=True):
        due = placement.decide_by < _advice().next_meeting
        assert (standing.state is not State.PROVISIONAL) == due
        if not due:
            assert standing.until == placement.decide_by


def test_a_hold_is_the_bed_that_somebody_held_back_would_have_had() -> None:
    held = {each.referral_id: each for each in _advice().standings if each.state is State.HELD_BACK}
    assert {hold.held_back for hold in _advice().holds} == set(held)
    for hold in _advice().holds:
        placement = _plan().placement_of[hold.held_back]
        assert (hold.bed_id, hold.nights) == (placement.bed_id, placement.stay)
        assert hold.expires == _advice().next_meeting
        assert max(hold.for_bands) < placement.band
        assert hold.owner
        assert "need this bed, or every other that whoever has it" in hold.why


def test_someone_is_held_back_for_want_of_futures_with_a_bed() -> None:
    for each in _advice().standings:
        if each.state is State.HELD_BACK:
            assert each.futures < each.needed <= _advice().futures
        if each.state is State.FIRM:
            assert each.futures >= each.needed


def test_somebody_in_a_bed_that_is_out_of_service_costs_nobody_the_advice() -> None:
    """They stay where they are; the bed is nobody else's while it is mended."""
    works = [out_of_service("P1-R1-B1", -1, 300)]
    problem = a_problem(
        referrals=[a_referral(nights=20)],
        bookings=[a_resident(stay=a_stay(-5, 30))],
        out_of_service=works,
        **an_estate({"P1": (1, 1, 1)}),
    )
    plan = solve(problem, _policy(), effort="quick", time_limit_s=20)
    assert len(plan.placements) == 1
    advice = advise(plan, problem, _policy(), _forecast().scaled(0.0))
    assert [each.futures for each in advice.standings] == [advice.futures]


def test_nobody_expected_means_nobody_held_back() -> None:
    advice = _advice(0.0)
    assert advice.count(State.HELD_BACK) == 0
    assert advice.holds == ()
    assert all(change.expected == 0 and change.gain == 0 for change in advice.changes)


def test_more_expected_means_more_held_back() -> None:
    # Far apart: the plan is cut off by the clock, and another machine's is another plan.
    assert _advice(3.0).count(State.HELD_BACK) > _advice(0.2).count(State.HELD_BACK)


def test_holding_is_worth_its_price_in_weights() -> None:
    """What higher bands gain outweighs what lower bands pay, and both are told."""
    weights = _policy().band_weights
    gains = {change.band: change.gain for change in _advice().changes}
    assert min(gains.values()) < 0 < max(gains.values())
    assert sum(weights[band - 1] * gain for band, gain in gains.items()) > 0


def test_the_same_seed_gives_the_same_advice_to_the_byte() -> None:
    again = advise(_plan(), _problem(), _policy(), _forecast().scaled(1.0), seed=3)
    assert advice_to_json(again) == advice_to_json(_advice())


def test_a_forecast_of_another_policy_is_refused() -> None:
    other = replace(_policy(), digest="another")
    with pytest.raises(ValueError, match="make it again"):
        advise(_plan(), _problem(), other, _forecast())


def test_a_meeting_in_the_past_is_refused() -> None:
    with pytest.raises(ValueError, match="next meeting"):
        advise(_plan(), _problem(), _policy(), _forecast(), next_meeting=_problem().as_of)


def test_the_command_tells_and_writes(tmp_path: Path) -> None:
    plan, problem, forecast = (tmp_path / f"{n}.json" for n in ("plan", "problem", "forecast"))
    write_plan(_plan(), plan)
    write_problem(_problem(), problem)
    write_forecast(_forecast(), forecast)
    arguments = ["hold", str(plan), str(problem), "--forecast", str(forecast), "-o"]
    ran = CliRunner().invoke(app, [*arguments, str(tmp_path / "out"), "--seed", "3"])
    assert ran.exit_code == 0, ran.output
    assert "a person decides" in ran.output
    assert f"beds held {len(_advice().holds)}" in ran.output
    rows = (tmp_path / "out" / "standings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + len(_plan().placements)
    holds = (tmp_path / "out" / "holds.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(holds) == 1 + len(_advice().holds)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_allocate_with_a_forecast_writes_what_hold_would_say_of_its_plan(tmp_path: Path) -> None:
    problem, forecast, out = tmp_path / "problem.json", tmp_path / "forecast.json", tmp_path / "out"
    write_problem(_problem(), problem)
    write_forecast(_forecast(), forecast)
    made = ["allocate", str(problem), "--effort", "quick", "--time-limit", "10", "--seed", "3"]
    with_forecast = CliRunner().invoke(app, [*made, "--forecast", str(forecast), "-o", str(out)])
    assert with_forecast.exit_code == 0, with_forecast.output
    assert "People not yet referred" in with_forecast.output
    standings = {each["referral_id"]: each["state"] for each in _rows(out / "standings.csv")}
    assert {each["decision"] for each in _rows(out / "plan.csv")} == set(standings.values())
    assert "held back" in standings.values()
    assert "Held back: not to be made firm yet" in (out / "report.html").read_text()
    said = (str(out / "plan.json"), str(out / "problem.json"), "--forecast", str(forecast))
    ran = CliRunner().invoke(app, ["hold", *said, "--seed", "3", "-o", str(tmp_path / "held")])
    assert ran.exit_code == 0, ran.output
    for name in ("standings.csv", "holds.csv", "advice.json"):
        assert (out / name).read_bytes() == (tmp_path / "held" / name).read_bytes()
    (out / "rejected-plan.json").write_text("of an earlier solve")
    assert CliRunner().invoke(app, [*made, "-o", str(out)]).exit_code == 0
    left = {path.name for path in out.iterdir()}
    assert not left & {"standings.csv", "holds.csv", "advice.json", "rejected-plan.json"}


def test_a_forecast_under_another_policy_is_refused_before_anything_is_solved(
    tmp_path: Path,
) -> None:
    problem, forecast = tmp_path / "problem.json", tmp_path / "forecast.json"
    write_problem(_problem(), problem)
    basis = replace(_forecast().basis, policy_digest="0" * 64)
    write_forecast(replace(_forecast(), basis=basis), forecast)
    arguments = ["allocate", str(problem), "--forecast", str(forecast)]
    ran = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "out")])
    assert ran.exit_code != 0
    assert "make it again under that policy" in f"{ran.output}{ran.exception}"
    assert not (tmp_path / "out").exists()


def test_a_forecast_that_begins_after_the_plan_gives_no_advice() -> None:
    basis = replace(_forecast().basis, as_of=_plan().as_of + timedelta(days=1))
    with pytest.raises(ValueError, match="begins on 2026-11-03, after 2026-11-02"):
        advise(_plan(), _problem(), _policy(), replace(_forecast(), basis=basis))


def test_a_forecast_that_begins_after_the_problem_simulates_no_year_of_it(tmp_path: Path) -> None:
    problem, forecast = tmp_path / "problem.json", tmp_path / "forecast.json"
    write_problem(_problem(), problem)
    basis = replace(_forecast().basis, as_of=_problem().as_of + timedelta(days=1))
    write_forecast(replace(_forecast(), basis=basis), forecast)
    asked = ["simulate", str(problem), "--forecast", str(forecast)]
    ran = CliRunner().invoke(app, [*asked, "-o", str(tmp_path / "never")])
    assert ran.exit_code == 2
    assert "begins on 2026-11-03, after 2026-11-02" in ran.output
    assert not (tmp_path / "never").exists()


def test_an_old_forecast_of_few_referrals_is_used_with_a_warning(tmp_path: Path) -> None:
    plan, problem, forecast = (
        tmp_path / f"{name}.json" for name in ("plan", "problem", "forecast")
    )
    write_plan(_plan(), plan)
    write_problem(_problem(), problem)
    old = _plan().as_of - timedelta(days=100)
    basis = replace(_forecast().basis, until=old, referrals=5)
    write_forecast(replace(_forecast(), basis=basis), forecast)
    asked = ["hold", str(plan), str(problem), "--forecast", str(forecast)]
    ran = CliRunner().invoke(app, [*asked, "-o", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    assert "Its history ends 100 days ago" in ran.output
    assert "It rests on 5 referrals" in ran.output


def test_who_cannot_arrive_any_more_when_asked_again_is_counted() -> None:
    advice = _advice(3.0)
    late = {
        each.id for each in _problem().referrals if each.latest_arrival < advice.next_meeting
    } & {each.referral_id for each in advice.standings if each.state is State.HELD_BACK}
    assert advice.refused == len(late)
    rows = standings_csv(advice).decode("utf-8-sig").splitlines()
    column = rows[0].split(",").index("then_too_late")
    assert {row.split(",")[0] for row in rows[1:] if row.split(",")[column] == "yes"} == late


def test_an_unlawful_plan_gets_no_advice(tmp_path: Path) -> None:
    one, other = _plan().placements[:2]
    wrong = replace(
        _plan(), placements=(one, replace(other, bed_id=one.bed_id), *_plan().placements[2:])
    )
    plan, problem, forecast = (tmp_path / f"{n}.json" for n in ("plan", "problem", "forecast"))
    write_plan(wrong, plan)
    write_problem(_problem(), problem)
    write_forecast(_forecast(), forecast)
    ran = CliRunner().invoke(
        app,
        ["hold", str(plan), str(problem), "--forecast", str(forecast), "-o", str(tmp_path / "o")],
    )
    assert ran.exit_code == 1
    assert not (tmp_path / "o").exists()


def test_the_dates_are_of_the_plan() -> None:
    assert _advice().as_of == _plan().as_of == date(2026, 11, 2)
    assert _advice().next_meeting == date(2026, 11, 9)
    assert _advice().synthetic
