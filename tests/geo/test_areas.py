"""Areas of warnings: never too small, whatever the ring or the circle."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from geo.areas import along, around_boxes, circle, ring, together
from geo.measure import distances_m


def test_a_ring_encloses_its_inside_and_a_bow_tie_both_of_its_wings():
    assert ring([(115, 36), (116, 36), (116, 37), (115, 36)]).covers(Point(115.6, 36.3))
    tie = ring([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    assert tie.is_valid
    assert tie.covers(Point(0.2, 1))
    assert tie.covers(Point(1.8, 1))


@pytest.mark.parametrize("radius_m", [0.0, 500.0, 12_500.0, 150_000.0, 900_000.0])
@pytest.mark.parametrize("lat", [0.0, 36.5, -59.0, 75.0])
def test_a_circle_holds_everything_within_its_distance_and_little_more(radius_m, lat):
    shape = circle((115.9, lat), radius_m)
    corners = shapely.get_coordinates(shape)
    away = distances_m(np.tile([115.9, lat], (len(corners), 1)), corners)
    assert away.min() >= radius_m * 0.999
    if radius_m <= 150_000 and abs(lat) < 60:
        assert away.max() <= max(radius_m, 1.0) * 1.01


def test_a_circle_over_a_pole_or_the_date_line_is_a_box_that_holds_it():
    assert circle((0.0, 89.9), 50_000).covers(Point(179, 89.9))
    assert circle((179.9, 10.0), 50_000).covers(Point(-179.9, 10.0))


def test_shapes_are_taken_together():
    assert together([]) is None
    both = together([circle((115, 36), 1000), circle((116, 36), 1000)])
    assert both is not None
    assert both.covers(Point(115, 36))
    assert both.covers(Point(116, 36))


def test_the_area_around_boxes_holds_each_of_them_and_what_lies_between_them_and_a_margin():
    area = around_boxes([[116.0, 36.0, 116.1, 36.1], [116.4, 36.3, 116.5, 36.4]], 500.0)
    assert area.geom_type == "Polygon"
    for place in ((116.0, 36.0), (116.0, 36.1), (116.1, 36.0), (116.5, 36.4), (116.25, 36.2), (115.996, 36.05)):
        assert area.covers(Point(place)), place
    assert not area.covers(Point(115.99, 36.05))
    assert not area.covers(Point(116.0, 36.4))


def test_the_area_along_lines_is_a_band_and_two_far_apart_are_two():
    near, far = LineString([(116.0, 36.0), (116.1, 36.0)]), LineString([(116.0, 36.5), (116.1, 36.5)])
    band = along([near, far], 400.0)
    assert band.geom_type == "MultiPolygon"
    assert band.covers(near)
    assert band.covers(Point(116.05, 36.003))
    assert not band.covers(Point(116.05, 36.005))
    assert along([near], 400.0).geom_type == "Polygon"
