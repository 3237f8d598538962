"""Splits (河段拆分): where a reach may be cut, and on which side of the cut a thing lies."""

from __future__ import annotations

from datetime import date, timedelta

SPLIT = "split"
"""What it is called on record, and in the timeline of a hazard that comes to lie on one of the two."""
UPPER, LOWER = 0, 1
LEAST_PART_M = 50.0
"""A shorter reach is nobody's walk (our judgement)."""
ACROSS_M = 20.0
"""A lower reach that reaches over the cut by less is inside: surveys of two levels differ by that (our judgement)."""
LONGEST_AHEAD = timedelta(days=366)


def may_cut(at_m: float, length_m: float) -> bool:
    """Whether both parts would be long enough, in metres."""
    return LEAST_PART_M <= at_m <= length_m - LEAST_PART_M


def side(at_m: float, chainage_m: float | None) -> int:
    """On which part a place lies, by its metres along the reach; what has no place stays with the upper one."""
    return LOWER if chainage_m is not None and chainage_m > at_m else UPPER


def side_of_stretch(at_m: float, begin_m: float, end_m: float) -> int | None:
    """On which part a lower reach lies; None for one that lies across."""
    low, high = min(begin_m, end_m), max(begin_m, end_m)
    if low < at_m - ACROSS_M and high > at_m + ACROSS_M:
        return None
    return side(at_m, (low + high) / 2)


def may_begin(day: date, today: date) -> bool:
    """Whether a split may be made for that day: walks of days that are over stay where they are."""
    return today <= day <= today + LONGEST_AHEAD
