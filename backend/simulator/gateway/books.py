"""The books of the farm: lines in use over time, how calls ended, and what people did with links."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Lines:
    """The calls of one provider: from the first that began to the last, nobody who waited found a line idle."""

    in_use: int = 0
    most: int = 0
    calls: int = 0
    exceeded: int = 0
    """So many calls came while every line was in use, and were refused."""
    ended: Counter[str] = field(default_factory=Counter)
    first: float | None = None
    last: float = 0.0
    used_s: float = 0.0
    """Seconds of calls until a call last began."""
    _since: float = 0.0
    _pending_s: float = 0.0

    def change(self, by: int, at: float) -> None:
        """A call begins or ends."""
        self._pending_s += self.in_use * (at - self._since)
        self._since, self.in_use = at, self.in_use + by
        if by > 0:
            self.first = at if self.first is None else self.first
            # What came after the last beginning is no idleness: nobody may have waited any more.
            self.last, self.used_s, self._pending_s = at, self.used_s + self._pending_s, 0.0
            self.most, self.calls = max(self.most, self.in_use), self.calls + 1

    def shown(self, lines: int | None) -> dict[str, Any]:
        """As JSON; `idle_share` is of the time between the first call and the last that began."""
        lasted = self.last - (self.last if self.first is None else self.first)
        idle = 1 - self.used_s / (lines * lasted) if lines and lasted else None
        return {
            "lines": lines,
            "in_use": self.in_use,
            "most": self.most,
            "calls": self.calls,
            "exceeded": self.exceeded,
            "ended": dict(self.ended),
            "lasted_s": round(lasted, 3),
            "idle_share": None if idle is None else round(idle, 4),
        }


class Books:
    """What was counted since they were opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, Lines] = defaultdict(Lines)
        self._links: Counter[str] = Counter()

    def begin(self, channel: str, most: int | None) -> bool:
        """A call begins, unless every line is in use."""
        with self._lock:
            its = self._lines[channel]
            if most is not None and its.in_use >= most:
                its.exceeded += 1
                return False
            its.change(1, time.monotonic())
            return True

    def end(self, channel: str, how: str) -> None:
        """A call is over."""
        with self._lock:
            self._lines[channel].change(-1, time.monotonic())
            self._lines[channel].ended[how] += 1

    def link(self, what: str) -> None:
        """Somebody opened a link, answered, or could not."""
        with self._lock:
            self._links[what] += 1

    def shown(self, channel: str, lines: int | None) -> dict[str, Any]:
        """The calls of a provider, and what became of links."""
        with self._lock:
            return {channel: self._lines[channel].shown(lines), "links": dict(self._links)}

    def reopen(self) -> None:
        """Count from here; calls that are under way go on."""
        with self._lock:
            for channel, its in list(self._lines.items()):
                fresh = Lines()
                fresh.change(0, time.monotonic())
                fresh.in_use = fresh.most = its.in_use
                self._lines[channel] = fresh
            self._links.clear()
