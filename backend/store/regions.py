"""Questions about regions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, func, literal_column, or_, select, true, union
from sqlalchemy.orm import Session

from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.models.regions import Region

_LONGEST = LENGTHS[Level.VILLAGE]


def inside(column: Any, prefix: str) -> ColumnElement[bool]:
    """A region and all below it: of a town a span of codes, which an index finds; of more, a look at each row.

    A wide span would tempt a planner away from the index that has the rows in the order asked for.
    """
    if not prefix:
        return true()
    if len(prefix) < LENGTHS[Level.TOWN]:
        return column.startswith(prefix, autoescape=True)
    return and_(column >= prefix, column <= prefix.ljust(_LONGEST, "9"))


def in_town(column: Any, town: Any) -> ColumnElement[bool]:
    """The same of a town whose code stands in a column."""
    return and_(column >= town, column <= town.concat("9" * (_LONGEST - LENGTHS[Level.TOWN])))


def start(column: Any, level: Level) -> ColumnElement[str]:
    """The region of a level around a row; of literals, for with parameters in it it is not the expression indexed."""
    return func.substr(column, literal_column("1"), literal_column(str(LENGTHS[level])))


def one(session: Session, code: str) -> Region | None:
    """The region of that code."""
    return session.get(Region, code)


def below(session: Session, parent: str | None, *, after: str, limit: int) -> list[Region]:
    """Regions directly below one, or those without a parent among us; by code, after one, one more than `limit`."""
    if parent is None:
        question = select(Region).where(Region.code.in_(_top()))
    else:
        question = select(Region).where(Region.parent_code == parent)
    return list(session.scalars(question.where(Region.code > after).order_by(Region.code).limit(limit + 1)))


def of_codes(session: Session, codes: Iterable[str]) -> list[Region]:
    """Those of these codes that there are, by code."""
    return list(session.scalars(select(Region).where(Region.code.in_(list(codes))).order_by(Region.code)))


def children(session: Session, parent: str) -> list[str]:
    """The codes of every region directly below one."""
    return list(session.scalars(select(Region.code).where(Region.parent_code == parent).order_by(Region.code)))


def is_all(session: Session, code: str) -> bool:
    """Whether every region that we know lies in that one, or around it."""
    around = [code[:length] for length in range(2, len(code))]
    outside = select(Region.code).where(~Region.code.startswith(code, autoescape=True), Region.code.not_in(around))
    return session.scalars(outside.limit(1)).first() is None


def of_level(session: Session, level: Level) -> list[str]:
    """The codes of every region of a level."""
    return list(session.scalars(select(Region.code).where(Region.level == int(level)).order_by(Region.code)))


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of these regions by code; nothing is asked for none."""
    if not (wanted := list(codes)):
        return {}
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(wanted)))
    return {row.code: row.name for row in rows}


def family(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The names of these regions and of those directly below them, by code."""
    question = select(Region.code, Region.name).where(or_(Region.code.in_(codes), Region.parent_code.in_(codes)))
    return {row.code: row.name for row in session.execute(question.order_by(Region.code))}


def _top() -> CompoundSelect[tuple[str]]:
    """Codes of regions whose parent is none of ours; every parent is named once, by jumping along its index."""
    parents = select(func.min(Region.parent_code).label("code")).cte("parents", recursive=True)
    next_one = select(func.min(Region.parent_code)).where(Region.parent_code > parents.c.code).scalar_subquery()
    parents = parents.union_all(select(next_one).where(parents.c.code.is_not(None)))
    missing = select(parents.c.code).where(~exists().where(Region.code == parents.c.code))
    return union(
        select(Region.code).where(Region.parent_code.is_(None)),
        select(Region.code).where(Region.parent_code.in_(missing)),
    )
