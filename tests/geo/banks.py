"""Walks on the banks of one river, played without errors, and their judgement."""

import numpy as np

from geo.coverage import Reach, Walk, walk
from geo.track import Fixes, Limits, clean
from tests.geo.scenes import MORNING_MS, Array, along, river

LINE = river(2000.0)
REACH = Reach(LINE)


def timed(lonlat: Array, every_s: float = 5.0, accuracy_m: float = 8.0, start_ms: int = MORNING_MS) -> Fixes:
    at_ms = start_ms + (np.arange(len(lonlat)) * every_s * 1000.0).astype(np.int64)
    return Fixes(lonlat, at_ms, np.full(len(lonlat), accuracy_m))


def beside(from_m: float, to_m: float, off_m: float | Array = 0.0, mps: float = 1.3, every_s: float = 5.0) -> Fixes:
    count = int(abs(to_m - from_m) / (mps * every_s)) + 2
    return timed(along(LINE, np.linspace(from_m, to_m, count), off_m), every_s)


def joined(*parts: Fixes, pause_s: float = 5.0) -> Fixes:
    """Put tracks one after the other with a pause between them."""
    at_ms, start = [], MORNING_MS
    for part in parts:
        at_ms.append(part.at_ms - part.at_ms[0] + start)
        start = int(at_ms[-1][-1] + pause_s * 1000.0)
    return Fixes(
        np.concatenate([part.lonlat for part in parts]),
        np.concatenate(at_ms),
        np.concatenate([part.accuracy_m for part in parts]),
    )


def judged(fixes: Fixes, reach: Reach = REACH, limits: Limits | None = None) -> Walk:
    chosen = limits or Limits()
    return walk(reach, clean(fixes, chosen), chosen)
