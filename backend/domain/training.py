"""Training (培训): sessions, who is asked to come, how one signs in on the spot, and when hours are credited."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.domain.access import BELOW, NOWHERE, TABLE, Actor, Seat
from backend.domain.actions import Action
from backend.domain.hazards import Picture
from backend.domain.terms import CHIEFS, Post
from backend.errors import BadInput, Conflict, Flaw
from backend.words import Text

TRAINING = "training"
"""What it is called on record and among the things that have photos."""
STEP_S = 20
"""Seconds after which the code on the screen is another one: to photograph it and to send it home takes longer."""
EARLY, LATE = timedelta(hours=1), timedelta(hours=2)
"""So long before its begin and after its end one may sign in (our judgement)."""
LONGEST = timedelta(days=31)
AHEAD = timedelta(days=400)
MOST_QUESTIONS, MOST_CHOICES, MOST_LINKS, MOST_NAMED = 50, 8, 20, 200
COVERED = tuple(CHIEFS)
"""Who is to be trained in a year: every river chief (全覆盖)."""
_MAC = 16
"""Hexadecimal digits of a code's proof: 64 bits, against guesses within a minute."""


class How(StrEnum):
    """How it is known that somebody was there."""

    SCAN = "scan"
    CLERK = "clerk"


class Status(StrEnum):
    """Which people of a session a list is about."""

    PRESENT = "present"
    """Asked to come, and there."""
    GUEST = "guest"
    """There, and not asked to come."""
    ABSENT = "absent"
    """Asked to come, and not there."""
    DOUBTFUL = "doubtful"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of a session; of the asked some are present, and of all who were there some credited or doubtful."""

    asked: int = 0
    present: int = 0
    guests: int = 0
    credited: int = 0
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a quiz: its choices, and which of them are right, by place from 0."""

    text: str
    choices: tuple[str, ...]
    right: frozenset[int]

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {"text": self.text, "choices": list(self.choices), "right": sorted(self.right)}


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions, and how many must be answered right."""

    questions: tuple[Question, ...]
    pass_mark: int

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return {"questions": [each.written() for each in self.questions], "pass_mark": self.pass_mark}


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session as an office plans it."""

    id: UUID
    body_sha256: bytes
    title: str
    place: str
    teacher: str
    begins_at: datetime
    ends_at: datetime
    hours: float
    posts: tuple[Post, ...]
    regions: tuple[str, ...]
    text: str = ""
    links: tuple[str, ...] = ()
    lonlat: tuple[float, float] | None = None
    """Where it is held, WGS 84; None: nobody's position is compared with it."""
    quiz: Quiz | None = None
    photos: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a phone says it is: longitude and latitude in WGS 84, and how sure it is in metres."""

    lonlat: tuple[float, float]
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of those in a post how many were trained; the trained are counted among these very people."""

    people: int
    trained: int

    @property
    def share(self) -> float | None:
        """0 to 1, cut to four digits; None of nobody."""
        return self.trained * 10_000 // self.people / 10_000 if self.people else None

    def plus(self, other: Coverage) -> Coverage:
        """Both together, of different people."""
        return Coverage(self.people + other.people, self.trained + other.trained)


def keeper(actor: Actor, regions: Iterable[str]) -> Seat | None:
    """In which seat somebody plans a session for these regions: the narrowest that holds them all; None: in none."""
    seats = [
        seat
        for seat in actor.seats
        if BELOW in TABLE[Action.KEEP_TRAINING].get(seat.post, NOWHERE)
        and all(region.startswith(seat.region) for region in regions)
    ]
    return max(seats, key=lambda seat: (len(seat.region), seat.post), default=None)


