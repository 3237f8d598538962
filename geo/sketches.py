"""Sketches of tracks: small enough to keep with every patrol, good enough to say which tracks to compare."""

import numpy as np
from numpy.typing import NDArray

from geo.fixes import Fixes

Array = NDArray[np.float64]

_STOPS = 32
_SKETCH = np.dtype([("stops", "<i4", (_STOPS, 2)), ("tenths", "<u4")])
# Our judgement: bends between stops and jitter stay below this; a copy keeps at least so much of the time.
_SKETCH_M, _SKETCH_LEAST = 20.0, 0.4
_SLIDES, _EVERY_STOP = 33, 4
_MICRODEGREE_M = 0.1113
# The middle of a copy that lost its ends lies no further off than this part of what is left.
_CELL, _COLUMNS, _OFF = 20_000, 18_000, 0.75
_LEAST_OFF = 1_500


def sketch(fixes: Fixes) -> bytes:
    """Sum a track up in 260 bytes: 32 positions at even times and the duration; b"" below two fixes."""
    if fixes.count < 2:
        return b""
    order = np.argsort(fixes.at_ms, kind="stable")
    at_ms, lonlat = fixes.at_ms[order], fixes.lonlat[order]
    moments = np.linspace(at_ms[0], at_ms[-1], _STOPS)
    row = np.zeros(1, _SKETCH)
    for axis in (0, 1):
        row["stops"][0, :, axis] = np.rint(np.interp(moments, at_ms, lonlat[:, axis]) * 1e6)
    row["tenths"] = min((at_ms[-1] - at_ms[0]) // 100, 0xFFFFFFFF)
    return row.tobytes()


def place(drawn: bytes) -> int:
    """Number the cell of 0.02 degrees (about 2 km) in which the middle of a sketched walk lies."""
    middle = _middle(np.frombuffer(drawn, _SKETCH))
    return int(middle[1] // _CELL * _COLUMNS + middle[0] // _CELL)


def places_near(drawn: bytes) -> list[int]:
    """List the cells, one to four, in which the middle of a copy of a sketched walk, or of its original, can lie."""
    row = np.frombuffer(drawn, _SKETCH)
    off = np.minimum(_OFF * np.ptp(row["stops"][0], axis=0) + _LEAST_OFF, _CELL // 2)
    (west, south), (east, north) = ((_middle(row) + sign * off) // _CELL for sign in (-1, 1))
    return sorted({int(y * _COLUMNS + x) for x in (west, east) for y in (south, north)})


def _middle(row: NDArray[np.void]) -> Array:
    """Give the place halfway in time, in microdegrees east and north of the far corner of the map."""
    shifted: Array = row["stops"][0, _STOPS // 2] + np.array([180e6, 90e6])
    return shifted


def near_sketches(one: bytes, others: list[bytes]) -> list[int]:
    """List which other sketches could be of the same walk, as indices; a cheap filter before `same_walk`."""
    usable = [number for number, other in enumerate(others) if len(other) == _SKETCH.itemsize]
    if len(one) != _SKETCH.itemsize or not usable:
        return []
    mine = np.frombuffer(one, _SKETCH)
    theirs = np.frombuffer(b"".join(others[number] for number in usable), _SKETCH)
    my_s, their_s = mine["tenths"] + 1.0, theirs["tenths"] + 1.0
    mine_is_longer = (my_s >= their_s)[:, None, None]
    ratio = np.minimum(my_s, their_s) / np.maximum(my_s, their_s)
    squeeze = np.array([np.cos(np.radians(mine["stops"][0, 0, 1] / 1e6)), 1.0])
    my_m, their_m = (sketches["stops"] * squeeze * _MICRODEGREE_M for sketches in (mine, theirs))
    longer, shorter = np.where(mine_is_longer, my_m, their_m), np.where(mine_is_longer, their_m, my_m)
    worth = np.flatnonzero((ratio >= _SKETCH_LEAST) & _could_lie_within(longer, shorter))
    close = _least_apart_m(longer[worth], shorter[worth], ratio[worth]) <= _SKETCH_M
    return [usable[place] for place in worth[close]]


def _could_lie_within(longer: Array, shorter: Array) -> NDArray[np.bool_]:
    """Tell whether enough stops that are compared lie near enough to the longer one for a small median."""
    stops = shorter[:, ::_EVERY_STOP]
    low, high = longer.min(axis=1) - _SKETCH_M, longer.max(axis=1) + _SKETCH_M
    near = ((stops >= low[:, None]) & (stops <= high[:, None])).all(axis=2)
    enough: NDArray[np.bool_] = near.sum(axis=1) > stops.shape[1] // 2
    return enough


def _least_apart_m(longer: Array, shorter: Array, ratio: Array) -> Array:
    """Slide the shorter sketches (k, 32, 2) along the longer ones in time; give the least median distance.

    The median, for a stop that falls on a fix thrown far aside says nothing of the others.
    """
    # Thinning and trimming cut the ends off, no more at the start than is missing in all.
    starts = np.linspace(0.0, 1.0, _SLIDES)[:, None] * (1.0 - ratio)[:, None, None]
    moments = starts + np.linspace(0.0, 1.0, _STOPS)[::_EVERY_STOP] * ratio[:, None, None]
    before = np.minimum((moments * (_STOPS - 1)).astype(np.intp), _STOPS - 2)
    part = (moments * (_STOPS - 1) - before)[..., None]
    rows = np.arange(len(longer))[:, None, None]
    there = longer[rows, before] * (1.0 - part) + longer[rows, before + 1] * part
    apart = there - shorter[:, None, ::_EVERY_STOP]
    apart_m = np.hypot(apart[..., 0], apart[..., 1])
    upper = apart_m.shape[2] // 2
    least: Array = np.partition(apart_m, upper, axis=2)[..., upper].min(axis=1)
    return least
