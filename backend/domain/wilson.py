"""Shares with the doubt that a small number leaves: Wilson's score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212; method 3
of R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, whose table the tests repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The normal quantile of 97.5 %: what lies outside of ±z is 5 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which shares (0–1) the true one lies, with 95 % confidence."""

    low: float
    high: float


def wilson(hits: int, size: int, z: float = Z_95) -> Interval:
    """The interval of a share of so many; of nothing, nothing is known. ValueError for more hits than there were."""
    if not 0 <= hits <= size:
        raise ValueError(f"{hits} of {size}")
    if size == 0:
        return Interval(0.0, 1.0)
    share, square = hits / size, z * z
    centre = share + square / (2 * size)
    spread = z * sqrt(share * (1 - share) / size + square / (4 * size * size))
    whole = 1 + square / size
    return Interval(
        max(0.0, (centre - spread) / whole) if hits else 0.0,
        min(1.0, (centre + spread) / whole) if hits < size else 1.0,
    )
