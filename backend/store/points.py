"""Questions about the ledger of points: what stands in it, and at which codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.hazards import State
from backend.domain.points import OF_ITSELF, Case, Share
from backend.models.hazards import Hazard
from backend.models.people import Person
from backend.models.points import PointEntry
from backend.models.public_reports import PublicReport
from backend.store import merges
from backend.store.regions import inside

_entry, _report = cast(Table, PointEntry.__table__), cast(Table, PublicReport.__table__)
_NOT_TRUE = (State.REPORTED.value, State.REJECTED.value, State.MERGED.value)
"""Not accepted yet, refused, or the same as another one."""
_SHOWN = (
    select(*_entry.c, _report.c.code, _report.c.hazard_id, Person.name.label("by_name"))
    .join(_report, _report.c.id == _entry.c.report_id)
    .outerjoin(Person, Person.id == _entry.c.by_id)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries; all of one's regions when nothing is said. `begin` counts, `end` does not."""

    what: str | None = None
    begin: datetime | None = None
    end: datetime | None = None


def is_of_public(session: Session, hazard_id: UUID) -> bool:
    """Whether a report of the public became this hazard, or one that was merged into it. Who only joined one has told
    nothing new.
    """
    return session.scalar(select(_report.c.id).where(_became(hazard_id)).limit(1)) is not None


def case(session: Session, hazard_id: UUID) -> Case:
    """A hazard that was not merged itself, with what stands at each report of its case."""
    stands = session.execute(select(Hazard.reported_at, Hazard.state).where(Hazard.id == hazard_id)).one()
    of_itself = and_(_entry.c.report_id == _report.c.id, _entry.c.what.in_([each.value for each in OF_ITSELF]))
    question = select(_report.c.id, Hazard.reported_at, _entry.c.points).join(Hazard, Hazard.id == _report.c.id)
    question = question.outerjoin(_entry, of_itself).where(_became(hazard_id))
    found: dict[UUID, Share] = {}
    for row in session.execute(question.order_by(Hazard.reported_at, Hazard.seq, _entry.c.number)):
        before = found.get(row.id, Share(row.id, row.reported_at, ()))
        found[row.id] = before if row.points is None else replace(before, entries=(*before.entries, row.points))
    return Case(hazard_id, stands.reported_at, stands.state not in _NOT_TRUE, list(found.values()))


def of_code(session: Session, code: str) -> AnyRow | None:
    """The report of a code: id, code, region_code, hazard_id, reported_at, is_joined, phone_index."""
    question = select(
        *(_report.c.id, _report.c.code, _report.c.region_code, _report.c.hazard_id, _report.c.reported_at),
        *(_report.c.is_joined, _report.c.phone_index),
    )
    return session.execute(question.where(_report.c.code == code)).one_or_none()


def true_since(session: Session, since: datetime) -> int:
    """How many reports since then became a hazard that the office has accepted."""
    question = select(func.count()).select_from(_report).join(Hazard, Hazard.id == _report.c.id)
    return session.scalar(question.where(_report.c.reported_at >= since, Hazard.state.not_in(_NOT_TRUE))) or 0


def add(session: Session, report_id: UUID, values: dict[str, Any]) -> None:
    """Add an entry as the next of its report, whose region it takes. Whoever calls holds the lock of the ledger."""
    number = select(func.coalesce(func.max(_entry.c.number), 0) + 1).where(_entry.c.report_id == report_id)
    region = select(_report.c.region_code).where(_report.c.id == report_id)
    placed = {"number": number.scalar_subquery(), "region_code": region.scalar_subquery()}
    session.execute(insert_for(session)(PointEntry).values(report_id=report_id, **placed, **values))


def of_deed(session: Session, deed_id: UUID) -> AnyRow | None:
    """The entry of a clerk's deed."""
    return session.execute(_SHOWN.where(_entry.c.deed_id == deed_id)).one_or_none()


def of_report(session: Session, report_id: UUID) -> list[AnyRow]:
    """Every entry of a report, in order."""
    return list(session.execute(_SHOWN.where(_entry.c.report_id == report_id).order_by(_entry.c.seq)).all())


def listed(session: Session, regions: Iterable[str], asked: Asked, *, limit: int, after: int | None) -> list[AnyRow]:
    """Entries of these regions, the newest first, one more than `limit`; keyset after a number."""
    question = _SHOWN.where(*_of(regions, asked))
    if after is not None:
        question = question.where(_entry.c.seq < after)
    return list(session.execute(question.order_by(_entry.c.seq.desc()).limit(limit + 1)).all())


def sums(session: Session, regions: Iterable[str], asked: Asked) -> dict[str, int]:
    """The points of these entries, by what they are."""
    question = select(_entry.c.what, func.sum(_entry.c.points)).where(*_of(regions, asked)).group_by(_entry.c.what)
    return {row[0]: int(row[1]) for row in session.execute(question)}


def _became(hazard_id: UUID) -> ColumnElement[bool]:
    return and_(_report.c.id.in_(merges.whole(hazard_id)), _report.c.is_joined.is_(False))


def _of(regions: Iterable[str], asked: Asked) -> list[ColumnElement[bool]]:
    found = [or_(false(), *(inside(_entry.c.region_code, region) for region in regions))]
    if asked.what is not None:
        found.append(_entry.c.what == asked.what)
    if asked.begin is not None:
        found.append(_entry.c.at >= asked.begin)
    if asked.end is not None:
        found.append(_entry.c.at < asked.end)
    return found
