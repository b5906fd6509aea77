"""Separations, exclusion zones and local restrictions: our own small layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from allocator.estate import LocalRestriction
from allocator.geography.point import Point
from allocator.ingest import Reading
from allocator.safeguards import Circle, ExclusionZone, Polygon, Separation
from tests.ingest import real_headers
from tests.ingest.files import a_placement, a_release, codes, problem_of, read, write

SQUARE = [[-2.0, 52.0], [-1.0, 52.0], [-1.0, 53.0], [-2.0, 53.0], [-2.0, 52.0]]
POSITIONS = tuple((x, y) for x, y in SQUARE)


def _read(folder: Path, **files: Path | tuple[Path, ...]) -> Reading:
    """X000001 is asking for a bed, X000009 is booked."""
    releases = write(folder / "list.csv", "referral_id,crn,gender,release_date", a_release())
    booked = write(folder / "placements.csv", real_headers.PLACEMENTS, a_placement())
    return read(folder, referrals=(releases,), placements=booked, **files)


def _separations(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "apart.csv", "crn,other_crn,radius_miles", *rows)
    return _read(folder, separations=path)


def _zones(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "zones.csv", "crn,kind,latitude,longitude,radius_miles,premises", *rows)
    return _read(folder, zones=(path,))


def _geojson(folder: Path, geometry: Any, **properties: Any) -> Reading:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return _read(folder, zones=(path,))


def test_a_pair_is_read_once_whichever_way_round_with_the_widest_radius(tmp_path: Path) -> None:
    reading = _separations(
        tmp_path,
        {"crn": "x000009", "other_crn": "X000001"},
        {"crn": "X000001", "other_crn": "X000009", "radius_miles": "2.5"},
        {"crn": "X000001", "other_crn": "X000009", "radius_miles": "1"},
    )
    assert problem_of(reading).separations == (Separation("X000001", "X000009", 2.5),)


def test_a_blank_radius_keeps_a_pair_apart_at_one_premises(tmp_path: Path) -> None:
    reading = _separations(tmp_path, {"crn": "X000001", "other_crn": "X000009"})
    assert problem_of(reading).separations == (Separation("X000001", "X000009", None),)


def test_a_pair_with_a_stranger_is_noted_and_kept_out(tmp_path: Path) -> None:
    problem = problem_of(_separations(tmp_path, {"crn": "X000001", "other_crn": "X000777"}))
    assert problem.separations == ()
    (note,) = [note for note in problem.notes if note.code == "separation_not_needed"]
    assert note.subject.endswith(", row 2") and "X000777" in note.text


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"other_crn": "x000001"}, "other_crn"),
        ({"radius_miles": "0"}, "radius_miles"),
        ({"radius_miles": "-3"}, "radius_miles"),
        ({"other_crn": ""}, "other_crn"),
    ],
)
def test_a_bad_pair_is_complained_of(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    row = {"crn": "X000001", "other_crn": "X000009"} | cells
    (complaint,) = _separations(tmp_path, row).complaints
    assert (complaint.place.row, complaint.column) == (2, column)


def test_circles_and_named_premises_are_read(tmp_path: Path) -> None:
    circle = {"kind": "circle", "latitude": "52", "longitude": "-1.5", "radius_miles": "5"}
    reading = _zones(
        tmp_path,
        {"crn": "X000001"} | circle,
        {"crn": "X000009", "kind": "Premises", "premises": "APX1; q200"},
    )
    assert problem_of(reading).zones == (
        ExclusionZone("X000001", circle=Circle(Point(52, -1.5), 5)),
        ExclusionZone("X000009", premises_ids=frozenset({"APX1", "APX2"})),
    )


@pytest.mark.parametrize(
    "cells, column",
    [
        ({"kind": "square"}, "kind"),
        ({"kind": "circle", "latitude": "52", "longitude": "-1"}, "kind"),
        (
            {"kind": "circle", "latitude": "-1", "longitude": "52", "radius_miles": "1"},
            "latitude",
        ),
        ({"kind": "circle", "latitude": "x"}, "latitude"),
        ({"kind": "premises"}, "premises"),
        ({"kind": "premises", "premises": "APX1;APX9"}, "premises"),
    ],
)
def test_a_bad_zone_is_complained_of(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    (complaint,) = _zones(tmp_path, {"crn": "X000001"} | cells).complaints
    assert (complaint.place.row, complaint.column) == (2, column)


def test_a_zone_of_a_stranger_is_noted_and_kept_out(tmp_path: Path) -> None:
    row = {"crn": "X000777", "kind": "premises", "premises": "APX1"}
    problem = problem_of(_zones(tmp_path, row))
    assert problem.zones == ()
    assert "zone_not_needed" in codes(problem)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
    ],
)
def test_shapes_are_read_from_geojson(tmp_path: Path, geometry: dict[str, Any]) -> None:
    problem = problem_of(_geojson(tmp_path, geometry, crn="x000001"))
    assert problem.zones == (ExclusionZone("X000001", polygon=Polygon(((POSITIONS,),))),)


def test_a_point_with_a_radius_is_a_circle(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [-1.5, 52]}
    problem = problem_of(_geojson(tmp_path, point, crn="X000001", radius_miles=2))
    assert problem.zones == (ExclusionZone("X000001", circle=Circle(Point(52, -1.5), 2)),)


@pytest.mark.parametrize(
    "geometry, properties, column",
    [
        ({"type": "Polygon", "coordinates": [SQUARE]}, {}, "crn"),
        ({"type": "Polygon", "coordinates": [SQUARE]}, {"crn": 1}, "crn"),
        ({"type": "Polygon", "coordinates": [SQUARE]}, {"crn": "?"}, "crn"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, {"crn": "X000001"}, "geometry"),
        ({"type": "LineString", "coordinates": SQUARE}, {"crn": "X000001"}, "geometry"),
        (None, {"crn": "X000001"}, "geometry"),
        ({"type": "Polygon", "coordinates": [[[10**400, 1]] * 4]}, {"crn": "X000001"}, "geometry"),
        ({"type": "Point", "coordinates": [1]}, {"crn": "X000001", "radius_miles": 1}, "geometry"),
        ({"type": "Point", "coordinates": [-1, 52]}, {"crn": "X000001"}, "radius_miles"),
        (
            {"type": "Point", "coordinates": [-1, 52]},
            {"crn": "X000001", "radius_miles": -1},
            "radius_miles",
        ),
        (
            {"type": "Point", "coordinates": [52, -1]},
            {"crn": "X000001", "radius_miles": 1},
            "latitude",
        ),
    ],
)
def test_a_bad_feature_is_complained_of_by_its_number(
    tmp_path: Path, geometry: Any, properties: dict[str, Any], column: str
) -> None:
    (complaint,) = _geojson(tmp_path, geometry, **properties).complaints
    assert (complaint.place.row, complaint.column) == (1, column)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"type": "Feature"}', "[" * 100_000, '{"features": NaN}']
)
def test_what_is_not_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "zones.geojson"
    path.write_text(text)
    (complaint,) = _read(tmp_path, zones=(path,)).complaints
    assert complaint.whole_file


def _restrictions(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "restrictions.csv", "premises,code,description", *rows)
    return _read(folder, restrictions=path)


def test_restrictions_are_read_by_premises_in_order_of_code(tmp_path: Path) -> None:
    reading = _restrictions(
        tmp_path, {"premises": "q100", "code": "R2"}, {"premises": "APX1", "code": "R1"}
    )
    first, second = problem_of(reading).premises
    assert first.local_restrictions == (LocalRestriction("R1"), LocalRestriction("R2"))
    assert second.local_restrictions == ()


@pytest.mark.parametrize(
    "premises, column",
    [("APX9", "premises"), ("APX1", "code")],
)
def test_a_bad_restriction_is_complained_of(tmp_path: Path, premises: str, column: str) -> None:
    good = {"premises": "APX1", "code": "R1"}
    (complaint,) = _restrictions(tmp_path, good, good | {"premises": premises}).complaints
    assert (complaint.place.row, complaint.column) == (3, column)


CODED = "referral_id,crn,gender,release_date,restriction_codes"


def _coded(folder: Path, codes: str, *rows: dict[str, str]) -> Reading:
    """A referral with codes, and a restrictions file."""
    releases = write(folder / "list.csv", CODED, a_release(restriction_codes=codes))
    path = write(folder / "restrictions.csv", "premises,code,description", *rows)
    return read(folder, referrals=(releases,), restrictions=path)


@pytest.mark.parametrize("codes", ["NEAR-SCHOOL", "near-school", "Ｎｅａｒ-School"])
def test_case_makes_no_other_code(tmp_path: Path, codes: str) -> None:
    problem = problem_of(_coded(tmp_path, codes, {"premises": "APX1", "code": "Near-School"}))
    (restriction,) = problem.premises[0].local_restrictions
    assert problem.referrals[0].restriction_codes == {restriction.code}


def test_a_code_of_no_premises_is_complained_of_with_the_nearest(tmp_path: Path) -> None:
    reading = _coded(tmp_path, "near-scool", {"premises": "APX1", "code": "NEAR-SCHOOL"})
    (complaint,) = reading.complaints
    assert (complaint.column, complaint.value) == ("restriction_codes", "near-scool")
    assert "did you mean near-school?" in complaint.mend


def test_a_code_that_no_premises_here_has_may_be_given_as_such(tmp_path: Path) -> None:
    problem = problem_of(_coded(tmp_path, "R7", {"premises": "none", "code": "r7"}))
    assert problem.referrals[0].restriction_codes == {"r7"}
    assert all(not each.local_restrictions for each in problem.premises)


def test_without_a_restrictions_file_no_code_is_missed(tmp_path: Path) -> None:
    releases = write(tmp_path / "list.csv", CODED, a_release(restriction_codes="R7"))
    assert problem_of(read(tmp_path, referrals=(releases,))).referrals[0].restriction_codes


def test_a_restriction_with_a_fault_makes_no_second_fault_of_its_code(tmp_path: Path) -> None:
    (complaint,) = _coded(tmp_path, "R7", {"premises": "APX9", "code": "R7"}).complaints
    assert complaint.place.file == "restrictions.csv"


def test_one_code_twice_in_other_letters_is_complained_of(tmp_path: Path) -> None:
    good = {"premises": "APX1", "code": "R1"}
    (complaint,) = _restrictions(tmp_path, good, good | {"code": "r1"}).complaints
    assert (complaint.place.row, complaint.column) == (3, "code")
