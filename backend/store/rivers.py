"""Questions about rivers by themselves."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from backend.domain.access import Scope
from backend.models.segments import River
from backend.store.segments import in_force, segment, within


def listed(session: Session, *, after: str, limit: int) -> list[River]:
    """Rivers by code, one more than `limit` when there are more."""
    return list(session.scalars(select(River).where(River.code > after).order_by(River.code).limit(limit + 1)))


def named(session: Session, scope: Scope, today: date, words: str, *, after: str, limit: int) -> list[River]:
    """Those whose name or code has these words and on which a reach of the scope lies; the same paging."""
    named = or_(River.name.contains(words, autoescape=True), func.lower(River.code) == words.lower())
    here = exists().where(segment.c.river_code == River.code, within(scope), in_force(today))
    question = select(River).where(named, here, River.code > after).order_by(River.code)
    return list(session.scalars(question.limit(limit + 1)))
