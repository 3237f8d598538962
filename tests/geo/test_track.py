"""What cleaning does to the recordings of phones, cheap ones and dishonest ones among them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.fixes import LATEST_MS
from geo.measure import distances_m
from geo.track import Fixes, Limits, clean
from tests.geo.scenes import MORNING_MS, Person, along, river, walked

LINE = river(2000.0)
HONEST = Person(every_s=1.0)


def honest(seed: int = 1, **changes: float) -> Fixes:
    return walked(LINE, Person(**{"every_s": 1.0, **changes}), np.random.default_rng(seed), to_m=700.0)


def moved(fixes: Fixes, which: slice, north_m: float) -> Fixes:
    lonlat = fixes.lonlat.copy()
    lonlat[which, 1] += north_m / 111_000.0
    return Fixes(lonlat, fixes.at_ms, fixes.accuracy_m)


def rows(fixes: Fixes) -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.column_stack([fixes.lonlat, fixes.at_ms, fixes.accuracy_m])]


def still(minutes: float, at: tuple[float, float] = (116.0, 36.5), from_ms: int = MORNING_MS) -> list[list[float]]:
    return [[*at, from_ms + minute * 60_000, 8.0] for minute in range(int(minutes) + 1)]


def test_an_honest_walk_is_kept_as_it_is():
    fixes = honest()

    track = clean(fixes)

    assert rows(track.fixes) == rows(fixes)
    assert (track.unsorted, track.ended_still, track.mock_suspected, track.gaps) == (False, False, False, ())
    assert (track.received, track.duplicates, track.inaccurate, track.jumps) == (fixes.count, 0, 0, 0)
    assert track.good.all()
    assert not track.broken.any()
    assert track.elapsed_s == (fixes.at_ms[-1] - fixes.at_ms[0]) / 1000.0
    assert track.leg_m.shape == track.leg_s.shape == (fixes.count - 1,)


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_points_are_a_track_all_the_same(count):
    track = clean(honest().taken(slice(count)))

    assert track.fixes.count == count
    assert track.elapsed_s == 0.0
    assert track.gaps == ()


def test_the_order_in_which_points_arrive_does_not_matter_but_is_noted():
    fixes = honest()
    shuffled = fixes.taken(np.random.default_rng(3).permutation(fixes.count))

    assert rows(clean(shuffled).fixes) == rows(clean(fixes).fixes)
    assert clean(shuffled).unsorted


def test_of_several_positions_at_one_moment_the_most_accurate_stays():
    doubled = Fixes.of(
        [[116.0, 36.5, 1000, 20.0], [116.0, 36.6, 1000, np.nan], [116.0, 36.7, 1000, 5.0], [116.0, 36.7, 2000, 5.0]]
    )

    track = clean(doubled)

    assert track.fixes.lonlat.tolist() == [[116.0, 36.7], [116.0, 36.7]]
    assert track.duplicates == 2
    assert not track.unsorted


def test_accuracy_decides_between_metres_presence_and_nothing():
    accuracies = [0.5, 30.0, 30.1, 100.0, 100.1, np.nan, -1.0]
    fixes = Fixes.of([[116.0, 36.5, 1000 * n, accuracy] for n, accuracy in enumerate(accuracies)])

    track = clean(fixes)

    assert track.fixes.at_ms.tolist() == [0, 1000, 2000, 3000, 5000]
    assert track.good.tolist() == [True, True, False, False, True]
    assert track.inaccurate == 2


def test_an_accuracy_of_exactly_nought_is_suspected_to_be_a_mock():
    fixes = honest()
    fixes.accuracy_m[7] = 0.0

    assert clean(fixes).mock_suspected
    assert clean(fixes).mock_points == 1


@pytest.mark.parametrize("place", [0, 1, 300, -1])
@pytest.mark.parametrize("north_m", [150.0, 5_000.0, -900_000.0])
def test_a_single_stray_is_dropped_and_nothing_else(place, north_m):
    fixes = honest()
    index = place % fixes.count

    track = clean(moved(fixes, slice(index, index + 1), north_m))

    assert track.jumps == 1
    assert fixes.at_ms[index] not in track.fixes.at_ms


def test_a_run_of_good_points_wins_against_a_wrong_start():
    fixes = honest()

    track = clean(moved(fixes, slice(0, 20), 4_000.0))

    assert track.jumps == 20
    assert rows(track.fixes) == rows(fixes.taken(slice(20, None)))


def test_many_strays_here_and_there_are_all_dropped():
    fixes = honest()
    strays = np.random.default_rng(5).choice(fixes.count, 40, replace=False)
    lonlat = fixes.lonlat.copy()
    lonlat[strays, 0] += 0.02

    track = clean(Fixes(lonlat, fixes.at_ms, fixes.accuracy_m))

    assert track.jumps == 40
    assert not np.isin(fixes.at_ms[strays], track.fixes.at_ms).any()


def test_a_phone_that_corrects_itself_by_some_metres_keeps_both_parts():
    fixes = honest()

    track = clean(moved(fixes, slice(0, 200), 110.0))

    assert track.jumps == 0
    assert np.flatnonzero(track.broken).tolist() == [199]


def test_two_positions_within_their_errors_are_no_jump():
    fixes = Fixes.of([[116.0, 36.5, 0, 30.0], [116.0, 36.5005, 1000, 30.0], [116.0, 36.5, 2000, 30.0]])

    assert clean(fixes).jumps == 0


def test_two_places_in_turn_are_told_apart():
    there_and_back = [[116.0 + (n % 2), 36.5, 1000 * n, 5.0] for n in range(2001)]

    track = clean(Fixes.of(there_and_back))

    assert set(track.fixes.lonlat[:, 0].tolist()) == {116.0}
    assert track.jumps == 1000


def test_a_gap_is_a_pause_of_more_than_two_minutes():
    at_ms = [0, 120_000, 240_001, 250_000]

    track = clean(Fixes.of([[116.0, 36.5, moment, 5.0] for moment in at_ms]))

    assert track.gaps == ((120_000, 240_001, 120.001, False),)


def test_three_hours_without_movement_end_the_patrol():
    walk = honest()
    home = (float(walk.lonlat[-1, 0]), float(walk.lonlat[-1, 1]))
    asleep = still(200, home, int(walk.at_ms[-1]) + 60_000)
    later = still(5, (116.1, 36.6), int(asleep[-1][2]) + 3_600_000)

    track = clean(Fixes.of([*rows(walk), *asleep, *later]))

    assert track.ended_still
    assert walk.at_ms[-1] - 60_000 < track.fixes.at_ms[-1] <= walk.at_ms[-1] + 60_000
    assert track.fixes.count > walk.count - 60


def test_a_recording_that_lay_still_before_it_began_starts_with_the_movement():
    fixes = honest()
    start = (float(fixes.lonlat[0, 0]), float(fixes.lonlat[0, 1]))
    waiting = still(200, start, int(fixes.at_ms[0]) - 201 * 60_000)

    track = clean(Fixes.of([*waiting, *rows(fixes)]))

    assert track.ended_still
    assert fixes.at_ms[0] <= track.fixes.at_ms[0] < fixes.at_ms[0] + 60_000
    assert track.fixes.at_ms[-1] == fixes.at_ms[-1]


def test_a_phone_that_never_moved_made_no_patrol():
    track = clean(Fixes.of(still(200)))

    assert track.ended_still
    assert track.fixes.count == 1


def test_a_recording_begun_at_home_and_forgotten_at_home_is_the_walk_between():
    fixes = honest()
    start, end = (tuple(fixes.lonlat[place].tolist()) for place in (0, -1))
    waiting = still(200, start, int(fixes.at_ms[0]) - 201 * 60_000)
    asleep = still(300, end, int(fixes.at_ms[-1]) + 60_000)

    track = clean(Fixes.of([*waiting, *rows(fixes), *asleep]))

    assert fixes.at_ms[0] <= track.fixes.at_ms[0] < fixes.at_ms[0] + 60_000
    assert fixes.at_ms[-1] - 60_000 < track.fixes.at_ms[-1] <= fixes.at_ms[-1] + 60_000


def test_pacing_up_and_down_for_hours_is_movement():
    pacing = [[116.0 + 0.002 * abs(minute % 8 - 4), 36.5, MORNING_MS + minute * 60_000, 8.0] for minute in range(400)]

    assert not clean(Fixes.of(pacing)).ended_still


def test_leaving_between_two_looks_is_no_stillness():
    hours = [[116.0, 36.5, MORNING_MS + minute * 60_000, 8.0] for minute in range(400)]
    for minute in range(13, 400, 30):
        hours[minute][0] += 0.005

    assert not clean(Fixes.of(hours)).ended_still


def test_a_long_walk_with_rests_under_three_hours_goes_on():
    rests = [still(100, (116.0 + hour / 100, 36.5), MORNING_MS + hour * 2 * 3_600_000) for hour in range(4)]

    track = clean(Fixes.of([row for rest in rests for row in rest]))

    assert not track.ended_still
    assert track.elapsed_s == (6 * 60 + 100) * 60.0


def test_the_limits_can_be_changed():
    strict = Limits(good_accuracy_m=5.0, presence_accuracy_m=7.0, gap_s=0.5)

    assert clean(honest(), strict).fixes.count == 0
    assert len(clean(honest(accuracy_m=6.0), strict).gaps) == honest().count - 1
    assert not clean(honest(accuracy_m=6.0), strict).good.any()


finite = st.tuples(
    st.floats(-180.0, 180.0),
    st.floats(-90.0, 90.0),
    st.integers(0, LATEST_MS),
    st.one_of(st.none(), st.floats(-10.0, 1e6)),
)
nearby = st.tuples(
    st.floats(115.99, 116.01), st.floats(36.49, 36.51), st.integers(0, 40_000_000), st.floats(0.0, 120.0)
)


@given(points=st.one_of(st.lists(finite, max_size=30), st.lists(nearby, max_size=60)))
def test_whatever_a_phone_sends_the_track_is_in_order_and_accounts_for_every_point(points):
    fixes = Fixes.of(np.array(points, dtype=np.float64).reshape(-1, 4))

    track = clean(fixes)

    assert np.all(np.diff(track.fixes.at_ms) > 0)
    dropped = track.duplicates + track.inaccurate + track.jumps
    assert track.received == fixes.count
    assert track.fixes.count == fixes.count - dropped or track.ended_still
    assert (fixes.count == dropped) == (track.fixes.count == 0)
    assert all(gap.seconds > 120.0 for gap in track.gaps)


def test_the_scene_walks_as_people_do():
    fixes = walked(LINE, HONEST, np.random.default_rng(1))
    smooth = along(LINE, np.array([50.0, 1800.0]), HONEST.off_m)

    assert distances_m(fixes.lonlat[[0, -1]], smooth).max() < 20.0
    assert 1000.0 < (fixes.at_ms[-1] - fixes.at_ms[0]) / 1000.0 < 1800.0
