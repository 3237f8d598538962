"""When each version of a dated rule holds: of those whose day has come the highest number does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Where a version stands at a moment."""

    PRESENT = "present"
    PLANNED = "planned"
    PAST = "past"
    NEVER = "never"
    """A later one took its place before its day came."""


@dataclass(frozen=True, slots=True)
class Holding:
    """From when until when a version holds."""

    since: datetime | None
    """None: from the beginning, before all others."""
    until: datetime | None
    """None: until somebody makes another one."""

    def at(self, moment: datetime) -> Standing:
        """Where it stands at a moment."""
        if self.since is not None and self.until is not None and self.until <= self.since:
            return Standing.NEVER
        if self.since is not None and moment < self.since:
            return Standing.PLANNED
        return Standing.PAST if self.until is not None and self.until <= moment else Standing.PRESENT


def holdings(versions: Sequence[tuple[int, datetime | None]]) -> Mapping[int, Holding]:
    """When each of these versions (number, from when) holds; None as a beginning is before every moment."""
    found = {}
    for number, since in versions:
        later = [begins for other, begins in versions if other > number and begins is not None]
        until = min(later, default=None)
        found[number] = Holding(since, until if since is None or until is None else max(until, since))
    return found
