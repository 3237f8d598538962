"""What the providers of the farm have taken, refused and lost, and what they report on later."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from backend.simulator.gateway.books import Books
from backend.simulator.gateway.script import Manner, Script

_SILENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came in."""

    at: str
    channel: str
    to: str
    text: str
    key: str
    nth: int
    """How often it has come under that key."""
    outcome: str
    """`taken`, `again` (taken before, told so again), `lost` (taken and dropped), or why it was refused."""


class Later:
    """Does things at their time, in one thread."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._change = threading.Condition()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="later", daemon=True)
        self._thread.start()

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do it so many seconds from now."""
        with self._change:
            self._count += 1
            heapq.heappush(self._due, (time.monotonic() + seconds, self._count, work))
            self._change.notify()

    def stop(self) -> None:
        """Do nothing any more."""
        with self._change:
            self._is_over = True
            self._change.notify()
        self._thread.join()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()

    def _next(self) -> Callable[[], None] | None:
        with self._change:
            while not self._is_over:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._change.wait(wait)
        return None


class Farm:
    """The books of all providers together."""

    def __init__(self, script: Script, tell: Callable[[Message], None] = lambda _: None) -> None:
        self.script = script
        self.tell = tell
        self.books = Books()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._messages: list[Message] = []
        self._seen: Counter[tuple[str, str]] = Counter()
        self._taken: set[tuple[str, str]] = set()
        self._lately: dict[str, deque[float]] = {}
        self._rests_until: dict[str, float] = {}

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """Everything that came, in its order."""
        with self._lock:
            return [asdict(each) for each in self._messages if channel in (None, each.channel)]

    def taken(self, channel: str) -> Counter[str]:
        """How many messages each key has become at the people, whatever was refused or told again."""
        with self._lock:
            return Counter(each.key for each in self._messages if each.channel == channel and each.outcome == "taken")

    def knows(self, channel: str, key: str) -> bool:
        """Whether a provider has taken a message of that key."""
        with self._lock:
            return (channel, key) in self._taken

    def is_bad(self, channel: str, to: str) -> bool:
        """Whether a provider calls a number or an address impossible."""
        return to.endswith(self.script.manners[channel].bad_numbers)

    def latency_s(self, message: Message) -> float:
        """How long a provider thinks about a message."""
        manner = self.script.manners[message.channel]
        return self.script.between(f"{message.key}/{message.nth}", "latency", manner.latency_s)

    def keeps_silent(self, message: Message) -> bool:
        """Whether a provider takes a message and never says so; the same message it answers when it comes again."""
        share = self.script.manners[message.channel].silent_share
        return message.nth == 1 and self.script.chance(message.key, "silent") < share

    def be_silent(self) -> None:
        """Say nothing until the other side has long lost its patience, or the farm ends."""
        self._ended.wait(_SILENCE_S)

    def end(self) -> None:
        """Nobody is kept waiting any more."""
        self._ended.set()

    def change(self, said: Mapping[str, Any]) -> None:
        """Let them behave otherwise from now on."""
        with self._lock:
            self.script = self.script.changed(said)
            self._rests_until.clear()

    def receive(self, channel: str, to: str, text: str, key: str) -> Message:
        """A message comes in: what becomes of it."""
        with self._lock:
            manner = self.script.manners[channel]
            self._seen[channel, key] += 1
            outcome = self._outcome(channel, manner, to, key)
            if outcome in ("taken", "lost"):
                self._taken.add((channel, key))
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            message = Message(now, channel, to, text, key, self._seen[channel, key], outcome)
            self._messages.append(message)
        self.tell(message)
        return message

    def _outcome(self, channel: str, manner: Manner, to: str, key: str) -> str:
        chance = self.script.chance
        if manner.is_down:
            return "down"
        if self._is_throttled(channel, manner):
            return "throttled"
        if self.is_bad(channel, to):
            return "bad_number"
        if manner.honours_key and (channel, key) in self._taken:
            return "again"
        is_first = self._seen[channel, key] == 1
        for name, share in (("refused", manner.refused_share), ("error", manner.error_share)):
            if is_first and chance(key, name) < share:
                return name
        if chance(key, "dropped") < manner.dropped_share:
            return "lost"
        return "taken" if channel != "voice" or self.books.begin(channel, manner.lines) else "busy"

    def _is_throttled(self, channel: str, manner: Manner) -> bool:
        if manner.per_minute is None:
            return False
        now = time.monotonic()
        if now < self._rests_until.get(channel, 0.0):
            return True
        lately = self._lately.setdefault(channel, deque())
        while lately and lately[0] <= now - 60:
            lately.popleft()
        if len(lately) >= manner.per_minute:
            self._rests_until[channel] = now + manner.rest_s
            return True
        lately.append(now)
        return False
