"""Questions about campaigns: what is asked of which segments, and what they have answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, case, delete, false, func, insert, literal, or_, select, union, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for, touched
from backend.domain.access import Scope
from backend.domain.regions import LENGTHS
from backend.domain.stats import Noun
from backend.domain.terms import Duty
from backend.models.campaigns import Campaign, CampaignAnswer, CampaignHazard, CampaignRegion, CampaignSegment
from backend.models.hazards import Hazard
from backend.models.people import Absence, Person
from backend.models.regions import Region
from backend.models.segments import Assignment, Segment
from backend.store import rollup_debts
from backend.store.people import covers
from backend.store.regions import inside
from backend.store.segments import at_level, in_force, segment

_SHOWN = select(
    *Campaign.__table__.columns,
    Person.name.label("made_by"),
).join(Person, Person.id == Campaign.made_by_id)
_SILENT = and_(CampaignSegment.answer_id.is_(None), CampaignSegment.excused_at.is_(None))


def add(session: Session, values: dict[str, Any], regions: Iterable[str]) -> bool:
    """Insert with its regions, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Campaign).on_conflict_do_nothing(index_elements=[Campaign.id])
    if session.execute(insertion.returning(Campaign.seq), values).scalar_one_or_none() is None:
        return False
    session.execute(insert(CampaignRegion), [{"campaign_id": values["id"], "region_code": code} for code in regions])
    return True


def existing(session: Session, campaign_id: UUID) -> AnyRow | None:
    """The campaign of that id with its maker's name, whoever may see it."""
    return session.execute(_SHOWN.where(Campaign.id == campaign_id)).one_or_none()


def hold(session: Session, campaign_id: UUID) -> None:
    """Keep everybody else from altering it until the transaction ends."""
    session.execute(select(Campaign.seq).where(Campaign.id == campaign_id).with_for_update())


def change(session: Session, campaign_id: UUID, **values: Any) -> None:
    """Alter a campaign, and raise its version."""
    changed = update(Campaign).where(Campaign.id == campaign_id)
    session.execute(changed.values(version=Campaign.version + 1, **values))


