"""Letters: one notice on its way to one address by one channel; its states as a table, and what a failure leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.lanes import Lane


class State(StrEnum):
    """Where a letter is."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    """A try was cut off: nobody knows whether it got through."""
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"


_ARRIVED = frozenset({State.ACCEPTED, State.DELIVERED, State.ANSWERED})
MOVES: Mapping[State, frozenset[State]] = {
    State.PENDING: _ARRIVED | {State.SENDING, State.FAILED},
    State.SENDING: _ARRIVED | {State.PENDING, State.UNKNOWN, State.FAILED},
    State.UNKNOWN: _ARRIVED | {State.SENDING, State.FAILED},
    State.ACCEPTED: frozenset({State.DELIVERED, State.ANSWERED, State.FAILED}),
    State.DELIVERED: frozenset({State.ANSWERED}),
    State.ANSWERED: frozenset(),
    State.FAILED: _ARRIVED | {State.PENDING},
}
"""What can become of it. A receipt may come late or early: it is believed wherever the letter stands."""

MOST_TRIES: Mapping[Lane, int] = {Lane.URGENT: 20, Lane.NORMAL: 12, Lane.DIGEST: 12}
"""After so many it is given up; a provider that is down as a whole costs no tries."""
PATIENT_TRIES: Mapping[Lane, int] = {Lane.URGENT: 4, Lane.NORMAL: 8, Lane.DIGEST: 8}
"""After so many another channel is taken where there is one: 15 s for what is urgent (our judgement)."""
_WAITS_S: Mapping[Lane, Sequence[float]] = {
    Lane.URGENT: (1, 2, 4, 8, 15),
    Lane.NORMAL: (5, 15, 30, 60, 120, 300),
    Lane.DIGEST: (5, 15, 30, 60, 120, 300),
}
_JITTER = 0.2
THROTTLED, IMPATIENT = "throttled", "impatient"
"""Why it was left for another channel; when that fails, too, this one is tried again."""
EXPIRED, EXHAUSTED = "expired", "exhausted"
FOLLOWED = "followed"
"""What took its place, where somebody who waits for an answer goes on by themselves."""
NO_ADDRESS, NO_CHANNEL, BROKEN = "no_address", "no_channel", "broken"
"""Why a letter failed, where the provider did not say it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How a try failed, in the provider's words or ours."""

    reason: str
    permanent: bool = False
    retry_after_s: float | None = None
    is_ambiguous: bool = False
    is_followed: bool = False
    """Somebody waits for an answer and decides what comes next: no other channel is taken, and no alarm sounds."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a letter after a failure."""

    state: State
    next_try_at: datetime | None
    failure: str
    passes_on: bool = False
    """Whether the next channel is taken."""


def sources(target: State) -> tuple[State, ...]:
    """The states from which it can come to be so."""
    return tuple(state for state in State if target in MOVES[state])


def back_off(letter_id: UUID, lane: Lane, tries: int) -> timedelta:
    """How long to wait after so many tries: longer each time, and a little different for each letter.

    The difference comes from its id, so that letters that failed together do not all come back together.
    """
    waits = _WAITS_S[lane]
    base = waits[min(max(tries, 1), len(waits)) - 1]
    share = ((letter_id.int + tries * 7919) % 1009) / 1008
    return timedelta(seconds=base * (1 - _JITTER + 2 * _JITTER * share))


def fate(letter_id: UUID, lane: Lane, tries: int, failure: Failure, now: datetime, *, has_next: bool) -> Fate:
    """What a failure leads to: the same channel later, the next one now, or the list of dead letters."""
    if failure.permanent:
        return Fate(State.FAILED, None, failure.reason, has_next and not failure.is_followed)
    if failure.retry_after_s is not None:
        if has_next:
            return Fate(State.FAILED, None, THROTTLED, True)
        return Fate(State.PENDING, now + timedelta(seconds=failure.retry_after_s), THROTTLED)
    if has_next and tries >= PATIENT_TRIES[lane]:
        return Fate(State.FAILED, None, IMPATIENT, True)
    if tries >= MOST_TRIES[lane]:
        return Fate(State.FAILED, None, EXHAUSTED)
    state = State.UNKNOWN if failure.is_ambiguous else State.PENDING
    return Fate(state, now + back_off(letter_id, lane, tries), failure.reason)
