"""Questions about rivers by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from backend.domain.access import Scope
from backend.models.segments import River
from backend.store.segments import in_force, segment, within


def listed(
    session: Session, words: str | None, scope: Scope | None, today: date, *, after: str, limit: int
) -> list[River]:
    """Rivers by code, one more than `limit` when there are more.

    Those whose name or code has the words, where there are any, and on which a reach of the scope lies, where one is.
    """
    question = select(River).where(River.code > after)
    if words is not None:
        named = or_(River.name.contains(words, autoescape=True), func.lower(River.code) == words.lower())
        question = question.where(named)
    if scope is not None:
        here = exists().where(segment.c.river_code == River.code, within(scope), in_force(today))
        question = question.where(here)
    return list(session.scalars(question.order_by(River.code).limit(limit + 1)))


def names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The names of these rivers by code; those that there are not are left out."""
    rows = session.execute(select(River.code, River.name).where(River.code.in_(codes)))
    return {row.code: row.name for row in rows}
