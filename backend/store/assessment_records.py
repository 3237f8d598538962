"""Questions about what stands behind the figures of one row of an assessment, as it is now: periods, calls, answers,
sessions, hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.terms import CHIEFS, Post
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
from backend.store.regions import inside

Place = tuple[int, str]
"""Where a row stands in its list: a running number, and what tells rows of the same number apart."""


@dataclass(frozen=True, slots=True)
class Whose:
    """A row of somebody who may stand in the assessment more than once."""

    person: UUID
    post: Post
    region: str
    regions: Sequence[str]
    """Of all their rows of that post, in order."""
    is_first: bool
    """Whether it is the first of all their rows, which tells what they did besides."""


def patrols(session: Session, asked: Asked, whose: Whose, after: Place | None, limit: int) -> list[AnyRow]:
    """Settled periods, in the order in which they were settled: river, from, until, needed, done, basis."""
    number, name = DutyPeriod.seq.label("number"), DutyPeriod.river_code.label("name")
    question = figures.periods(asked).where(DutyPeriod.person_id == whose.person)
    question = question.where(DutyPeriod.region_code == whose.region)
    question = question.join(River, River.code == DutyPeriod.river_code)
    question = question.add_columns(River.name.label("river"), number, name)
    return _page(session, question, DutyPeriod.seq, DutyPeriod.river_code, after, limit)


def callouts(session: Session, asked: Asked, whose: Whose, after: Place | None, limit: int) -> list[AnyRow]:
    """Calls by real warnings: the warning, when it began, when it was answered, and whether before it climbed."""
    columns = (
        *(Callout.id, Callout.warning_id, Callout.begun_at, Callout.answered_at, Callout.climbed_at),
        *(FloodWarning.number.label("warning"), FloodWarning.headline),
        *(figures.answered().label("is_hit"), Callout.seq.label("number"), literal("").label("name")),
    )
    question = select(*columns).join(FloodWarning, FloodWarning.id == Callout.warning_id)
    question = question.where(*figures.called(asked), Callout.person_id == whose.person)
    question = question.where(_is_of_row(Callout.region_code, whose))
    return _page(session, question, Callout.seq, literal(""), after, limit)


def campaigns(session: Session, asked: Asked, whose: Whose, after: Place | None, limit: int) -> list[AnyRow]:
    """Reaches that owed a campaign an answer: campaign, reach, deadline, when it came, and whether in time."""
    columns = (
        *(Campaign.id, Campaign.name.label("campaign"), Campaign.deadline, CampaignSegment.answered_at),
        *(Segment.code.label("segment"), Segment.name.label("segment_name")),
        *(figures.replied().label("is_hit"), Campaign.seq.label("number"), Segment.code.label("name")),
    )
    question = select(*columns).select_from(CampaignSegment)
    question = question.join(Campaign, Campaign.id == CampaignSegment.campaign_id)
    question = question.join(Segment, Segment.id == CampaignSegment.segment_id)
    question = question.where(*figures.asked_to_reply(asked), CampaignSegment.chief_id == whose.person)
    level = CHIEFS.get(whose.post)  # a warden answers for nothing in a campaign
    question = question.where(Segment.level == level, _is_of_row(CampaignSegment.region_code, whose))
    return _page(session, question, Campaign.seq, Segment.code, after, limit)


def trainings(session: Session, asked: Asked, whose: Whose, after: Place | None, limit: int) -> list[AnyRow]:
    """Sessions to which they were asked: id, title, begins_at, and whether they were credited."""
    each = training.asked_to_come(session, asked, [whose.person]).subquery()
    columns = (Training.id, Training.title, Training.begins_at, func.max(each.c.is_hit).label("is_hit"))
    question = select(*columns, Training.seq.label("number"), literal("").label("name"))
    question = question.join(each, each.c.training_id == Training.id)
    question = question.where(_is_of_row(each.c.region_code, whose))
    question = question.group_by(Training.id, Training.title, Training.begins_at, Training.seq)
    return _page(session, question, Training.seq, literal(""), after, limit)


def hazards(session: Session, asked: Asked, whose: Whose, after: Place | None, limit: int) -> list[AnyRow]:
    """Hazards that were reported and were some: id, kind, severity, state, when, and on which reach.

    They are counted in the first of somebody's rows, so behind the others there are none.
    """
    if not whose.is_first:
        return []
    columns = (
        *(Hazard.id, Hazard.kind, Hazard.severity, Hazard.state, Hazard.reported_at),
        *(Segment.name.label("segment_name"), Hazard.seq.label("number"), literal("").label("name")),
    )
    question = select(*columns).join(Segment, Segment.id == Hazard.segment_id)
    question = question.where(*figures.cohort(asked), Hazard.reporter_id == whose.person)
    return _page(session, question, Hazard.seq, literal(""), after, limit)


def _is_of_row(region: Any, whose: Whose) -> ColumnElement[bool]:
    """Whether what lies in a region is counted in this row: in the first around it, and in the first of all if none is.

    So `appraisal` gives each figure to a row.
    """
    before = whose.regions[: whose.regions.index(whose.region)]
    here = and_(inside(region, whose.region), *(~inside(region, each) for each in before))
    return here if before else or_(here, ~or_(*(inside(region, each) for each in whose.regions)))


def _page(session: Session, question: Any, number: Any, name: Any, after: Place | None, limit: int) -> list[AnyRow]:
    if after is not None:
        question = question.where(tuple_(number, name) > tuple_(literal(after[0]), literal(after[1])))
    return list(session.execute(question.order_by(number, name).limit(limit + 1)).all())
