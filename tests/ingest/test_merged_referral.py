"""A short file of requests that are known: what it has no column for is not forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.ingest import Sources, read_files
from allocator.policy import load_policy
from allocator.problem import Problem
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import ApType, Offence, RiskTier, Rosh
from tests.ingest.files import AS_OF, a_release, an_outcome, problem_of, read, write

SHORT = "referral_id,crn,gender,release_date"
SHORT_OUTCOME = "placement_request_id,crn,gender,expected_arrival_date"
FULL = {
    "flexible_days": "8",
    "nights": "100",
    "ap_type": "pipe",
    "tier": "B2",
    "rosh": "Medium",
    "mappa": "CAT 1/LEVEL 2",
    "exceptional_case": "YES",
    "outcode": "B1",
    "aimed_radius_miles": "40",
    "consented_radius_miles": "80",
    "essential_criteria": "isSingle",
    "desirable_criteria": "hasEnSuite",
    "sexual_offence_adult": "NO",
    "sexual_offence_child": "YES",
    "non_sexual_offence_child": "NO",
    "hate_offence": "NO",
    "arson_offence": "",
    "restriction_codes": "R1",
    "licence_expiry": "2026-12-01",
    "share_suitable": "YES",
    "share_valid_until": "2026-07-01",
    "preferred_premises": "APX2",
    "failed_attempts": "3",
    "age": "44",
    "religion": "none",
}


def known_of(folder: Path, number: str = "R1", **cells: str) -> Problem:
    path = write(folder / "known.csv", SHORT, a_release(number, **cells))
    return problem_of(read(folder, referrals=(path,)))


def outcome_known(folder: Path, **cells: str) -> Problem:
    path = write(folder / "known.csv", SHORT_OUTCOME, an_outcome(**cells))
    return problem_of(read(folder, referrals=(path,)))


def again(folder: Path, known: Problem, header: str, row: Mapping[str, str]) -> Referral:
    path = write(folder / "again.csv", header, row)
    reading = read_files(Sources(as_of=AS_OF, referrals=(path,)), known=known)
    return problem_of(reading).referrals[0]


def only(row: Mapping[str, str], header: str) -> Mapping[str, str]:
    return {name: text for name, text in row.items() if name in header.split(",")}


def test_a_file_of_four_columns_changes_only_what_it_says(tmp_path: Path) -> None:
    known = known_of(tmp_path, **FULL)
    found = again(tmp_path, known, SHORT, a_release(release_date="2026-06-03"))
    assert found == replace(
        known.referrals[0], release_date=date(2026, 6, 3), latest_arrival=date(2026, 6, 11)
    )


@pytest.mark.parametrize("column", FULL)
def test_a_column_that_is_not_there_keeps_what_is_known(tmp_path: Path, column: str) -> None:
    known = known_of(tmp_path, **FULL)
    gone = {"share_suitable", "share_valid_until"} if column.startswith("share_") else {column}
    others = {name: text for name, text in FULL.items() if name not in gone}
    assert again(tmp_path, known, SHORT, a_release(**others)) == known.referrals[0]


def test_a_blank_cell_of_a_column_that_is_there_empties(tmp_path: Path) -> None:
    known = known_of(tmp_path, **FULL)
    blank = dict.fromkeys(FULL, "")
    assert again(tmp_path, known, SHORT, a_release(**blank)) == known_of(tmp_path).referrals[0]
    limits = ("consented_radius_miles", "sexual_offence_child")
    found = again(tmp_path, known, SHORT, a_release(**dict.fromkeys(limits, "")))
    assert found.consented_radius_miles is None
    assert found.offences_unknown == {Offence.SEXUAL_CHILD, Offence.ARSON}
    assert "sexual_child" in {made.field for made in found.assumptions}
    assert found.licence_expiry == date(2026, 12, 1)


def test_a_request_that_is_new_is_read_as_ever(tmp_path: Path) -> None:
    known = known_of(tmp_path, **FULL)
    found = again(tmp_path, known, SHORT, a_release("R2"))
    assert found == known_of(tmp_path, "R2").referrals[0]
    assert found.offences_unknown == frozenset(Offence) and found.tier is None


def test_a_last_night_of_sharing_alone_is_of_the_assessment_that_is_known(tmp_path: Path) -> None:
    known = known_of(tmp_path, **FULL)
    found = again(tmp_path, known, SHORT, a_release(share_valid_until="2026-06-20"))
    assert found.sharing == ShareAssessment(True, date(2026, 6, 20))
    assert again(tmp_path, known, SHORT, a_release(share_valid_until="")).sharing is None


def test_the_policys_nights_follow_the_kind_of_premises(tmp_path: Path) -> None:
    known = known_of(tmp_path, ap_type="normal")
    usual = load_policy().default_nights
    found = again(tmp_path, known, SHORT, a_release(ap_type="esap"))
    assert found.nights == usual[ApType.ESAP] != usual[ApType.NORMAL]
    assert found.assumptions[0].read_as == str(found.nights)
    kept = again(tmp_path, known_of(tmp_path, nights="50"), SHORT, a_release(ap_type="esap"))
    assert kept.nights == 50


def test_what_the_ministrys_report_has_no_column_for_stays(tmp_path: Path) -> None:
    known = known_of(tmp_path, "M1", **FULL, crn="X000002")
    row = an_outcome(tier="B1", mappa="CAT 1/LEVEL 3", criteria="NONE", premises_type="normal")
    found = again(tmp_path, known, SHORT_OUTCOME, row)
    was = known.referrals[0]
    changed = ("tier", "mappa_level", "ap_type", "nights", "essential", "offences")
    changed += ("offences_unknown", "assumptions")
    assert found == replace(was, **{name: getattr(found, name) for name in changed})
    assert (found.tier, found.mappa_level, found.rosh) == (RiskTier.B1, 3, Rosh.MEDIUM)
    assert found.offences == found.offences_unknown == found.essential == frozenset()
    assert found.assumptions == ()


def test_a_report_without_its_columns_keeps_risk_and_offences(tmp_path: Path) -> None:
    known = outcome_known(tmp_path, criteria="acceptsSexOffenders", age_in_years="44")
    row = only(an_outcome(), SHORT_OUTCOME)
    assert again(tmp_path, known, SHORT_OUTCOME, row) == known.referrals[0]


def test_harm_that_a_tier_told_is_told_anew_by_another_tier(tmp_path: Path) -> None:
    known = outcome_known(tmp_path, tier="C1", mappa="")
    assert (known.referrals[0].rosh, known.referrals[0].mappa_level) == (Rosh.MEDIUM, 0)
    row = a_release("M1", crn="X000002", tier="A1")
    found = again(tmp_path, known, SHORT, row)
    assert (found.rosh, found.mappa_level) == (Rosh.VERY_HIGH, None)
    fields = [made.field for made in found.assumptions]
    assert fields == ["rosh", "mappa_level", *sorted(Offence)]
    unknown = again(tmp_path, known, SHORT, {**row, "tier": ""})
    assert (unknown.tier, unknown.rosh, unknown.mappa_level) == (None, None, None)


def test_harm_that_somebody_gave_since_is_not_lowered(tmp_path: Path) -> None:
    """The record that it was not known may still be there beside it."""
    known = known_of(tmp_path)
    given = replace(known.referrals[0], rosh=Rosh.VERY_HIGH, mappa_level=3)
    found = again(tmp_path, known.with_referrals([given]), SHORT, a_release(tier="C1"))
    assert (found.tier, found.rosh, found.mappa_level) == (RiskTier.C1, Rosh.VERY_HIGH, 3)
