"""Time, gaps, bad positions and rides: what else a walk along the river proves or does not."""

from pathlib import Path

import numpy as np
import pytest
from shapely import LineString

from geo import gpx
from geo.coverage import Reach
from tests.geo.banks import LINE, beside, joined, judged, timed
from tests.geo.scenes import MORNING_MS, Person, along, walked

TRACKS = Path(__file__).parent.parent / "data" / "tracks"


def test_a_gap_at_walking_pace_is_bridged_and_shown():
    result = judged(joined(beside(200.0, 600.0), beside(1000.0, 1400.0), pause_s=320.0))

    assert result.length_m == pytest.approx(1200.0, abs=5.0)
    assert result.bridged == [pytest.approx((600.0, 1000.0), abs=5.0)]
    assert [gap.bridged for gap in result.gaps] == [True]
    assert result.near_s == result.elapsed_s
    assert result.gap_share == pytest.approx(320.0 / result.elapsed_s)


def test_a_gap_that_needs_more_than_walking_is_not_bridged():
    result = judged(joined(beside(200.0, 600.0), beside(1000.0, 1400.0), pause_s=150.0))

    assert result.length_m == pytest.approx(800.0, abs=10.0)
    assert len(result.covered) == 2
    assert result.bridged == []
    assert [gap.bridged for gap in result.gaps] == [False]
    assert result.near_s == pytest.approx(result.elapsed_s - 150.0)
    assert result.gap_share > 0.0


def test_a_gap_that_begins_or_ends_away_from_the_river_is_not_bridged():
    away = beside(1000.0, 1400.0, 300.0)

    result = judged(joined(beside(200.0, 600.0), away, beside(1400.0, 1600.0), pause_s=900.0))

    assert [gap.bridged for gap in result.gaps] == [False, False]
    assert result.length_m == pytest.approx(600.0, abs=10.0)


def test_a_gap_on_the_way_home_is_no_part_of_the_patrol():
    home = timed(along(LINE, np.full(20, 1000.0), 2_000.0))

    result = judged(joined(beside(200.0, 1000.0), home, pause_s=1800.0))

    assert len(result.gaps) == 1
    assert result.gap_share == 0.0


def test_gaps_of_a_track_far_from_the_river_are_a_share_of_its_time():
    far = beside(0.0, 300.0, 2_000.0)

    assert judged(joined(far, far, pause_s=far.at_ms[-1] / 1000.0 - MORNING_MS / 1000.0)).gap_share == pytest.approx(
        1 / 3, abs=0.01
    )


@pytest.mark.parametrize("every_s", [0.1, 0.3, 1.2])
def test_ten_minutes_are_ten_minutes_however_often_the_phone_looks(every_s):
    count = round(600.0 / every_s) + 1
    walked = timed(along(LINE, np.linspace(200.0, 900.0, count)), every_s)
    walked.at_ms[:] = MORNING_MS + np.arange(count) * round(every_s * 1000.0)

    assert judged(walked).near_s == 600.0


def test_inaccurate_points_prove_presence_and_time_but_no_metres():
    poor = beside(200.0, 1200.0)
    poor.accuracy_m[:] = 60.0

    result = judged(poor)

    assert (result.length_m, result.covered) == (0.0, [])
    assert result.near_s == result.elapsed_s > 700.0
    assert (result.distance_m, result.moving_speed_mps, result.driven_share) == (0.0, 0.0, 0.0)


def test_inaccurate_points_in_between_leave_metres_to_bridging():
    walk_ = beside(200.0, 1200.0)
    walk_.accuracy_m[50:100] = 80.0

    result = judged(walk_)

    assert result.length_m == pytest.approx(1000.0, abs=5.0)
    assert len(result.bridged) == 1
    assert result.gaps == ()


def test_a_gap_beside_inaccurate_points_is_marked_by_the_good_ones_around_it():
    walk_ = joined(beside(200.0, 500.0), beside(500.0, 540.0), beside(700.0, 1000.0), pause_s=160.0)
    middle = slice(beside(200.0, 500.0).count, beside(200.0, 500.0).count + beside(500.0, 540.0).count)
    walk_.accuracy_m[middle] = 80.0

    result = judged(walk_)

    assert [gap.bridged for gap in result.gaps] == [True, True]
    assert result.length_m == pytest.approx(800.0, abs=5.0)


@pytest.mark.parametrize("every_s", [1.0, 5.0, 20.0])
def test_a_car_is_driven_and_a_walker_is_not(every_s):
    person = Person(every_s=every_s, noise_m=5.0)
    for mps, share in ((1.3, 0.0), (5.0, 0.0), (12.0, 1.0)):
        fixes = walked(LINE, Person(mps=mps, every_s=every_s, noise_m=5.0, pace_varies=0.05), np.random.default_rng(2))
        assert judged(fixes).driven_share == pytest.approx(share, abs=0.05), (person, mps)


def test_the_ride_to_the_river_does_not_make_the_walk_a_ride():
    ride = timed(along(LINE, np.full(60, 200.0), np.linspace(6_000.0, 80.0, 60)), every_s=10.0)

    result = judged(joined(ride, beside(200.0, 1000.0)))

    assert result.driven_share < 0.1
    assert result.distance_m > 6_500.0
    assert judged(ride.taken(slice(0, 50))).driven_share == pytest.approx(1.0)


def test_a_correction_of_the_phone_is_no_walking():
    first, second = beside(200.0, 500.0, every_s=1.0, mps=1.0), beside(640.0, 900.0, every_s=1.0, mps=1.0)

    result = judged(joined(first, second, pause_s=1.0))

    assert result.length_m == pytest.approx(560.0, abs=5.0)
    assert len(result.covered) == 2


def test_the_recorded_walk_with_a_gap_of_34_minutes_is_a_walk():
    fixes = gpx.read((TRACKS / "derived_tuhai_patrol_gap34min.gpx").read_bytes())
    path = LineString(fixes.lonlat)

    result = judged(fixes, Reach(path))

    longest = max(result.gaps, key=lambda gap: gap.seconds)
    assert longest.seconds == 2041.0
    assert longest.bridged
    assert result.share > 0.95
    assert result.driven_share == 0.0
    assert 0.5 < result.moving_speed_mps < 1.5
    assert 0.3 < result.gap_share < 0.4


def test_the_recorded_car_is_driven():
    fixes = gpx.read((TRACKS / "derived_majia_by_car_should_be_flagged.gpx").read_bytes())

    result = judged(fixes, Reach(LineString(fixes.lonlat)))

    assert result.driven_share > 0.75
    assert result.moving_speed_mps > 5.0
