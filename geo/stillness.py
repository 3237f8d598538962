"""A phone that lies still for hours is on no patrol: which part of a recording is one."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.fixes import Fixes
from geo.measure import distances_m

_PROBES = 6


def while_moving(fixes: Fixes, still_min: float, within_m: float) -> slice:
    """Say which sorted fixes come before a stillness of more than so many minutes within so many metres.

    One before any movement is skipped instead: a patrol that has not begun cannot end.
    """
    first = resumed = 0
    for anchor in _perhaps_still(fixes, still_min * 60_000.0, within_m):
        if anchor < resumed:
            continue
        away = _first_away(fixes, anchor, within_m)
        if fixes.at_ms[away - 1] - fixes.at_ms[anchor] <= still_min * 60_000.0:
            continue
        if away == fixes.count or _moved(fixes, first, anchor, within_m):
            return slice(first, anchor + 1)
        first, resumed = away - 1, away
    return slice(first, None)


def _perhaps_still(fixes: Fixes, still_ms: float, within_m: float) -> Iterator[int]:
    """Give the fixes from which a stillness may start: at some later moments the phone was still there."""
    if not fixes.count or fixes.at_ms[-1] - fixes.at_ms[0] <= still_ms:
        return
    after = np.searchsorted(fixes.at_ms, fixes.at_ms + still_ms, side="right")
    some = np.flatnonzero(after < fixes.count)
    some = some[_close(fixes, some, after[some], within_m)]
    for part in range(1, _PROBES):
        then = np.searchsorted(fixes.at_ms, fixes.at_ms[some] + still_ms * part / _PROBES)
        some = some[_close(fixes, some, then, within_m)]
    yield from some.tolist()


def _close(fixes: Fixes, one: NDArray[np.intp], other: NDArray[np.intp], within_m: float) -> NDArray[np.bool_]:
    return distances_m(fixes.lonlat[one], fixes.lonlat[other]) <= within_m


def _moved(fixes: Fixes, first: int, anchor: int, within_m: float) -> bool:
    """Say whether the phone came from further away than wandering positions explain."""
    before = fixes.lonlat[first : anchor + 1]
    return bool(distances_m(before, np.broadcast_to(fixes.lonlat[anchor], before.shape)).max() > 2.0 * within_m)


def _first_away(fixes: Fixes, anchor: int, within_m: float) -> int:
    """Find the first fix after the anchor that lies further away than that; the count if none does."""
    start, width = anchor + 1, 64
    while start < fixes.count:
        part = fixes.lonlat[start : start + width]
        away = distances_m(np.broadcast_to(fixes.lonlat[anchor], part.shape), part) > within_m
        if away.any():
            return start + int(away.argmax())
        start, width = start + width, width * 2
    return fixes.count
