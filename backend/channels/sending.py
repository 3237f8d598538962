"""What every channel has in common: a letter goes out and is accepted, or fails in a way that says what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """One text to one address by one channel."""

    id: UUID
    """The key that a provider is given: the same letter sent again is the same message there."""
    address: str
    """An E.164 number, a mail address, or a push subscription as JSON; open, so never logged."""
    title: str
    text: str
    """Whole, with the number of the repeat in it."""
    number: int = 1
    """Which try the reader may see, from 1."""
    is_urgent: bool = False
    link: str | None = None
    """Where its reader may answer; only for ways that lead to nobody else, and nothing to be read out."""
    page: str | None = None
    """Where it leads in the app of the house, below its address: for a way that ends in that very app."""
    is_drill: bool = False
    level: str | None = None
    """Of the warning that it is about."""

    @property
    def text_and_link(self) -> str:
        """For a way that leads to its reader alone, and has no place of its own for links."""
        return f"{self.text}\n\n{self.link}" if self.link else self.text


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the letter; `is_delivered` where taking it is all there is."""

    reference: str | None = None
    """The provider's own number for it, by which receipts and questions name it."""
    is_delivered: bool = False


class DeliveryFailed(Exception):
    """A letter did not go out, or nobody knows whether it did.

    `permanent`: trying again by this channel is useless. `retry_after_s`: the provider asks for rest, so the next
    channel is taken now. `is_ambiguous`: it may have got through, so a repeat says that it is one.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after_s: float | None = None,
        is_ambiguous: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        """A short code without personal values."""
        self.permanent = permanent
        self.retry_after_s = retry_after_s
        self.is_ambiguous = is_ambiguous


class Outcome(StrEnum):
    """What became of a letter after it was accepted."""

    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on one letter, by our id or by its own reference."""

    outcome: Outcome
    at: datetime
    letter_id: UUID | None = None
    reference: str | None = None
    answer: str | None = None
    """The key pressed on a call."""
    reason: str | None = None
    is_part: bool = False
    """A call was taken, and only a part of the message was heard."""


class Forged(Exception):
    """A receipt without a good signature, or one from another time."""


class Channel(Protocol):
    """A way to reach people; its methods block and are called with no transaction open."""

    timeout_s: float
    """After so long at most `send` has answered or failed."""

    def send(self, letter: Letter) -> Accepted:
        """Hand a letter over; DeliveryFailed when it was not taken, or may not have been."""
        ...

    def ask(self, letter_id: UUID) -> Accepted | None:
        """Whether the provider took a letter that nobody knows about; None when it says no or cannot be asked."""
        ...

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """Read a delivery report; Forged when its signature is not the provider's, ValueError when it is malformed."""
        ...
