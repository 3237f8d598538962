"""Door-knocks (上门): who of those that have answered is sent to the door of one who is silent."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from uuid import UUID

MOST_NEAR = 5
"""So many are looked at, of whom the one with the fewest doors goes (our judgement)."""


def nearest(code: int, person: UUID, able: Iterable[tuple[int, UUID]]) -> list[UUID]:
    """Of those who can go, with the codes of their regions, the nearest to somebody's door by code, own village first.

    `code` is that of the region in which `person` sits; of those equally near the one that comes first.
    """
    others = [each for each in able if each[1] != person]
    return [each for _, each in nsmallest(MOST_NEAR, others, key=lambda each: abs(each[0] - code))]
