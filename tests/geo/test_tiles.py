"""Tiles of a map: where they lie, and what is drawn into them."""

import mapbox_vector_tile
import numpy as np
import pytest
from shapely import LineString, Point

from geo.tiles import BUFFER, EXTENT, LEAST_STEP, Tile, drawn

HERE = Tile(14, 13469, 6409)
"""Around 115.97, 36.43."""


def test_the_whole_world_is_one_tile_and_a_tile_beside_the_map_is_none():
    assert Tile(0, 0, 0).exists
    assert not Tile(0, 1, 0).exists
    assert not Tile(3, 0, 8).exists
    assert not Tile(19, 0, 0).exists
    assert not Tile(-1, 0, 0).exists


def test_the_box_of_a_tile_holds_its_corners_and_a_little_around_them():
    west, south, east, north = HERE.box()
    upper_left, lower_right = HERE.steps(np.array([[west, north], [east, south]]))
    assert upper_left == pytest.approx([-BUFFER, -BUFFER])
    assert lower_right == pytest.approx([EXTENT + BUFFER, EXTENT + BUFFER])


def test_a_line_is_cut_at_the_edge_and_keeps_what_is_known_of_it():
    west, south, east, north = HERE.box()
    across = LineString([(west - 1, (south + north) / 2), (east + 1, (south + north) / 2)])
    drawing = mapbox_vector_tile.decode(drawn("reaches", HERE, [across], [{"name": "徒骇河", "days": 3, "risk": None}]))
    (feature,) = drawing["reaches"]["features"]
    assert feature["properties"] == {"name": "徒骇河", "days": 3}
    xs = [x for x, _ in feature["geometry"]["coordinates"]]
    assert (min(xs), max(xs)) == (-BUFFER, EXTENT + BUFFER)


def test_a_point_stands_where_it_lies_counted_downwards():
    west, _, east, north = HERE.box()
    near_the_top = Point((west + east) / 2, north - 0.0005)
    raw = drawn("hazards", HERE, [near_the_top], [{}])
    decoded = mapbox_vector_tile.decode(raw, default_options={"y_coord_down": True})
    x, y = decoded["hazards"]["features"][0]["geometry"]["coordinates"]
    assert x == EXTENT / 2
    assert 0 <= y < EXTENT / 4


def test_a_tile_with_nothing_in_it_is_empty():
    assert drawn("reaches", HERE, [LineString([(0, 0), (1, 1)])], [{}]) == b""
    assert drawn("reaches", HERE, [], []) == b""


def test_the_least_bend_that_is_drawn_is_as_many_steps_wide_at_every_zoom():
    for zoom in (4, 10, 16):
        tile = Tile(zoom, 3, 2)
        one, other = tile.steps(np.array([[116.0, 36.0], [116.0 + tile.least_deg, 36.0]]))
        assert other[0] - one[0] == pytest.approx(LEAST_STEP, abs=0.01)
