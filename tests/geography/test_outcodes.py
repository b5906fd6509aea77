"""Outcodes: their form, where they are, and how the table is made and kept."""

import os

import pytest

from allocator.geography import outcodes
from allocator.geography.distance import miles_between
from allocator.geography.outcodes import (
    build_table,
    find_outcode,
    normalise_outcode,
    outcode_points,
)
from allocator.geography.point import Point


@pytest.mark.parametrize(
    ("text", "outcode"),
    [
        ("SE5", "SE5"),
        ("se5", "SE5"),
        (" SE5 ", "SE5"),
        ("SE5 8AB", "SE5"),
        ("SE58AB", "SE5"),
        ("se15 8ab", "SE15"),
        ("EC1A 1BB", "EC1A"),
        ("W1A1AA", "W1A"),
        ("M1 1AE", "M1"),
        ("M1", "M1"),
        ("B33 8TH", "B33"),
    ],
)
def test_outcodes_and_postcodes_give_the_outcode(text, outcode):
    assert normalise_outcode(text) == outcode


@pytest.mark.parametrize(
    "text", ["", " ", "SE", "5", "SE5 8", "SE5 8A", "London", "SE5, SE6", "S E5", "SE5-8AB", "٣"]
)
def test_anything_else_is_not_an_outcode(text):
    assert normalise_outcode(text) is None


def test_every_outcode_of_the_table_is_in_great_britain_and_has_the_form_of_one():
    points = outcode_points()
    assert 2900 < len(points) < 3200
    assert all(point.in_great_britain for point in points.values())
    assert all(normalise_outcode(outcode) == outcode for outcode in points)
    assert list(points) == sorted(points)


# Places that anyone can find on a map: a railway station or a town hall in each outcode.
@pytest.mark.parametrize(
    ("postcode", "place"),
    [
        pytest.param("SE5 8AB", Point(51.474, -0.093), id="Camberwell"),
        pytest.param("NE1", Point(54.968, -1.617), id="Newcastle station"),
        pytest.param("M1", Point(53.477, -2.230), id="Manchester Piccadilly station"),
        pytest.param("CF10", Point(51.476, -3.179), id="Cardiff station"),
        pytest.param("TR1", Point(50.264, -5.065), id="Truro station"),
    ],
)
def test_outcodes_are_where_they_should_be(postcode, place):
    found = find_outcode(postcode)
    assert found is not None
    assert miles_between(found, place) < 1


@pytest.mark.parametrize(
    ("start", "end", "miles"),
    [("SE5", "BS1", 106.7), ("L1", "HU1", 111.3), ("M1", "LS1", 35.3), ("SE5", "NE1", 248.9)],
)
def test_outcodes_are_as_far_apart_as_their_towns(start, end, miles):
    # From other centres of the same outcodes: half a mile at either end, so no closer than that.
    a, b = find_outcode(start), find_outcode(end)
    assert a is not None
    assert b is not None
    assert miles_between(a, b) == pytest.approx(miles, abs=1)


@pytest.mark.parametrize("outcode", ["BT1", "GY1", "JE2", "IM1", "ZZ9", "nonsense"])
def test_places_outside_great_britain_and_unknown_ones_are_not_found(outcode):
    assert find_outcode(outcode) is None


@pytest.fixture
def made_from(monkeypatch, tmp_path):
    """A table of one outcode, kept in folders of the test's own; how often it was made."""
    made = []

    def one_outcode():
        made.append(True)
        yield "SE5", Point(51.47, -0.09)

    monkeypatch.setattr(outcodes, "_points_from_postcodes", one_outcode)
    places = (tmp_path / "package" / "outcodes.csv", tmp_path / "cache" / "outcodes.csv")
    monkeypatch.setattr(outcodes, "_places_for_table", lambda: places)
    outcode_points.cache_clear()
    yield made, places
    outcode_points.cache_clear()


def test_the_table_is_made_on_first_use_and_then_read(made_from):
    made, places = made_from
    assert outcode_points() == {"SE5": Point(51.47, -0.09)}
    outcode_points.cache_clear()
    assert outcode_points() == {"SE5": Point(51.47, -0.09)}
    assert len(made) == 1
    assert os.listdir(places[0].parent) == ["outcodes.csv"]


def test_the_table_names_its_source_and_licence(made_from):
    _, places = made_from
    build_table()
    first = places[0].read_text(encoding="utf-8").splitlines()[0]
    assert "Contains OS data © Crown copyright and database right" in first
    assert "Open Government Licence v3.0" in first


OTHER_DATA = "# other data 2020\noutcode,latitude,longitude\nAA1,50,0\n"


@pytest.mark.parametrize("content", ["", "outcode,latitude,longitude\n", OTHER_DATA])
def test_a_table_made_from_other_data_is_made_again(made_from, content):
    made, places = made_from
    places[0].parent.mkdir()
    places[0].write_text(content, encoding="utf-8")
    assert "SE5" in outcode_points()
    assert len(made) == 1


def test_a_package_folder_that_cannot_be_written_sends_the_table_to_the_cache(made_from):
    _, places = made_from
    places[0].parent.write_text("a file where the folder should be")
    _, path = build_table()
    assert path == places[1]
    assert "SE5" in outcode_points()


def test_with_no_folder_to_write_to_the_points_are_known_all_the_same(made_from, capsys):
    _, places = made_from
    for place in places:
        place.parent.write_text("a file where the folder should be")
    assert "SE5" in outcode_points()
    assert outcodes.main() == 1
    assert "could not be kept" in capsys.readouterr().err


def test_a_table_that_was_cut_short_never_takes_the_place(made_from, monkeypatch):
    _, places = made_from

    def breaks_off():
        yield "SE5", Point(51.47, -0.09)
        raise RuntimeError("stopped half-way")

    monkeypatch.setattr(outcodes, "_points_from_postcodes", breaks_off)
    with pytest.raises(RuntimeError):
        build_table()
    assert not places[0].exists()
