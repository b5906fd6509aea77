"""The report on matching outcomes, with its full header, and what is inferred from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.ingest import Reading
from allocator.ingest.assumptions import mappa_of_tier, rosh_of_tier
from allocator.referral import Referral
from allocator.vocabulary import ApType, Criterion, Offence, RiskTier, Rosh
from tests.ingest import real_headers
from tests.ingest.files import an_outcome, codes, problem_of, read, write


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    return read(folder, referrals=(write(folder / "report.csv", real_headers.OUTCOMES, *rows),))


def _one(folder: Path, **cells: str) -> Referral:
    return problem_of(_read(folder, an_outcome(**cells))).referrals[0]


def test_a_request_becomes_a_referral_with_a_fixed_arrival(tmp_path: Path) -> None:
    referral = _one(tmp_path, premises_type="PIPE", age_in_years="40", religion="not yet provided")
    assert (referral.id, referral.crn, referral.ap_type) == ("M1", "X000002", ApType.PIPE)
    assert referral.release_date == referral.latest_arrival == date(2026, 6, 1)
    assert (referral.nights, referral.outcode, referral.tier) == (84, "B1", RiskTier.B2)
    assert (referral.mappa_level, referral.mappa_category) == (1, "2")
    assert referral.protected == (("age", "40"),)


def test_the_window_may_be_widened_by_our_own_columns(tmp_path: Path) -> None:
    assert _one(tmp_path, flexible_days="5").latest_arrival == date(2026, 6, 6)
    assert _one(tmp_path, latest_arrival_date="2026-06-09").latest_arrival == date(2026, 6, 9)


def test_nights_come_from_the_dates_then_the_durations_then_the_policy(tmp_path: Path) -> None:
    open_ended = {"expected_departure_date": ""}
    both = {"authorised_duration": "70", "requested_duration": "90"}
    assert _one(tmp_path, **both).nights == 84
    assert _one(tmp_path, **open_ended, **both).nights == 70
    assert _one(tmp_path, **open_ended, requested_duration="90").nights == 90
    assert _one(tmp_path, **open_ended, premises_type="pipe").nights == 182


@pytest.mark.parametrize(
    "cells",
    [
        {"match_outcome": "Placed"},
        {"request_for_placement_withdrawal_date": "2026-04-01"},
        {"application_withdrawal_date": "2026-04-01"},
        {"expected_arrival_date": "2026-01-01", "expected_departure_date": "2026-05-01"},
    ],
)
def test_a_row_that_needs_no_bed_is_left_out_and_counted(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    problem = problem_of(_read(tmp_path, an_outcome(**cells), an_outcome("M2")))
    assert [referral.id for referral in problem.referrals] == ["M2"]
    (note,) = [note for note in problem.notes if note.code == "rows_not_needed"]
    assert " 1 " in f" {note.text} "


def test_a_stay_with_a_night_to_come_is_kept(tmp_path: Path) -> None:
    cells = {"expected_arrival_date": "2026-01-01", "expected_departure_date": "2026-05-02"}
    assert _one(tmp_path, **cells).release_date == date(2026, 1, 1)


def test_a_first_attempt_that_led_nowhere_is_one_failed(tmp_path: Path) -> None:
    assert _one(tmp_path).failed_attempts == 0
    tried = {"first_match_attempt_date_time": "2026-04-20T10:00:00Z"}
    assert _one(tmp_path, **tried).failed_attempts == 1
    assert _one(tmp_path, **tried, match_outcome="").failed_attempts == 1


def test_criteria_say_which_offences_apply_and_that_the_others_do_not(tmp_path: Path) -> None:
    referral = _one(
        tmp_path,
        criteria="acceptsChildSexOffenders, isArsonSuitable acceptsHateCrimeOffenders;isPIPE",
    )
    assert referral.offences == {Offence.SEXUAL_CHILD, Offence.ARSON, Offence.HATE}
    assert referral.offences_unknown == frozenset()
    assert referral.essential == {Criterion.IS_ARSON_SUITABLE, Criterion.IS_PIPE}


def test_criteria_of_none_mean_no_offence(tmp_path: Path) -> None:
    assert _one(tmp_path, criteria="NONE").possible_offences == frozenset()


@pytest.mark.parametrize("cells", [{}, {"criteria": ""}])
def test_without_criteria_every_offence_may_apply(tmp_path: Path, cells: dict[str, str]) -> None:
    problem = problem_of(_read(tmp_path, an_outcome(**cells)))
    assert problem.referrals[0].offences_unknown == frozenset(Offence)
    (note,) = [note for note in problem.notes if note.code == "offences_unknown"]
    assert "1 referral" in note.text and "NONE" in note.text


@pytest.mark.parametrize(
    "tier, mappa, rosh",
    [
        (RiskTier.A0, None, Rosh.VERY_HIGH),
        (RiskTier.B3, 1, Rosh.HIGH),
        (RiskTier.C2, None, Rosh.MEDIUM),
        (RiskTier.D1, None, Rosh.LOW),
        (RiskTier.A, 1, Rosh.VERY_HIGH),
        (RiskTier.B, None, Rosh.VERY_HIGH),
        (RiskTier.B, 0, Rosh.VERY_HIGH),
        (RiskTier.B, 1, Rosh.HIGH),
        (RiskTier.C, 3, Rosh.HIGH),
        (RiskTier.D, None, Rosh.HIGH),
        (RiskTier.E, None, Rosh.MEDIUM),
        (RiskTier.G, 1, Rosh.MEDIUM),
        (RiskTier.NOT_SUPERVISED, None, None),
        (None, 1, None),
    ],
)
def test_harm_is_the_highest_that_the_tier_allows(
    tier: RiskTier | None, mappa: int | None, rosh: Rosh | None
) -> None:
    assert rosh_of_tier(tier, mappa) is rosh


@pytest.mark.parametrize(
    "tier, level",
    [
        (RiskTier.A1, None),
        (RiskTier.B1, 0),
        (RiskTier.C3, 0),
        (RiskTier.D0, 0),
        (RiskTier.B, None),
        (RiskTier.G, None),
        (None, None),
    ],
)
def test_a_blank_mappa_is_none_only_where_the_tier_shows_it(
    tier: RiskTier | None, level: int | None
) -> None:
    assert mappa_of_tier(tier) == level


def test_what_is_inferred_is_recorded_as_assumed(tmp_path: Path) -> None:
    referral = _one(tmp_path, mappa="", criteria="NONE")
    assert (referral.rosh, referral.mappa_level) == (Rosh.HIGH, 0)
    assert [(made.field, made.read_as) for made in referral.assumptions] == [
        ("rosh", "High"),
        ("mappa_level", "0"),
    ]


def test_a_missing_tier_leaves_harm_unknown(tmp_path: Path) -> None:
    referral = _one(tmp_path, tier="MISSING", mappa="")
    assert (referral.tier, referral.rosh, referral.mappa_level) == (None, None, None)


def test_a_departure_before_the_arrival_is_complained_of(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, an_outcome(expected_departure_date="2026-06-01")).complaints
    assert complaint.column == "expected_departure_date"


def test_a_place_that_is_no_outcode_is_noted(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, an_outcome(target_location="Invented Town")))
    assert problem.referrals[0].location is None
    assert "outcode_unknown" in codes(problem)


def test_the_variant_without_personal_columns_is_read(tmp_path: Path) -> None:
    personal = {"matcher_username", "matcher_name", "ethnicity", "nationality", "religion"}
    header = ",".join(n for n in real_headers.OUTCOMES.split(",") if n not in personal)
    reading = read(tmp_path, referrals=(write(tmp_path / "r.csv", header, an_outcome()),))
    assert len(problem_of(reading).referrals) == 1
