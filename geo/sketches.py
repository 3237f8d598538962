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
    close = _least_apart_m(longer, shorter, ratio) <= _SKETCH_M
    return [usable[place] for place in np.flatnonzero(close & (ratio >= _SKETCH_LEAST))]


def _least_apart_m(longer: Array, shorter: Array, ratio: Array) -> Array:
    """Slide the shorter sketches (k, 32, 2) along the longer ones in time; give the least mean distance."""
    # Thinning and trimming cut the ends off, no more at the start than is missing in all.
    starts = np.linspace(0.0, 1.0, _SLIDES)[:, None] * (1.0 - ratio)[:, None, None]
    moments = starts + np.linspace(0.0, 1.0, _STOPS)[::_EVERY_STOP] * ratio[:, None, None]
    before = np.minimum((moments * (_STOPS - 1)).astype(np.intp), _STOPS - 2)
    part = (moments * (_STOPS - 1) - before)[..., None]
    rows = np.arange(len(longer))[:, None, None]
    there = longer[rows, before] * (1.0 - part) + longer[rows, before + 1] * part
    apart = there - shorter[:, None, ::_EVERY_STOP]
    least: Array = np.hypot(apart[..., 0], apart[..., 1]).mean(axis=2).min(axis=1)
    return least
