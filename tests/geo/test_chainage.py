"""Chainage there and back, cutting, and the arithmetic of stretches."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from geo.chainage import Ruler, covered_m, cut, locate_m, merge, moved, point_at, share, union, unwalked
from geo.measure import distances_m, length_m
from tests.geo.scenes import along, river

LINE = river(2000.0)
LENGTH_M = length_m(LINE)
stretch = st.tuples(st.floats(-50.0, 1050.0), st.floats(-50.0, 1050.0)).map(lambda ends: tuple(sorted(ends)))
stretches = st.lists(stretch, max_size=12)


def test_the_end_of_a_line_has_its_length_as_chainage():
    assert Ruler(LINE).length_m == LENGTH_M
    assert locate_m(LINE, [LINE.coords[0], LINE.coords[-1]]) == pytest.approx([0.0, LENGTH_M])


@given(at_m=st.floats(0.0, LENGTH_M))
def test_a_place_at_a_chainage_lies_at_that_chainage(at_m):
    place = point_at(LINE, at_m)

    assert locate_m(LINE, [place.coords[0]])[0] == pytest.approx(at_m, abs=0.01)


def test_a_place_beside_the_river_has_the_chainage_of_the_nearest_bank():
    assert locate_m(LINE, along(LINE, np.array([300.0, 1500.0]), 40.0)) == pytest.approx([300, 1500], abs=2.0)


def test_beyond_the_ends_it_is_the_end():
    assert point_at(LINE, -5.0).coords[0] == LINE.coords[0]
    assert point_at(LINE, LENGTH_M + 5.0).coords[0] == LINE.coords[-1]
    assert locate_m(LINE, [[115.9, 36.5], [116.2, 36.5]]) == pytest.approx([0.0, LENGTH_M])


@given(ends=st.tuples(st.floats(0.0, LENGTH_M), st.floats(0.0, LENGTH_M)).filter(lambda e: e[0] + 0.1 < e[1]))
def test_a_piece_has_the_length_between_its_ends(ends):
    piece = cut(LINE, *ends)

    assert length_m(piece) == pytest.approx(ends[1] - ends[0], abs=0.001)


def test_pieces_put_together_are_the_line():
    pieces = [cut(LINE, at_m, at_m + 500.0) for at_m in range(0, 2500, 500)]

    assert sum(map(length_m, pieces)) == pytest.approx(LENGTH_M)
    for upper, lower in pairwise(pieces):
        assert distances_m(upper.coords[-1], lower.coords[0])[0] < 1e-6


@pytest.mark.parametrize(("from_m", "to_m"), [(500.0, 500.0), (600.0, 500.0), (3000.0, 4000.0), (-9.0, -1.0)])
def test_where_there_is_no_river_nothing_is_cut(from_m, to_m):
    with pytest.raises(ValueError, match="no river"):
        cut(LINE, from_m, to_m)


def test_a_line_without_length_is_no_ruler():
    with pytest.raises(ValueError, match="without length"):
        Ruler(LineString([(116, 36), (116, 36)]))


def test_a_doubled_vertex_does_no_harm():
    line = LineString([LINE.coords[0], LINE.coords[0], *LINE.coords[1:], LINE.coords[-1]])

    assert locate_m(line, along(LINE, np.array([700.0]))) == pytest.approx(
        locate_m(LINE, along(LINE, np.array([700.0])))
    )


def test_thousands_of_points_find_the_same_place_as_one_by_one():
    rng = np.random.default_rng(4)
    ruler = Ruler(river(20_000.0, bend_m=400.0))
    points = np.column_stack([rng.uniform(-9000, 9000, 700), rng.uniform(-2000, 2000, 700)])

    together = ruler.nearest(points)
    alone = [ruler.nearest(point[None]) for point in points]

    assert together[1] == pytest.approx(np.concatenate([distance for _, distance in alone]))


def test_stretches_that_touch_or_overlap_become_one():
    assert merge([(30, 40), (0, 10), (10, 20), (35, 60), (50, 55), (70, 70)]) == [(0, 20), (30, 60)]
    assert merge([]) == []
    assert union(np.empty((0, 2))).shape == (0, 2)


@given(some=stretches)
def test_merging_is_right_metre_by_metre(some):
    merged = merge(some)
    metres = np.linspace(-60.0, 1060.0, 457)

    def inside(pieces):
        return [any(a <= metre <= b for a, b in pieces) for metre in metres]

    assert inside(merged) == inside([(a, b) for a, b in some if b > a])
    assert all(one[1] < two[0] for one, two in pairwise(merged))


@given(some=stretches)
def test_what_is_covered_and_what_is_not_add_up_to_the_river(some):
    left = covered_m(unwalked(some, 1000.0))

    assert left + share(some, 1000.0) * 1000.0 == pytest.approx(1000.0)
    assert 0.0 <= share(some, 1000.0) <= 1.0


def test_short_remainders_can_be_left_out():
    assert unwalked([(0, 400), (405, 900)], 1000.0) == [(400, 405), (900, 1000)]
    assert unwalked([(0, 400), (405, 900)], 1000.0, least_m=20.0) == [(900, 1000)]
    assert unwalked([], 1000.0) == [(0, 1000)]


def test_a_river_without_length_has_no_share():
    assert share([(0, 10)], 0.0) == 0.0


def test_a_walk_on_a_lower_reach_is_a_walk_on_the_superiors_reach():
    assert moved([(0, 300), (500, 900)], 2000.0, 2800.0) == [(2000, 2300), (2500, 2800)]
    assert moved([(0, 300)], -400.0, 1000.0) == []
