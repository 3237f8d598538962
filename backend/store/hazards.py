"""Questions about hazards; a list always says whose or where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, false, or_, select, union, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.flood_days import Pressing
from backend.domain.hazards import OPEN
from backend.domain.regions import LENGTHS
from backend.domain.stats import Noun
from backend.domain.terms import Level
from backend.models.claims import HazardClaim
from backend.models.hazards import Hazard, HazardAct
from backend.models.people import Person, Unit
from backend.models.regions import Region
from backend.models.segments import Segment
from backend.store import rollup_debts
from backend.store.hazard_filters import Asked, filters, in_box
from backend.store.interim import watched_by
from backend.store.pressing import presses
from backend.store.regions import inside, start
from backend.store.spatial import Box

_hazard = cast(Table, Hazard.__table__)
_segment = cast(Table, Segment.__table__)
_unit = cast(Table, Unit.__table__)
_reporter = cast(Table, Person.__table__).alias("reporter")
_assignee = cast(Table, Person.__table__).alias("assignee")
_claim, _claimer = cast(Table, HazardClaim.__table__), cast(Table, Person.__table__).alias("claimer")
_region = cast(Table, Region.__table__)
_INDEXED = {LENGTHS[level]: start(_hazard.c.region_code, level) for level in (Level.TOWN, Level.COUNTY)}
_COUNTED = frozenset({"state", "kind", "severity", "region_code", "segment_id"})
"""What a hazard is counted by: when it changes, every day on which something was done about it changes with it."""


def add(session: Session, values: dict[str, Any]) -> int | None:
    """Insert, or nothing when the phone's id is taken; the running number of the new row."""
    insertion = insert_for(session)(_hazard).on_conflict_do_nothing(index_elements=[_hazard.c.id])
    seq = session.execute(insertion.returning(_hazard.c.seq), values).scalar_one_or_none()
    if seq is not None:
        rollup_debts.owe(session, Noun.HAZARDS, values["reported_at"])
    return seq


def change(session: Session, seq: int, **values: Any) -> None:
    """Alter the standing of one hazard, and raise its version."""
    session.execute(update(_hazard).where(_hazard.c.seq == seq).values(version=_hazard.c.version + 1, **values))
    if _COUNTED & values.keys():
        reported = select(_hazard.c.reported_at).where(_hazard.c.seq == seq)
        acted = select(HazardAct.at).join(_hazard, _hazard.c.id == HazardAct.hazard_id).where(_hazard.c.seq == seq)
        rollup_debts.owe_all(session, Noun.HAZARDS, reported)
        rollup_debts.owe_all(session, Noun.HAZARDS, acted)


def existing(session: Session, hazard_id: UUID) -> AnyRow | None:
    """The hazard of that id with the names around it, whoever may see it."""
    return session.execute(_shown().where(_hazard.c.id == hazard_id)).one_or_none()


def seen(session: Session, hazard_id: UUID, scope: Scope) -> AnyRow | None:
    """The hazard of that id when it lies in the scope."""
    return session.execute(_shown().where(_hazard.c.id == hazard_id, within(scope))).one_or_none()


def hold(session: Session, *ids: UUID) -> None:
    """Keep everybody else from altering these until the transaction ends; held in one order, so that nobody waits for
    another who waits for them.
    """
    some = select(_hazard.c.seq).where(_hazard.c.id.in_(ids)).order_by(_hazard.c.seq)
    session.execute(some.with_for_update())


def listed(session: Session, scope: Scope, asked: Asked, *, limit: int, after: int | None = None) -> list[AnyRow]:
    """Hazards of the scope, newest first, one more than `limit` when there are more; keyset after a number."""
    later = [] if after is None else [_hazard.c.seq < after]
    return _ordered(session, _looked_for(scope, asked), [*filters(asked), *later], [_hazard.c.seq.desc()], limit)


def soonest_due(
    session: Session, scope: Scope, asked: Asked, *, limit: int, after: tuple[datetime, int] | None = None
) -> list[AnyRow]:
    """Those that have a deadline, the soonest due first and of one moment the newest; keyset after a deadline and a
    number.
    """
    wanted = [*filters(asked), _hazard.c.due_at.is_not(None)]
    if after is not None:
        due, seq = after
        wanted += [_hazard.c.due_at >= due, or_(_hazard.c.due_at > due, _hazard.c.seq < seq)]
    return _ordered(session, _looked_for(scope, asked), wanted, [_hazard.c.due_at, _hazard.c.seq.desc()], limit)


def _looked_for(scope: Scope, asked: Asked) -> Sequence[ColumnElement[bool]]:
    """Where to look, each by an index of its own."""
    return _parts(scope, asked.region) if asked.waits is None else asked.waits


def _ordered(
    session: Session,
    parts: Sequence[ColumnElement[bool]],
    filters: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
) -> list[AnyRow]:
    """One ordered, limited look for each part, so that each walks its own index; an OR would sort everything."""
    if not parts:
        return []
    looks = [select(_hazard.c.seq).where(part, *filters).order_by(*order).limit(limit + 1).subquery() for part in parts]
    chosen = union(*(select(look.c.seq) for look in looks)).subquery()
    question = _told(chosen.join(_hazard, _hazard.c.seq == chosen.c.seq)).order_by(*order).limit(limit + 1)
    return list(session.execute(question).all())


