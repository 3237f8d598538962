"""Reading rollups: the figures of some regions over some days, split by one thing; never a look at the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, String, and_, case, func, literal, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.regions import LENGTHS
from backend.domain.stats import CLASSES, By, Noun
from backend.domain.terms import Level
from backend.store.rollup_sources import SOURCES, Source

_LONGEST = LENGTHS[Level.VILLAGE]


@dataclass(frozen=True, slots=True)
class Places:
    """Which rows are read: regions with everything below them, and regions alone."""

    whole: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    @classmethod
    def of(cls, regions: Sequence[str]) -> Places:
        """Regions with all that is below them; nothing is below a village."""
        whole = tuple(region for region in regions if len(region) < _LONGEST)
        return cls(whole, tuple(region for region in regions if len(region) == _LONGEST))


def figures(
    session: Session, noun: Noun, places: Places, days: tuple[date, date], by: By | None, level: str | None = None
) -> list[AnyRow]:
    """The sums of a noun's figures: `key`, `part` (of hazards their class; of call-outs `drill` of drills), and
    the figures.

    `key` is the region, level, day or class; empty where nothing is split. Months are split by day.
    """
    source = SOURCES[noun]
    table = source.table
    key, part = _key(source, by), _class(source)
    wanted = [_there(source, places), table.c.day.between(*days)]
    if level is not None:
        wanted.append(table.c.level == level)
    sums = [sql_cast(func.sum(table.c[figure]), BigInteger()).label(figure) for figure in source.figures]
    question = select(key.label("key"), part.label("part"), *sums).where(*wanted)
    return list(session.execute(question.group_by("key", "part").order_by("key", "part")).all())


def first_day(session: Session, places: Places) -> date | None:
    """The first day of which anything is known there."""
    looks = []
    for source in SOURCES.values():
        # One look along the key for each region, however long ago it began.
        for is_total, codes in ((True, places.whole), (False, places.alone)):
            for code in codes:
                here = (source.table.c.region_code == code, source.table.c.is_total.is_(is_total))
                looks.append(select(func.min(source.table.c.day).label("day")).where(*here))
    every = union_all(*looks).subquery()
    return cast("date | None", session.scalar(select(func.min(every.c.day))))


def _there(source: Source, places: Places) -> ColumnElement[bool]:
    table = source.table
    parts = []
    if places.whole:
        parts.append(and_(table.c.region_code.in_(places.whole), table.c.is_total))
    if places.alone:
        parts.append(and_(table.c.region_code.in_(places.alone), ~table.c.is_total))
    return or_(*parts)


def _key(source: Source, by: By | None) -> ColumnElement[Any]:
    table = source.table
    if by is By.REGION:
        return table.c.region_code
    if by is By.LEVEL:
        return table.c.level
    if by in (By.DAY, By.MONTH):
        return table.c.day
    return literal("", String())


def _class(source: Source) -> ColumnElement[Any]:
    table = source.table
    if source.noun is Noun.HAZARDS:
        starts = [(table.c.kind.startswith(f"{name}.", autoescape=True), name) for name in CLASSES]
        return case(*starts, else_="")
    if source.noun is Noun.CALLOUTS:
        return case((table.c.is_drill == 1, "drill"), else_="")
    return literal("", String())


def below(children: Sequence[str], region: str) -> Places:
    """The regions directly below one, each whole, and what lies in that one itself."""
    found = Places.of(children)
    return Places(found.whole, (*found.alone, region))
