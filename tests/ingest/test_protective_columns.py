"""A misspelt column that protects someone is a fault, and so is a bad row that does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from allocator.ingest import Reading
from allocator.ingest.near_columns import near_columns
from tests.ingest import real_headers
from tests.ingest.files import (
    a_placement,
    a_premises,
    a_release,
    a_room,
    an_outcome,
    problem_of,
    read,
    write,
)

LIST = "referral_id,crn,gender,release_date"


@pytest.mark.parametrize(
    "misspelt, column",
    [
        ("licence_expirey", "licence_expiry"),
        ("Licence Expiry", "licence_expiry"),
        ("license_expiry_date", "licence_expiry"),
        ("essential_critera", "essential_criteria"),
        ("criteria", "essential_criteria"),
        ("consented_radius", "consented_radius_miles"),
        ("restriction_code", "restriction_codes"),
        ("share_suitible", "share_suitable"),
        ("arson", "arson_offence"),
        ("mappa_level", "mappa"),
    ],
)
def test_a_near_miss_in_the_release_list_is_refused(
    tmp_path: Path, misspelt: str, column: str
) -> None:
    path = write(tmp_path / "list.csv", LIST, a_release(**{misspelt: "2026-06-10"}))
    (complaint,) = read(tmp_path, referrals=(path,), skip_bad_rows=True).complaints
    assert (complaint.column, complaint.whole_file) == (misspelt, True)
    assert f"rename the column to {column}" in complaint.mend


def test_beside_the_right_column_another_like_it_is_only_noted(tmp_path: Path) -> None:
    row = a_release(licence_expiry="2026-12-01", licence_expiry_source="letter")
    path = write(tmp_path / "list.csv", LIST, row)
    (note,) = [n for n in read(tmp_path, referrals=(path,)).notes if n.code == "columns_not_read"]
    assert "licence_expiry_source" in note.text


def test_in_the_ministrys_layouts_our_own_columns_are_looked_after(tmp_path: Path) -> None:
    outcomes = write(tmp_path / "o.csv", real_headers.OUTCOMES, an_outcome(criterias="NONE"))
    (complaint,) = read(tmp_path, referrals=(outcomes,)).complaints
    assert "criteria" in complaint.mend
    booked = write(tmp_path / "b.csv", real_headers.PLACEMENTS, a_placement(bedcode="APX1-1"))
    (complaint,) = read(tmp_path, placements=booked).complaints
    assert "bed_code" in complaint.mend


@pytest.mark.parametrize("name", ["shoe size", "age", "note", "tier_date"])
def test_a_name_that_is_like_none_is_near_to_none(name: str) -> None:
    assert near_columns(name, ["licence_expiry", "tier", "consented_radius_miles"]) == []


def _with_a_bad_row(folder: Path, kind: str) -> Reading:
    """One bad row in one kind of file, the rest sound, and rows with a fault to be skipped."""
    bad = {
        "separations": ("crn,other_crn", {"crn": "X000001", "other_crn": "?"}),
        "zones": ("crn,kind", {"crn": "X000001", "kind": "square"}),
        "restrictions": ("premises,code,description", {"premises": "APX9", "code": "R1"}),
        "placements": (real_headers.PLACEMENTS, a_placement(tier="Z9")),
        "out_of_service": (
            real_headers.OUT_OF_SERVICE_SEED,
            {"premisesId": "APX1", "bedId": "?", "startDate": "x", "endDate": "2026-06-01"},
        ),
    }
    header, row = bad[kind]
    path = write(folder / f"{kind}.csv", header, row)
    several = kind in ("zones", "out_of_service")
    releases = write(folder / "list.csv", LIST, a_release(), a_release("R2", gender="?"))
    files = {kind: (path,) if several else path, "referrals": (releases,)}
    return read(folder, skip_bad_rows=True, **files)


@pytest.mark.parametrize(
    "kind", ["separations", "zones", "restrictions", "placements", "out_of_service"]
)
def test_a_row_that_protects_people_is_never_left_out(tmp_path: Path, kind: str) -> None:
    reading = _with_a_bad_row(tmp_path, kind)
    assert reading.problem is None
    told = [each for each in reading.complaints if each.place.file == f"{kind}.csv"]
    assert told and all("cannot be left out" in each.mend for each in told)
    others = [each for each in reading.complaints if each.place.file == "list.csv"]
    assert others and not any("cannot be left out" in each.mend for each in others)


def test_a_bad_feature_is_never_left_out(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    feature = {"type": "Feature", "properties": {"crn": "X000001"}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert read(tmp_path, zones=(path,), skip_bad_rows=True).problem is None


def test_rows_of_referrals_premises_and_rooms_may_be_left_out(tmp_path: Path) -> None:
    premises = write(
        tmp_path / "p.csv", real_headers.PREMISES, a_premises(), a_premises("APX2", gender="?")
    )
    rooms = write(
        tmp_path / "r.csv",
        real_headers.ROOMS,
        a_room(),
        a_room(room="2", hasEnSuite="?"),
        a_room("APX2"),
    )
    releases = write(tmp_path / "list.csv", LIST, a_release(), a_release("R2", gender="?"))
    reading = read(
        tmp_path, premises=premises, rooms=rooms, referrals=(releases,), skip_bad_rows=True
    )
    problem = problem_of(reading)
    assert [each.id for each in problem.premises] == ["APX1"]
    assert [each.id for each in problem.beds] == ["APX1-1"]
    assert [each.id for each in problem.referrals] == ["R1"]
    assert len(reading.left_out) == 4  # the room of the premises left out is left out with it


def _estate_with_a_fault(folder: Path) -> dict[str, Path]:
    """APX2 has a fault in its own row, and so has a bed of APX1's room 2, of two beds."""
    premises = write(
        folder / "p.csv", real_headers.PREMISES, a_premises(), a_premises("APX2", gender="?")
    )
    rooms = write(
        folder / "r.csv",
        real_headers.ROOMS,
        a_room(),
        a_room(room="2", bed="APX1-2a"),
        a_room(room="2", bed="APX1-2b", hasEnSuite="?"),
        a_room("APX2"),
    )
    return {"premises": premises, "rooms": rooms}


