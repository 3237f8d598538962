"""Keeping rollups right: days that are owed are counted again, and what is kept is checked against the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of, end_of, start_of
from backend.db import Database, Session
from backend.domain.regions import way_to
from backend.domain.stats import STATS, Noun
from backend.store import changes, rollup_debts, rollups
from backend.store.rollup_sources import SOURCES, Source

BATCH = 200
"""So many debts are settled in one transaction: on SQLite everybody else waits for it."""
REPAIR = "repair_stats"
FIRST_DAY = date(1970, 1, 2)
"""No moment that the house takes lies before it."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A figure that is kept otherwise than the records come to."""

    noun: Noun
    day: date
    region: str
    figure: str
    kept: int
    counted: int


def settle(session: Session, *, zone: ZoneInfo, limit: int = BATCH) -> int:
    """Count days again that are owed, the longest owed first; how many debts are settled."""
    rollups.hold(session)
    debts = rollup_debts.taken(session, limit)
    owed: dict[tuple[Noun, date], set[str]] = defaultdict(set)
    for noun, at, region in rollup_debts.moments(debts):
        owed[noun, day_of(at, zone)].add(region)
    for (noun, day), regions in sorted(owed.items()):
        _count(session, SOURCES[noun], day, None if "" in regions else regions, zone)
    rollup_debts.settle(session, [debt.seq for debt in debts])
    return len(debts)


def checked(
    database: Database, *, zone: ZoneInfo, since: date = FIRST_DAY
) -> Iterator[tuple[Noun, date, list[Difference]]]:
    """Every day from one on of which something is kept, or to be counted, with its differences; a transaction each."""
    for noun in Noun:
        day: date | None = since
        while day is not None:
            with database.transaction() as session:
                day = _next(session, SOURCES[noun], day, zone)
                found = differences(session, noun, day, zone=zone) if day is not None else []
            if day is not None:
                yield noun, day, found
                day += timedelta(days=1)


def _next(session: Session, source: Source, since: date, zone: ZoneInfo) -> date | None:
    moment = rollups.next_moment(session, source, start_of(since, zone))
    found = [moment and day_of(moment, zone), rollups.next_day(session, source, since)]
    return min((each for each in found if each is not None), default=None)


def differences(session: Session, noun: Noun, day: date, *, zone: ZoneInfo) -> list[Difference]:
    """Where the rows of a day are not what its records come to; nothing of a day that has yet to be counted.

    Regions are added up here once more, so that the totals are checked by another hand.
    """
    rollups.hold(session)
    source, begin, end = SOURCES[noun], start_of(day, zone), end_of(day, zone)
    kept = _by_cell(source, rollups.kept(session, source, day), "kept")
    counted = _by_cell(source, rollups.counted(session, source, day, begin, end), "counted")
    if kept == counted or rollup_debts.is_owed(session, noun, begin, end):
        return []
    return sorted(
        Difference(noun, day, cell[0], figure, kept[cell][figure], counted[cell][figure])
        for cell in kept.keys() | counted.keys()
        for figure in source.figures
        if kept[cell][figure] != counted[cell][figure]
    )


def repair(session: Session, noun: Noun, day: date, by: UUID | None, *, zone: ZoneInfo, now: datetime) -> None:
    """Count a day again, and put on record that its figures were wrong."""
    rollups.hold(session)
    _count(session, SOURCES[noun], day, None, zone)
    changes.record(session, now, by, REPAIR, STATS, f"{noun.value}/{day.isoformat()}", {})


def _count(session: Session, source: Source, day: date, regions: set[str] | None, zone: ZoneInfo) -> None:
    rollups.count(session, source, day, start_of(day, zone), end_of(day, zone), regions)


def _by_cell(source: Source, rows: Iterable[Any], which: str) -> dict[tuple[Any, ...], Counter[str]]:
    """Figures by region, whether it is a total, level and keys; totals of what was counted are made here."""
    cells: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in rows:
        rest = tuple(getattr(row, name) for name in ("level", *source.keys))
        wider = way_to(row.region_code) if which == "counted" else []
        places = [(row.region_code, bool(row.is_total))] + [
            (code, True) for code in wider if len(code) in rollups.WIDER
        ]
        for place in places:
            for figure in source.figures:
                cells[(*place, *rest)][figure] += int(getattr(row, figure))
    return cells