def alike(session: Session, scope: Scope, kind: str, box: Box, since: datetime, *, but: UUID) -> list[AnyRow]:
    """Open hazards of a kind in a box that were reported since, the newest first: at most fifty to choose from."""
    question = _shown().where(
        _hazard.c.kind == kind,
        in_box(box),
        _hazard.c.state.in_(OPEN),
        _hazard.c.reported_at >= since,
        _hazard.c.id != but,
        within(scope),
    )
    return list(session.execute(question.order_by(_hazard.c.seq.desc()).limit(50)).all())


def merged_into(session: Session, hazard_id: UUID) -> list[AnyRow]:
    """The hazards that were merged into one: id, reporter_id."""
    question = select(_hazard.c.id, _hazard.c.reporter_id).where(_hazard.c.merged_into_id == hazard_id)
    return list(session.execute(question.order_by(_hazard.c.seq)).all())


def counted_otherwise(
    session: Session, policy_version: int, pressing: Pressing, *, now: datetime, known_until: datetime, limit: int
) -> list[AnyRow]:
    """Hazards with a deadline to come that was counted under another policy or season, or before its year was known.

    Nobody else alters them until the transaction ends; those that were given more time are left out. `presses`: whether
    the water presses there now.
    """
    is_pressed = presses(pressing, _hazard.c.region_code, _hazard.c.river_code)
    other = or_(
        _hazard.c.policy_version != policy_version,
        and_(_hazard.c.kind.startswith("flood."), _hazard.c.is_pressing != is_pressed),
        and_(_hazard.c.is_provisional, _hazard.c.due_at < known_until),
    )
    columns = (column for column in _hazard.columns if column.name not in ("point", "report", "description", "done"))
    question = select(*columns, is_pressed.label("presses"))
    question = question.where(_hazard.c.due_at > now, _hazard.c.is_extended.is_(False), other)
    return list(session.execute(question.order_by(_hazard.c.seq).limit(limit).with_for_update(skip_locked=True)).all())


def act_of(session: Session, act_id: UUID) -> HazardAct | None:
    """The act of that id, if it was taken."""
    return session.get(HazardAct, act_id)


def add_act(session: Session, values: dict[str, Any]) -> None:
    """Note an act; the key refuses an id that is taken."""
    session.execute(insert_for(session)(HazardAct).values(values))
    rollup_debts.owe(session, Noun.HAZARDS, values["at"])


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    return _told(_hazard)


def _told(hazards: FromClause) -> Select[*tuple[Any, ...]]:
    """Hazards with the names of what they point to.

    What narrows them stands first: of more than eight joins PostgreSQL leaves the last where they are written.
    """
    names = (
        _reporter.c.name.label("reporter_name"),
        _assignee.c.name.label("assignee_name"),
        _unit.c.name.label("unit_name"),
        _segment.c.code.label("segment_code"),
        _segment.c.name.label("segment_name"),
        _region.c.name.label("region_name"),
        _claim.c.person_id.label("claimed_by_id"),
        _claimer.c.name.label("claimed_by_name"),
        _claim.c.since.label("claimed_since"),
        _claim.c.until_at.label("claimed_until"),
    )
    joined = hazards.join(_reporter, _reporter.c.id == _hazard.c.reporter_id)
    joined = joined.join(_segment, _segment.c.id == _hazard.c.segment_id)
    joined = joined.outerjoin(_assignee, _assignee.c.id == _hazard.c.assignee_id)
    joined = joined.outerjoin(_unit, _unit.c.code == _hazard.c.unit_code)
    joined = joined.outerjoin(_region, _region.c.code == _hazard.c.region_code)
    joined = joined.outerjoin(_claim, _claim.c.hazard_id == _hazard.c.id)
    joined = joined.outerjoin(_claimer, _claimer.c.id == _claim.c.person_id)
    return select(*(column for column in _hazard.columns if column.name != "point"), *names).select_from(joined)


def within(scope: Scope) -> ColumnElement[bool]:
    """What of all hazards lies in a scope."""
    return or_(false(), *_parts(scope))


def _parts(scope: Scope, region: str | None = None) -> list[ColumnElement[bool]]:
    """The scope as conditions of which one must hold, each with an index of its own; narrowed to a region."""
    prefixes = list(scope.regions)
    own: list[ColumnElement[bool]] = []
    if scope.people:
        own = [_hazard.c.reporter_id.in_(scope.people), _hazard.c.assignee_id.in_(scope.people)]
        own.append(_hazard.c.id.in_(watched_by(scope.people)))
    if scope.segments:
        own.append(_hazard.c.segment_id.in_(scope.segments))
    if scope.units:
        # Before it is assigned a unit is only proposed by kind and place: it is not that unit's yet.
        own.append(and_(_hazard.c.unit_code.in_(scope.units), _hazard.c.assigned_at.is_not(None)))
    own += [and_(_hazard.c.handed_to == post.value, _hazard.c.handed_region == handed) for post, handed in scope.handed]
    if region is not None:
        inner = [region for prefix in prefixes if region.startswith(prefix)]
        prefixes = inner or [prefix for prefix in prefixes if prefix.startswith(region)]
        own = [and_(part, in_region(region)) for part in own]
    return [in_region(prefix) for prefix in dict.fromkeys(prefixes)] + own


def in_region(prefix: str) -> ColumnElement[bool]:
    """A prefix of region codes; by the index of its county, town or village where it is one."""
    if len(prefix) == LENGTHS[Level.VILLAGE]:
        return _hazard.c.region_code == prefix
    whole = inside(_hazard.c.region_code, prefix)
    for length, begin in _INDEXED.items():
        if len(prefix) >= length:
            return begin == prefix if len(prefix) == length else and_(begin == prefix[:length], whole)
    return whole
