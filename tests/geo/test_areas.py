"""Areas of warnings: never too small, whatever the ring or the circle."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Point

from geo.areas import circle, ring, together
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
