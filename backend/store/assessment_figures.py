"""Questions by which an assessment is counted, each over everybody at once: owed and done, called and answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, among
from backend.domain.callouts import State as Called
from backend.domain.hazards import Act, State
from backend.domain.terms import Level, Outcome
from backend.models.callouts import Callout
from backend.models.campaigns import Campaign, CampaignSegment
from backend.models.duty_periods import DutyPeriod
from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.people import Absence
from backend.models.segments import Segment
from backend.store.origins import origins
from backend.store.regions import inside

_NONE = (State.REJECTED.value, State.MERGED.value)
"""Hazards that were none, or are counted as another one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where, whose, and when: days, and the same as moments."""

    region: str
    posts: Sequence[str]
    begin: date
    until: date
    begins_at: datetime
    ends_at: datetime


def duty(session: Session, asked: Asked) -> list[AnyRow]:
    """What everybody owed in periods that ended in the time, and did within each of them, at most as much as it owed.

    Columns: person_id, post, region_code, hits, size.
    """
    owed = periods(asked).subquery()
    key = (owed.c.person_id, owed.c.post, owed.c.region_code)
    return list(session.execute(select(*key, *_sums(owed)).group_by(*key)).all())


def duty_by_place(session: Session, asked: Asked, length: int) -> list[AnyRow]:
    """The same sums by place, which is a region code of at most so many digits: place, hits, size."""
    owed = periods(asked).subquery()
    place = func.substr(owed.c.region_code, 1, length).label("place")
    return list(session.execute(select(place, *_sums(owed)).group_by("place").order_by("place")).all())


def _sums(owed: Any) -> tuple[Any, Any]:
    """Done, at most as much as each period owed, and owed."""
    done = case((owed.c.done < owed.c.needed, owed.c.done), else_=owed.c.needed)
    return func.sum(done).label("hits"), func.sum(owed.c.needed).label("size")


def periods(asked: Asked) -> Any:
    """Every settled period that ended in the time, with the walks that count in it now as `done`."""
    walk = (
        Patrol.duty_of_id == DutyPeriod.person_id,
        Patrol.walked_at >= DutyPeriod.begins_at,
        Patrol.walked_at < DutyPeriod.ends_at,
        Patrol.river_code == DutyPeriod.river_code,
        Patrol.post == DutyPeriod.post,
        Patrol.counts,
    )
    done = select(func.count()).where(*walk).correlate(DutyPeriod).scalar_subquery()
    columns = (
        DutyPeriod.seq,
        DutyPeriod.person_id,
        DutyPeriod.post,
        DutyPeriod.region_code,
        DutyPeriod.river_code,
        DutyPeriod.begin_day,
        DutyPeriod.until_day,
        DutyPeriod.needed,
        DutyPeriod.basis,
        DutyPeriod.rule_version,
    )
    return select(*columns, done.label("done")).where(
        DutyPeriod.until_day > asked.begin,
        DutyPeriod.until_day <= asked.until,
        inside(DutyPeriod.region_code, asked.region),
        DutyPeriod.post.in_(asked.posts),
    )


def people(session: Session, asked: Asked) -> list[AnyRow]:
    """Of how many people of each post anything was owed in the time: post, people, needed."""
    here = periods(asked).with_only_columns(
        DutyPeriod.post,
        func.count(DutyPeriod.person_id.distinct()).label("people"),
        func.sum(DutyPeriod.needed).label("needed"),
    )
    return list(session.execute(here.group_by(DutyPeriod.post)).all())


def walks(session: Session, asked: Asked) -> list[AnyRow]:
    """What everybody handed in of their own walks: person_id, post, walks, counted, doubtful, covered_m."""
    is_doubtful = func.coalesce(Patrol.review_outcome, Patrol.outcome) == Outcome.DOUBTFUL.value
    question = select(
        Patrol.person_id,
        Patrol.post,
        func.count().label("walks"),
        func.count(case((Patrol.counts, 1))).label("counted"),
        func.count(case((is_doubtful, 1))).label("doubtful"),
        func.sum(case((Patrol.counts, Patrol.covered_m), else_=0.0)).label("covered_m"),
    ).where(
        Patrol.walked_at >= asked.begins_at,
        Patrol.walked_at < asked.ends_at,
        Patrol.withdrawn_at.is_(None),
        Patrol.post.in_(asked.posts),
        inside(Patrol.region_code, asked.region),
    )
    return list(session.execute(question.group_by(Patrol.person_id, Patrol.post)).all())


def reported(session: Session, asked: Asked) -> dict[UUID, int]:
    """How many hazards each person reported that were some."""
    question = select(Hazard.reporter_id, func.count()).where(*cohort(asked)).group_by(Hazard.reporter_id)
    return {row[0]: row[1] for row in session.execute(question)}


def callouts(session: Session, asked: Asked) -> list[AnyRow]:
    """Calls by real warnings that began in the time: person_id, post, region_code, hits, size."""
    key = (Callout.person_id, Callout.post, Callout.region_code)
    counts = (func.count(case((answered(), 1))).label("hits"), func.count().label("size"))
    return list(session.execute(select(*key, *counts).where(*called(asked)).group_by(*key)).all())


def called(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Calls that wanted an answer; one that ended before anybody was told of a silence wants none."""
    wants = or_(Callout.answered_at.is_not(None), Callout.climbed_at.is_not(None), Callout.state != Called.ENDED.value)
    return (
        Callout.begun_at >= asked.begins_at,
        Callout.begun_at < asked.ends_at,
        Callout.is_drill.is_(False),
        Callout.post.in_(asked.posts),
        inside(Callout.region_code, asked.region),
        wants,
    )


