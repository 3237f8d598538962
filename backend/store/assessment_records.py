"""Questions about what stands behind one person's figures of an assessment, as it is now: periods, calls, answers,
sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.callouts import Callout
from backend.models.campaigns import Campaign, CampaignSegment
from backend.models.duty_periods import DutyPeriod
from backend.models.flood_warnings import FloodWarning
from backend.models.hazards import Hazard
from backend.models.segments import River, Segment
from backend.models.training import Training
from backend.store import assessment_figures as figures
from backend.store import assessment_training as training
from backend.store.assessment_figures import Asked

Place = tuple[int, str]
"""Where a row stands in its list: a running number, and what tells rows of the same number apart."""


def patrols(session: Session, asked: Asked, person: UUID, region: str, after: Place | None, limit: int) -> list[AnyRow]:
    """Settled periods, in the order in which they were settled: river, from, until, needed, done, basis."""
    number, name = DutyPeriod.seq.label("number"), DutyPeriod.river_code.label("name")
    question = figures.periods(asked).where(DutyPeriod.person_id == person, DutyPeriod.region_code == region)
    question = question.join(River, River.code == DutyPeriod.river_code)
    question = question.add_columns(River.name.label("river"), number, name)
    return _page(session, question, DutyPeriod.seq, DutyPeriod.river_code, after, limit)


def callouts(
    session: Session, asked: Asked, person: UUID, region: str, after: Place | None, limit: int
) -> list[AnyRow]:
    """Calls by real warnings: the warning, when it began, when it was answered, and whether before it climbed."""
    columns = (
        *(Callout.id, Callout.warning_id, Callout.begun_at, Callout.answered_at, Callout.climbed_at),
        *(FloodWarning.number.label("warning"), FloodWarning.headline),
        *(figures.answered().label("is_hit"), Callout.seq.label("number"), literal("").label("name")),
    )
    question = select(*columns).join(FloodWarning, FloodWarning.id == Callout.warning_id)
    question = question.where(*figures.called(asked), Callout.person_id == person)
    return _page(session, question, Callout.seq, literal(""), after, limit)


def campaigns(
    session: Session, asked: Asked, person: UUID, region: str, after: Place | None, limit: int
) -> list[AnyRow]:
    """Reaches that owed a campaign an answer: campaign, reach, deadline, when it came, and whether in time."""
    columns = (
        *(Campaign.id, Campaign.name.label("campaign"), Campaign.deadline, CampaignSegment.answered_at),
        *(Segment.code.label("segment"), Segment.name.label("segment_name")),
        *(figures.replied().label("is_hit"), Campaign.seq.label("number"), Segment.code.label("name")),
    )
    question = select(*columns).select_from(CampaignSegment)
    question = question.join(Campaign, Campaign.id == CampaignSegment.campaign_id)
    question = question.join(Segment, Segment.id == CampaignSegment.segment_id)
    question = question.where(*figures.asked_to_reply(asked), CampaignSegment.chief_id == person)
    return _page(session, question, Campaign.seq, Segment.code, after, limit)


def trainings(
    session: Session, asked: Asked, person: UUID, region: str, after: Place | None, limit: int
) -> list[AnyRow]:
    """Sessions to which they were asked: id, title, begins_at, and whether they were credited."""
    each = training.asked_to_come(session, asked, [person]).subquery()
    columns = (Training.id, Training.title, Training.begins_at, func.max(each.c.is_hit).label("is_hit"))
    question = select(*columns, Training.seq.label("number"), literal("").label("name"))
    question = question.join(each, each.c.training_id == Training.id)
    question = question.group_by(Training.id, Training.title, Training.begins_at, Training.seq)
    return _page(session, question, Training.seq, literal(""), after, limit)


def hazards(session: Session, asked: Asked, person: UUID, region: str, after: Place | None, limit: int) -> list[AnyRow]:
    """Hazards that were reported and were some: id, kind, severity, state, when, and on which reach."""
    columns = (
        *(Hazard.id, Hazard.kind, Hazard.severity, Hazard.state, Hazard.reported_at),
        *(Segment.name.label("segment_name"), Hazard.seq.label("number"), literal("").label("name")),
    )
    question = select(*columns).join(Segment, Segment.id == Hazard.segment_id)
    question = question.where(*figures.cohort(asked), Hazard.reporter_id == person)
    return _page(session, question, Hazard.seq, literal(""), after, limit)


def _page(session: Session, question: Any, number: Any, name: Any, after: Place | None, limit: int) -> list[AnyRow]:
    if after is not None:
        question = question.where(tuple_(number, name) > tuple_(literal(after[0]), literal(after[1])))
    return list(session.execute(question.order_by(number, name).limit(limit + 1)).all())
