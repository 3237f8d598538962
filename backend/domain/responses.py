"""Emergency responses (应急响应): declared over regions or rivers, changed and ended, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.domain.lanes import Lane

RESPONSE = "response"
"""What one is called on record and in notices."""
ENDS = "none"
"""The word for the end of one, where a level stands."""
MOST_PLACES = 200


class ResponseLevel(StrEnum):
    """From the lowest, IV, to the highest, I."""

    IV = "IV"
    III = "III"
    II = "II"
    I = "I"  # noqa: E741 - it is the name that everybody uses

    @property
    def rank(self) -> int:
        """A higher number is more severe."""
        return list(ResponseLevel).index(self)


SEVERE = frozenset({ResponseLevel.II, ResponseLevel.I})
"""Under these nobody walks unless the instruction says that it is safe."""


@dataclass(frozen=True, slots=True)
class Response:
    """One as it held: where, and from when until when."""

    id: UUID
    level: ResponseLevel
    regions: tuple[str, ...]
    rivers: tuple[str, ...]
    """Only these rivers of the regions; empty: everything there."""
    is_safe: bool
    begun_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it was in force at a moment."""
        return self.begun_at <= at and (self.ended_at is None or at < self.ended_at)

    def covers(self, region: str, river: str | None) -> bool:
        """Whether a reach of a river in a region lies in it."""
        return any(map(region.startswith, self.regions)) and (not self.rivers or river in self.rivers)


@dataclass(frozen=True, slots=True)
class ResponseDraft:
    """One as it was declared; without a level it is the end of one."""

    id: UUID
    body_sha256: bytes
    level: ResponseLevel | None
    regions: tuple[str, ...]
    rivers: tuple[str, ...]
    reason: str
    document: str | None = None
    is_safe: bool = False
    replaces: UUID | None = None


def highest(responses: Iterable[Response]) -> tuple[ResponseLevel | None, bool]:
    """Of several the highest level, and whether all of that level say that it is safe to walk."""
    every = list(responses)
    level = max((each.level for each in every), key=lambda each: each.rank, default=None)
    return level, all(each.is_safe for each in every if each.level is level)


def touches(regions: Iterable[str], region: str) -> bool:
    """Whether any of these regions lies in that one, or around it."""
    return any(each.startswith(region) or region.startswith(each) for each in regions)


def lane_of(level: ResponseLevel) -> Lane:
    """How much the news of one presses."""
    return Lane.URGENT if level in SEVERE else Lane.NORMAL
