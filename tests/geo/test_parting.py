"""Cutting a river in two, and the levees beside it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from geo.chainage import locate_m
from geo.measure import length_m
from geo.parting import beside, halves

RIVER = LineString([(115.97, 36.43), (115.979, 36.433), (115.99, 36.435)])
WHOLE_M = length_m(RIVER)


def moved(line: LineString, by: float = 0.0005) -> LineString:
    return shapely.transform(line, lambda places: places + np.array([0.0, by]))


@given(st.floats(1.0, WHOLE_M - 1.0))
def test_the_halves_touch_and_are_as_long_as_the_whole(at_m):
    upper, lower = halves(RIVER, at_m)
    assert upper.coords[-1] == lower.coords[0]
    assert length_m(upper) == pytest.approx(at_m, abs=0.01)
    assert length_m(upper) + length_m(lower) == pytest.approx(WHOLE_M, abs=0.01)


@pytest.mark.parametrize("at_m", [0.0, WHOLE_M, -5.0])
def test_a_cut_at_an_end_is_none(at_m):
    with pytest.raises(ValueError, match="no river"):
        halves(RIVER, at_m)


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_levee_along_the_whole_is_cut_abreast_of_the_place(is_turned):
    levee = moved(RIVER)
    upper, lower = beside(RIVER, 700.0, [levee.reverse() if is_turned else levee])
    assert (len(upper), len(lower)) == (1, 1)
    assert max(locate_m(RIVER, shapely.get_coordinates(upper[0]))) == pytest.approx(700.0, abs=30.0)
    assert min(locate_m(RIVER, shapely.get_coordinates(lower[0]))) == pytest.approx(700.0, abs=30.0)
    assert length_m(upper[0]) + length_m(lower[0]) == pytest.approx(length_m(levee), abs=0.5)


def test_levees_on_one_side_of_it_stay_whole():
    first, second = halves(moved(RIVER), 600.0)
    assert beside(RIVER, 900.0, [first]) == ([first], [])
    assert beside(RIVER, 300.0, [second]) == ([], [second])
    assert beside(RIVER, 300.0, []) == ([], [])


def test_a_remainder_of_less_than_a_metre_is_left_out():
    place = RIVER.coords[1]
    hook = LineString([(place[0] - 0.003, place[1] - 0.0005), (place[0] + 0.000001, place[1])])
    at_m = float(locate_m(RIVER, [place])[0]) - 0.05
    upper, lower = beside(RIVER, at_m, [hook])
    assert len(upper) == 1
    assert lower == []
    upper, lower = beside(RIVER, at_m, [hook.reverse()])
    assert (len(upper), lower) == (1, [])