def answered() -> ColumnElement[bool]:
    """Whether a call was answered before the silence climbed."""
    in_time = or_(Callout.climbed_at.is_(None), Callout.answered_at <= Callout.climbed_at)
    return and_(Callout.answered_at.is_not(None), in_time)


def campaigns(session: Session, asked: Asked) -> list[AnyRow]:
    """Reaches that owed an answer by a day of the time: person_id, level, region_code, hits, size."""
    key = (CampaignSegment.chief_id.label("person_id"), Segment.level, CampaignSegment.region_code)
    counts = (func.count(case((replied(), 1))).label("hits"), func.count().label("size"))
    question = (
        select(*key, *counts).select_from(CampaignSegment).join(Campaign, Campaign.id == CampaignSegment.campaign_id)
    )
    question = question.join(Segment, Segment.id == CampaignSegment.segment_id).where(*asked_to_reply(asked))
    return list(session.execute(question.group_by(CampaignSegment.chief_id, *key[1:])).all())


def asked_to_reply(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Reaches with somebody who owed a campaign an answer, and was not excused."""
    return (
        Campaign.due_day >= asked.begin,
        Campaign.due_day < asked.until,
        Campaign.begun_at.is_not(None),
        CampaignSegment.chief_id.is_not(None),
        CampaignSegment.excused_at.is_(None),
        inside(CampaignSegment.region_code, asked.region),
    )


def replied() -> ColumnElement[bool]:
    """Whether the answer came in time."""
    return and_(CampaignSegment.answered_at.is_not(None), CampaignSegment.is_late.is_(False))


def leave(session: Session, people: Collection[UUID], asked: Asked) -> list[AnyRow]:
    """When these people were away (请假) in the time: person_id, from_day, until_day."""
    question = select(Absence.person_id, Absence.from_day, Absence.until_day).where(
        among(session, Absence.person_id, people),
        Absence.from_day < asked.until,
        or_(Absence.until_day.is_(None), Absence.until_day > asked.begin),
    )
    return list(session.execute(question).all())


def hazards(session: Session, asked: Asked) -> list[AnyRow]:
    """Hazards reported in the time that were some: id, region_code, reported_at, assigned_at, done_at, deadlines."""
    columns = (
        Hazard.id,
        Hazard.region_code,
        Hazard.reported_at,
        Hazard.assigned_at,
        Hazard.done_at,
        Hazard.deadlines,
    )
    return list(session.execute(select(*columns).where(*cohort(asked))).all())


def acts(session: Session, asked: Asked) -> list[AnyRow]:
    """When those hazards were first accepted, and last verified or closed: thing_id, act, first, last."""
    question = select(Fact.thing_id, Fact.act, func.min(Fact.at).label("first"), func.max(Fact.at).label("last"))
    question = question.join(Hazard, Hazard.id == Fact.thing_id).where(
        *cohort(asked), Fact.act.in_((Act.ACCEPT.value, Act.VERIFY.value, Act.CLOSE.value))
    )
    return list(session.execute(question.group_by(Fact.thing_id, Fact.act)).all())


def reaches(session: Session, asked: Asked, length: int) -> list[AnyRow]:
    """Lowest reaches by place (so many digits), and those on which no walk counted: place, reaches, reaches_m,
    unwalked, unwalked_m. A walk on a reach from which one was cut counts for it.
    """
    whole = origins()
    in_time = (Patrol.walked_at >= asked.begins_at, Patrol.walked_at < asked.ends_at, Patrol.counts)
    own = exists().where(Patrol.segment_id == Segment.id, *in_time)
    before = exists().where(whole.c.segment_id == Segment.id, Patrol.segment_id == whole.c.origin_id, *in_time)
    here = (
        select(
            func.substr(Segment.region_code, 1, length).label("place"),
            Segment.length_m,
            case((or_(own, before.correlate(Segment)), 0), else_=1).label("is_unwalked"),
        )
        .where(
            Segment.level == int(Level.VILLAGE),
            inside(Segment.region_code, asked.region),
            Segment.from_day < asked.until,
            or_(Segment.until_day.is_(None), Segment.until_day >= asked.until),
        )
        .subquery()
    )
    unwalked = here.c.is_unwalked
    question = select(
        here.c.place,
        func.count().label("reaches"),
        func.sum(here.c.length_m).label("reaches_m"),
        func.sum(unwalked).label("unwalked"),
        func.sum(here.c.length_m * unwalked).label("unwalked_m"),
    )
    return list(session.execute(question.group_by(here.c.place)).all())


def cohort(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Hazards that were reported in the time and were some."""
    return (
        Hazard.reported_at >= asked.begins_at,
        Hazard.reported_at < asked.ends_at,
        Hazard.state.not_in(_NONE),
        inside(Hazard.region_code, asked.region),
    )
