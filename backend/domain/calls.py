"""Calls (语音电话) and what is heard of a letter afterwards: how it ended, and what of that is an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domain.letters import State

CALLOUT = "callout"
"""What a notice is about that must be answered (叫应): whoever follows it decides what comes after a failed call."""
KEYS = frozenset({"1", "2", "3"})
"""What may be pressed: received, acting, cannot."""
HUNG_UP, UNDELIVERED = "hung_up", "undelivered"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a letter that must be answered, once."""

    letter_id: UUID
    notice_id: UUID
    about: tuple[str, UUID]
    person_id: UUID
    channel: str
    outcome: State
    """`answered` with a key of KEYS; `delivered`: reached, on a call the whole message was heard; `failed`."""
    at: datetime
    answer: str | None = None
    reason: str | None = None
    """Why it failed: no_answer, busy, hung_up, or in the provider's words."""
    is_part: bool = False
    """Somebody took the call, and heard a part of the message; whatever they pressed is no answer."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a letter ended, by the words of a provider."""

    outcome: State
    answer: str | None = None
    reason: str | None = None


def ending(outcome: State, *, answer: str | None = None, reason: str | None = None, is_part: bool = False) -> Ending:
    """What counts: a message that was heard in part is none, whatever was pressed, and is said again."""
    if outcome is State.FAILED:
        return Ending(State.FAILED, reason=reason or UNDELIVERED)
    if is_part:
        return Ending(State.FAILED, reason=HUNG_UP)
    return Ending(outcome, answer if outcome is State.ANSWERED else None)


def as_answer(found: Ending) -> Ending:
    """The same for whoever waits for an answer: a key that means nothing shows only that the message was heard."""
    return Ending(State.DELIVERED) if found.outcome is State.ANSWERED and found.answer not in KEYS else found
