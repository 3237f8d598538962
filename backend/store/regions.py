"""Questions about regions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models.regions import Region


def one(session: Session, code: str) -> Region | None:
    """The region of that code."""
    return session.get(Region, code)


def below(session: Session, parent: str | None, *, after: str, limit: int) -> list[Region]:
    """Regions directly below one, or those without a parent among us; by code, after one, one more than `limit`."""
    if parent is None:
        parents = select(Region.code)
        top = Region.parent_code.is_(None) | Region.parent_code.not_in(parents)
        question = select(Region).where(top)
    else:
        question = select(Region).where(Region.parent_code == parent)
    return list(session.scalars(question.where(Region.code > after).order_by(Region.code).limit(limit + 1)))


def is_all(session: Session, code: str) -> bool:
    """Whether every region that we know lies in that one, or around it."""
    around = [code[:length] for length in range(2, len(code))]
    outside = select(Region.code).where(~Region.code.startswith(code, autoescape=True), Region.code.not_in(around))
    return session.scalars(outside.limit(1)).first() is None


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of these regions by code."""
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(list(codes))))
    return {row.code: row.name for row in rows}
