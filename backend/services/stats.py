"""Statistics: the figures of a period for whoever may see them, split by one thing, with the day of their beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import AnyRow, Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.stats import FIGURES, GROUPS, LEVELS, By, Noun, Period, added, key_of
from backend.errors import BadInput, NotFound
from backend.services import access
from backend.store import clockwork, regions, rollup_debts, stats
from backend.store.stats import Places

Figures = Mapping[str, Mapping[str, int]]
"""By group, then by figure."""
Rows = Mapping[Noun, Sequence[AnyRow]]
_MANY = 1_000
_CLASS_OF = {"four_illegal": "four_illegal", "flood": "flood", "callouts": "", "drills": "drill"}
"""Which rows of a noun belong to a group; of the others all do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a period, where (None: one's whole part of the world), split by what, and of which level."""

    period: Period
    region: str | None = None
    by: By | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the whole."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of a period in a place."""

    asked: Asked
    regions: tuple[str, ...]
    """Where they are from; usually one."""
    names: Mapping[str, str]
    total: Figures
    rows: tuple[Row, ...]
    first_day: date | None
    """The first day of which anything is known there; None while nothing is."""
    as_of: datetime
    """Everything that happened before is in."""
    waiting: int
    """So many changes are not in yet; counted up to a thousand."""


def of_period(session: Session, actor: Actor, asked: Asked, *, now: datetime, zone: ZoneInfo) -> Stats:
    """The figures that somebody sees; NotFound for a region outside, BadInput for a period that cannot be."""
    where = access.part_of(scope_of(actor, Action.SEE_STATS).regions, asked.region)
    return of_regions(session, where, asked, now=now, zone=zone)


def of_regions(session: Session, where: Sequence[str], asked: Asked, *, now: datetime, zone: ZoneInfo) -> Stats:
    """The same of these regions; for whoever has the whole house."""
    if asked.period.flaw is not None:
        raise BadInput.at("/to", asked.period.flaw)
    names = regions.family(session, where)
    if any(region not in names for region in where):
        raise NotFound()
    children = [code for code in names if code not in where]
    places = _places(where, children, asked.by)
    days = (asked.period.first, asked.period.last)
    rows = {noun: stats.figures(session, noun, places, days, asked.by, asked.level) for noun in Noun}
    waiting = rollup_debts.waiting(session, _MANY)
    last = clockwork.last_slot(session, "rollups") if waiting else None
    as_of = min(last, now) if last is not None else now
    parts = _parts(where, children, asked, day_of(as_of, zone))
    return Stats(
        asked,
        tuple(where),
        names,
        _grouped(rows),
        _split(rows, asked.by, names, parts),
        stats.first_day(session, Places.of(where)),
        as_of,
        waiting,
    )


def _places(where: Sequence[str], children: Sequence[str], by: By | None) -> Places:
    if by is not By.REGION or len(where) > 1:
        return Places.of(where)
    return stats.below(children, where[0])


def _parts(where: Sequence[str], children: Sequence[str], asked: Asked, today: date) -> Iterable[str]:
    """The keys that are shown whether anything happened or not: every place below, every day and month up to today."""
    if asked.by is By.REGION:
        return children if len(where) == 1 and children else where
    if asked.by not in (By.DAY, By.MONTH):
        return ()
    days = (min(asked.period.last, today) - asked.period.first).days + 1
    return [key_of(asked.by, str(asked.period.first + timedelta(days=at))) for at in range(days)]


def _grouped(rows: Rows) -> Figures:
    """Every group with the sums of its rows, zeros where there are none."""
    found = {}
    for group, noun in GROUPS.items():
        mine = [row for row in rows[noun] if _CLASS_OF.get(group, row.part) == row.part]
        found[group] = added((cast("Mapping[str, int]", row._mapping) for row in mine), FIGURES[noun])
    return found


def _split(rows: Rows, by: By | None, names: Mapping[str, str], keys: Iterable[str]) -> tuple[Row, ...]:
    """A row for each of these keys and for any other of which there is something, in order; levels in that of rank."""
    if by is None:
        return ()
    parts: dict[str, dict[Noun, list[AnyRow]]] = defaultdict(_empty, {key: _empty() for key in keys})
    for noun, of_noun in rows.items():
        for row in of_noun:
            if by is By.CLASS and noun is not Noun.HAZARDS:
                continue
            key = row.part if by is By.CLASS else key_of(by, str(row.key))
            parts[key][noun].append(row)
    order = LEVELS.index if by is By.LEVEL else str
    return tuple(Row(key, names.get(key, key), _grouped(parts[key])) for key in sorted(parts, key=order))


def _empty() -> dict[Noun, list[AnyRow]]:
    return {noun: [] for noun in Noun}
