"""Joint work (河湖长+警长+检察长): joint patrols, clues both ways, meetings, and prosecutors' suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.access import LAW, Actor
from backend.domain.hazards import HazardDraft, Severity
from backend.domain.terms import Post
from backend.errors import BadInput, Flaw, Forbidden
from backend.words import Text

JOINT_PATROL, CLUE, MEETING, SUGGESTION = "joint_patrol", "clue", "joint_meeting", "suggestion"
"""What they are called on record."""
REPLY, REPLY_URGENT = timedelta(days=60), timedelta(days=15)
"""By when a suggestion is answered: two months, fifteen days where the harm goes on (article 21 of
最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释)."""
LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=5 * 366)
"""So far ahead a walk is arranged or a task is due: a plan of the city lasts five years (our judgement)."""
LADDER = Severity.MAJOR
"""By the ladder of which hazards a suggestion without reply climbs (our judgement)."""
MOST_PEOPLE, MOST_TASKS = 50, 50
COUNTS = (
    *("joint_patrols", "walkers", "clues_in", "clues_out", "clues_answered", "handed_over", "handed_back"),
    *("meetings", "tasks", "tasks_done", "suggestions", "replied", "replied_in_time"),
)
"""What is counted of the cooperation, in the order of its tables."""


class Way(StrEnum):
    """Which way a clue goes."""

    IN = "in"
    """From police or prosecutor to the offices."""
    OUT = "out"
    """With a hazard that was handed over to them."""


@dataclass(frozen=True, slots=True)
class JointPatrolDraft:
    """People of several houses who walk a reach together on a day."""

    id: UUID
    body_sha256: bytes
    segment: str
    day: date
    purpose: str
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ClueDraft:
    """A clue that is handed on, with the day by which an answer is asked for; `found`: a hazard that comes with it."""

    id: UUID
    body_sha256: bytes
    hazard: UUID
    return_on: date
    note: str
    found: HazardDraft | None


@dataclass(frozen=True, slots=True)
class Task:
    """What a meeting asks for, by when; an order may do it."""

    text: str
    due_on: date
    order: UUID | None = None


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """A joint meeting (联席会议) with its minutes."""

    id: UUID
    body_sha256: bytes
    region: str
    title: str
    place: str
    at: datetime
    minutes: str
    people: tuple[UUID, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class SuggestionDraft:
    """A prosecutor's suggestion (检察建议) about a hazard."""

    id: UUID
    body_sha256: bytes
    hazard: UUID
    document: str
    text: str
    reply_by: datetime | None
    is_urgent: bool


def law_post(actor: Actor) -> Post | None:
    """As what of the law somebody acts; None for nobody of it."""
    return next((seat.post for seat in actor.seats if seat.post in LAW), None)


def check_suggester(actor: Actor, handed_to: str | None, handed_region: str | None) -> None:
    """Forbidden unless the hazard lies with the actor as its prosecutor now."""
    seats = {(seat.post.value, seat.region) for seat in actor.seats if seat.post is Post.PROSECUTOR}
    if (handed_to, handed_region) not in seats:
        raise Forbidden("suggestion")


def reply_by(draft: SuggestionDraft, now: datetime) -> datetime:
    """By when a reply is due; BadInput for a time that is over or too far away."""
    due = draft.reply_by or now + (REPLY_URGENT if draft.is_urgent else REPLY)
    if not now < due <= now + LONGEST:
        raise BadInput.at("/reply_by", "flaw.cooperation_due", days=LONGEST.days)
    return due


def check_return(return_on: date, today: date) -> None:
    """BadInput for a day of return that is over or too far away."""
    if not today <= return_on <= today + LONGEST:
        raise BadInput.at("/return_on", "flaw.cooperation_due", days=LONGEST.days)


def check_days(days: Iterable[tuple[str, date]], today: date) -> None:
    """BadInput, by its place, for a day that is too far away to be meant."""
    far = [place for place, day in days if day > today + FURTHEST]
    if far:
        raise BadInput(*(Flaw(place, Text.of("flaw.cooperation_far", days=FURTHEST.days)) for place in far))


def check_people(people: Iterable[UUID], known: set[UUID]) -> None:
    """BadInput for somebody who holds no post on that day."""
    flaws = [
        Flaw(f"/people/{at}", Text("flaw.cooperation_person")) for at, each in enumerate(people) if each not in known
    ]
    if flaws:
        raise BadInput(*flaws)
