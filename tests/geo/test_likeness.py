"""Copies are found, honest walks on the same path are not, and a foreign datum is named."""

from dataclasses import replace

import numpy as np
import pytest
from shapely import LineString

from geo.coverage import Reach
from geo.datum import Crs, from_wgs84, to_wgs84
from geo.likeness import datum_mismatch, near_sketches, place, places_near, same_walk, sketch
from geo.track import Fixes, clean
from tests.geo.scenes import HOUR_MS, MORNING_MS, Person, along, copied, river, seen, strolled, walked

LINE = river(3000.0)
PAIRS = 300


def somebody(rng: np.random.Generator) -> Person:
    """Draw a person with a usual pace and a phone with independent errors of 3 to 5 m, some slow to change."""
    return Person(
        mps=rng.uniform(0.9, 1.5),
        every_s=float(rng.choice([1.0, 2.0, 5.0, 10.0])),
        noise_m=rng.uniform(3.0, 5.0) / np.sqrt(rng.choice([1.0, 2.0])),
        noise_lasts_s=float(rng.choice([0.0, 0.0, 20.0, 60.0])),
        pace_lasts_s=float(rng.choice([20.0, 60.0, 120.0, 300.0])),
        off_m=rng.uniform(-20.0, 20.0),
    )


def a_walk(rng: np.random.Generator, least_m: float = 250.0) -> tuple[Person, float, Fixes]:
    person, to_m = somebody(rng), 50.0 + rng.uniform(least_m, 2500.0)
    return person, to_m, walked(LINE, person, rng, to_m=to_m)


def share_of_likeness(pairs: list[tuple[Fixes, Fixes]]) -> float:
    return sum(bool(same_walk(*pair)) for pair in pairs) / len(pairs)


def share_of_near_sketches(pairs: list[tuple[Fixes, Fixes]]) -> float:
    return sum(near_sketches(sketch(one), [sketch(other)]) == [0] for one, other in pairs) / len(pairs)


@pytest.mark.parametrize(
    ("every", "jitter_m"), [(1, 0.0), (8, 0.0), (1, 3.0), (8, 3.0)], ids=["shifted", "thinned", "jittered", "all"]
)
def test_at_least_98_of_100_copies_are_found(every, jitter_m):
    rng = np.random.default_rng(21)
    pairs = []
    for number in range(PAIRS):
        original = a_walk(rng, least_m=500.0)[2]
        k = int(rng.integers(1, every + 1))
        copy = copied(original, rng, int(rng.integers(HOUR_MS, 300 * HOUR_MS)), k, jitter_m)
        pairs.append((original, copy) if number % 2 else (copy, original))

    assert share_of_likeness(pairs) >= 0.98
    assert share_of_near_sketches(pairs) >= 0.98


