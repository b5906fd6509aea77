"""One person in several requests: risk said in two ways is complained of at each row, not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.ingest import Reading, Sources, read_files
from allocator.ingest.release_list import LAYOUT
from allocator.vocabulary import Offence
from tests.ingest import real_headers
from tests.ingest.files import (
    AS_OF,
    a_placement,
    a_release,
    an_outcome,
    problem_of,
    read,
    write,
)

HEADER = ",".join(LAYOUT.all_columns)
OTHERWISE = {
    "tier": ("A3", "B2"),
    "rosh": ("Very High", "Low"),
    "mappa": ("CAT 2/LEVEL 3", "CAT 2/LEVEL 1"),
    "sexual_offence_adult": ("YES", "NO"),
    "sexual_offence_child": ("YES", "NO"),
    "non_sexual_offence_child": ("YES", "NO"),
    "hate_offence": ("YES", "NO"),
    "arson_offence": ("YES", "NO"),
    "restriction_codes": ("X1", "NONE"),
}


def _list(folder: Path, *rows: dict[str, str], name: str = "list.csv") -> Path:
    return write(folder / name, HEADER, *rows)


def _told(reading: Reading) -> list[tuple[str, int | None, str, str]]:
    return [(c.place.file, c.place.row, c.column, c.wrong) for c in reading.complaints]


@pytest.mark.parametrize("column", OTHERWISE)
def test_each_of_two_rows_that_contradict_each_other_is_complained_of(
    tmp_path: Path, column: str
) -> None:
    high, low = OTHERWISE[column]
    rows = a_release("R1", **{column: high}), a_release("R2", **{column: low})
    reading = read(tmp_path, referrals=(_list(tmp_path, *rows, a_release("R3", crn="X000003")),))
    assert reading.problem is None
    places = [(c.place.row, c.column) for c in reading.complaints]
    assert places == [(2, column), (3, column)]
    first, second = reading.complaints
    assert "list.csv, row 3" in first.wrong and "list.csv, row 2" in second.wrong
    assert "write it in both" in first.mend
    assert not first.value and not second.value, "what is known of somebody is not repeated"


def test_a_blank_and_another_scheme_contradict_nothing_and_are_read_as_they_stand(
    tmp_path: Path,
) -> None:
    rows = (
        a_release("R1", tier="A3", arson_offence="NO", mappa="CAT 2/LEVEL 2"),
        a_release("R2", tier="D", arson_offence="", mappa=""),
    )
    first, second = problem_of(read(tmp_path, referrals=(_list(tmp_path, *rows),))).referrals
    assert Offence.ARSON not in first.possible_offences
    assert Offence.ARSON in second.possible_offences and second.mappa_level is None


def test_rows_that_agree_stay_two_requests_of_one_person(tmp_path: Path) -> None:
    same = {column: high for column, (high, _) in OTHERWISE.items()}
    rows = a_release("R1", **same), a_release("R2", release_date="2026-12-01", **same)
    problem = problem_of(read(tmp_path, referrals=(_list(tmp_path, *rows),)))
    assert [each.id for each in problem.referrals] == ["R1", "R2"]


def test_two_files_and_a_placement_are_compared_and_what_a_tier_implies_is_not(
    tmp_path: Path,
) -> None:
    ours = _list(tmp_path, a_release("R1", crn="X000002", tier="B2", rosh="Very High"))
    report = write(
        tmp_path / "report.csv", real_headers.OUTCOMES, an_outcome("M1", criteria="isArsonSuitable")
    )
    assert problem_of(read(tmp_path, referrals=(ours, report))).referrals
    placed = write(
        tmp_path / "placements.csv",
        real_headers.PLACEMENTS,
        a_placement("P1", crn="X000002", gender="Male", tier="A1", criteria="NONE"),
    )
    reading = read(tmp_path, referrals=(ours, report), placements=placed)
    assert _told(reading) == [
        (
            "list.csv",
            2,
            "tier",
            "is not what placement P1 says of the same person (risk tier, v2)",
        ),
        (
            "report.csv",
            2,
            "tier",
            "is not what placement P1 says of the same person (risk tier, v2)",
        ),
        (
            "report.csv",
            2,
            "criteria",
            "is not what placement P1 says of the same person (offences: arson)",
        ),
    ]


def test_where_bad_rows_are_left_out_both_are(tmp_path: Path) -> None:
    rows = (
        a_release("R1", arson_offence="YES"),
        a_release("R2", arson_offence="NO"),
        a_release("R3"),
    )
    listed = (_list(tmp_path, *rows),)
    reading = read(tmp_path, referrals=listed, skip_bad_rows=True)
    (left,) = problem_of(reading).referrals
    assert left.id == "R3" and Offence.ARSON in left.possible_offences
    assert [complaint.place.row for complaint in reading.left_out] == [2, 3]


def test_a_request_known_already_is_compared_until_its_stay_is_past_or_the_files_have_it(
    tmp_path: Path,
) -> None:
    before = _list(tmp_path, a_release("R1", nights="7", arson_offence="YES"), name="before.csv")
    known = problem_of(read(tmp_path, referrals=(before,)))
    other = a_release("R2", release_date="2026-07-01", arson_offence="NO")
    now = _list(tmp_path, other)

    def again(path: Path, as_of: date, untold: frozenset[str] = frozenset()) -> Reading:
        sources = Sources(as_of=as_of, referrals=(path,))
        return read_files(sources, known=known, untold=untold)

    (complaint,) = again(now, AS_OF).complaints
    assert (complaint.place.row, complaint.column) == (2, "arson_offence")
    assert "referral R1 of the register" in complaint.wrong
    assert problem_of(again(now, date(2026, 6, 8))).referrals, "the stay of R1 is past"
    assert problem_of(again(now, AS_OF, frozenset({"X000001"}))).referrals
    both = _list(tmp_path, other, a_release("R1", arson_offence="NO"), name="both.csv")
    assert [each.id for each in problem_of(again(both, AS_OF)).referrals] == ["R1", "R2"]
