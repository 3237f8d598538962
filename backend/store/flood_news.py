"""Questions about news of the flood season: what is still to be told, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, not_, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.terms import CHIEFS, WALKERS, Post
from backend.models.flood_news import FloodNews
from backend.models.people import Appointment
from backend.models.segments import Assignment, Segment
from backend.store.people import covers
from backend.store.regions import inside

STAFF = frozenset({Post.OFFICE_CLERK, Post.DUTY_OFFICER})
_ORDER = (*CHIEFS, Post.WARDEN, Post.DUTY_OFFICER, Post.OFFICE_CLERK)
"""Of several posts the one that a text is worded for: of walkers the most senior, for what they owe is on it."""


def add(session: Session, values: dict[str, Any]) -> None:
    """Write a piece of news."""
    session.execute(insert(FloodNews), values)


def untold(session: Session, about: UUID | None = None) -> AnyRow | None:
    """The oldest piece of which not everybody has been told, or that about a thing; kept from everybody else."""
    question = select(*FloodNews.__table__.columns).where(FloodNews.told_at.is_(None))
    if about is not None:
        question = question.where(FloodNews.about_id == about)
    question = question.order_by(FloodNews.at, FloodNews.id).limit(1)
    return session.execute(question.with_for_update(skip_locked=True)).one_or_none()


def told(session: Session, news_id: UUID, until: UUID | None, at: datetime | None) -> None:
    """Note how far it has been told, and when to everybody."""
    session.execute(update(FloodNews).where(FloodNews.id == news_id).values(told_until=until, told_at=at))


def readers(session: Session, news: Any, day: date, limit: int) -> list[tuple[UUID, Post, str]]:
    """The next people who are to be told, in the order of their ids, each in one post and its region."""
    here = [or_(*(inside(Appointment.region_code, region) for region in news.regions))]
    here += [not_(inside(Appointment.region_code, region)) for region in news.but]
    posts = [post.value for post in (*WALKERS, *STAFF)]
    meant = [*here, Appointment.post.in_(posts), covers(Appointment, day)]
    if news.rivers:
        meant.append(or_(Appointment.post.in_(list(STAFF)), Appointment.person_id.in_(_walkers(news.rivers, day))))
    people = select(Appointment.person_id).where(*meant).distinct().order_by(Appointment.person_id).limit(limit)
    if news.told_until is not None:
        people = people.where(Appointment.person_id > news.told_until)
    ids = list(session.scalars(people))
    columns = (Appointment.person_id, Appointment.post, Appointment.region_code)
    rows = session.execute(select(*columns).where(Appointment.person_id.in_(ids), *meant))
    return _one_each(ids, rows)


def _one_each(ids: Sequence[UUID], rows: Iterable[Any]) -> list[tuple[UUID, Post, str]]:
    best: dict[UUID, tuple[Post, str]] = {}
    for person, post, region in sorted(rows, key=lambda row: _ORDER.index(Post(row.post))):
        best.setdefault(person, (Post(post), region))
    return [(person, *best[person]) for person in ids]


def _walkers(rivers: Sequence[str], day: date) -> Any:
    return (
        select(Assignment.person_id)
        .join(Segment, Segment.id == Assignment.segment_id)
        .where(Segment.river_code.in_(rivers), covers(Assignment, day))
    )
