"""Carriers at the border of the house: they take letters, or fail as a test tells them to, and remember what came."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt
from backend.domain.notices import Wanted
from backend.domain.ways import Way
from backend.keyring import KeyRing
from backend.models.alarms import Alarm
from backend.models.notices import Letter as LetterRow
from backend.services import notices
from jobs import delivery
from jobs.runner import House
from tests.cast import NOON, Cast

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


@pytest.fixture
def sms() -> Carrier:
    return Carrier("sms")


@pytest.fixture
def voice() -> Carrier:
    return Carrier("voice")


@pytest.fixture
def push() -> Carrier:
    return Carrier("app")


@pytest.fixture
def office(house: House, keyring: KeyRing, sms: Carrier, voice: Carrier, push: Carrier) -> House:
    """The house with three carriers; the app leads only to devices."""
    ways = {"app": Way(1.0), "sms": Way(1.0), "voice": Way(1.0)}
    return replace(house, keyring=keyring, channels={"app": push, "sms": sms, "voice": voice}, ways=ways)


@pytest.fixture
def tell(session: Session, cast: Cast) -> Callable[..., Wanted]:
    """Queue something for Wang, or somebody else."""

    def queue(
        fact: str = "1", *, at: datetime = NOON, person: UUID | None = None, key: str = "closed", **rest: Any
    ) -> Wanted:
        values = {"segment": "徒骇河", "kind": {"key": "hazard.kind.four_illegal.dump"}}
        wanted = Wanted(person or cast.wang, fact, key, values, **({"channels": ("sms",)} | rest))
        notices.queue(session, [wanted], now=at)
        session.flush()
        return wanted

    return queue


def letters(session: Session) -> list[LetterRow]:
    session.expire_all()
    return list(session.scalars(select(LetterRow).order_by(LetterRow.due_at, LetterRow.channel)))


def alarms(session: Session) -> list[str]:
    return list(session.scalars(select(Alarm.about).where(Alarm.kind == "dead_letter").order_by(Alarm.about)))


class Desk:
    """A desk whose sender is cut off where the test says."""

    def __init__(self, office: House) -> None:
        self.office = office
        self._desk = delivery.Desk(office, delivery.STREAMS[0], lambda: NOON)
        self._other = delivery.Desk(office, delivery.STREAMS[1], lambda: NOON)

    def claim(self) -> list[Any]:
        return [*self._desk._claim(5), *self._other._claim(5)]

    def record(self, outcome: Any) -> None:
        self._other._record([outcome])
