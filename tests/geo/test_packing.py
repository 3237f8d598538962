"""The form tracks are stored in: small, exact to its units, and closed to anything forged."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.fixes import LATEST_MS
from geo.track import Fixes, pack, settled, unpack
from tests.geo.scenes import Person, river, walked

HEAD = struct.Struct(">BBII")
fix = st.tuples(
    st.floats(-180.0, 180.0),
    st.floats(-90.0, 90.0),
    st.integers(0, LATEST_MS),
    st.one_of(st.just(np.nan), st.just(0.0), st.floats(0.0, 59_000.0)),
)


def walk(every_s: float = 1.0, noise_lasts_s: float = 20.0) -> Fixes:
    rng = np.random.default_rng(8)
    fixes = walked(river(2000.0), Person(every_s=every_s, noise_lasts_s=noise_lasts_s), rng)
    # Phones tick at about a second and tell a different accuracy each time.
    at_ms = fixes.at_ms + rng.integers(-40, 40, fixes.count)
    return Fixes(fixes.lonlat, at_ms, np.abs(rng.normal(9.0, 4.0, fixes.count)) + 1.0)


def forged(body: bytes, count: int, form: int = 0, version: int = 1) -> bytes:
    return HEAD.pack(version, form, count, zlib.crc32(body)) + body


@given(points=st.lists(fix, max_size=40))
def test_reading_gives_back_what_was_written_to_its_units(points):
    fixes = Fixes.of(np.array(points, dtype=np.float64).reshape(-1, 4))

    read = unpack(pack(fixes))

    assert read.count == fixes.count
    assert read.at_ms.tolist() == fixes.at_ms.tolist()
    assert np.all(np.abs(read.lonlat - fixes.lonlat) <= 0.500001e-6)
    known = ~np.isnan(fixes.accuracy_m)
    assert np.isnan(read.accuracy_m).tolist() == (~known).tolist()
    assert np.all(np.abs(read.accuracy_m - fixes.accuracy_m)[known] <= 1.0)


@given(points=st.lists(fix, max_size=40))
def test_rounding_writes_nothing_off_a_second_time(points):
    fixes = Fixes.of(np.array(points, dtype=np.float64).reshape(-1, 4))

    once, read = settled(fixes), unpack(pack(fixes))

    assert once.lonlat.tolist() == read.lonlat.tolist()
    assert once.at_ms.tolist() == read.at_ms.tolist()
    assert np.array_equal(once.accuracy_m, read.accuracy_m, equal_nan=True)
    assert pack(once) == pack(fixes)


def test_rounding_never_makes_up_the_mark_of_a_mock():
    fixes = Fixes.of([[116.0, 36.5, 0, 0.2], [116.0, 36.5, 1000, 0.0], [116.0, 36.5, 2000, -5.0]])

    assert unpack(pack(fixes)).accuracy_m.tolist() == [1.0, 0.0, 60_000.0]


@pytest.mark.parametrize("noise_lasts_s", [0.0, 20.0])
@pytest.mark.parametrize("every_s", [1.0, 5.0, 10.0])
def test_a_walk_takes_at_most_ten_bytes_a_point(every_s, noise_lasts_s):
    fixes = walk(every_s, noise_lasts_s)

    assert len(pack(fixes)) <= 10.0 * fixes.count


def test_a_steady_walk_each_second_takes_about_five_bytes_a_point():
    assert len(pack(walk())) <= 6.0 * walk().count


def test_the_order_of_the_points_is_kept():
    shuffled = walk().taken(np.random.default_rng(1).permutation(walk().count))

    assert unpack(pack(shuffled)).at_ms.tolist() == shuffled.at_ms.tolist()


def test_no_byte_can_be_changed_unnoticed():
    packed = pack(walk())
    rng = np.random.default_rng(2)
    for place in rng.integers(0, len(packed), 300):
        damaged = bytearray(packed)
        damaged[place] ^= int(rng.integers(1, 256))
        with pytest.raises(ValueError, match="packed track"):
            unpack(bytes(damaged))


def test_no_end_can_be_cut_off_or_put_on_unnoticed():
    packed = pack(walk())
    for damaged in (b"", packed[:5], packed[:10], packed[:-1], packed + b"\x00", packed[:200]):
        with pytest.raises(ValueError, match="packed track"):
            unpack(damaged)


@given(noise=st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(ValueError, match="packed track"):
        unpack(noise)


@pytest.mark.parametrize(
    "packed",
    [
        forged(b"", 0, version=2),
        forged(b"\x00" * 4, 1)[:-1] + b"\x02",
        forged(b"", 0, form=7),
        forged(b"", 2_000_000),
        forged(b"\x00" * 3, 1),
        forged(b"\x00" * 5, 1),
        forged(b"\x00\x00\x00\x80", 1),
        forged(b"\x00\x00\x00\x00\x80", 1),
        forged(b"\x80" * 9 + b"\x01" + b"\x00" * 3, 1),
        forged(b"\xff" * 8 + b"\x01" + b"\x00" * 3, 1),
        forged(b"\x00\x00" + b"\xff" * 8 + b"\x01" + b"\x00", 1),
        forged(b"\x00\x00\x01\x00", 1),
    ],
)
def test_a_forged_body_with_a_right_checksum_is_refused(packed):
    with pytest.raises(ValueError, match="packed track"):
        unpack(packed)


def test_a_bomb_is_refused_before_it_is_inflated():
    body = b"\x00" * 20_000_000

    with pytest.raises(ValueError, match="too long"):
        unpack(HEAD.pack(1, 1, 5, 0) + zlib.compress(body))


def test_too_many_fixes_are_no_track():
    many = Fixes(np.zeros((1_000_001, 2)), np.zeros(1_000_001, np.int64), np.zeros(1_000_001))

    with pytest.raises(ValueError, match="too many"):
        pack(many)
