"""Drills (演练): the same calls among people who have agreed to be called, and never a word to anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from backend.errors import Conflict

DRILL_LIST = "drill_list"
"""What a list is called on record and in notices."""
MOST_PEOPLE = 10_000
"""On one list: more than a city has chiefs."""
FIRST_HOUR, LAST_HOUR = 8, 17
"""A monthly roll-call falls into working hours: it is about numbers, not about sleep (our judgement)."""
LAST_DAY = 28
"""Every month has it."""
HOURS_TO_HOLD = 3
"""So long after its hour a roll-call that was missed is still held, else on the next day (our judgement)."""
LASTS = timedelta(hours=3)
"""A monthly roll-call is over after that; the plan of its level has tried everything by then."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """When a list is called each month (每月点名): a day and an hour of the business zone."""

    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class DrillListDraft:
    """A list as somebody writes it."""

    id: UUID
    body_sha256: bytes
    name: str
    region: str
    people: tuple[UUID, ...]
    monthly: Monthly | None = None


def due_month(monthly: Monthly, since: datetime, local: datetime) -> str | None:
    """The month whose roll-call is to be held at that local moment, as `2025-07`; None when none is.

    Only in the hours after its own, on its day or a later one; not where its day had passed when it was set, `since`.
    """
    begins = local.replace(day=monthly.day, hour=monthly.hour, minute=0, second=0, microsecond=0)
    is_hour = monthly.hour <= local.hour < monthly.hour + HOURS_TO_HOLD
    return f"{local:%Y-%m}" if is_hour and since <= begins <= local else None


def roll_call_id(list_id: UUID, month: str) -> UUID:
    """The id of the drill of a list and month: the database cannot hold it twice."""
    return uuid5(list_id, f"roll-call:{month}")


def check_word(person: UUID, by: UUID, said_by: UUID | None, *, agrees: bool, has_left: bool) -> None:
    """Conflict when a clerk brings a consent of somebody who has said no themselves: only they can take that back."""
    if agrees and has_left and by != person and said_by == person:
        raise Conflict("own_refusal")


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom no call of a roll reached, and how each channel failed."""

    person_id: UUID
    name: str
    post: str
    region_code: str
    phone_head: str | None
    phone_tail: str | None
    failures: tuple[tuple[str, str], ...]

    @property
    def is_dead(self) -> bool:
        """Whether a provider says that the number leads nowhere; else they only did not answer."""
        return any(failure in _OF_NUMBERS or failure.startswith(_CODE) for _, failure in self.failures)


_OF_NUMBERS = frozenset({"no_address", "bad_address", "bad_number", "gone"})
_CODE = "code_"
"""So begin the words of providers for what they will not take; of a line that is busy they say something else."""
