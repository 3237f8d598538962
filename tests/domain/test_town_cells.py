"""Through which towns a line runs: cuts at boundaries, slivers, rivers that mark the border."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from backend.domain.town_cells import (
    COUNTY_SLIVER_M,
    SLIVER_M,
    Stretch,
    TownCells,
    span_m,
    towns_along,
    without_slivers,
)

WEST_LON, SOUTH_LAT = 116.0, 36.0
DEG_EAST, DEG_NORTH = 1 / 90_100, 1 / 110_950


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """A place so many metres from the south-western corner."""
    return WEST_LON + east_m * DEG_EAST, SOUTH_LAT + north_m * DEG_NORTH


def town(code: str, from_m: float, to_m: float) -> tuple[str, Polygon, bool]:
    """A town 5 km deep between two distances east."""
    return code, box(*at(from_m, 0), *at(to_m, 5000)), True


def line(*places: tuple[float, float]) -> LineString:
    return LineString([at(*place) for place in places])


CELLS = TownCells([town("371503001", 6000, 9000), town("371502001", 0, 3000), town("371502002", 3000, 6000)])


def test_a_line_is_cut_within_five_metres_of_the_boundaries():
    [stretches] = towns_along(line((0, 2500), (9000, 2500)), CELLS)

    assert [stretch.town for stretch in stretches] == ["371502001", "371502002", "371503001"]
    assert [stretch.to_m for stretch in stretches[:2]] == [
        pytest.approx(3000, abs=8),
        pytest.approx(6000, abs=8),
    ]
    assert stretches[0].from_m == 0.0


def test_what_lies_outside_is_cut_off():
    [stretches] = towns_along(line((-4000, 2500), (13_000, 2500)), CELLS)

    assert stretches[0].from_m == pytest.approx(4000, abs=10)
    assert stretches[-1].to_m == pytest.approx(13_000, abs=20)


def test_a_river_that_never_enters_has_no_stretch():
    assert towns_along(line((0, 9000), (9000, 9000)), CELLS) == []
    assert towns_along(line((0, 5300), (9000, 5300)), CELLS) == [], "beside the border is not inside"


def test_a_border_river_that_strays_a_little_never_left_the_city():
    winding = line((0, 4800), (3000, 5300), (6000, 5300), (8900, 4800))

    [stretches] = towns_along(winding, CELLS)

    assert [stretch.town for stretch in stretches] == ["371502001", "371502002", "371503001"]


def test_a_river_that_marks_the_border_to_its_end_is_not_cut_off_there():
    [upstream] = towns_along(line((0, 5200), (5000, 5200), (8000, 4000)), CELLS)
    [downstream] = towns_along(line((8000, 4000), (5000, 5200), (0, 5200)), CELLS)

    assert upstream[0].from_m == 0.0
    assert upstream[0].town == downstream[-1].town == "371502001"
    assert downstream[-1].to_m == pytest.approx(8230, abs=30)


def test_a_river_that_leaves_and_comes_back_has_two_courses():
    first, second = towns_along(line((0, 2500), (4000, 7500), (8000, 2500)), CELLS)

    assert [stretch.town for stretch in first] == ["371502001"]
    assert [stretch.town for stretch in second] == ["371503001"]
    assert second[0].from_m - first[0].to_m > 3000


def test_where_two_towns_meet_the_lower_code_wins():
    places, inside = CELLS.at(np.array([at(3000, 5000)]))

    assert CELLS.codes[places[0]] == "371502001"
    assert inside[0]


def test_a_sliver_goes_to_the_neighbour_of_the_same_county_before_the_longer_one():
    cells = TownCells([town("371502001", 0, 2000), town("371502002", 2000, 2200), town("371503001", 2200, 9000)])

    [stretches] = towns_along(line((0, 2500), (9000, 2500)), cells)

    assert [(s.town, round(s.to_m, -2)) for s in stretches] == [("371502001", 2200), ("371503001", 9000)]


def test_a_county_that_is_only_touched_gives_its_metres_to_the_longer_neighbour():
    stretches = [
        Stretch("371502001", 0, 5000),
        Stretch("371503001", 5000, 5900),
        Stretch("371521001", 5900, 8000),
    ]

    assert without_slivers(stretches) == [Stretch("371502001", 0, 5900), Stretch("371521001", 5900, 8000)]


def test_a_sliver_between_two_parts_of_one_town_joins_them():
    stretches = [
        Stretch("371502001", 0, 500),
        Stretch("371502002", 500, 600),
        Stretch("371502001", 600, 1200),
    ]

    assert without_slivers(stretches) == [Stretch("371502001", 0, 1200)]


def test_a_course_that_is_too_short_altogether_is_left_out():
    assert without_slivers([Stretch("371502001", 0, 600), Stretch("371502002", 600, 900)]) == []


TOWNS = st.sampled_from(["371502001", "371502002", "371503001", "371503002", "371521001"])


@given(st.lists(st.tuples(TOWNS, st.integers(1, 3000)), min_size=1, max_size=30))
def test_without_slivers_nothing_is_lost_doubled_or_small(lengths):
    stretches, reached = [], 0.0
    for code, length in lengths:
        stretches.append(Stretch(code, reached, reached + length))
        reached += length

    kept = without_slivers(stretches)

    if reached < COUNTY_SLIVER_M:
        assert kept == []
        return
    assert span_m(kept) == reached
    assert all(a.to_m == b.from_m and a.town != b.town for a, b in pairwise(kept))
    assert all(span_m([stretch]) >= SLIVER_M for stretch in kept)
    assert {stretch.town for stretch in kept} <= {code for code, _ in lengths}