def test_a_copy_of_the_middle_of_a_walk_is_found():
    rng = np.random.default_rng(22)
    pairs = []
    for _ in range(100):
        original = a_walk(rng)[2]
        middle = original.taken(slice(original.count // 8, original.count - original.count // 10))
        pairs.append((original, copied(middle, rng, jitter_m=3.0)))

    assert share_of_likeness(pairs) >= 0.98
    assert share_of_near_sketches(pairs) >= 0.98


def test_a_copy_is_found_when_the_original_has_fixes_thrown_far_aside():
    original = walked(LINE, somebody(np.random.default_rng(4)), np.random.default_rng(5), to_m=1500.0)
    thrown = original.lonlat.copy()
    thrown[:: original.count // 10] += [0.005, 0.004]  # about 600 m

    copy = original.taken(slice(None, None, 2))

    assert near_sketches(sketch(replace(original, lonlat=thrown)), [sketch(copy)]) == [0]


def test_at_most_one_of_100_honest_walks_by_the_same_person_is_taken_for_a_copy():
    rng = np.random.default_rng(23)
    pairs = []
    for _ in range(PAIRS):
        person, to_m, first = a_walk(rng)
        tomorrow = MORNING_MS + 24 * HOUR_MS + int(rng.integers(0, HOUR_MS))
        pairs.append((first, walked(LINE, person, rng, to_m=to_m, start_ms=tomorrow)))

    assert share_of_likeness(pairs) <= 0.01


def test_at_most_one_of_100_pairs_who_walked_together_is_taken_for_a_copy():
    rng = np.random.default_rng(24)
    pairs = []
    for _ in range(PAIRS):
        person, to_m, _ = a_walk(rng)
        path, seconds = strolled(LINE, person, rng, 50.0, to_m)
        clock_ms = MORNING_MS + int(rng.integers(-5000, 5000))
        mine, theirs = (seen(LINE, path, seconds, person, rng, at) for at in (MORNING_MS, clock_ms))
        pairs.append((mine, theirs))

    assert share_of_likeness(pairs) <= 0.01


def test_the_sketches_spare_most_comparisons_with_other_people():
    rng = np.random.default_rng(25)
    walks = [sketch(a_walk(rng)[2]) for _ in range(120)]
    near = sum(len(near_sketches(one, walks)) - 1 for one in walks)

    assert near < 0.1 * 120 * 119


def test_the_same_recording_handed_in_at_once_by_another_person_is_identical():
    rng = np.random.default_rng(26)
    original = a_walk(rng)[2]

    for copy in (original, copied(original, rng, later_ms=0, every=3)):
        assert same_walk(original, copy).reason == "identical"
        assert same_walk(original, copy).shift_s == 0.0


def test_the_shift_says_how_much_later_the_second_is():
    rng = np.random.default_rng(27)
    original = a_walk(rng)[2]
    copy = copied(original, rng, later_ms=5 * HOUR_MS, every=2)

    assert same_walk(original, copy).shift_s == pytest.approx(5 * 3600.0)
    assert same_walk(copy, original).shift_s == pytest.approx(-5 * 3600.0)
    assert same_walk(original, copied(original, rng, later_ms=5 * HOUR_MS)).shift_s == pytest.approx(5 * 3600.0)


def test_points_all_over_the_earth_are_like_nothing_but_themselves():
    rng = np.random.default_rng(38)
    everywhere = np.column_stack([rng.uniform(-180, 180, 200), rng.uniform(-90, 90, 200), np.arange(200) * 1000])
    fixes = Fixes.of(everywhere)

    assert same_walk(fixes, replace(fixes, at_ms=fixes.at_ms + 24 * HOUR_MS)).reason == "identical"
    assert not same_walk(fixes, a_walk(rng)[2])


def test_the_order_in_which_points_arrive_does_not_hide_a_copy():
    rng = np.random.default_rng(28)
    original = a_walk(rng)[2]
    shuffled = copied(original, rng, jitter_m=2.0).taken(rng.permutation(original.count))

    assert same_walk(original, shuffled).reason == "copied"
    assert near_sketches(sketch(original), [sketch(shuffled)]) == [0]


def test_walks_elsewhere_and_walks_with_hardly_a_point_are_not_alike():
    rng = np.random.default_rng(29)
    walk = a_walk(rng)[2]
    elsewhere = replace(walk, lonlat=walk.lonlat + 0.01)

    assert same_walk(walk, elsewhere).reason == "elsewhere"
    assert same_walk(walk, walk.taken(slice(4))).reason == "too_few"
    assert near_sketches(sketch(walk), [sketch(elsewhere), sketch(walk.taken(slice(walk.count // 5)))]) == []


@pytest.mark.parametrize("from_m", [500.0, 970.0])
def test_walks_that_only_overlap_are_elsewhere(from_m):
    rng = np.random.default_rng(30)
    person = Person()
    upper = walked(LINE, person, rng, 50.0, 1000.0)
    lower = walked(LINE, person, rng, from_m, 2000.0, start_ms=MORNING_MS + 24 * HOUR_MS)

    assert same_walk(upper, lower).reason == "elsewhere"


def test_a_thinned_copy_with_few_points_is_found_and_a_short_honest_walk_is_not():
    rng = np.random.default_rng(31)
    person = Person(every_s=10.0)
    original = walked(LINE, person, rng, to_m=900.0)
    again = walked(LINE, person, rng, to_m=250.0, start_ms=MORNING_MS + 24 * HOUR_MS)

    assert same_walk(original, copied(original, rng, every=9, jitter_m=2.0))
    assert same_walk(walked(LINE, person, rng, to_m=250.0), again).reason == "apart"


def test_two_people_standing_at_the_same_sluice_prove_nothing_but_one_recording_does():
    rng = np.random.default_rng(32)
    sluice, seconds = along(LINE, np.full(60, 700.0)), np.arange(60.0) * 5.0
    first, second = (
        seen(LINE, sluice, seconds, Person(noise_m=1.0), rng, at) for at in (MORNING_MS, MORNING_MS + HOUR_MS)
    )

    assert same_walk(first, second).reason == "standing"
    assert same_walk(first, copied(first, rng)).reason == "identical"


def test_a_phone_that_always_gives_the_same_position_is_no_copy_of_another():
    frozen = Fixes.of([[116.0, 36.5, second * 1000, 5.0] for second in range(60)])

    assert not same_walk(frozen, replace(frozen, at_ms=frozen.at_ms + HOUR_MS))


def test_a_sketch_is_small_and_what_is_no_sketch_is_near_to_nothing():
    walk = a_walk(np.random.default_rng(33))[2]

    assert len(sketch(walk)) <= 300
    assert sketch(walk.taken(slice(1))) == b""
    assert near_sketches(b"", [sketch(walk)]) == []
    assert near_sketches(sketch(walk), []) == []
    assert near_sketches(sketch(walk), [b"", b"x", sketch(walk), b"y"]) == [2]


def on_the_river(bearing_deg: float, crs: Crs, rng: np.random.Generator) -> tuple[Reach, Fixes]:
    turn = np.radians(bearing_deg)
    metres = np.arange(0.0, 2001.0, 40.0)
    bend = 60.0 * np.sin(metres / 250.0)
    east = metres * np.sin(turn) + bend * np.cos(turn)
    north = metres * np.cos(turn) - bend * np.sin(turn)
    line = LineString(np.column_stack([115.98 + east / 89_600.0, 36.45 + north / 110_960.0]))
    honest = walked(line, Person(off_m=rng.uniform(-30, 30)), rng, 100.0, 1700.0)
    return Reach(line), replace(honest, lonlat=from_wgs84(honest.lonlat, crs))


@pytest.mark.parametrize("crs", [Crs.GCJ02, Crs.BD09])
@pytest.mark.parametrize("bearing_deg", [0.0, 25.0, 45.0, 135.0, 180.0])
def test_a_track_in_a_foreign_datum_is_named(bearing_deg, crs):
    reach, fixes = on_the_river(bearing_deg, crs, np.random.default_rng(34))

    assert datum_mismatch(reach, clean(fixes)) is crs


@pytest.mark.parametrize("declared", [Crs.GCJ02, Crs.BD09])
@pytest.mark.parametrize("crs", [Crs.WGS84, Crs.GCJ02, Crs.BD09])
def test_a_track_that_is_declared_in_a_datum_it_is_not_in_is_named_too(declared, crs):
    reach, fixes = on_the_river(135.0, crs, np.random.default_rng(37))
    taken_for = replace(fixes, lonlat=to_wgs84(fixes.lonlat, declared))

    assert datum_mismatch(reach, clean(taken_for), declared) is (None if crs is declared else crs)


@pytest.mark.parametrize("bearing_deg", [0.0, 45.0, 90.0, 135.0])
def test_an_honest_track_is_in_no_foreign_datum(bearing_deg):
    reach, fixes = on_the_river(bearing_deg, Crs.WGS84, np.random.default_rng(35))

    assert datum_mismatch(reach, clean(fixes)) is None


@pytest.mark.parametrize("east_deg", [-0.0058, -0.003, 0.003, 0.02])
def test_a_walk_that_is_off_in_another_direction_is_simply_too_far(east_deg):
    reach, fixes = on_the_river(0.0, Crs.WGS84, np.random.default_rng(36))
    off = replace(fixes, lonlat=fixes.lonlat + np.array([east_deg, 0.0]))

    assert datum_mismatch(reach, clean(off)) is None


def test_a_track_without_points_is_in_no_datum():
    reach, fixes = on_the_river(0.0, Crs.WGS84, np.random.default_rng(37))

    assert datum_mismatch(reach, clean(fixes.taken(slice(0)))) is None


def test_a_copy_and_its_original_are_found_from_each_others_place():
    rng = np.random.default_rng(27)
    for _ in range(200):
        original = a_walk(rng)[2]
        begin, end = rng.uniform(0.0, 0.3), rng.uniform(0.7, 1.0)
        part = original.taken(slice(int(original.count * begin), int(original.count * end)))
        one, other = sketch(original), sketch(copied(part, rng, jitter_m=3.0))
        assert place(other) in places_near(one)
        assert place(one) in places_near(other)
        assert place(one) in places_near(one)
        assert 1 <= len(places_near(one)) <= 4


def test_places_far_apart_are_different_ones():
    rng = np.random.default_rng(28)
    here = a_walk(rng)[2]
    there = replace(here, lonlat=here.lonlat + np.array([0.05, 0.0]))
    assert place(sketch(there)) not in places_near(sketch(here))