def regions_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The regions that these campaigns are about."""
    question = select(CampaignRegion.campaign_id, CampaignRegion.region_code)
    question = question.where(CampaignRegion.campaign_id.in_(ids)).order_by(CampaignRegion.region_code)
    found: dict[UUID, tuple[str, ...]] = dict.fromkeys(ids, ())
    for campaign_id, code in session.execute(question):
        found[campaign_id] += (code,)
    return found


def places_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, str | None]]:
    """The same regions with their names, by code; None for one that is not in the list of regions."""
    question = select(CampaignRegion.campaign_id, CampaignRegion.region_code, Region.name)
    question = question.outerjoin(Region, Region.code == CampaignRegion.region_code)
    question = question.where(CampaignRegion.campaign_id.in_(ids)).order_by(CampaignRegion.region_code)
    found: dict[UUID, dict[str, str | None]] = {campaign_id: {} for campaign_id in ids}
    for campaign_id, code, name in session.execute(question):
        found[campaign_id][code] = name
    return found


def listed(session: Session, scope: Scope, *, owing: bool, limit: int, after: int | None) -> list[AnyRow]:
    """Campaigns that touch the scope, newest first, one more than `limit`; keyset after a number.

    `owing`: only those that run and wait for one of the scope's own segments.
    """
    question = _SHOWN.where(_owing(scope) if owing else or_(_touches(scope.regions), _asks(scope.segments)))
    if after is not None:
        question = question.where(Campaign.seq < after)
    return list(session.execute(question.order_by(Campaign.seq.desc()).limit(limit + 1)).all())


def waiting(session: Session, now: datetime) -> AnyRow | None:
    """One campaign whose time to begin has come, kept from everybody else."""
    due = (Campaign.begun_at.is_(None), Campaign.ended_at.is_(None), Campaign.begins_at <= now)
    question = select(*Campaign.__table__.columns).where(*due).order_by(Campaign.begins_at, Campaign.seq)
    return session.execute(question.limit(1).with_for_update(skip_locked=True)).one_or_none()


def write_down(session: Session, campaign_id: UUID, regions: Sequence[str], level: int | None, day: date) -> int:
    """Write down which segments owe an answer and who answers for each that day; how many."""
    chief = (
        select(Assignment.person_id)
        .where(Assignment.segment_id == segment.c.id, Assignment.duty == Duty.CHIEF.value, covers(Assignment, day))
        .order_by(Assignment.from_day, Assignment.id)
        .limit(1)
        .scalar_subquery()
    )
    owed = select(literal(campaign_id, Uuid()), segment.c.id, segment.c.region_code, chief, literal(False))
    owed = owed.where(*_owing_answers(regions, level, day))
    columns = ["campaign_id", "segment_id", "region_code", "chief_id", "is_late"]
    written = insert(CampaignSegment).from_select(columns, owed).execution_options(preserve_rowcount=True)
    return touched(session.execute(written))


def expected(session: Session, regions: Sequence[str], level: int | None, day: date) -> tuple[int, int]:
    """How many segments would owe an answer that day, and for how many of them nobody answers."""
    held = select(Assignment.id).where(
        Assignment.segment_id == segment.c.id, Assignment.duty == Duty.CHIEF.value, covers(Assignment, day)
    )
    columns = (func.count(), func.count(case((~held.exists(), 1))))
    every, vacant = session.execute(select(*columns).where(*_owing_answers(regions, level, day))).one()
    return every, vacant


def _owing_answers(regions: Sequence[str], level: int | None, day: date) -> tuple[ColumnElement[bool], ...]:
    here = or_(false(), *(inside(segment.c.region_code, region) for region in regions))
    return here, in_force(day), at_level(level)


def answerers(session: Session, campaign_id: UUID, day: date) -> list[UUID]:
    """Everybody who answers for one of its segments that day, and whoever stands in for them."""
    held = (
        select(Assignment.person_id)
        .join(CampaignSegment, CampaignSegment.segment_id == Assignment.segment_id)
        .where(CampaignSegment.campaign_id == campaign_id, covers(Assignment, day))
    )
    away = select(Absence.substitute_id).where(Absence.person_id.in_(held), covers(Absence, day))
    return list(session.scalars(union(held, away)))


def owed(session: Session, campaign_id: UUID, ref: UUID | str) -> AnyRow | None:
    """What a segment (by id or code) owes a campaign; nobody else answers for it until the transaction ends."""
    wanted = Segment.id == ref if isinstance(ref, UUID) else Segment.code == ref
    question = select(*CampaignSegment.__table__.columns).join(Segment, Segment.id == CampaignSegment.segment_id)
    question = question.where(CampaignSegment.campaign_id == campaign_id, wanted)
    return session.execute(question.with_for_update(of=CampaignSegment)).one_or_none()


def owed_by(session: Session, campaign_id: UUID, segments: Collection[UUID]) -> list[AnyRow]:
    """What these segments owe a campaign: segment_id, code, name, answer_id, is_found, is_late, excused_at."""
    columns = (
        CampaignSegment.segment_id,
        Segment.code,
        Segment.name,
        CampaignSegment.answer_id,
        CampaignSegment.is_found,
        CampaignSegment.is_late,
        CampaignSegment.excused_at,
    )
    question = select(*columns).join(Segment, Segment.id == CampaignSegment.segment_id)
    question = question.where(CampaignSegment.campaign_id == campaign_id, CampaignSegment.segment_id.in_(segments))
    return list(session.execute(question.order_by(Segment.code)).all())


def tasks(session: Session, segments: Collection[UUID]) -> list[AnyRow]:
    """What still waits for an answer of these segments, the most urgent first: id, name, deadline, segment_code."""
    question = (
        select(Campaign.id, Campaign.name, Campaign.deadline, Segment.code.label("segment_code"))
        .join(CampaignSegment, CampaignSegment.campaign_id == Campaign.id)
        .join(Segment, Segment.id == CampaignSegment.segment_id)
        .where(CampaignSegment.segment_id.in_(segments), _SILENT, Campaign.ended_at.is_(None))
    )
    return list(session.execute(question.order_by(Campaign.deadline, Campaign.seq, Segment.code)).all())


def answer_of(session: Session, answer_id: UUID) -> AnyRow | None:
    """The answer of that id, with names and whether it stands."""
    return session.execute(_answers().where(CampaignAnswer.id == answer_id)).one_or_none()


def answers(
    session: Session, campaign_id: UUID, scope: Scope, *, segment_ref: UUID | str | None, limit: int, after: int | None
) -> list[AnyRow]:
    """Answers of a part of the world, those that were replaced too, newest first; keyset after a number."""
    here = [inside(CampaignAnswer.region_code, prefix) for prefix in scope.regions]
    here.append(CampaignAnswer.segment_id.in_(scope.segments))
    question = _answers().where(CampaignAnswer.campaign_id == campaign_id, or_(*here))
    if segment_ref is not None:
        column = Segment.id if isinstance(segment_ref, UUID) else Segment.code
        question = question.where(column == segment_ref)
    if after is not None:
        question = question.where(CampaignAnswer.seq < after)
    return list(session.execute(question.order_by(CampaignAnswer.seq.desc()).limit(limit + 1)).all())


def add_answer(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the phone's id is taken; whether it is new."""
    insertion = insert_for(session)(CampaignAnswer).on_conflict_do_nothing(index_elements=[CampaignAnswer.id])
    return session.execute(insertion.returning(CampaignAnswer.seq), values).scalar_one_or_none() is not None


