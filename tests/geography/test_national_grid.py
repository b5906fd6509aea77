"""The National Grid to latitude and longitude, against the Ordnance Survey's own figures."""

import pytest

from allocator.geography.distance import miles_between
from allocator.geography.national_grid import grid_to_osgb36, grid_to_wgs84
from allocator.geography.point import Point

FIVE_METRES = 5 / 1609.344


def test_the_guides_worked_example_comes_out_to_the_last_figure():
    # "A guide to coordinate systems in Great Britain", annex C.2: 52° 39' 27.2531" N,
    # 1° 43' 4.5177" E. Four decimals of a second are 3 mm.
    latitude, longitude = grid_to_osgb36(651409.903, 313177.270)
    assert latitude == pytest.approx(52 + 39 / 60 + 27.2531 / 3600, abs=1e-4 / 3600)
    assert longitude == pytest.approx(1 + 43 / 60 + 4.5177 / 3600, abs=1e-4 / 3600)


# From the test points that the survey publishes with OSTN15, its exact transformation.
@pytest.mark.parametrize(
    ("easting", "northing", "latitude", "longitude"),
    [
        pytest.param(91492.146, 11318.804, 49.92226393730, -6.29977752014, id="Scilly"),
        pytest.param(250359.811, 62016.569, 50.43885825610, -4.10864563561, id="Plymouth"),
        pytest.param(422242.186, 433818.701, 53.8002151963, -1.66379168242, id="Leeds"),
    ],
)
def test_the_surveys_test_points_are_met_within_five_metres(easting, northing, latitude, longitude):
    found = grid_to_wgs84(easting, northing)
    assert miles_between(found, Point(latitude, longitude)) < FIVE_METRES


def test_the_two_datums_are_not_confused():
    # Around Great Britain they differ by some 100 metres.
    old = Point(*grid_to_osgb36(422242.186, 433818.701))
    new = grid_to_wgs84(422242.186, 433818.701)
    assert 50 < miles_between(old, new) * 1609.344 < 200
