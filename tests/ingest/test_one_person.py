"""One person in several requests: risk said in two ways is noted, and what bars counts in each."""

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


def _told(reading: Reading) -> list[tuple[str, str]]:
    """Whose requests notes are about, and what they say."""
    notes = problem_of(reading).notes
    return [(note.subject, note.text) for note in notes if note.code == "risk_contradicted"]


@pytest.mark.parametrize("column", OTHERWISE)
def test_each_of_two_rows_that_contradict_each_other_is_noted(tmp_path: Path, column: str) -> None:
    high, low = OTHERWISE[column]
    rows = a_release("R1", **{column: high}), a_release("R2", **{column: low})
    reading = read(tmp_path, referrals=(_list(tmp_path, *rows, a_release("R3", crn="X000003")),))
    (first, of_first), (second, of_second) = _told(reading)
    assert (first, second) == ("R1", "R2")
    assert "list.csv, row 2: of the same" in of_first and "list.csv, row 3 (" in of_first
    assert "list.csv, row 3: of the same" in of_second and "list.csv, row 2 (" in of_second
    for value in ("X000001", "A3", "B2", "Low", "YES", "X1"):
        assert value not in of_first + of_second, "what is known of somebody is not repeated"


def test_what_somebody_has_done_counts_in_each_and_what_is_assessed_as_it_stands(
    tmp_path: Path,
) -> None:
    rows = (
        a_release("R1", tier="A3", arson_offence="YES", hate_offence="NO", restriction_codes="X1"),
        a_release("R2", tier="B2", arson_offence="NO", hate_offence="YES", restriction_codes="Y2"),
    )
    first, second = problem_of(read(tmp_path, referrals=(_list(tmp_path, *rows),))).referrals
    for each in (first, second):
        assert {Offence.ARSON, Offence.HATE} <= each.offences
        assert each.restriction_codes == {"x1", "y2"}
    assert (str(first.tier), str(second.tier)) == ("A3", "B2")
    made = [(each.field, each.why) for each in second.assumptions if each.read_as == "applies"]
    assert ("arson", "list.csv, row 2 says so of the same person") in made


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
    assert not _told(read(tmp_path, referrals=(ours, report)))
    placed = write(
        tmp_path / "placements.csv",
        real_headers.PLACEMENTS,
        a_placement("P1", crn="X000002", gender="Male", tier="A1", criteria="NONE"),
    )
    told = dict(_told(read(tmp_path, referrals=(ours, report), placements=placed)))
    assert "by placement P1 (risk tier, v2)" in told.pop("R1")
    assert "by placement P1 (risk tier, v2, offences: arson)" in "".join(told.values())


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

    ((_, text),) = _told(again(now, AS_OF))
    assert "by referral R1 of the register (offences: arson)" in text
    both = _list(tmp_path, other, a_release("R1", arson_offence="NO"), name="both.csv")
    past, hidden = again(now, date(2026, 6, 8)), again(now, AS_OF, frozenset({"X000001"}))
    for reading in (past, hidden, again(both, AS_OF)):
        assert not _told(reading)
        assert not any(Offence.ARSON in each.offences for each in problem_of(reading).referrals)


def test_what_was_taken_from_another_request_does_not_come_back_when_that_is_mended(
    tmp_path: Path,
) -> None:
    rows = a_release("R1", arson_offence="YES"), a_release("R2", arson_offence="NO")
    known = problem_of(read(tmp_path, referrals=(_list(tmp_path, *rows),)))
    assert all(Offence.ARSON in each.offences for each in known.referrals)
    mended = _list(tmp_path, a_release("R1", arson_offence="NO"), name="mended.csv")
    reading = read_files(Sources(as_of=AS_OF, referrals=(mended,)), known=known)
    (first,) = problem_of(reading).referrals
    assert Offence.ARSON not in first.offences and not _told(reading)
