"""Counting days into rollups: rows of each region alone, then of every region with all below it. Set-based, always."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, String, delete, false, func, insert, literal, literal_column, select, true
from sqlalchemy import union_all as union_of
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, lock
from backend.domain.regions import LENGTHS, way_to
from backend.domain.terms import Level
from backend.store.rollup_sources import Source

WIDER = tuple(LENGTHS[level] for level in (Level.TOWN, Level.COUNTY, Level.CITY, Level.PROVINCE))
"""The lengths of regions that have others below them."""
_FEW = 200
"""With more regions of a day than so many it is counted whole."""


def hold(session: Session) -> None:
    """Only one counts at a time."""
    lock(session, "rollups")


def count(
    session: Session, source: Source, day: date, begin: datetime, end: datetime, regions: Collection[str] | None
) -> None:
    """Count a day anew, in these regions or (None) everywhere, and what is around them."""
    if regions is not None and len(regions) > _FEW:
        regions = None
    table = source.table
    here = [] if regions is None else [among(session, table.c.region_code, regions)]
    session.execute(delete(table).where(table.c.day == day, ~table.c.is_total, *here))
    session.execute(insert(table).from_select(_names(source), _alone(session, source, day, begin, end, regions)))
    _total(session, source, day, regions)


def counted(session: Session, source: Source, day: date, begin: datetime, end: datetime) -> list[AnyRow]:
    """What a day comes to when it is counted from the records: a row of each region alone."""
    return list(session.execute(_alone(session, source, day, begin, end, None)).all())


def kept(session: Session, source: Source, day: date) -> list[AnyRow]:
    """What is kept of a day, totals too."""
    columns = [source.table.c[name] for name in _names(source)]
    return list(session.execute(select(*columns).where(source.table.c.day == day)).all())


def next_moment(session: Session, source: Source, since: datetime) -> datetime | None:
    """The first moment from then on of which something is to be counted; by hops along indexes."""
    found = [session.scalar(select(func.min(moment)).where(moment >= since)) for moment in source.moments]
    return min((each for each in found if each is not None), default=None)


def next_day(session: Session, source: Source, since: date) -> date | None:
    """The first day from then on of which something is kept."""
    day = source.table.c.day
    return session.scalar(select(func.min(day)).where(day >= since))


def _names(source: Source) -> list[str]:
    return ["region_code", "is_total", "day", "level", *source.keys, *source.figures]


def _alone(
    session: Session, source: Source, day: date, begin: datetime, end: datetime, regions: Collection[str] | None
) -> Any:
    """Each region by itself, counted from the records."""
    here = () if regions is None else (among(session, source.region, regions),)
    parts = source.rows(begin, end, here)
    rows = union_of(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    dims = [rows.c.region_code, rows.c.level, *(rows.c[key] for key in source.keys)]
    shown = [dims[0], false(), literal(day, Date()), *dims[1:]]
    return select(*_labelled(source, shown), *_sums(source, rows.c)).group_by(*dims)


def _total(session: Session, source: Source, day: date, regions: Iterable[str] | None) -> None:
    """Every region with what is below it, from the rows of each alone."""
    table = source.table
    around = None if regions is None else {wider for region in regions for wider in way_to(region)}
    here = [] if around is None else [among(session, table.c.region_code, around)]
    session.execute(delete(table).where(table.c.day == day, table.c.is_total, *here))
    for length in WIDER:
        code = func.substr(table.c.region_code, literal_column("1"), literal_column(str(length)), type_=String())
        mine = [func.length(table.c.region_code) >= length]
        if around is not None:
            wanted = [each for each in around if len(each) == length]
            if not wanted:
                continue
            mine.append(among(session, code, wanted))
        dims = [code, table.c.level, *(table.c[key] for key in source.keys)]
        shown: list[ColumnElement[Any]] = [code, true(), literal(day, Date()), *dims[1:]]
        rows = select(*_labelled(source, shown), *_sums(source, table.c))
        rows = rows.where(table.c.day == day, ~table.c.is_total, *mine).group_by(*dims)
        session.execute(insert(table).from_select(_names(source), rows))


def _labelled(source: Source, shown: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    names = ["region_code", "is_total", "day", "level", *source.keys]
    return [column.label(name) for name, column in zip(names, shown, strict=True)]


def _sums(source: Source, columns: Any) -> list[ColumnElement[Any]]:
    return [func.sum(columns[figure]).label(figure) for figure in source.figures]
