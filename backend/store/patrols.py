"""Questions about patrols; a list always says whose or where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    false,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.domain.stats import Noun
from backend.domain.terms import Level, Outcome
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.segments import Segment
from backend.store import rollup_debts
from backend.store.reaches import Named
from backend.store.regions import inside, start

# Questions of the busiest path are made once, of plain tables: making one costs more than asking it.
_patrol = cast(Table, Patrol.__table__)
_segment = cast(Table, Segment.__table__)
_person = cast(Table, Person.__table__)

_NEWEST = (_patrol.c.walked_at.desc(), _patrol.c.seq.desc())
_SHOWN = [column for column in _patrol.columns if column.name not in ("track", "sketch")]
_INDEXED = {LENGTHS[level]: start(_patrol.c.region_code, level) for level in (Level.TOWN, Level.COUNTY)}
_judged = func.coalesce(_patrol.c.review_outcome, _patrol.c.outcome)
_STANDING: dict[str, ColumnElement[bool]] = {
    "counted": _patrol.c.counts,
    "doubtful": and_(_patrol.c.counts, _judged == Outcome.DOUBTFUL.value),
    "not_counted": and_(_patrol.c.withdrawn_at.is_(None), _patrol.c.counts.is_(False)),
    "withdrawn": _patrol.c.withdrawn_at.is_not(None),
}
"""As walks are counted in the statistics."""


@cache
def _insertion(insert: Any) -> Any:
    return insert(_patrol).on_conflict_do_nothing(index_elements=[_patrol.c.id]).returning(_patrol.c.seq)


def existing(session: Session, patrol_id: UUID) -> AnyRow | None:
    """The patrol of that id with the names around it, whoever may see it."""
    return session.execute(_shown().where(_patrol.c.id == patrol_id)).one_or_none()


def seen(session: Session, patrol_id: UUID, scope: Scope) -> AnyRow | None:
    """The patrol of that id when it lies in the scope."""
    return session.execute(_shown().where(_patrol.c.id == patrol_id, within(scope))).one_or_none()


def add(session: Session, values: dict[str, Any]) -> int | None:
    """Insert, or nothing when the phone's id is taken; the running number of the new row."""
    seq = session.execute(_insertion(insert_for(session)), values).scalar_one_or_none()
    if seq is not None:
        rollup_debts.owe(session, Noun.PATROLS, values["walked_at"], values["region_code"])
    return seq


def change(session: Session, seq: int, **values: Any) -> None:
    """Alter the verdict, review or withdrawal of one patrol, and raise its version."""
    session.execute(update(_patrol).where(_patrol.c.seq == seq).values(version=_patrol.c.version + 1, **values))
    of_it = select(_patrol.c.walked_at, _patrol.c.region_code).where(_patrol.c.seq == seq)
    rollup_debts.owe_all(session, Noun.PATROLS, of_it)


def listed(
    session: Session,
    scope: Scope,
    *,
    limit: int,
    after: tuple[datetime, int] | None = None,
    segment: UUID | str | None = None,
    person: UUID | None = None,
    duty_of: UUID | None = None,
    region: str | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    outcome: str | None = None,
    standing: str | None = None,
) -> list[AnyRow]:
    """Patrols of the scope, newest first, one more than `limit` when there are more; keyset after a row."""
    filters = _asked(segment, person, duty_of, begin, end, outcome, standing)
    if after is not None:
        filters.append(tuple_(_patrol.c.walked_at, _patrol.c.seq) < after)
    parts = _parts(scope, region)
    if not parts:
        return []
    # One ordered, limited look for each part, so that each walks its own index; an OR would sort everything.
    looks = [
        select(_patrol.c.seq).where(part, *filters).order_by(*_NEWEST).limit(limit + 1).subquery() for part in parts
    ]
    keys = union(*(select(look.c.seq) for look in looks))
    question = _shown().where(_patrol.c.seq.in_(keys.scalar_subquery())).order_by(*_NEWEST).limit(limit + 1)
    return list(session.execute(question).all())


