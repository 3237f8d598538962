"""From what a phone recorded to a clean track: order, doubles, accuracy classes, jumps, gaps, stillness."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.fixes import Fixes, Times, thin
from geo.jumps import broken_legs, without_jumps
from geo.measure import distances_m
from geo.packing import pack, settled, unpack
from geo.stillness import while_moving

__all__ = ["STANDARD", "Fixes", "Gap", "Limits", "Track", "clean", "pack", "settled", "thin", "unpack"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """The numbers a track is judged by; defaults are the policy's, or our judgement where it is silent."""

    good_accuracy_m: float = 30.0
    presence_accuracy_m: float = 100.0
    # Our judgement: a file that tells no accuracy came from a decent receiver.
    assumed_accuracy_m: float = 10.0
    near_m: float = 50.0
    near_most_m: float = 150.0
    driven_kmh: float = 25.0
    jump_kmh: float = 120.0
    # Our judgement: a brisk walk, with room for the error at both ends of a gap.
    walking_kmh: float = 7.0
    gap_s: float = 120.0
    still_end_min: float = 180.0
    # Our judgement: positions of a phone lying still wander about this far.
    still_within_m: float = 50.0
    # Our judgement: a phone that finds its satellites again corrects itself by no more than it may be off.
    refix_m: float = 150.0


STANDARD = Limits()


class Gap(NamedTuple):
    """A time without any fix; bridged means that a walk along the river explains it."""

    from_ms: int
    to_ms: int
    seconds: float
    bridged: bool = False


@dataclass(frozen=True, eq=False)
class Track:
    """A clean track: kept fixes in order, which of them prove metres, and what was wrong with the rest."""

    fixes: Fixes
    good: Mask
    # Per leg (n - 1): a correction of the phone, not a movement.
    broken: Mask
    gaps: tuple[Gap, ...] = ()
    received: int = 0
    duplicates: int = 0
    inaccurate: int = 0
    jumps: int = 0
    mock_points: int = 0
    unsorted: bool = False
    ended_still: bool = False

    @property
    def mock_suspected(self) -> bool:
        """Say whether any fix claimed an accuracy of exactly 0 m, as mocked positions do."""
        return self.mock_points > 0

    @property
    def elapsed_s(self) -> float:
        """Give the seconds from the first to the last kept fix."""
        at_ms = self.fixes.at_ms
        return float(at_ms[-1] - at_ms[0]) / 1000.0 if len(at_ms) else 0.0

    @property
    def leg_m(self) -> Array:
        """Give the ground length of each leg between kept fixes, in metres (n - 1,)."""
        return distances_m(self.fixes.lonlat[:-1], self.fixes.lonlat[1:])

    @property
    def leg_s(self) -> Array:
        """Give the duration of each leg between kept fixes, in seconds (n - 1,)."""
        return np.diff(self.fixes.at_ms) / 1000.0


def clean(fixes: Fixes, limits: Limits = STANDARD) -> Track:
    """Sort fixes, drop doubles, useless and impossible ones, cut a forgotten recording, note all of it."""
    unsorted = bool(np.any(np.diff(fixes.at_ms) < 0))
    single = _one_per_moment(fixes)
    useful = single.taken(~(single.accuracy_m > limits.presence_accuracy_m))
    possible = without_jumps(useful, limits.jump_kmh, limits.refix_m)
    kept = possible.taken(while_moving(possible, limits.still_end_min, limits.still_within_m))
    return Track(
        fixes=kept,
        good=~(kept.accuracy_m > limits.good_accuracy_m),
        # The very same fixes come back where every leg was possible.
        broken=_unbroken(kept) if possible is useful else broken_legs(kept, limits.jump_kmh),
        gaps=_gaps(kept.at_ms, limits.gap_s),
        received=fixes.count,
        duplicates=fixes.count - single.count,
        inaccurate=single.count - useful.count,
        jumps=useful.count - possible.count,
        mock_points=int(np.count_nonzero(fixes.accuracy_m == 0.0)),
        unsorted=unsorted,
        ended_still=kept.count < possible.count,
    )


def _one_per_moment(fixes: Fixes) -> Fixes:
    if np.all(np.diff(fixes.at_ms) > 0):
        return fixes
    # A phone is at one place at a time: of several the most accurate stays (lexsort puts nan last).
    ordered = fixes.taken(np.lexsort((fixes.accuracy_m, fixes.at_ms)))
    return ordered.taken(np.concatenate([[True], np.diff(ordered.at_ms) > 0]))


def _unbroken(fixes: Fixes) -> Mask:
    return np.zeros(max(0, fixes.count - 1), np.bool_)


def _gaps(at_ms: Times, gap_s: float) -> tuple[Gap, ...]:
    seconds = np.diff(at_ms) / 1000.0
    return tuple(
        Gap(int(at_ms[leg]), int(at_ms[leg + 1]), float(seconds[leg])) for leg in np.flatnonzero(seconds > gap_s)
    )
