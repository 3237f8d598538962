"""Dropping positions nobody can have been at: which fixes of a track form the longest possible journey."""

import numpy as np
from numpy.typing import NDArray

from geo.fixes import Fixes
from geo.measure import distances_m

Array = NDArray[np.float64]

# Our judgement: a false position is soon over, so a run looks this many runs back for one it can follow.
_LOOK_BACK = 32
# A track broken so often is no walk, and finding the best in it must not take seconds.
_MOST_PAIRS = 100_000
# Our judgement: both sides of a sudden correction stay when each has more fixes than this; fewer are strays.
_REFIX_COST = 10.0


def impossible(before: Fixes, after: Fixes, jump_kmh: float) -> NDArray[np.bool_]:
    """Say of each pair of fixes whether reaching the second from the first needs more than that speed.

    The accuracies are taken off the distance first: two fixes no further apart than their errors are no jump.
    """
    return _excess_m(before, after) > _reach_m(before, after, jump_kmh)


def broken_legs(fixes: Fixes, jump_kmh: float) -> NDArray[np.bool_]:
    """Say of each leg between sorted fixes (n - 1,) whether nobody can have gone it."""
    return impossible(fixes.taken(slice(None, -1)), fixes.taken(slice(1, None)), jump_kmh)


def without_jumps(fixes: Fixes, jump_kmh: float, refix_m: float) -> Fixes:
    """Keep the chain of possible runs of sorted fixes that holds the most of them.

    A jump of at most `refix_m` between two long runs is the phone correcting itself, and both are kept.
    """
    breaks = np.flatnonzero(broken_legs(fixes, jump_kmh)) + 1
    if not len(breaks):
        return fixes
    starts = np.concatenate([[0], breaks])
    ends = np.concatenate([breaks, [fixes.count]])
    chosen = _best_chain((ends - starts).astype(np.float64), _costs(fixes, starts, ends, jump_kmh, refix_m))
    keep = np.zeros(fixes.count, np.bool_)
    for run in chosen:
        keep[starts[run] : ends[run]] = True
    return fixes.taken(keep)


def _reach_m(before: Fixes, after: Fixes, jump_kmh: float) -> Array:
    return np.asarray(jump_kmh / 3.6 * (after.at_ms - before.at_ms) / 1000.0, dtype=np.float64)


def _excess_m(before: Fixes, after: Fixes) -> Array:
    slack = before.accuracy_m + after.accuracy_m
    return distances_m(before.lonlat, after.lonlat) - np.where(np.isnan(slack), 0.0, slack)


def _costs(fixes: Fixes, starts: NDArray[np.intp], ends: NDArray[np.intp], jump_kmh: float, refix_m: float) -> Array:
    """Price following the run `lag` runs before: nothing, a correction's cost or infinity, (lag, run)."""
    runs = len(starts)
    look_back = min(_LOOK_BACK, max(2, _MOST_PAIRS // runs), runs - 1)
    costs = np.full((look_back + 1, runs), np.inf)
    for lag in range(1, len(costs)):
        before, after = fixes.taken(ends[:-lag] - 1), fixes.taken(starts[lag:])
        excess_m = _excess_m(before, after)
        price = np.where(excess_m <= refix_m, _REFIX_COST, np.inf)
        costs[lag, lag:] = np.where(excess_m > _reach_m(before, after, jump_kmh), price, 0.0)
    return costs


def _best_chain(sizes: Array, costs: Array) -> list[int]:
    best, previous = sizes.copy(), np.full(len(sizes), -1, np.intp)
    for run in range(1, len(sizes)):
        reach = min(run, len(costs) - 1)
        gains = best[run - reach : run][::-1] - costs[1 : reach + 1, run]
        lag = int(gains.argmax()) + 1
        if gains[lag - 1] > 0.0:
            best[run] += gains[lag - 1]
            previous[run] = run - lag
    run = int(best.argmax())
    chain = [run]
    while previous[run] >= 0:
        run = int(previous[run])
        chain.append(run)
    return chain
