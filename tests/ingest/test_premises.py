"""The premises layout, with the ministry's full header."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.estate import MixCap, Premises
from allocator.geography.outcodes import find_outcode
from allocator.geography.point import Point
from allocator.ingest import Reading
from allocator.vocabulary import ApType, Criterion, Gender, MixAttribute
from tests.ingest import real_headers
from tests.ingest.files import a_premises, codes, problem_of, read, write


def _read(folder: Path, *rows: dict[str, str]) -> Reading:
    path = write(folder / "premises.csv", real_headers.PREMISES, *rows)
    return read(folder, premises=path, rooms=None)


def _one(folder: Path, **cells: str) -> tuple[Premises, set[str]]:
    problem = problem_of(_read(folder, a_premises(**cells)))
    return problem.premises[0], codes(problem)


def test_a_premises_is_read_with_its_characteristics(tmp_path: Path) -> None:
    premises, _ = _one(
        tmp_path, isCatered="Yes", hasLift="NO", probationRegion="North", cruManagementAreaName="NE"
    )
    assert (premises.id, premises.q_code, premises.gender) == ("APX1", "Q100", Gender.MAN)
    assert premises.characteristics == {Criterion.IS_CATERED, Criterion.ACCEPTS_SEX_OFFENDERS}
    assert (premises.region, premises.area, premises.open) == ("North", "NE", True)
    assert premises.location == Point(52.48, -1.91)


@pytest.mark.parametrize(
    "column, kind",
    [
        ("isPIPE", ApType.PIPE),
        ("isESAP", ApType.ESAP),
        ("isRecoveryFocussed", ApType.RFAP),
        ("isMHAPElliottHouse", ApType.MHAP_ELLIOTT_HOUSE),
        ("isMHAPStJosephs", ApType.MHAP_ST_JOSEPHS),
        ("isSemiSpecialistMentalHealth", ApType.NORMAL),
    ],
)
def test_the_ap_type_comes_from_its_column(tmp_path: Path, column: str, kind: ApType) -> None:
    premises, _ = _one(tmp_path, **{column: "YES"})
    assert premises.ap_types == {kind}
    assert Criterion(column) in premises.characteristics


@pytest.mark.parametrize(
    "cells",
    [{"status": "archived"}, {"supportsSpaceBookings": "NO"}, {"allowNewSpaceBookings": "NO"}],
)
def test_premises_that_take_nobody_new_are_kept_closed(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    premises, notes = _one(tmp_path, **cells)
    assert not premises.open
    assert "premises_closed" in notes


@pytest.mark.parametrize(
    "latitude, longitude",
    [("", ""), ("north", "-1.9"), ("-1.91", "52.48"), ("91", "0"), ("nan", "1")],
)
def test_a_place_that_cannot_be_used_falls_back_to_the_outcode(
    tmp_path: Path, latitude: str, longitude: str
) -> None:
    premises, notes = _one(tmp_path, latitude=latitude, longitude=longitude)
    assert premises.location == find_outcode("B1")
    assert "location_unusable" in notes


def test_premises_with_no_place_at_all_are_read_without_one(tmp_path: Path) -> None:
    premises, notes = _one(tmp_path, latitude="", longitude="", postcode="ZZ99 9ZZ")
    assert premises.location is None
    assert "location_unusable" in notes


def test_coordinates_far_from_the_postcode_are_kept_and_doubted(tmp_path: Path) -> None:
    premises, notes = _one(tmp_path, latitude="55.9", longitude="-3.2")
    assert premises.location == Point(55.9, -3.2)
    assert "location_doubtful" in notes


def test_premises_without_beds_are_noted(tmp_path: Path) -> None:
    assert "premises_without_beds" in _one(tmp_path)[1]


def test_our_own_columns_are_read(tmp_path: Path) -> None:
    premises, _ = _one(tmp_path, arrivalsPerDay="2", mixCaps="top_band:6; sexual_child:3")
    assert premises.arrivals_per_day == 2
    assert premises.mix_caps == (
        MixCap(MixAttribute.SEXUAL_CHILD, 3),
        MixCap(MixAttribute.TOP_BAND, 6),
    )


def test_a_code_that_is_there_twice_is_complained_of_with_both_rows(tmp_path: Path) -> None:
    reading = _read(tmp_path, a_premises(), a_premises(name="Other", apCode="apx1"))
    assert reading.problem is None
    (complaint,) = reading.complaints
    assert complaint.place.row == 3
    assert "row 2" in complaint.wrong


@pytest.mark.parametrize(
    "column, text",
    [("gender", "mixed"), ("status", "shut"), ("isPIPE", "perhaps"), ("mixCaps", "age:3")],
)
def test_a_bad_cell_is_named_with_its_row_column_and_value(
    tmp_path: Path, column: str, text: str
) -> None:
    (complaint,) = _read(tmp_path, a_premises(**{column: text})).complaints
    assert (complaint.place.row, complaint.column, complaint.value) == (2, column, text)
    assert complaint.mend


def test_the_column_of_names_adds_the_characteristics_it_knows(tmp_path: Path) -> None:
    premises, _ = _one(tmp_path, characteristics="isCatered; somethingElse")
    assert Criterion.IS_CATERED in premises.characteristics