def _asked(
    segment: UUID | str | None,
    person: UUID | None,
    duty_of: UUID | None,
    begin: datetime | None,
    end: datetime | None,
    outcome: str | None,
    standing: str | None,
) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if segment is not None:
        filters.append(_on(segment))
    whose = ((_patrol.c.person_id, person), (_patrol.c.duty_of_id, duty_of))
    filters += [column == each for column, each in whose if each is not None]
    if begin is not None:
        filters.append(_patrol.c.walked_at >= begin)
    if end is not None:
        filters.append(_patrol.c.walked_at < end)
    if outcome is not None:
        filters.append(_judged == outcome)
    if standing is not None:
        filters.append(_STANDING[standing])
    return filters


def next_since(session: Session, begin: datetime, *, after_seq: int) -> AnyRow | None:
    """The next walk since a moment in the order of receipt: seq, id, person and sketch; to run the rules again."""
    columns = (_patrol.c.seq, _patrol.c.id, _patrol.c.person_id, _patrol.c.sketch)
    later = select(*columns).where(_patrol.c.walked_at >= begin, _patrol.c.seq > after_seq)
    return session.execute(later.order_by(_patrol.c.seq).limit(1)).one_or_none()


def packed_track(session: Session, seq: int) -> bytes:
    """The stored points of one walk."""
    return session.execute(select(_patrol.c.track).where(_patrol.c.seq == seq)).scalar_one()


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    return select(
        *_SHOWN,
        _person.c.name.label("person_name"),
        _segment.c.code.label("segment_code"),
        _segment.c.name.label("segment_name"),
        _segment.c.length_m.label("segment_length_m"),
    ).select_from(
        _patrol.join(_person, _person.c.id == _patrol.c.person_id).join(_segment, _segment.c.id == _patrol.c.segment_id)
    )


def within(scope: Scope) -> ColumnElement[bool]:
    """What of all walks lies in a scope."""
    return or_(false(), *_parts(scope))


def _parts(scope: Scope, region: str | None = None) -> list[ColumnElement[bool]]:
    """The scope as conditions of which one must hold, each with an index of its own; narrowed to a region."""
    prefixes: Iterable[str] = scope.regions
    own: list[ColumnElement[bool]] = []
    if scope.people:
        own = [_patrol.c.person_id.in_(scope.people), _patrol.c.duty_of_id.in_(scope.people)]
    if scope.segments:
        own.append(_patrol.c.segment_id.in_(scope.segments))
    if region is not None:
        within = [region for prefix in prefixes if region.startswith(prefix)]
        prefixes = within or [prefix for prefix in prefixes if prefix.startswith(region)]
        own = [and_(part, in_region(region)) for part in own]
    return [in_region(prefix) for prefix in dict.fromkeys(prefixes)] + own


def _on(segment: UUID | str) -> ColumnElement[bool]:
    """On the segment of that id or code; on none where there is no such segment, which nobody can tell apart."""
    if isinstance(segment, UUID):
        return _patrol.c.segment_id == segment
    return _patrol.c.segment_id == select(_segment.c.id).where(_segment.c.code == segment).scalar_subquery()


def in_region(prefix: str) -> ColumnElement[bool]:
    """A prefix of region codes; by the index of its county, town or village where it is one."""
    if len(prefix) == LENGTHS[Level.VILLAGE]:
        return _patrol.c.region_code == prefix
    within = inside(_patrol.c.region_code, prefix)
    for length, begin in _INDEXED.items():
        if len(prefix) >= length:
            return begin == prefix if len(prefix) == length else and_(begin == prefix[:length], within)
    return within


def fresh(seq: int, values: dict[str, Any], person_name: str, segment: Named, segment_length_m: float) -> Any:
    """A patrol just kept, as `existing` would show it, without asking again."""
    unset = {column.name: None for column in _SHOWN}
    return SimpleNamespace(
        **unset
        | values
        | {
            "seq": seq,
            "person_name": person_name,
            "segment_code": segment.code,
            "segment_name": segment.name,
            "segment_length_m": segment_length_m,
        }
    )
