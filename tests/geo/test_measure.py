"""Metres on the ground against the geodesic of pyproj."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiLineString, Point, Polygon

from geo.measure import Plane, box_around, distances_m, length_m
from tests.geo.scenes import river

GEOD = Geod(ellps="WGS84")
longitudes, latitudes = st.floats(-180.0, 180.0), st.floats(-90.0, 90.0)


@given(lon=longitudes, lat=latitudes, bearing=st.floats(0.0, 360.0), metres=st.floats(0.0, 30_000.0))
def test_a_short_distance_is_the_geodesic_to_two_millimetres(lon, lat, bearing, metres):
    there_lon, there_lat, _ = GEOD.fwd(lon, lat, bearing, metres)

    assert distances_m([lon, lat], [there_lon, there_lat])[0] == pytest.approx(metres, abs=0.002)


@given(a=st.tuples(longitudes, latitudes), b=st.tuples(longitudes, latitudes))
def test_any_distance_is_the_geodesic_to_a_millionth(a, b):
    assert distances_m(a, b)[0] == pytest.approx(GEOD.inv(*a, *b)[2], rel=1e-6, abs=0.001)


def test_distances_are_metres_and_never_degrees():
    assert distances_m([[116.0, 36.5]], [[116.0, 36.501]])[0] == pytest.approx(110.96, abs=0.02)
    assert distances_m([[116.0, 36.5]], [[116.001, 36.5]])[0] == pytest.approx(89.59, abs=0.02)


def test_the_way_over_the_date_line_is_the_short_one():
    assert distances_m([[179.999, 10.0]], [[-179.999, 10.0]])[0] == pytest.approx(219.2, abs=0.5)


def test_the_length_of_a_line_is_the_geodesic_one():
    line = river(5000.0)

    assert length_m(line) == pytest.approx(GEOD.geometry_length(line), rel=1e-7)
    assert length_m(MultiLineString([line, river(1000.0, lat=30.0)])) == pytest.approx(
        length_m(line) + length_m(river(1000.0, lat=30.0))
    )
    long_line = LineString([(110, 30), (120, 40)])
    assert length_m(long_line) == pytest.approx(GEOD.geometry_length(long_line), rel=1e-9)


def test_what_is_no_line_has_no_length():
    assert length_m(Point(116, 36)) == 0.0
    assert length_m(Polygon([(0, 0), (1, 0), (1, 1)])) == 0.0
    assert length_m(LineString()) == 0.0


@given(east=st.floats(-0.1, 0.1), north=st.floats(-0.1, 0.1))
def test_a_plane_is_true_to_a_millionth_nearby_and_leads_back(east, north):
    plane = Plane.around(Point(116.0, 36.5))
    places = np.array([[116.0, 36.5], [116.0 + east, 36.5 + north]])
    flat = plane.metres(places)

    true_m = distances_m(places[0], places[1])[0]
    assert np.hypot(*(flat[1] - flat[0])) == pytest.approx(true_m, rel=2e-6, abs=0.001)
    assert distances_m(plane.degrees(flat), places).max() < 0.001


def test_a_shape_is_turned_whole():
    line = river(1000.0)

    flat = Plane.around(line).shape_in_metres(line)

    assert flat.length == pytest.approx(length_m(line), rel=1e-6)
    assert len(flat.coords) == len(line.coords)


def test_the_far_side_of_the_earth_is_far_away_and_finite():
    flat = Plane.around(Point(116.0, 36.5)).metres([[116.0, 36.5], [-64.0, -36.5], [-64.0, 0.0], [26.0, 0.0]])

    assert np.isfinite(flat).all()
    assert np.hypot(*(flat[1:] - flat[0]).T).min() > 5_000_000.0


def test_an_empty_shape_has_no_plane():
    with pytest.raises(ValueError, match="empty"):
        Plane.around(LineString())


@given(lon=longitudes, lat=latitudes, bearing=st.floats(0.0, 360.0), within=st.floats(0.0, 200_000.0))
def test_a_box_holds_every_place_within_its_distance(lon, lat, bearing, within):
    west, south, east, north = box_around(lon, lat, within)
    there_lon, there_lat, _ = GEOD.fwd(lon, lat, bearing, within)

    slack = 1e-9
    assert -180.0 <= west <= east <= 180.0
    assert -90.0 <= south <= north <= 90.0
    assert west - slack <= there_lon <= east + slack
    assert south - slack <= there_lat <= north + slack


def test_a_box_over_the_date_line_or_a_pole_goes_round_the_earth():
    for lon, lat in ((179.999, 36.5), (-179.999, 36.5), (116.0, 89.999), (116.0, -89.999)):
        west, _, east, _ = box_around(lon, lat, 1000.0)
        assert (west, east) == (-180.0, 180.0)
    assert box_around(116.0, 89.999, 1000.0)[3] == 90.0


def test_a_box_is_hardly_larger_than_needed():
    west, south, east, north = box_around(116.0, 36.5, 1000.0)
    corner = shapely.box(west, south, east, north).bounds

    assert distances_m([corner[0], 36.5], [corner[2], 36.5])[0] < 2060.0
    assert distances_m([116.0, corner[1]], [116.0, corner[3]])[0] < 2060.0
