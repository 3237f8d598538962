"""Which metres count: walks beside, across, around and far from rivers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString

from geo.chainage import cut
from geo.coverage import Reach, near_the_river, walk
from geo.measure import length_m
from geo.track import Fixes, Limits, clean
from tests.geo.banks import LINE, REACH, beside, joined, judged, timed
from tests.geo.scenes import MORNING_MS, Person, along, river, seen, walked


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("every_s", [1.0, 5.0, 15.0])
def test_an_honest_walk_gets_its_metres_and_its_time(seed, every_s):
    fixes = walked(LINE, Person(every_s=every_s, noise_lasts_s=20.0), np.random.default_rng(seed), 200.0, 1700.0)

    result = judged(fixes)

    assert result.length_m == pytest.approx(1500.0, abs=50.0)
    assert len(result.covered) == 1
    assert result.covered[0] == pytest.approx((200.0, 1700.0), abs=40.0)
    assert result.share == pytest.approx(result.length_m / REACH.length_m)
    assert result.near_s == result.elapsed_s == (fixes.at_ms[-1] - fixes.at_ms[0]) / 1000.0
    assert result.distance_m == pytest.approx(1500.0, rel=0.08)
    assert 1.0 < result.moving_speed_mps < 1.6
    assert (result.driven_share, result.gap_share, result.gaps, result.bridged) == (0.0, 0.0, (), [])
    assert result.points_near == fixes.count
    assert (result.first_near_ms, result.last_near_ms) == (fixes.at_ms[0], fixes.at_ms[-1])
    assert result.nearest_m is not None
    assert result.nearest_m < 12.0


def test_upstream_counts_as_downstream():
    assert judged(beside(1700.0, 200.0)).covered[0] == pytest.approx((200.0, 1700.0), abs=2.0)


def test_there_and_back_counts_once():
    result = judged(joined(beside(200.0, 900.0), beside(900.0, 200.0)))

    assert result.length_m == pytest.approx(700.0, abs=5.0)
    assert result.distance_m == pytest.approx(1400.0, rel=0.05)


@pytest.mark.parametrize("off_m", [-57.0, -30.0, 30.0, 57.0])
def test_beside_the_river_all_metres_count(off_m):
    assert judged(beside(200.0, 1700.0, off_m)).length_m == pytest.approx(1500.0, abs=20.0)


def test_too_far_from_the_river_nothing_counts_and_the_distance_is_told():
    result = judged(beside(200.0, 1700.0, 362.0))

    assert (result.length_m, result.near_s, result.points_near, result.first_near_ms) == (0.0, 0.0, 0, None)
    assert result.nearest_m == pytest.approx(362.0, abs=5.0)


def test_a_wide_river_is_walked_on_its_bank():
    far = beside(200.0, 1700.0, 150.0)

    assert judged(far).length_m == 0.0
    assert judged(far, Reach(LINE, width_m=200.0)).length_m == pytest.approx(1500.0, abs=60.0)
    assert judged(far, Reach(LINE, width_m=200.0)).nearest_m == pytest.approx(50.0, abs=3.0)


def test_a_levee_is_an_alternative_line():
    levee = LineString(along(LINE, np.linspace(0.0, 2000.0, 60), 400.0))
    on_it = beside(200.0, 1700.0, 400.0)

    for shape in (levee, MultiLineString([levee, river(500.0, lat=36.4)])):
        result = judged(on_it, Reach(LINE, levee=shape))
        assert result.length_m == pytest.approx(1500.0, abs=100.0)
        assert result.nearest_m == pytest.approx(0.0, abs=1.0)
    assert judged(on_it, Reach(LINE, levee=MultiLineString())).length_m == 0.0


def test_the_worse_the_position_the_wider_the_corridor_but_never_beyond_150_m():
    places = along(LINE, np.full(30, 1000.0), np.linspace(48.0, 193.0, 30))
    for accuracy_m, most_m in ((1.0, 51.0), (30.0, 80.0), (100.0, 150.0)):
        track = clean(timed(places, accuracy_m=accuracy_m))
        assert near_the_river(REACH, track).tolist() == (np.linspace(48.0, 193.0, 30) <= most_m).tolist()
    wide = Limits(presence_accuracy_m=400.0)
    assert near_the_river(REACH, clean(timed(places, accuracy_m=300.0), wide), wide).sum() == 21


def test_an_unknown_accuracy_is_taken_for_that_of_a_decent_receiver():
    places = along(LINE, np.full(2, 1000.0), np.array([59.0, 61.0]))
    assert near_the_river(REACH, clean(timed(places, accuracy_m=np.nan))).tolist() == [True, False]


@pytest.mark.parametrize("width_m", [0.0, 200.0])
def test_crossing_the_river_gets_few_metres(width_m):
    across = timed(along(LINE, np.full(80, 1000.0), np.linspace(-260.0, 260.0, 80)))

    result = judged(across, Reach(LINE, width_m))

    assert result.length_m < 25.0
    assert result.near_s > 50.0


def test_standing_at_the_river_gets_few_metres():
    rng = np.random.default_rng(6)
    there = seen(
        LINE, along(LINE, np.full(200, 1000.0), 10.0), np.linspace(0.0, 1000.0, 201)[1:], Person(noise_m=4.0), rng, 0
    )

    assert judged(there).length_m < 40.0


def test_a_zigzag_on_the_bank_gets_the_metres_of_the_river():
    result = judged(beside(200.0, 1200.0, 30.0 * np.sin(np.arange(155))))

    assert result.length_m == pytest.approx(1000.0, abs=40.0)
    assert result.distance_m > 1200.0


def test_walking_beyond_the_end_of_the_reach_adds_nothing():
    reach = Reach(cut(LINE, 0.0, 1000.0))

    result = judged(beside(600.0, 1800.0), reach)

    assert result.length_m == pytest.approx(400.0, abs=5.0)
    assert result.share <= 1.0
    assert result.near_s == pytest.approx(458.0 / 1.3, abs=20.0)


def neck(height_m: float = 400.0, width_m: float = 60.0) -> LineString:
    """Draw a river that makes a long loop and comes back beside itself."""
    metres = np.array([[-600, 0], [0, 0], [0, height_m], [width_m, height_m], [width_m, 0], [600, 0]])
    return LineString(np.column_stack([116.0 + metres[:, 0] / 89_600.0, 36.5 + metres[:, 1] / 110_960.0]))


def test_cutting_off_a_loop_does_not_walk_the_loop():
    line = neck(height_m=600.0, width_m=100.0)
    straight = LineString([line.coords[0], line.coords[-1]])
    path = along(straight, np.linspace(0.0, length_m(straight), 190))

    result = judged(timed(path), Reach(line))

    assert length_m(line) == pytest.approx(2400.0, abs=10.0)
    assert 1000.0 < result.length_m < 1400.0


def test_walking_the_loop_walks_the_loop():
    line = neck(height_m=600.0, width_m=100.0)
    path = along(line, np.linspace(0.0, length_m(line), 370))

    assert judged(timed(path), Reach(line)).share > 0.97


@pytest.mark.parametrize("off_m", [-55.0, 55.0])
def test_a_sharp_bend_is_walked_on_either_bank(off_m):
    line = LineString([(116.0, 36.5), (116.006, 36.5), (116.008, 36.505)])
    path = along(line, np.linspace(0.0, length_m(line), 180), off_m)

    assert judged(timed(path), Reach(line)).share > 0.95


def test_between_two_arms_of_a_loop_only_what_lies_beside_the_path_counts():
    line = neck(height_m=1000.0, width_m=90.0)
    middle = LineString([(116.0005, 36.5), (116.0005, 36.5004)])
    jitter = np.random.default_rng(9).normal(0.0, 2e-5, (60, 2))
    path = along(middle, np.linspace(0.0, 44.0, 60)) + jitter

    assert judged(timed(path), Reach(line)).length_m < 450.0


def test_no_point_one_point_and_two_points_are_judged_too():
    for count in (0, 1):
        result = judged(beside(200.0, 300.0).taken(slice(count)))
        assert (result.length_m, result.near_s, result.gap_share, result.driven_share) == (0.0, 0.0, 0.0, 0.0)
        assert (result.nearest_m is None) == (count == 0)
        assert result.points_near == count
    assert judged(beside(200.0, 206.0)).length_m == pytest.approx(6.0, abs=0.5)


def test_the_far_side_of_the_earth_is_far_from_the_river():
    result = judged(timed(np.array([[-64.0, -36.5], [-64.0, -36.5], [0.0, 90.0]]), every_s=100_000.0))

    assert result.points_near == 0
    assert result.nearest_m is not None
    assert result.nearest_m > 1_000_000.0


@given(
    places=st.lists(st.tuples(st.floats(-300.0, 2300.0), st.floats(-200.0, 200.0)), max_size=25),
    steps=st.lists(st.integers(1, 400), min_size=25, max_size=25),
    accuracy_m=st.floats(0.0, 120.0),
)
def test_whatever_the_track_the_figures_agree_with_each_other(places, steps, accuracy_m):
    chainages = np.array([place[0] for place in places])
    lonlat = along(LINE, chainages, np.array([place[1] for place in places])) if places else np.empty((0, 2))
    at_ms = MORNING_MS + np.cumsum(steps)[: len(places)] * 1000
    track = clean(Fixes(lonlat, at_ms, np.full(len(places), accuracy_m)))

    result = walk(REACH, track)

    assert 0.0 <= result.share <= 1.0
    assert 0.0 <= result.gap_share <= 1.0
    assert 0.0 <= result.driven_share <= 1.0
    assert result.near_s <= result.elapsed_s + 1e-6
    assert sum(b - a for a, b in result.covered) == pytest.approx(result.length_m)
    assert all(0.0 <= a < b <= REACH.length_m + 1e-6 for a, b in result.covered)
    assert sum(b - a for a, b in result.bridged) <= result.length_m + 1e-6
    assert len(result.gaps) == len(track.gaps)
