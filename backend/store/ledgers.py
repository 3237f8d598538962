"""Sums and lists of a campaign by region: always over its own rows, by their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow
from backend.domain.hazards import OPEN, State
from backend.domain.ledgers import Answered, Fixed
from backend.models.campaigns import CampaignHazard, CampaignSegment
from backend.models.hazards import Hazard
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.segments import Segment
from backend.store.regions import inside

_into = aliased(Hazard, name="into")
# A hazard that was merged is fixed with the one it was merged into.
_state = func.coalesce(_into.state, Hazard.state)
_due_at = func.coalesce(_into.due_at, Hazard.due_at)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a campaign: inside one of these regions; `alone`: in that very region and not below it."""

    campaign_id: UUID
    regions: Sequence[str]
    alone: str | None = None


def answered(session: Session, part: Part, length: int) -> list[AnyRow]:
    """How many segments of each kind, by the beginning of their region's code: place, and a number of each name."""
    sums = [func.sum(case((condition, 1), else_=0)).label(name.value) for name, condition in _ANSWERED.items()]
    place = func.substr(CampaignSegment.region_code, literal_column("1"), literal_column(str(length))).label("place")
    question = select(place, *sums).where(_inside(CampaignSegment, part)).group_by(place).order_by(place)
    return list(session.execute(question).all())


def found(session: Session, part: Part, length: int, now: datetime) -> list[AnyRow]:
    """How many hazards of each kind, by the beginning of the region's code."""
    conditions = {name: _fixed(name, now) for name in Fixed}
    sums = [func.sum(case((condition, 1), else_=0)).label(name.value) for name, condition in conditions.items()]
    place = func.substr(CampaignHazard.region_code, literal_column("1"), literal_column(str(length))).label("place")
    question = select(place, *sums).join(Hazard, Hazard.id == CampaignHazard.hazard_id)
    question = question.outerjoin(_into, _into.id == Hazard.merged_into_id)
    question = question.where(_inside(CampaignHazard, part)).group_by(place).order_by(place)
    return list(session.execute(question).all())


def segments(
    session: Session, part: Part, which: Answered | None, *, limit: int, after: tuple[str, UUID] | None = None
) -> list[AnyRow]:
    """Segments that were asked, by region, one more than `limit` when there are more; keyset after a row."""
    columns = (
        *(each for each in CampaignSegment.__table__.columns if each.name != "campaign_id"),
        Segment.code.label("segment_code"),
        Segment.name.label("segment_name"),
        Person.name.label("chief_name"),
        Person.phone_head,
        Person.phone_tail,
        Region.name.label("region_name"),
    )
    key = (CampaignSegment.region_code, CampaignSegment.segment_id)
    question = select(*columns).join(Segment, Segment.id == CampaignSegment.segment_id)
    question = question.outerjoin(Region, Region.code == CampaignSegment.region_code)
    question = question.outerjoin(Person, Person.id == CampaignSegment.chief_id).where(_inside(CampaignSegment, part))
    if which is not None:
        question = question.where(_ANSWERED[which])
    if after is not None:
        question = question.where(tuple_(*key) > after)
    return list(session.execute(question.order_by(*key).limit(limit + 1)).all())


def hazards(
    session: Session, part: Part, which: Fixed | None, now: datetime, *, limit: int, after: tuple[str, UUID] | None
) -> list[AnyRow]:
    """Hazards that standing answers name, by region, one more than `limit` when there are more; keyset after a row."""
    columns = (
        CampaignHazard.hazard_id,
        CampaignHazard.region_code,
        Hazard.kind,
        Hazard.severity,
        Hazard.state,
        Hazard.description,
        Hazard.merged_into_id,
        _due_at.label("due_at"),
        Segment.id.label("segment_id"),
        Segment.code.label("segment_code"),
        Segment.name.label("segment_name"),
        Region.name.label("region_name"),
    )
    key = (CampaignHazard.region_code, CampaignHazard.hazard_id)
    question = select(*columns, _fixed(Fixed.FIXED, now).label("is_fixed"))
    question = question.join(Hazard, Hazard.id == CampaignHazard.hazard_id)
    question = question.outerjoin(_into, _into.id == Hazard.merged_into_id)
    question = question.outerjoin(Region, Region.code == CampaignHazard.region_code)
    question = question.join(Segment, Segment.id == Hazard.segment_id).where(_inside(CampaignHazard, part))
    if which is not None:
        question = question.where(_fixed(which, now))
    if after is not None:
        question = question.where(tuple_(*key) > after)
    return list(session.execute(question.order_by(*key).limit(limit + 1)).all())


def _inside(row: type[CampaignSegment | CampaignHazard], part: Part) -> ColumnElement[bool]:
    here: list[ColumnElement[bool]] = [inside(row.region_code, region) for region in part.regions]
    whole = and_(row.campaign_id == part.campaign_id, or_(false(), *here))
    return whole if part.alone is None else and_(whole, row.region_code == part.alone)


def _fixed(which: Fixed, now: datetime) -> ColumnElement[bool]:
    rejected, closed = _state == State.REJECTED.value, _state == State.CLOSED.value
    conditions: dict[Fixed, ColumnElement[bool]] = {
        Fixed.FOUND: ~rejected,
        Fixed.FIXED: closed,
        Fixed.UNFIXED: and_(~rejected, ~closed),
        Fixed.OVERDUE: and_(_state.in_(OPEN), _due_at < now),
        Fixed.REJECTED: rejected,
    }
    return conditions[which]


def _answered() -> dict[Answered, ColumnElement[bool]]:
    row: Any = CampaignSegment
    is_answered = row.answer_id.is_not(None)
    return {
        Answered.OWED: or_(is_answered, row.excused_at.is_(None)),
        Answered.ANSWERED: is_answered,
        Answered.IN_TIME: and_(is_answered, row.is_late.is_(False)),
        Answered.LATE: and_(is_answered, row.is_late.is_(True)),
        Answered.ON_BEHALF: row.is_on_behalf.is_(True),
        Answered.NONE_FOUND: row.is_found.is_(False),
        Answered.WITH_FINDINGS: row.is_found.is_(True),
        Answered.SILENT: and_(row.answer_id.is_(None), row.excused_at.is_(None)),
        Answered.EXCUSED: and_(row.answer_id.is_(None), row.excused_at.is_not(None)),
    }


_ANSWERED = _answered()