NAMES_THEM = {
    "restrictions": ("premises,code,description", {"premises": "APX2", "code": "R1"}),
    "zones": ("crn,kind,premises", {"crn": "X000001", "kind": "premises", "premises": "q200"}),
    "out_of_service": (
        real_headers.OUT_OF_SERVICE_SEED,
        {
            "premisesId": "APX1",
            "bedId": "APX1-2b",
            "startDate": "2026-06-01",
            "endDate": "2026-06-02",
        },
    ),
    "report": (
        real_headers.OUT_OF_SERVICE_REPORT,
        {
            "roomName": "2",
            "bedName": "2 - 1",
            "ap": "Invented House APX1",
            "startDate": "2026-06-01",
            "endDate": "2026-06-02",
        },
    ),
    "placements": (
        real_headers.PLACEMENTS,
        a_placement(premises_name="Invented House APX2"),
    ),
    "bed": (real_headers.PLACEMENTS, a_placement(bed_code="APX1-2b")),
}


def _naming(folder: Path, which: str, *, skip: bool) -> Reading:
    header, row = NAMES_THEM[which]
    path = write(folder / f"{which}.csv", header, row)
    field = {"report": "out_of_service", "bed": "placements"}.get(which, which)
    several = field in ("zones", "out_of_service")
    releases = write(folder / "list.csv", LIST, a_release())
    files = {field: (path,) if several else path, "referrals": (releases,)}
    return read(folder, skip_bad_rows=skip, **_estate_with_a_fault(folder), **files)


@pytest.mark.parametrize("which", NAMES_THEM)
def test_rows_that_name_what_has_a_fault_are_not_complained_of(tmp_path: Path, which: str) -> None:
    complaints = _naming(tmp_path, which, skip=False).complaints
    assert {(each.place.file, each.place.row) for each in complaints} == {
        ("p.csv", 3),
        ("r.csv", 4),
    }


@pytest.mark.parametrize("which", ["restrictions", "zones", "out_of_service", "report"])
def test_what_names_a_row_left_out_is_left_out_with_it(tmp_path: Path, which: str) -> None:
    reading = _naming(tmp_path, which, skip=True)
    problem = problem_of(reading)
    assert [each.id for each in problem.premises] == ["APX1"]
    # The bed beside the one with a fault would pass for one in a room of its own.
    assert [each.id for each in problem.beds] == ["APX1-1"]
    assert (problem.zones, problem.out_of_service) == ((), ())
    assert f"{which}.csv" in {each.place.file for each in reading.left_out}


@pytest.mark.parametrize("which", ["placements", "bed"])
def test_a_person_in_a_place_left_out_is_never_left_out_with_it(tmp_path: Path, which: str) -> None:
    reading = _naming(tmp_path, which, skip=True)
    assert reading.problem is None
    assert any(
        each.place.file == f"{which}.csv" and "cannot be left out" in each.mend
        for each in reading.complaints
    )
