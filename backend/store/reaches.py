"""Questions on the busiest path: which reach a phone names, what lies above it, and for whom a walk there counts.

They are made once, of plain tables: making one costs more than asking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Date, FromClause, Select, Table, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from backend.domain.terms import Duty
from backend.models.patrols import Patrol
from backend.models.people import Absence
from backend.models.segments import Assignment, Segment
from backend.store.rules import newest_of

_segment = cast(Table, Segment.__table__)
_assignment = cast(Table, Assignment.__table__)
_absence = cast(Table, Absence.__table__)
_patrol = cast(Table, Patrol.__table__)
_NAMED = ("id", "code", "name", "river_code", "region_code", "level", "until_day", "version")
_DAY = bindparam("day", type_=Date())


@dataclass(frozen=True, slots=True)
class Named:
    """The segment a phone named, with the reaches above it, lowest first."""

    id: UUID
    code: str
    name: str
    river_code: str
    region_code: str
    level: int
    until_day: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Claim:
    """An assignment by which a walk on a segment counts for somebody on that day."""

    segment: Named
    duty: Duty
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new walk asks first: whether its id is taken, the newest rules, and the named segment's chain."""

    is_known: bool
    rule_version: int
    chain: list[Named]


def _opening(column: str) -> Select[*tuple[Any, ...]]:
    """One row, whatever is there: the number of the patrol of that id, the newest rules, a segment and its chain.

    Three reaches can lie above a segment.
    """
    steps = [_segment.alias(f"step{number}") for number in range(4)]
    start: FromClause = select(literal(1).label("always")).subquery("start")
    joined = start.outerjoin(steps[0], steps[0].c[column] == bindparam("ref"))
    for lower, upper in pairwise(steps):
        joined = joined.outerjoin(upper, upper.c.id == lower.c.parent_id)
    known = select(_patrol.c.seq).where(_patrol.c.id == bindparam("patrol")).scalar_subquery()
    columns = [step.c[name] for step in steps for name in _NAMED]
    return select(known.label("known"), newest_of("patrol").label("rules"), *columns).select_from(joined)


_OPENING_BY_ID, _OPENING_BY_CODE = _opening("id"), _opening("code")
_CLAIMS = select(_assignment.c.segment_id, _assignment.c.duty, _assignment.c.person_id).where(
    _assignment.c.segment_id.in_(bindparam("segments", expanding=True)),
    _assignment.c.from_day <= _DAY,
    or_(_assignment.c.until_day.is_(None), _assignment.c.until_day > _DAY),
    or_(
        _assignment.c.person_id == bindparam("walker"),
        _assignment.c.person_id.in_(
            select(_absence.c.person_id).where(
                _absence.c.substitute_id == bindparam("walker"),
                _absence.c.from_day <= _DAY,
                or_(_absence.c.until_day.is_(None), _absence.c.until_day > _DAY),
            )
        ),
    ),
)


def opening(session: Session, patrol_id: UUID, ref: UUID | str) -> Asked:
    """What every new walk asks first, in one question; no chain when there is no segment of that id or code."""
    question = _OPENING_BY_ID if isinstance(ref, UUID) else _OPENING_BY_CODE
    known, rule_version, *rest = session.execute(question, {"ref": ref, "patrol": patrol_id}).one()
    width = len(_NAMED)
    steps = [rest[start : start + width] for start in range(0, len(rest), width)]
    return Asked(known is not None, rule_version, [Named(*step) for step in steps if step[0] is not None])


def named(session: Session, ref: UUID | str) -> Named | None:
    """The segment of that id or code."""
    wanted = _segment.c.id == ref if isinstance(ref, UUID) else _segment.c.code == ref
    row = session.execute(select(*(_segment.c[name] for name in _NAMED)).where(wanted)).one_or_none()
    return Named(*row) if row is not None else None


def claims(session: Session, chain: Sequence[Named], walker: UUID, day: date) -> list[Claim]:
    """By which assignments of that day a walk counts: those nearest to the named reach first, one's own before others'.

    A superior who stands in for an absent chief and names that chief's reach serves the absent chief there.
    """
    segments = [reach.id for reach in chain]
    rows = session.execute(_CLAIMS, {"segments": segments, "walker": walker, "day": day}).all()
    place = {reach.id: steps for steps, reach in enumerate(chain)}
    found = [Claim(chain[place[segment]], Duty(duty), person) for segment, duty, person in rows]
    return sorted(found, key=lambda claim: (place[claim.segment.id], claim.person_id != walker, claim.duty))
