"""Files that name a part of what is known already: what they do not speak of stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.estate import LocalRestriction, MixCap, Premises
from allocator.geography.point import Point
from allocator.ingest import Reading, Sources, read_files
from allocator.problem import Problem
from allocator.safeguards import Separation
from allocator.vocabulary import ApType, Criterion, MixAttribute
from tests.ingest import real_headers
from tests.ingest.files import (
    AS_OF,
    a_placement,
    a_premises,
    a_release,
    a_room,
    codes,
    problem_of,
    read,
    write,
)

NEAR_A_SCHOOL = LocalRestriction("R1", "near a school")
SHORT = "apCode,name,gender"


@pytest.fixture
def known(tmp_path: Path) -> Problem:
    """Two premises; the first is closed, restricted and capped, and its room is for one."""
    problem = problem_of(read(tmp_path))
    first, second = problem.premises
    first = replace(
        first,
        open=False,
        arrivals_per_day=1,
        mix_caps=(MixCap(MixAttribute.SEXUAL_CHILD, 1),),
        local_restrictions=(NEAR_A_SCHOOL,),
        characteristics=first.characteristics | {Criterion.IS_PIPE},
        ap_types=frozenset({ApType.PIPE}),
        location=Point(52.0, -1.0),
    )
    single = frozenset({Criterion.IS_SINGLE, Criterion.HAS_ARSON_INSURANCE_CONDITIONS})
    room, other = problem.rooms
    bed, another = problem.beds
    return replace(
        problem,
        premises=(first, second),
        rooms=(replace(room, characteristics=single), other),
        beds=(replace(bed, ends=date(2026, 12, 1)), another),
    )


def add(known: Problem, **files: Path | tuple[Path, ...]) -> Reading:
    return read_files(Sources(as_of=AS_OF, **files), known=known)  # type: ignore[arg-type]


def of(problem: Problem, code: str = "APX1") -> Premises:
    return next(each for each in problem.premises if each.id == code)


def test_a_short_premises_file_opens_nothing_and_lifts_nothing(
    tmp_path: Path, known: Problem
) -> None:
    row = {"apCode": "APX1", "name": "A new name", "gender": "MAN"}
    problem = problem_of(add(known, premises=write(tmp_path / "p.csv", SHORT, row)))
    assert of(problem) == replace(of(known), name="A new name")
    assert of(problem, "APX2") == of(known, "APX2"), "premises that the file does not name stay"
    assert problem.rooms == known.rooms and problem.beds == known.beds
    assert "location_unusable" not in codes(problem)


@pytest.mark.parametrize("columns, is_open", [(1, False), (2, False), (3, True)])
def test_only_a_file_with_every_column_that_closes_opens_again(
    tmp_path: Path, known: Problem, columns: int, is_open: bool
) -> None:
    row = {"apCode": "APX1", "name": "A", "gender": "MAN"}
    says = {"status": "active", "supportsSpaceBookings": "YES", "allowNewSpaceBookings": "YES"}
    row |= dict(list(says.items())[:columns])
    problem = problem_of(add(known, premises=write(tmp_path / "p.csv", SHORT, row)))
    assert of(problem).open is is_open


def test_what_a_premises_file_has_a_column_for_is_taken_from_it(
    tmp_path: Path, known: Problem
) -> None:
    row = {"apCode": "APX1", "name": "A", "gender": "MAN", "arrivalsPerDay": "4", "isPIPE": "NO"}
    row |= {"mixCaps": "sexual_child:3", "latitude": "52.4", "longitude": "-1.9"}
    found = of(problem_of(add(known, premises=write(tmp_path / "p.csv", SHORT, row))))
    assert (found.arrivals_per_day, found.mix_caps[0].limit) == (4, 3)
    assert found.location == Point(52.4, -1.9)
    assert found.ap_types == frozenset({ApType.NORMAL})
    assert Criterion.ACCEPTS_SEX_OFFENDERS in found.characteristics


def test_restrictions_are_added_to_those_known_and_taken_from_nobody(
    tmp_path: Path, known: Problem
) -> None:
    rows = ({"premises": "APX2", "code": "R2", "description": "by a park"},)
    path = write(tmp_path / "r.csv", "premises,code,description", *rows)
    problem = problem_of(add(known, restrictions=path))
    assert of(problem).local_restrictions == (NEAR_A_SCHOOL,)
    assert of(problem, "APX2").local_restrictions == (LocalRestriction("R2", "by a park"),)
    again = {"premises": "APX2", "code": "R3", "description": "by a river"}
    other = problem_of(
        add(problem, restrictions=write(tmp_path / "r.csv", "premises,code,description", again))
    )
    assert [each.code for each in of(other, "APX2").local_restrictions] == ["r2", "r3"]


def test_a_code_that_is_known_may_be_named_beside_a_restrictions_file(
    tmp_path: Path, known: Problem
) -> None:
    rows = ({"premises": "APX2", "code": "R2", "description": "by a park"},)
    restrictions = write(tmp_path / "r.csv", "premises,code,description", *rows)
    header = "referral_id,crn,gender,release_date,restriction_codes"
    releases = write(tmp_path / "l.csv", header, a_release(restriction_codes="R1;R2"))
    assert add(known, restrictions=restrictions, referrals=(releases,)).complaints == ()


def test_a_rooms_file_keeps_what_it_has_no_column_for(tmp_path: Path, known: Problem) -> None:
    header = "apCode,roomNumber,bedCode,hasEnSuite"
    row = {"apCode": "APX1", "roomNumber": "1", "bedCode": "APX1-1", "hasEnSuite": "YES"}
    problem = problem_of(add(known, rooms=write(tmp_path / "rooms.csv", header, row)))
    features = problem.rooms[0].characteristics
    assert features == known.rooms[0].characteristics | {Criterion.HAS_EN_SUITE}
    assert problem.beds == known.beds, "with the day on which the first is gone"
    assert problem.rooms[1] == known.rooms[1]


def test_a_second_bed_makes_a_room_no_single_one_though_the_file_names_it_alone(
    tmp_path: Path, known: Problem
) -> None:
    row = a_room(bed="APX1-1b", isSingle="YES")
    path = write(tmp_path / "rooms.csv", real_headers.ROOMS, row)
    problem = problem_of(add(known, rooms=path))
    assert len([bed for bed in problem.beds if bed.room_id == problem.rooms[0].id]) == 2
    assert Criterion.IS_SINGLE not in problem.rooms[0].characteristics


def test_beds_that_are_known_may_be_named_beside_a_premises_file(
    tmp_path: Path, known: Problem
) -> None:
    sites = write(tmp_path / "p.csv", real_headers.PREMISES, a_premises(), a_premises("APX2"))
    booked = write(tmp_path / "b.csv", real_headers.PLACEMENTS, a_placement(bed_code="APX1-1"))
    problem = problem_of(add(known, premises=sites, placements=booked))
    assert problem.bookings[0].bed_id == "APX1-1"


def test_a_pair_with_somebody_not_yet_known_is_kept_and_noted(
    tmp_path: Path, known: Problem
) -> None:
    header = "crn,other_crn,radius_miles"
    path = write(tmp_path / "s.csv", header, {"crn": "X000555", "other_crn": "X000556"})
    problem = problem_of(add(known, separations=path))
    assert problem.separations == (Separation("X000555", "X000556", None),)
    assert {"separation_waits"} == codes(problem) & {"separation_waits", "separation_not_needed"}


def test_a_zone_of_somebody_not_yet_known_is_kept_and_noted(tmp_path: Path, known: Problem) -> None:
    row = {"crn": "X000555", "kind": "premises", "premises": "APX1"}
    path = write(tmp_path / "z.csv", "crn,kind,premises", row)
    problem = problem_of(add(known, zones=(path,)))
    assert [zone.crn for zone in problem.zones] == ["X000555"]
    assert {"zone_waits"} == codes(problem) & {"zone_waits", "zone_not_needed"}


@pytest.mark.parametrize("identifier", ["2026/R1", "r" * 161, ".", ".."])
def test_an_id_that_cannot_stand_in_an_address_is_complained_of(
    tmp_path: Path, known: Problem, identifier: str
) -> None:
    header = "referral_id,crn,gender,release_date"
    releases = write(tmp_path / "list.csv", header, a_release(), a_release(identifier))
    (complaint,) = add(known, referrals=(releases,)).complaints
    assert (complaint.place.file, complaint.place.row) == ("list.csv", 3)
    assert (complaint.column, complaint.value) == ("referral_id", identifier)
    assert complaint.mend == "write an id of at most 160 characters without a slash"
    booked = write(tmp_path / "b.csv", real_headers.PLACEMENTS, a_placement(identifier))
    (complaint,) = add(known, placements=booked).complaints
    assert complaint.column == "placement_id" and complaint.protects
    alone = read(tmp_path, referrals=(releases,))
    assert alone.complaints == (), "a plan of files alone has no addresses"
