"""The rooms layout, with the ministry's full header: one row a bed."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

from allocator.ingest import Reading
from allocator.vocabulary import Criterion
from tests.ingest import real_headers
from tests.ingest.files import a_room, codes, problem_of, read, write


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    return read(folder, rooms=write(folder / "rooms.csv", real_headers.ROOMS, *rows))


def test_a_room_and_its_beds_are_named_by_premises_room_and_number(tmp_path: Path) -> None:
    problem = problem_of(
        _read(tmp_path, a_room(room="F1", bed="B-1"), a_room(room="F1", bed="B-2", bedCount="2"))
    )
    (room,) = problem.rooms
    assert (room.id, room.name, room.premises_id) == ("APX1/F1", "F1", "APX1")
    assert [(bed.id, bed.name) for bed in problem.beds] == [("B-1", "F1 - 1"), ("B-2", "F1 - 2")]


def test_bed_numbers_that_repeat_are_not_believed(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_room(bed="B-2"), a_room(bed="B-1")))
    assert [(bed.id, bed.name) for bed in problem.beds] == [("B-1", "1 - 1"), ("B-2", "1 - 2")]


def test_a_bed_code_that_two_rooms_have_is_no_id(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_room(room="1", bed="B"), a_room(room="2", bed="B")))
    assert [bed.id for bed in problem.beds] == ["APX1/1/1", "APX1/2/1"]
    assert "bed_code_shared" in codes(problem)


def test_a_bed_without_a_code_is_named_by_its_room(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_room() | {"bedCode": ""}))
    assert [bed.id for bed in problem.beds] == ["APX1/1/1"]


def test_one_bed_written_twice_is_complained_of_with_both_rows(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, a_room(bed="B"), a_room(bed="B")).complaints
    assert complaint.place.row == 3
    assert "row 2" in complaint.wrong


def test_a_room_has_only_what_all_its_rows_say(tmp_path: Path) -> None:
    problem = problem_of(
        _read(
            tmp_path,
            a_room(bed="B-1", hasEnSuite="YES", isGroundFloor="YES"),
            a_room(bed="B-2", hasEnSuite="NO", isGroundFloor="YES"),
        )
    )
    assert problem.rooms[0].characteristics == {Criterion.IS_GROUND_FLOOR}
    (note,) = [note for note in problem.notes if note.code == "room_rows_disagree"]
    assert note.subject == "APX1/1"
    assert "hasEnSuite" in note.text


def test_a_condition_that_restricts_needs_one_row_only(tmp_path: Path) -> None:
    problem = problem_of(
        _read(tmp_path, a_room(bed="B-1", hasArsonInsuranceConditions="YES"), a_room(bed="B-2"))
    )
    assert problem.rooms[0].characteristics == {Criterion.HAS_ARSON_INSURANCE_CONDITIONS}


def test_a_single_room_with_two_beds_is_not_single(tmp_path: Path) -> None:
    problem = problem_of(
        _read(tmp_path, a_room(bed="B-1", isSingle="YES"), a_room(bed="B-2", isSingle="YES"))
    )
    assert problem.rooms[0].characteristics == frozenset()
    assert "single_with_two_beds" in codes(problem)


def test_a_single_room_with_one_bed_is_single(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_room(isSingle="YES")))
    assert problem.rooms[0].characteristics == {Criterion.IS_SINGLE}


def test_the_old_arson_column_is_only_noted_where_it_differs(tmp_path: Path) -> None:
    same = _read(tmp_path, a_room(isArsonDesignated="YES", isArsonSuitable="YES"))
    assert "legacy_arson_column" not in codes(problem_of(same))
    other = _read(tmp_path, a_room(isArsonDesignated="YES", isArsonSuitable="NO"))
    assert "legacy_arson_column" in codes(problem_of(other))
    assert Criterion.IS_ARSON_SUITABLE not in problem_of(other).rooms[0].characteristics


def test_rooms_of_premises_that_are_not_there_are_complained_of(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, a_room("APX7")).complaints
    assert (complaint.column, complaint.value) == ("apCode", "APX7")


def test_a_room_may_name_its_premises_by_q_code(tmp_path: Path) -> None:
    assert problem_of(_read(tmp_path, a_room("q100"))).rooms[0].premises_id == "APX1"


def test_dates_of_a_bed_are_read_and_must_be_in_order(tmp_path: Path) -> None:
    good = a_room(bedStart="01/06/2026", bedEnd="2026-07-01")
    (bed,) = problem_of(_read(tmp_path, good)).beds
    assert (bed.starts, bed.ends) == (date(2026, 6, 1), date(2026, 7, 1))
    (complaint,) = _read(tmp_path, good | {"bedEnd": "2026-06-01"}).complaints
    assert complaint.column == "bedEnd"


def test_the_order_of_rows_makes_no_difference(tmp_path: Path) -> None:
    rows = [a_room(bed="B-1", bedCount=""), a_room(bed="B-2", bedCount=""), a_room(room="2")]
    problems = {repr(problem_of(_read(tmp_path, *order))) for order in permutations(rows)}
    assert len(problems) == 1