def let_stand(session: Session, owing: AnyRow, values: dict[str, Any], hazards: Collection[UUID]) -> None:
    """Let an answer stand for a segment: its hazards are those that count, and no others."""
    here = and_(
        CampaignSegment.campaign_id == owing.campaign_id,
        CampaignSegment.segment_id == owing.segment_id,
    )
    rollup_debts.owe_all(session, Noun.CAMPAIGNS, select(CampaignSegment.answered_at).where(here))
    session.execute(update(CampaignSegment).where(here).values(**values))
    rollup_debts.owe_all(session, Noun.CAMPAIGNS, select(CampaignSegment.answered_at).where(here))
    mine = (CampaignHazard.campaign_id == owing.campaign_id, CampaignHazard.segment_id == owing.segment_id)
    session.execute(delete(CampaignHazard).where(*mine))
    shared = {"campaign_id": owing.campaign_id, "segment_id": owing.segment_id, "region_code": owing.region_code}
    if hazards:
        rows = [shared | {"hazard_id": hazard} for hazard in hazards]
        session.execute(insert_for(session)(CampaignHazard).values(rows).on_conflict_do_nothing())


def hazards_on(session: Session, segment_id: UUID, ids: Collection[UUID]) -> dict[UUID, AnyRow]:
    """Those of these hazards that lie on a segment or on a reach inside it, by id: id, kind, reported_at."""
    lower, middle, upper = (segment.alias(name) for name in ("lower", "middle", "upper"))
    joined = lower.outerjoin(middle, middle.c.id == lower.c.parent_id).outerjoin(
        upper, upper.c.id == middle.c.parent_id
    )
    around = or_(*(each.c.id == segment_id for each in (lower, middle, upper)), upper.c.parent_id == segment_id)
    question = select(Hazard.id, Hazard.kind, Hazard.reported_at).where(
        Hazard.id.in_(ids), Hazard.segment_id.in_(select(lower.c.id).select_from(joined).where(around))
    )
    return {row.id: row for row in session.execute(question)}


def ended_segments(session: Session, today: date, limit: int) -> list[AnyRow]:
    """Segments that are silent and have ended before the deadline: campaign_id, segment_id, chief_id, until_day."""
    columns = (
        CampaignSegment.campaign_id,
        CampaignSegment.segment_id,
        CampaignSegment.chief_id,
        Segment.until_day,
    )
    question = (
        select(*columns)
        .join(Segment, Segment.id == CampaignSegment.segment_id)
        .join(Campaign, Campaign.id == CampaignSegment.campaign_id)
        .where(
            Segment.until_day <= today,
            Segment.until_day <= Campaign.due_day,
            Campaign.ended_at.is_(None),
            _SILENT,
        )
    )
    order = (CampaignSegment.campaign_id, CampaignSegment.segment_id)
    return list(session.execute(question.order_by(*order).limit(limit)).all())


def excuse(session: Session, campaign_id: UUID, segment_id: UUID, why: str, now: datetime) -> None:
    """A segment owes no answer any more."""
    here = (CampaignSegment.campaign_id == campaign_id, CampaignSegment.segment_id == segment_id)
    session.execute(update(CampaignSegment).where(*here).values(excused_at=now, excuse=why))


def _touches(prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Whether a campaign is about a region inside one of these, or around it."""
    parts: list[ColumnElement[bool]] = []
    for prefix in prefixes:
        around = [prefix[:length] for length in LENGTHS.values() if length < len(prefix)]
        parts += [inside(CampaignRegion.region_code, prefix), CampaignRegion.region_code.in_(around)]
    return select(CampaignRegion.region_code).where(_CampaignIs, or_(false(), *parts)).exists()


def _asks(segments: Collection[UUID]) -> ColumnElement[bool]:
    asked = select(CampaignSegment.segment_id).where(CampaignSegment.campaign_id == Campaign.id)
    return asked.where(CampaignSegment.segment_id.in_(segments)).exists()


def _owing(scope: Scope) -> ColumnElement[bool]:
    asked = select(CampaignSegment.segment_id).where(
        CampaignSegment.campaign_id == Campaign.id,
        CampaignSegment.segment_id.in_(scope.segments),
        _SILENT,
    )
    return and_(Campaign.ended_at.is_(None), asked.exists())


def _answers() -> Any:
    columns = (*CampaignAnswer.__table__.columns, Person.name.label("person_name"), Segment.code.label("segment_code"))
    standing = CampaignSegment.answer_id == CampaignAnswer.id
    place = and_(
        CampaignSegment.campaign_id == CampaignAnswer.campaign_id,
        CampaignSegment.segment_id == CampaignAnswer.segment_id,
    )
    return (
        select(*columns, Segment.name.label("segment_name"), standing.label("stands"))
        .join(Person, Person.id == CampaignAnswer.person_id)
        .join(Segment, Segment.id == CampaignAnswer.segment_id)
        .join(CampaignSegment, place)
    )


_CampaignIs = CampaignRegion.campaign_id == Campaign.id
