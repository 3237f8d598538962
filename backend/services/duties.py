"""Duty: what each chief owes this period, what is done, and which stretches nobody has walked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session
from backend.domain.access import Action, Actor, may
from backend.domain.duties import DutyRule, Period, duty_rule, owed, post_of
from backend.domain.terms import Duty, Post
from backend.errors import NotFound
from backend.store import duties, rules
from geo.chainage import Stretch, merge, unwalked

DUTY = "duty"
_LONGEST = timedelta(days=92)
LEAST_UNWALKED_M = 20.0
"""Shorter gaps between walks are the noise of positions (our judgement)."""


@dataclass(frozen=True, slots=True)
class Owing:
    """One person's duty on one river in the period around a day."""

    person_id: UUID
    person: str
    river_code: str
    river: str
    post: Post
    period: Period
    needed: int
    done: int

    @property
    def is_behind(self) -> bool:
        """Whether something is still owed."""
        return self.done < self.needed


@dataclass(frozen=True, slots=True)
class Walked:
    """A segment over a time: what was walked and what nobody walked, in metres along it."""

    walked: list[Stretch]
    unwalked: list[Stretch]
    length_m: float


def rule_now(session: Session) -> DutyRule:
    """The newest duty rule; the built-in one where the database has none."""
    rows = rules.versions(session, DUTY)
    return duty_rule(rows[-1].version, rows[-1].body) if rows else DutyRule()


def of_people(session: Session, people: tuple[UUID, ...], day: date, zone: ZoneInfo) -> list[Owing]:
    """What these people owe in the periods around a day."""
    return _owing(session, duties.of_people(people), day, zone)


def of_region(session: Session, actor: Actor, region: str, day: date, zone: ZoneInfo) -> list[Owing]:
    """What everybody answering for a segment of that region owes; NotFound outside one's own."""
    if not may(actor, Action.SEE_DUTY, region):
        raise NotFound()
    return _owing(session, duties.in_region(region), day, zone)


def walked(session: Session, segment_id: UUID, length_m: float, begin: datetime, end: datetime) -> Walked:
    """Which metres of a segment were walked between two moments, all walks merged, and which nobody walked."""
    found = merge((start, stop) for start, stop in duties.covered(session, segment_id, begin, end))
    return Walked(found, unwalked(found, length_m, LEAST_UNWALKED_M), length_m)


def _owing(session: Session, whose: duties.Whose, day: date, zone: ZoneInfo) -> list[Owing]:
    rule = rule_now(session)
    held = _by_duty(duties.held(session, whose, day, day - _LONGEST))
    periods = {post: rule.period(post, day) for post in {post for _, _, post in held}}
    done = {post: _done(session, post, period, held, zone) for post, period in periods.items()}

    return [
        Owing(
            person_id=person,
            person=rows[0].person,
            river_code=river,
            river=rows[0].river,
            post=post,
            period=periods[post],
            needed=owed(periods[post], _served(rows, periods[post])),
            done=done[post].get((person, river), 0),
        )
        for (person, river, post), rows in held.items()
        if any(row.until_day is None or row.until_day > day for row in rows)
    ]


def _by_duty(rows: list[Any]) -> dict[tuple[UUID, str, Post], list[Any]]:
    """Duty is per person per river, however many segments of it they hold."""
    held: dict[tuple[UUID, str, Post], list[Any]] = defaultdict(list)
    for row in rows:
        held[row.person_id, row.river_code, post_of(row.level, row.duty == Duty.WARDEN)].append(row)
    return held


def _done(
    session: Session,
    post: Post,
    period: Period,
    held: dict[tuple[UUID, str, Post], list[Any]],
    zone: ZoneInfo,
) -> dict[tuple[UUID, str], int]:
    people = {person for person, _, its_post in held if its_post is post}
    return duties.done(session, post.value, start_of(period.begin, zone), start_of(period.until, zone), people)


def _served(rows: list[Any], period: Period) -> int:
    """Days of the period on which at least one of the assignments held."""
    spans = ((max(row.from_day, period.begin), min(row.until_day or period.until, period.until)) for row in rows)
    days = {begin + timedelta(days=n) for begin, until in spans for n in range((until - begin).days)}
    return len(days)
