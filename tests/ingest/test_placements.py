"""The placements report, with the ministry's full header in which two names occur twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.ingest import Reading
from allocator.nights import Stay
from allocator.referral import ShareAssessment
from allocator.vocabulary import Criterion, Offence
from tests.ingest import real_headers
from tests.ingest.files import a_placement, a_room, codes, problem_of, read, write

RESIDENT = {"expected_arrival_date": "2026-03-01", "actual_arrival_date": "2026-03-02"}


def _read(folder: Path, *rows: dict[str, str], **options: int) -> Reading:
    path = write(folder / "placements.csv", real_headers.PLACEMENTS, *rows)
    return read(folder, placements=path, **options)


def test_the_first_of_the_two_dates_is_the_placements(tmp_path: Path) -> None:
    assert real_headers.PLACEMENTS.split(",").count("expected_arrival_date") == 2
    (booking,) = problem_of(_read(tmp_path, a_placement())).bookings
    assert booking.stay == Stay(date(2026, 5, 10), date(2026, 8, 2))
    assert (booking.id, booking.premises_id, booking.resident) == ("P1", "APX1", False)
    assert booking.bed_id is None


def test_someone_who_has_arrived_is_a_resident_from_that_day(tmp_path: Path) -> None:
    (booking,) = problem_of(_read(tmp_path, a_placement(**RESIDENT))).bookings
    assert booking.resident
    assert booking.stay == Stay(date(2026, 3, 2), date(2026, 8, 2))


@pytest.mark.parametrize(
    "cells",
    [
        {"placement_withdrawn_date": "2026-04-01"},
        {"non_arrival_reason": "Other"},
        {"non_arrival_recorded_date_time": "2026-04-01T10:00:00Z"},
        RESIDENT | {"actual_departure_date": "2026-05-01"},
        {"expected_arrival_date": "2026-01-01", "expected_departure_date": "2026-05-01"},
    ],
)
def test_a_placement_that_is_over_is_left_out(tmp_path: Path, cells: dict[str, str]) -> None:
    assert problem_of(_read(tmp_path, a_placement(**cells))).bookings == ()


def test_a_departure_still_to_come_ends_the_stay(tmp_path: Path) -> None:
    cells = RESIDENT | {"actual_departure_date": "2026-05-02"}
    (booking,) = problem_of(_read(tmp_path, a_placement(**cells))).bookings
    assert booking.stay.departure == date(2026, 5, 2)


@pytest.mark.parametrize("departure", ["2026-04-10", "2026-05-01"])
def test_an_overstay_runs_on_for_the_policys_nights(tmp_path: Path, departure: str) -> None:
    problem = problem_of(
        _read(tmp_path, a_placement(**RESIDENT, expected_departure_date=departure))
    )
    assert problem.bookings[0].stay == Stay(date(2026, 3, 2), date(2026, 5, 15))
    assert "overstay" in codes(problem)


def test_with_no_overstay_nights_the_bed_counts_as_free(tmp_path: Path) -> None:
    over = a_placement(**RESIDENT, expected_departure_date="2026-04-10")
    problem = problem_of(_read(tmp_path, over, overstay_nights=0))
    assert problem.bookings == ()
    assert "overstay" in codes(problem)
    (booking,) = problem_of(_read(tmp_path, over, overstay_nights=3)).bookings
    assert booking.stay.departure == date(2026, 5, 4)


def test_an_arrival_nobody_recorded_keeps_its_space_and_is_noted(tmp_path: Path) -> None:
    problem = problem_of(_read(tmp_path, a_placement(expected_arrival_date="2026-04-20")))
    assert not problem.bookings[0].resident
    assert "arrival_not_recorded" in codes(problem)


@pytest.mark.parametrize("name", ["invented house apx2", "APX2", "q200"])
def test_premises_are_found_by_name_or_code(tmp_path: Path, name: str) -> None:
    (booking,) = problem_of(_read(tmp_path, a_placement(premises_name=name))).bookings
    assert booking.premises_id == "APX2"


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"premises_name": "Nowhere"}, "premises_name"),
        ({"bed_code": "APX2-1"}, "bed_code"),
        ({"expected_departure_date": "2026-05-10"}, "expected_departure_date"),
        ({"share_suitable": "YES"}, "share_valid_until"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    (complaint,) = _read(tmp_path, a_placement(**cells)).complaints
    assert (complaint.place.row, complaint.column) == (2, column)


def test_a_number_that_is_there_twice_is_complained_of(tmp_path: Path) -> None:
    (complaint,) = _read(tmp_path, a_placement(), a_placement()).complaints
    assert complaint.place.row == 3
    assert "row 2" in complaint.wrong


def test_our_own_columns_give_the_bed_and_the_room_share(tmp_path: Path) -> None:
    row = a_placement(bed_code="apx1-1", share_suitable="YES", share_valid_until="2026-06-01")
    (booking,) = problem_of(_read(tmp_path, row)).bookings
    assert booking.bed_id == "APX1-1"
    assert booking.sharing == ShareAssessment(True, date(2026, 6, 1))


def test_room_criteria_stay_with_the_booking_and_the_person_is_described(tmp_path: Path) -> None:
    row = a_placement(
        gender="Male", tier="B1", criteria="isSingle,acceptsSexOffenders,isCatered", mappa=""
    )
    (booking,) = problem_of(_read(tmp_path, row)).bookings
    assert booking.essential == {Criterion.IS_SINGLE}
    assert booking.referral is not None
    assert booking.referral.id == "P1/referral"
    assert booking.referral.offences == {Offence.SEXUAL_ADULT}
    assert booking.referral.essential == {Criterion.IS_SINGLE, Criterion.IS_CATERED}


def test_hate_crime_is_never_known_from_a_booking(tmp_path: Path) -> None:
    row = a_placement(gender="Male", criteria="NONE")
    (booking,) = problem_of(_read(tmp_path, row)).bookings
    assert booking.referral is not None
    assert booking.referral.offences_unknown == {Offence.HATE}


def test_without_the_persons_columns_nothing_is_known_of_them(tmp_path: Path) -> None:
    (booking,) = problem_of(_read(tmp_path, a_placement())).bookings
    assert booking.referral is None


def test_more_people_than_beds_is_noted_with_nights_and_the_worst(tmp_path: Path) -> None:
    problem = problem_of(
        _read(
            tmp_path,
            a_placement("P1", crn="X000001"),
            a_placement("P2", crn="X000002", expected_departure_date="2026-05-13"),
        )
    )
    (note,) = [note for note in problem.notes if note.code == "premises_overbooked"]
    assert note.subject == "APX1"
    assert "3 nights" in note.text and "2026-05-10: 2 people, 1 too many" in note.text


def test_as_many_people_as_beds_is_not_noted(tmp_path: Path) -> None:
    rooms = write(tmp_path / "rooms.csv", real_headers.ROOMS, a_room(), a_room(room="2"))
    path = write(
        tmp_path / "placements.csv",
        real_headers.PLACEMENTS,
        a_placement("P1", crn="X000001"),
        a_placement("P2", crn="X000002"),
    )
    problem = problem_of(read(tmp_path, placements=path, rooms=rooms))
    assert "premises_overbooked" not in codes(problem)


def test_a_bed_or_a_person_in_two_placements_at_once_is_noted(tmp_path: Path) -> None:
    long = a_placement("P1", bed_code="APX1-1")
    early = a_placement("P2", bed_code="APX1-1", expected_departure_date="2026-05-12")
    late = a_placement("P3", bed_code="APX1-1", expected_arrival_date="2026-07-20")
    problem = problem_of(_read(tmp_path, long, early, late))
    for code in ("bed_named_twice", "person_booked_twice"):
        texts = [note.text for note in problem.notes if note.code == code]
        assert len(texts) == 2
        assert all("P1" in text for text in texts)


def test_a_bed_handed_over_on_the_day_is_not_noted(tmp_path: Path) -> None:
    first = a_placement("P1", bed_code="APX1-1", expected_departure_date="2026-05-20")
    second = a_placement("P2", bed_code="APX1-1", expected_arrival_date="2026-05-20", crn="X000008")
    problem = problem_of(_read(tmp_path, first, second))
    assert not codes(problem) & {"bed_named_twice", "premises_overbooked"}
