"""Lines (线路) of a provider of calls: how many it carries at once, and how many more may be begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from backend.domain.lanes import Lane

_RESERVED = 0.3
"""The share of the lines that is kept free for urgent calls (our judgement)."""
_SLACK = 2.0
"""A call of whose end nothing is heard is believed to be over after so many times the longest one."""


@dataclass(frozen=True, slots=True)
class Lines:
    """So many calls at once; `call_s` is how long the longest is believed to last, its ringing included."""

    count: int
    call_s: float = 40.0

    @property
    def patience(self) -> timedelta:
        """So long after it was accepted a call holds its line, if nothing is heard of its end."""
        return timedelta(seconds=_SLACK * self.call_s)


def room(lines: Lines, lane: Lane, under_way: int, wanted: int) -> int:
    """How many calls of a lane may be begun; others than urgent ones leave the reserved lines alone."""
    kept = 0 if lane is Lane.URGENT else ceil(lines.count * _RESERVED)
    return max(0, min(wanted, lines.count - kept - under_way))
