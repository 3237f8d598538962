"""Crowds of drills: a part of the city with at most so many people, and those who are invented for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.domain.demo_people import name_of
from backend.domain.regions import LENGTHS
from backend.domain.rolls import Called
from backend.domain.terms import Level

PHONE_GROUP = "12393"
"""Numbers of invented people begin so: no carrier gives out 123, and no post of the seed city has 93."""
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, on a reach that does."""

    name: str
    phone: str
    region_code: str
    segment_id: UUID


def parts(roll: Iterable[Called], most: int) -> list[str]:
    """Towns whose people are together at most so many, in the order of their codes; the smallest alone where none fits.

    Counted by the row of the board on which people stand.
    """
    length = LENGTHS[Level.TOWN]
    by_town = Counter(each.region_code[:length] for each in roll if len(each.region_code) >= length)
    found: list[str] = []
    room = most
    for town, count in sorted(by_town.items()):
        if count <= room:
            found.append(town)
            room -= count
    return found or [min(by_town, key=lambda town: (by_town[town], town))]


def invented(reaches: Sequence[tuple[UUID, str]], count: int) -> list[Invented]:
    """So many people, on these reaches (id, town) in turn."""
    return [
        Invented(
            name_of(nth), f"{PHONE_GROUP}{nth + 1:06d}", reaches[nth % len(reaches)][1], reaches[nth % len(reaches)][0]
        )
        for nth in range(count)
    ]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that such a share of them does not exceed; None of nothing."""
    in_order = sorted(values)
    return in_order[min(len(in_order) - 1, int(share * len(in_order)))] if in_order else None
