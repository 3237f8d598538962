"""How far somebody is with an order: when it is read, signed and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.domain.orders import Status, Wanted


def done_at(wanted: Wanted, row: Any) -> datetime | None:
    """When somebody had done what was expected of them; None where they have not.

    A word on a text that was corrected since is no word on the present one. A walk is done when it ends, whatever
    else the addressee has said; a report of a hazard and the word that nothing was found are the same act.
    """
    if wanted is Wanted.READ:
        return _of_text(row.read_at, row.text_at)
    if wanted is Wanted.SIGN:
        return _of_text(row.signed_at, row.text_at)
    found = [row.answered_at]
    if wanted is Wanted.PATROL:
        found = [row.walked_at and row.walked_at + max(row.walked_until - row.walked_from, timedelta())]
    if wanted is Wanted.REPORT:
        found.append(row.reported_at)
    return min((at for at in found if at is not None), default=None)


def _of_text(at: datetime | None, text_at: datetime) -> datetime | None:
    return at if at is not None and at >= text_at else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is with an order at a moment: three facts, each with its date."""

    read_at: datetime | None
    signed_at: datetime | None
    done_at: datetime | None
    due_at: datetime
    now: datetime

    @property
    def is_late(self) -> bool:
        """Whether it was done, but after it was due."""
        return self.done_at is not None and self.done_at > self.due_at

    @property
    def is_overdue(self) -> bool:
        """Whether it is due and not done."""
        return self.done_at is None and self.now > self.due_at

    def has(self, status: Status) -> bool:
        """Whether that can be said of them."""
        return {
            Status.UNREAD: self.read_at is None,
            Status.UNSIGNED: self.signed_at is None,
            Status.DONE: self.done_at is not None,
            Status.LATE: self.is_late,
            Status.OPEN: self.done_at is None,
            Status.OVERDUE: self.is_overdue,
        }[status]


def standing(row: Any, wanted: Wanted, due_at: datetime, now: datetime) -> Standing:
    """The three facts of an addressee's row."""
    read, signed = _of_text(row.read_at, row.text_at), _of_text(row.signed_at, row.text_at)
    return Standing(read, signed, done_at(wanted, row), due_at, now)