def check(draft: SessionDraft, now: datetime) -> None:
    """BadInput, with every flaw, for a session that cannot be meant. One that is over may be written down later."""
    flaws = when_flaws(draft.begins_at, draft.ends_at, now)
    quiz = draft.quiz
    for index, each in enumerate(quiz.questions if quiz else ()):
        if not each.right or not each.right <= set(range(len(each.choices))):
            flaws.append(Flaw(f"/quiz/questions/{index}/right", Text("flaw.training_right")))
    if quiz is not None and not 1 <= quiz.pass_mark <= len(quiz.questions):
        flaws.append(Flaw("/quiz/pass_mark", Text("flaw.between", {"low": 1, "high": len(quiz.questions)})))
    if flaws:
        raise BadInput(*flaws)


def when_flaws(begins_at: datetime, ends_at: datetime, now: datetime) -> list[Flaw]:
    """What is wrong with the time of a session."""
    flaws = []
    if not timedelta() < ends_at - begins_at <= LONGEST:
        flaws.append(Flaw("/ends_at", Text.of("flaw.training_ends", days=LONGEST.days)))
    if abs(begins_at - now) > AHEAD:
        flaws.append(Flaw("/begins_at", Text.of("flaw.training_far", days=AHEAD.days)))
    return flaws


def step_at(moment: datetime) -> int:
    """The number of the step in which a moment lies."""
    return int(moment.timestamp()) // STEP_S


def seconds_left(moment: datetime) -> int:
    """How long the code of this moment still stands on the screen, in whole seconds, at least 1."""
    return STEP_S - int(moment.timestamp()) % STEP_S


def code_of(session_id: UUID, step: int, key: bytes) -> str:
    """The code of a step: the session, the step, and the proof that the house made it (HMAC-SHA-256)."""
    return f"{session_id.hex}{step:x}-{_proof(session_id, step, key)}"


def read_code(said: str, key: bytes, now: datetime) -> UUID:
    """The session of a code that is on the screen now, or was one step ago or will be in one, for clocks differ.

    BadInput for what is no code of this house, Conflict for one whose step is over: it was photographed.
    """
    place, _, proof = said.strip().partition("-")
    try:
        session_id, step = UUID(place[:32]), int(place[32:], 16)
    except ValueError:
        raise BadInput.at("/code", "flaw.training_code") from None
    if not hmac.compare_digest(proof.encode(), _proof(session_id, step, key).encode()):
        raise BadInput.at("/code", "flaw.training_code")
    if abs(step - step_at(now)) > 1:
        raise Conflict("training_code", seconds=STEP_S)
    return session_id


def check_open(begins_at: datetime, ends_at: datetime, withdrawn_at: datetime | None, now: datetime) -> None:
    """Conflict where nobody signs in now."""
    if withdrawn_at is not None:
        raise Conflict("training_withdrawn")
    if not begins_at - EARLY <= now <= ends_at + LATE:
        raise Conflict("training_not_now")


def is_far(distance_m: float, fix: Fix, near_m: float) -> bool:
    """Whether a phone was further away from the place than its own doubt explains."""
    return distance_m > near_m + fix.accuracy_m


def quiz_of(kept: dict[str, Any] | None) -> Quiz | None:
    """A quiz as it was kept."""
    if kept is None:
        return None
    questions = (Question(each["text"], tuple(each["choices"]), frozenset(each["right"])) for each in kept["questions"])
    return Quiz(tuple(questions), kept["pass_mark"])


def marked(quiz: Quiz | None, answers: Sequence[Sequence[int]]) -> int:
    """How many questions were answered right: all that is right, and nothing else. BadInput for answers to others."""
    if quiz is None:
        raise Conflict("training_no_quiz")
    if len(answers) != len(quiz.questions):
        raise BadInput.at("/answers", "flaw.training_answers", count=len(quiz.questions))
    return sum(set(said) == each.right for said, each in zip(answers, quiz.questions, strict=True))


def credited(hours: float, quiz: Quiz | None, right: int | None) -> float:
    """The hours that somebody who was there is credited: with a quiz, once it is passed."""
    return hours if quiz is None or (right or 0) >= quiz.pass_mark else 0.0


def _proof(session_id: UUID, step: int, key: bytes) -> str:
    said = f"training:{session_id.hex}:{step}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:_MAC]
