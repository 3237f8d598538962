"""Carriers at the border of the house: they take letters, or fail as a test tells them to, and remember what came."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt

Plan = Callable[[Letter, int], DeliveryFailed | Accepted]
"""What a carrier does with a letter, the n-th time it sees it."""


def takes_all(_letter: Letter, _nth: int) -> Accepted:
    return Accepted()


def down(_letter: Letter, _nth: int) -> DeliveryFailed:
    return DeliveryFailed("refused")


@dataclass
class Carrier:
    """A provider that does as it is told."""

    name: str = "sms"
    plan: Plan = takes_all
    timeout_s: float = 1.0
    sent: list[Letter] = field(default_factory=list)
    """Everything that came, refused or not."""
    taken: list[Letter] = field(default_factory=list)
    known: dict[UUID, Accepted] = field(default_factory=dict)
    """What it answers when it is asked about a letter."""
    reports: list[Receipt] = field(default_factory=list)
    """What its next delivery report says."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[UUID] = Counter()

    def send(self, letter: Letter) -> Accepted:
        with self._lock:
            self.sent.append(letter)
            self._seen[letter.id] += 1
            nth = self._seen[letter.id]
        answer = self.plan(letter, nth)
        if isinstance(answer, DeliveryFailed):
            raise answer
        with self._lock:
            self.taken.append(letter)
        return Accepted(answer.reference or f"{self.name}-{letter.id.hex[:12]}", answer.is_delivered)

    def ask(self, letter_id: UUID) -> Accepted | None:
        return self.known.get(letter_id)

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """Good is what is signed `good`; what begins with `bad` cannot be read."""
        if headers.get("X-Signature") != "good":
            raise Forged
        if body.startswith(b"bad"):
            raise ValueError("malformed")
        return self.reports
