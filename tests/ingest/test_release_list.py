"""Our release list: every column, what blank means, and cells that do not go together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.geography.outcodes import find_outcode
from allocator.ingest import Reading
from allocator.ingest.release_list import LAYOUT
from allocator.referral import Referral, ShareAssessment
from allocator.vocabulary import ApType, Criterion, Gender, Offence, RiskTier, Rosh
from tests.ingest.files import a_release, codes, problem_of, read, write

HEADER = (
    "referral_id,crn,gender,release_date,latest_arrival,flexible_days,nights,ap_type,tier,rosh,"
    "mappa,exceptional_case,outcode,aimed_radius_miles,consented_radius_miles,"
    "essential_criteria,desirable_criteria,sexual_offence_adult,sexual_offence_child,"
    "non_sexual_offence_child,hate_offence,arson_offence,restriction_codes,licence_expiry,"
    "share_suitable,share_valid_until,preferred_premises,failed_attempts,age,ethnicity,"
    "religion,disability"
)


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    return read(folder, referrals=(write(folder / "list.csv", HEADER, *rows),))


def _one(folder: Path, **cells: str) -> Referral:
    return problem_of(_read(folder, a_release(**cells))).referrals[0]


def test_the_header_is_the_one_the_documents_give() -> None:
    assert ",".join(LAYOUT.all_columns) == HEADER


def test_every_column_reaches_the_referral(tmp_path: Path) -> None:
    row = {
        "referral_id": "R1",
        "crn": "x000001",
        "gender": "Female",
        "release_date": "01/06/2026",
        "latest_arrival": "2026-06-08",
        "nights": "100",
        "ap_type": "pipe",
        "tier": "B2",
        "rosh": "high",
        "mappa": "CAT 1/LEVEL 2",
        "exceptional_case": "YES",
        "outcode": "b1",
        "aimed_radius_miles": "40",
        "consented_radius_miles": "80",
        "essential_criteria": "isSingle;isCatered",
        "desirable_criteria": "hasEnSuite",
        "sexual_offence_adult": "YES",
        "sexual_offence_child": "NO",
        "non_sexual_offence_child": "YES",
        "hate_offence": "NO",
        "restriction_codes": "R1;R2",
        "licence_expiry": "2026-12-01",
        "share_suitable": "YES",
        "share_valid_until": "2026-07-01",
        "preferred_premises": "APX2;Q100",
        "failed_attempts": "3",
        "age": "44",
    }
    referral = problem_of(_read(tmp_path, row)).referrals[0]
    assert referral == Referral(
        id="R1",
        crn="X000001",
        gender=Gender.WOMAN,
        release_date=date(2026, 6, 1),
        latest_arrival=date(2026, 6, 8),
        nights=100,
        ap_type=ApType.PIPE,
        tier=RiskTier.B2,
        rosh=Rosh.HIGH,
        mappa_level=2,
        mappa_category="1",
        exceptional_case=True,
        outcode="B1",
        location=find_outcode("B1"),
        aimed_radius_miles=40,
        consented_radius_miles=80,
        essential=frozenset({Criterion.IS_SINGLE, Criterion.IS_CATERED}),
        desirable=frozenset({Criterion.HAS_EN_SUITE}),
        offences=frozenset({Offence.SEXUAL_ADULT, Offence.NON_SEXUAL_CHILD}),
        offences_unknown=frozenset({Offence.ARSON}),
        restriction_codes=frozenset({"R1", "R2"}),
        licence_expiry=date(2026, 12, 1),
        sharing=ShareAssessment(True, date(2026, 7, 1)),
        preferred_premises=("APX2", "APX1"),
        failed_attempts=3,
        protected=(("age", "44"),),
        assumptions=referral.assumptions,
    )
    assert [made.field for made in referral.assumptions] == ["arson"]


def test_a_blank_risk_cell_is_not_known(tmp_path: Path) -> None:
    referral = _one(tmp_path)
    assert (referral.tier, referral.rosh, referral.mappa_level) == (None, None, None)
    assert referral.offences_unknown == frozenset(Offence)
    assert referral.restriction_codes is None
    assert referral.sharing is None
    assert {made.field for made in referral.assumptions} >= {
        "tier",
        "rosh",
        "mappa_level",
        "nights",
    }


def test_an_explicit_no_is_known(tmp_path: Path) -> None:
    no = {name: "NO" for name in HEADER.split(",") if "offence" in name}
    referral = _one(tmp_path, mappa="NOT MAPPA", restriction_codes="NONE", **no)
    assert referral.mappa_level == 0
    assert referral.restriction_codes == frozenset()
    assert referral.possible_offences == frozenset()


def test_nights_that_are_not_given_are_the_policys(tmp_path: Path) -> None:
    assert _one(tmp_path).nights == 84
    assert _one(tmp_path, ap_type="esap").nights == 364


def test_flexible_days_follow_the_release_date(tmp_path: Path) -> None:
    assert _one(tmp_path).latest_arrival == date(2026, 6, 1)
    assert _one(tmp_path, flexible_days="7").latest_arrival == date(2026, 6, 8)


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"latest_arrival": "2026-05-31"}, "latest_arrival"),
        ({"latest_arrival": "2026-06-05", "flexible_days": "7"}, "latest_arrival"),
        ({"share_suitable": "YES"}, "share_valid_until"),
        ({"nights": "0"}, "nights"),
        ({"tier": "E9"}, "tier"),
        ({"outcode": "Leeds"}, "outcode"),
        ({"essential_criteria": "isSingel"}, "essential_criteria"),
        ({"consented_radius_miles": "0"}, "consented_radius_miles"),
        ({"crn": ""}, "crn"),
        ({"release_date": "06/13/2026"}, "release_date"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    reading = _read(tmp_path, a_release(**cells))
    assert reading.problem is None
    assert [(c.place.row, c.column) for c in reading.complaints] == [(2, column)]


def test_all_faults_of_all_rows_are_told_at_once(tmp_path: Path) -> None:
    reading = _read(
        tmp_path, a_release("R1", tier="?", rosh="?"), a_release("R2"), a_release("R3", gender="")
    )
    assert [(c.place.row, c.column) for c in reading.complaints] == [
        (2, "tier"),
        (2, "rosh"),
        (4, "gender"),
    ]


def test_one_number_in_two_files_is_complained_of_with_both_places(tmp_path: Path) -> None:
    first = write(tmp_path / "one.csv", HEADER, a_release("R1"), a_release("R2"))
    second = write(tmp_path / "two.csv", HEADER, a_release("R2"))
    (complaint,) = read(tmp_path, referrals=(first, second)).complaints
    assert complaint.place.file == "two.csv"
    assert "one.csv, row 3" in complaint.wrong


def test_two_referrals_may_be_of_one_person(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_release("R1", crn="x000001 "), a_release("R2")))
    assert [referral.crn for referral in problem.referrals] == ["X000001", "X000001"]


def test_an_outcode_on_no_map_is_noted_and_the_person_kept(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_release(outcode="ZZ9")))
    assert problem.referrals[0].location is None
    assert "outcode_unknown" in codes(problem)


def test_a_preference_for_premises_that_are_not_there_bars_nobody(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_release(preferred_premises="APX2;APX9")))
    assert problem.referrals[0].preferred_premises == ("APX2",)
    assert "preferred_premises_unknown" in codes(problem)


def test_a_crn_of_another_form_is_noted(tmp_path: Path) -> None:
    assert "crn_unusual" in codes(problem_of(_read(tmp_path, a_release(crn="AB12"))))


def test_an_assessment_that_says_no_without_a_date_is_as_good_as_none(tmp_path: Path) -> None:
    assert _one(tmp_path, share_suitable="NO").sharing is None
    assert _one(tmp_path, share_suitable="NO", share_valid_until="2026-07-01").sharing == (
        ShareAssessment(False, date(2026, 7, 1))
    )


def test_the_order_of_rows_makes_no_difference(tmp_path: Path) -> None:
    rows = [a_release("R2", tier="B1"), a_release("R10", outcode="ZZ9"), a_release("R1")]
    assert problem_of(_read(tmp_path, *rows)) == problem_of(_read(tmp_path, *reversed(rows)))


def test_days_that_leave_no_night_or_are_long_past_are_noted(tmp_path: Path) -> None:
    def told(**cells: str) -> set[str]:
        found = codes(problem_of(_read(tmp_path, a_release(**cells))))
        return found & {"licence_ends_first", "release_long_past"}

    assert told(licence_expiry="2026-06-01") == {"licence_ends_first"}
    assert told(licence_expiry="2026-06-02") == set()
    assert told(release_date="2026-04-02") == {"release_long_past"}, "29 days before the day"
    assert told(release_date="2026-04-03") == set()


def test_that_a_share_has_no_last_night_is_told_beside_another_cell_that_is_wrong(
    tmp_path: Path,
) -> None:
    wrong = {"release_date": "12/25/2026", "share_suitable": "YES", "share_valid_until": ""}
    reading = _read(tmp_path, a_release(**wrong))
    assert [(each.column, each.value) for each in reading.complaints] == [
        ("release_date", "12/25/2026"),
        ("share_valid_until", ""),
    ]
