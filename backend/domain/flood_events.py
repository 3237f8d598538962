"""Flood events (汛情): what happened to the water or to the orders of the day, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class Source(StrEnum):
    """What kind of thing it happened to."""

    SEASON = "season"
    SIGNAL = "signal"
    RESPONSE = "response"
    STATION = "station"
    RISK = "risk"


class What(StrEnum):
    """What became of it."""

    BEGAN = "began"
    """A season or window was entered, a signal or response came into force."""
    CHANGED = "changed"
    """It holds in another way: a signal was updated, a response has another level or place."""
    ENDED = "ended"
    """It holds no more: left, cancelled, expired, stood down."""
    ROSE = "rose"
    """A gauge or a risk is in a higher band than before."""
    FELL = "fell"
    """It is in a lower one."""
    FELL_SILENT = "fell_silent"
    HEARD_AGAIN = "heard_again"


@dataclass(frozen=True, slots=True)
class FloodEvent:
    """One of them; the regions with everything below them, narrowed to rivers or segments where these are named."""

    source: Source
    what: What
    about_id: UUID
    level: str | None = None
    """In the scale of its own kind: blue–red, IV–I, warning or guaranteed, low–extreme, season or window."""
    regions: tuple[str, ...] = ()
    rivers: tuple[str, ...] = ()
    segments: tuple[UUID, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    is_exercise: bool = False
