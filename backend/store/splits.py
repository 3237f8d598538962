"""Questions about splits: what lies on a reach that is cut, and what goes over to the two."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.hazards import OPEN
from backend.models.campaigns import Campaign, CampaignSegment
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.people import Person
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, Checkpoint, NoticeBoard, Segment
from backend.models.splits import Split, SplitPart
from backend.models.stations import Station

_risk = cast(Table, SegmentRisk.__table__)


def existing(session: Session, split_id: UUID) -> Split | None:
    """The split of that id."""
    return session.get(Split, split_id)


def of_segment(session: Session, segment_id: UUID) -> Split | None:
    """The split by which a reach was cut, or is to be."""
    return session.scalars(select(Split).where(Split.segment_id == segment_id)).one_or_none()


def origin(session: Session, segment_id: UUID) -> Any:
    """Of a reach that came from a split: code, name and from_day of the one it was cut from; None for any other."""
    question = (
        select(Segment.code, Segment.name, Split.from_day)
        .join(Split, Split.segment_id == Segment.id)
        .join(SplitPart, SplitPart.split_id == Split.id)
        .where(SplitPart.segment_id == segment_id)
    )
    return session.execute(question).one_or_none()


def parts(session: Session, split_id: UUID) -> list[AnyRow]:
    """The two reaches, the upper one first: id, code, name, from_day, line, region_code."""
    columns = (Segment.id, Segment.code, Segment.name, Segment.from_day, Segment.line, Segment.region_code)
    question = select(*columns).join(SplitPart, SplitPart.segment_id == Segment.id)
    return list(session.execute(question.where(SplitPart.split_id == split_id).order_by(SplitPart.number)).all())


def add(session: Session, row: Split, segments: Iterable[UUID]) -> None:
    """Write a split with its two reaches; the one that is cut ends on its day."""
    session.add(row)
    session.flush()
    numbered = enumerate(segments)
    session.execute(insert(SplitPart), [{"segment_id": one, "split_id": row.id, "number": n} for n, one in numbered])
    session.execute(update(Segment).where(Segment.id == row.segment_id).values(until_day=row.from_day))


def held(session: Session, segment_id: UUID, day: date) -> list[AnyRow]:
    """Who answers for a reach on a day or later: id, person_id, name, duty, appointment_id, from_day, until_day."""
    names = ("id", "person_id", "duty", "appointment_id", "from_day", "until_day")
    question = select(*(getattr(Assignment, name) for name in names), Person.name)
    question = question.join(Person, Person.id == Assignment.person_id)
    not_over = or_(Assignment.until_day.is_(None), Assignment.until_day > day)
    question = question.where(Assignment.segment_id == segment_id, not_over)
    return list(session.execute(question.order_by(Assignment.duty, Assignment.from_day, Assignment.id)).all())


def history(session: Session, segment_id: UUID) -> tuple[int, datetime | None, int]:
    """What stays with a reach that is cut: its walks, when the last of them was, and hazards that are over."""
    over = select(func.count()).where(Hazard.segment_id == segment_id, Hazard.state.not_in(OPEN)).scalar_subquery()
    question = select(func.count(Patrol.seq), func.max(Patrol.walked_at), over)
    walks, last, hazards = session.execute(question.where(Patrol.segment_id == segment_id)).one()
    return walks, last, hazards


def stations(session: Session, segment_id: UUID) -> list[AnyRow]:
    """The stations that speak for a reach: id, code, name, lon, lat."""
    columns = (Station.id, Station.code, Station.name, Station.lon, Station.lat)
    return list(session.execute(select(*columns).where(Station.segment_id == segment_id).order_by(Station.code)).all())


def campaigns(session: Session, segment_id: UUID, today: date) -> list[UUID]:
    """The campaigns that run and wait for an answer of a reach."""
    question = select(CampaignSegment.campaign_id).join(Campaign, Campaign.id == CampaignSegment.campaign_id)
    running = and_(Campaign.ended_at.is_(None), Campaign.due_day >= today, CampaignSegment.answer_id.is_(None))
    return list(session.scalars(question.where(CampaignSegment.segment_id == segment_id, running)))


def move(
    session: Session,
    to: UUID,
    *,
    checkpoints: dict[UUID, float],
    boards: Collection[UUID],
    stations: Collection[UUID],
    reaches: Collection[UUID],
) -> None:
    """Let these lie on a part: checkpoints with their metres along it, boards, stations, and lower reaches."""
    for checkpoint, chainage_m in checkpoints.items():
        placed = update(Checkpoint).where(Checkpoint.id == checkpoint)
        session.execute(placed.values(segment_id=to, chainage_m=chainage_m))
    session.execute(update(NoticeBoard).where(NoticeBoard.id.in_(list(boards))).values(segment_id=to))
    session.execute(update(Station).where(Station.id.in_(list(stations))).values(segment_id=to))
    session.execute(update(Segment).where(Segment.id.in_(list(reaches))).values(parent_id=to))


def owe(session: Session, campaign_id: UUID, old: UUID, new: UUID) -> None:
    """Let a part owe a campaign the answer that the reach it was cut from owed."""
    row = CampaignSegment
    same = select(row.campaign_id, literal(new, row.segment_id.type), row.region_code, row.chief_id, literal(False))
    same = same.where(row.campaign_id == campaign_id, row.segment_id == old)
    session.execute(insert(row).from_select(["campaign_id", "segment_id", "region_code", "chief_id", "is_late"], same))


def same_risk(session: Session, old: UUID, new: UUID) -> None:
    """Let a part begin with the risk of the reach it was cut from, until it is weighed itself."""
    names = [column.name for column in _risk.columns if column.name != "segment_id"]
    same = select(literal(new, _risk.c.segment_id.type), *(_risk.c[name] for name in names))
    session.execute(insert(_risk).from_select(["segment_id", *names], same.where(_risk.c.segment_id == old)))


def waiting(session: Session, today: date, limit: int) -> list[UUID]:
    """Splits whose day has come and that are not settled, and those to whose old reach a hazard came afterwards."""
    late = select(Hazard.seq).where(Hazard.segment_id == Split.segment_id, Hazard.state.in_(OPEN)).exists()
    question = select(Split.id).where(Split.from_day <= today, or_(Split.settled_at.is_(None), late))
    return list(session.scalars(question.order_by(Split.from_day, Split.id).limit(limit)))


def taken(session: Session, split_id: UUID) -> Split | None:
    """A split, held until the transaction ends; None where somebody else is at it."""
    question = select(Split).where(Split.id == split_id).with_for_update(skip_locked=True)
    return session.scalars(question).one_or_none()
