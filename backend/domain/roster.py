"""The roster of duty (值班表): what a shift may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from backend.domain.access import Seat
from backend.errors import BadInput

SHIFT = "shift"
"""What one is called on record."""
LONGEST = timedelta(days=31)
"""A week's leader (带班领导) and a month at most (our judgement)."""


MOST_DAYS = 366
"""Of a roster that is looked at in one."""


@dataclass(frozen=True, slots=True)
class ShiftDraft:
    """A shift as it was entered."""

    id: UUID
    body_sha256: bytes
    region: str
    person: UUID
    from_at: datetime
    until_at: datetime


def check_times(draft: ShiftDraft, now: datetime) -> None:
    """BadInput for times that cannot be meant, or are over."""
    if draft.until_at <= draft.from_at:
        raise BadInput.at("/until", "flaw.shift_order")
    if draft.until_at - draft.from_at > LONGEST:
        raise BadInput.at("/until", "flaw.shift_long", days=LONGEST.days)
    if draft.until_at <= now:
        raise BadInput.at("/until", "flaw.shift_past")


def last_day(first: date, said: date | None) -> date:
    """The last day of a roster that begins with `first`; that day itself when nothing is said.

    BadInput for a day before it, or too far behind it.
    """
    last = said or first
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise BadInput.at("/last_day", "flaw.roster_days", days=MOST_DAYS)
    return last


def answers_there(seats: Iterable[Seat], region: str) -> bool:
    """Whether somebody with these posts may be on duty for a region: it lies in one of theirs."""
    return any(region.startswith(seat.region) for seat in seats)
