"""Questions of an audit (审计): who did what to what, from the records and the timelines of hazards taken together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, exists, false, literal, null, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.changes import Record
from backend.models.facts import Fact
from backend.models.flood_warnings import FloodWarning
from backend.models.hazards import Hazard
from backend.models.people import Appointment, Person
from backend.store.regions import inside

RECORD, FACT = "record", "fact"
SOURCES = (FACT, RECORD)
"""In the order in which they stand where they happened at one moment."""
_record, _fact = cast(Table, Record.__table__), cast(Table, Fact.__table__)
_hazard, _person = cast(Table, Hazard.__table__), cast(Table, Person.__table__)
Place = tuple[datetime, int, int]
"""When, the number of the source in `SOURCES`, and the running number."""
EXPORT = "export"
OWN_EXPORTS = ("export_ledger", "export_dead_numbers", "export_board", "export_report")
"""Lists that the API itself gives as files, each an act of its own; any other is an `EXPORT` of the list it names."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of all that happened somebody may see."""

    doers: Sequence[str]
    """Acts of people who had a post in these regions."""
    cases: Sequence[str]
    """Timelines of the hazards of these."""
    is_all: bool
    """Whether the first are all there are: then what the house did by itself, too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which acts are asked for."""

    person: UUID | None = None
    act: str | None = None
    thing_type: str | None = None
    thing: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    """The first moment that is not asked for any more."""


def listed(session: Session, seen: Seen, asked: Asked, *, after: Place | None, limit: int) -> list[AnyRow]:
    """What happened, the newest first, one more than `limit` when there are more.

    Each with source (its number in `SOURCES`), seq, at, actor_id, actor_name, act, thing_type, thing_id (a text),
    number (of a fact in its chain) and body (a text, for that of a fact is one).
    """
    rows = [
        row for source in range(len(SOURCES)) for row in session.execute(_look(source, seen, asked, after, limit)).all()
    ]
    return sorted(rows, key=lambda row: (row.at, row.source, row.seq), reverse=True)[: limit + 1]


def exports(
    session: Session, seen: Seen, asked: Asked, *, after: tuple[datetime, int] | None, limit: int
) -> list[AnyRow]:
    """Lists that people took out, the newest first, one more than `limit` when there are more; `asked.thing`: which."""
    source, c = SOURCES.index(RECORD), _record.c
    question = _shown(source).where(_within(source, seen), *_filters(source, replace(asked, thing=None)))
    question = question.where(c.act.in_((EXPORT, *OWN_EXPORTS)))
    if asked.thing is not None:
        question = question.where(
            or_(and_(c.act == EXPORT, c.thing_id == asked.thing), c.act == f"export_{asked.thing}")
        )
    if after is not None:
        question = question.where(tuple_(c.at, c.seq) < after)
    return list(session.execute(question.order_by(c.at.desc(), c.seq.desc()).limit(limit + 1)).all())


def one(session: Session, seen: Seen, source: int, seq: int) -> AnyRow | None:
    """One of them."""
    question = _shown(source).where(_columns(source).seq == seq, _within(source, seen))
    return session.execute(question).one_or_none()


def before(session: Session, row: Any, acts: Collection[str]) -> AnyRow | None:
    """What was last put on record of the same thing by one of these acts before a record: its body."""
    same = (_record.c.thing_type == row.thing_type, _record.c.thing_id == row.thing_id, _record.c.seq < row.seq)
    question = select(_record.c.body).where(*same, _record.c.act.in_(acts))
    return session.execute(question.order_by(_record.c.seq.desc()).limit(1)).one_or_none()


def people(session: Session, ids: Collection[UUID]) -> dict[str, str]:
    """Names by id."""
    question = select(_person.c.id, _person.c.name).where(_person.c.id.in_(list(ids)))
    return {str(row.id): row.name for row in session.execute(question)}


def warnings(session: Session, ids: Collection[UUID]) -> dict[str, str]:
    """Numbers of warnings by id; nothing is asked for none."""
    if not ids:
        return {}
    question = select(FloodWarning.id, FloodWarning.number).where(FloodWarning.id.in_(list(ids)))
    return {str(row.id): row.number for row in session.execute(question)}


def _look(source: int, seen: Seen, asked: Asked, after: Place | None, limit: int) -> Select[Any]:
    c = _columns(source)
    question = _shown(source).where(_within(source, seen), *_filters(source, asked))
    if after is not None:
        at, other, seq = after
        if source == other:
            question = question.where(tuple_(c.at, c.seq) < (at, seq))
        else:
            question = question.where(c.at <= at if source < other else c.at < at)
    return question.order_by(c.at.desc(), c.seq.desc()).limit(limit + 1)


def _filters(source: int, asked: Asked) -> list[ColumnElement[bool]]:
    c = _columns(source)
    found = []
    if asked.person is not None:
        found.append(c.actor_id == asked.person)
    if asked.act is not None:
        found.append(c.act == asked.act)
    if asked.thing_type is not None:
        found.append(c.thing_type == asked.thing_type)
    if asked.thing is not None:
        found.append(_is_thing(source, asked.thing))
    if asked.begin is not None:
        found.append(c.at >= asked.begin)
    if asked.end is not None:
        found.append(c.at < asked.end)
    return found


def _is_thing(source: int, thing: str) -> ColumnElement[bool]:
    if SOURCES[source] == RECORD:
        return _record.c.thing_id == thing
    try:
        return _fact.c.thing_id == UUID(thing)
    except ValueError:
        return false()


def _columns(source: int) -> Any:
    return (_record if SOURCES[source] == RECORD else _fact).c


def _shown(source: int) -> Select[Any]:
    c = _columns(source)
    is_fact = SOURCES[source] == FACT
    table = _fact if is_fact else _record
    columns = (
        literal(source).label("source"),
        c.seq,
        c.at,
        c.actor_id,
        _person.c.name.label("actor_name"),
        c.act,
        c.thing_type,
        c.thing_id,
        (c.number if is_fact else null()).label("number"),
        c.body,
    )
    joined = table.outerjoin(_person, _person.c.id == c.actor_id)
    if is_fact:
        joined = joined.join(_hazard, _hazard.c.id == _fact.c.thing_id)
    return select(*columns).select_from(joined)


def _within(source: int, seen: Seen) -> ColumnElement[bool]:
    """What of a source may be seen."""
    if SOURCES[source] == FACT:
        return or_(false(), *(inside(_hazard.c.region_code, region) for region in seen.cases))
    if seen.is_all:
        return _record.c.seq > 0
    there = or_(false(), *(inside(Appointment.region_code, region) for region in seen.doers))
    return exists().where(Appointment.person_id == _record.c.actor_id, there)
