"""Datum conversions against published vectors, their inverses, and the border of China."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import Crs, from_wgs84, to_wgs84
from geo.measure import distances_m

VECTORS = Path(__file__).parent.parent / "data" / "gcj_vectors.csv"
SHIFTED = [Crs.GCJ02, Crs.BD09]
china = st.tuples(st.floats(73.5, 135.0), st.floats(3.0, 53.5))
abroad = st.one_of(
    st.tuples(st.floats(-180.0, 71.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(139.0, 180.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 0.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(57.0, 90.0)),
)


def vectors() -> dict[str, np.ndarray]:
    with VECTORS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        crs: np.array([[float(row[f"{prefix}_lon"]), float(row[f"{prefix}_lat"])] for row in rows])
        for crs, prefix in ((Crs.WGS84, "wgs"), (Crs.GCJ02, "gcj"), (Crs.BD09, "bd"))
    }


@pytest.mark.parametrize("crs", SHIFTED)
def test_the_published_vectors_are_met_forwards(crs):
    table = vectors()

    assert len(table[crs]) == 300
    assert np.abs(from_wgs84(table[Crs.WGS84], crs) - table[crs]).max() < 1e-8


@pytest.mark.parametrize("crs", SHIFTED)
def test_the_published_vectors_are_met_backwards(crs):
    table = vectors()

    assert np.abs(to_wgs84(table[crs], crs) - table[Crs.WGS84]).max() < 1e-8


@pytest.mark.parametrize("crs", SHIFTED)
def test_there_and_back_is_less_than_a_millimetre(crs):
    wgs = vectors()[Crs.WGS84]

    assert distances_m(to_wgs84(from_wgs84(wgs, crs), crs), wgs).max() < 0.001


@given(place=china)
@pytest.mark.parametrize("crs", SHIFTED)
def test_anywhere_in_china_there_and_back_is_less_than_a_millimetre(crs, place):
    assert distances_m(to_wgs84(from_wgs84(place, crs), crs), place)[0] < 0.001


@given(place=abroad)
@pytest.mark.parametrize("crs", list(Crs))
def test_abroad_nothing_is_shifted(crs, place):
    assert from_wgs84(place, crs).tolist() == list(place)
    assert to_wgs84(place, crs).tolist() == list(place)


@given(place=china)
def test_cgcs2000_is_taken_as_wgs84(place):
    assert to_wgs84(place, Crs.CGCS2000).tolist() == list(place)
    assert from_wgs84(place, Crs.CGCS2000).tolist() == list(place)


def test_a_place_just_inside_the_border_comes_back_from_just_outside_it():
    inside = np.array([137.834, 35.0])
    shifted = from_wgs84(inside, Crs.GCJ02)

    assert shifted[0] > 137.8347
    assert distances_m(to_wgs84(shifted, Crs.GCJ02), inside)[0] < 0.001


def test_the_seed_city_lies_half_a_kilometre_off_in_gcj02_and_more_than_one_in_bd09():
    place = np.array([[115.98, 36.45]])

    assert 450 < distances_m(place, from_wgs84(place, Crs.GCJ02))[0] < 560
    assert 1100 < distances_m(place, from_wgs84(place, Crs.BD09))[0] < 1400


def test_the_argument_is_left_as_it_was_and_no_positions_are_no_positions():
    given_places = np.array([[115.98, 36.45]])
    for crs in Crs:
        to_wgs84(given_places, crs)[0, 0] = 0.0
        from_wgs84(given_places, crs)[0, 0] = 0.0
        assert to_wgs84(np.empty((0, 2)), crs).shape == (0, 2)

    assert given_places.tolist() == [[115.98, 36.45]]
