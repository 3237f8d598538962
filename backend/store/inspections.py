"""Questions about spot checks: what may be drawn, what was, what was seen there, and what the chiefs had reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, and_, exists, false, func, or_, select, update
from sqlalchemy.orm import Session

from backend.clock import day_of
from backend.db import AnyRow, among, insert_for
from backend.domain.hazards import State
from backend.domain.inspections import Of
from backend.domain.terms import CHIEFS
from backend.models.hazards import Hazard
from backend.models.inspections import Inspection, InspectionFinding, SpotDraw, SpotTarget
from backend.models.patrols import Patrol
from backend.models.people import Appointment, Person
from backend.models.segments import Segment
from backend.store.bulk import insert_all
from backend.store.regions import inside
from backend.store.segments import in_force

_SHOWN = select(*SpotDraw.__table__.columns, Person.name.label("made_by")).join(
    Person, Person.id == SpotDraw.made_by_id
)


def frame(
    session: Session, of: Of, region: str, span: tuple[datetime, datetime], today: date, *, most: int
) -> list[AnyRow]:
    """Everything of a region that may be drawn, but so many at most: id, region_code, segment_id, level (or post),
    kind.
    """
    begin, end = span
    if of is Of.SEGMENTS:
        level = Segment.level.label("rank")
        question = select(Segment.id, Segment.region_code, Segment.id.label("segment_id"), level, level.label("kind"))
        question = question.where(inside(Segment.region_code, region), in_force(today))
    elif of is Of.PATROLS:
        rank, kind = Patrol.post.label("rank"), Patrol.outcome.label("kind")
        question = select(Patrol.id, Patrol.region_code, Patrol.segment_id, rank, kind)
        question = question.where(inside(Patrol.region_code, region), Patrol.withdrawn_at.is_(None))
        question = question.where(Patrol.walked_at >= begin, Patrol.walked_at < end)
    else:
        rank, kind = Hazard.severity.label("rank"), Hazard.kind.label("kind")
        question = select(Hazard.id, Hazard.region_code, Hazard.segment_id, rank, kind)
        question = question.where(inside(Hazard.region_code, region), Hazard.state == State.CLOSED.value)
        question = question.where(Hazard.closed_at >= begin, Hazard.closed_at < end)
    return list(session.execute(question.limit(most)).all())


def add_draw(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(SpotDraw).on_conflict_do_nothing(index_elements=[SpotDraw.id])
    return session.execute(insertion.returning(SpotDraw.seq), values).scalar_one_or_none() is not None


def add_targets(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what was drawn."""
    insert_all(session, cast(Table, SpotTarget.__table__), rows)


def draw(session: Session, draw_id: UUID) -> AnyRow | None:
    """The draw of that id with its maker's name, whoever may see it."""
    return session.execute(_SHOWN.where(SpotDraw.id == draw_id)).one_or_none()


def finish(session: Session, draw_id: UUID, at: datetime) -> None:
    """Let those who were inspected see it from now on."""
    session.execute(update(SpotDraw).where(SpotDraw.id == draw_id).values(done_at=at))


def draws(session: Session, own: Iterable[str], done: Iterable[str], *, limit: int, after: int | None) -> list[AnyRow]:
    """Draws over regions inside `own`, and those that are done and touch `done`, the newest first; keyset."""
    mine = [inside(SpotDraw.region_code, region) for region in own]
    touched = [
        exists().where(SpotTarget.draw_id == SpotDraw.id, inside(SpotTarget.region_code, region)) for region in done
    ]
    question = _SHOWN.where(or_(false(), *mine, and_(SpotDraw.done_at.is_not(None), or_(false(), *touched))))
    if after is not None:
        question = question.where(SpotDraw.seq < after)
    return list(session.execute(question.order_by(SpotDraw.seq.desc()).limit(limit + 1)).all())


def inspected(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Of these draws, at how many places somebody has been."""
    question = select(Inspection.draw_id, func.count()).where(among(session, Inspection.draw_id, list(ids)))
    return {draw_id: count for draw_id, count in session.execute(question.group_by(Inspection.draw_id)) if draw_id}


def targets(
    session: Session, draw_id: UUID, parts: Iterable[str], *, limit: int, after: int | None, place: int | None = None
) -> list[AnyRow]:
    """What was drawn in these regions, in its place, with what was seen there; keyset, one more than `limit`.

    Or what was drawn at that one `place`.
    """
    columns = (Segment.code.label("segment_code"), Segment.name.label("segment_name"))
    seen = (Inspection.id.label("inspection_id"), Inspection.at, Inspection.note, Person.name.label("inspector"))
    question = select(*SpotTarget.__table__.columns, *columns, *seen, Inspection.lon, Inspection.lat)
    question = question.join(Segment, Segment.id == SpotTarget.segment_id)
    question = question.outerjoin(
        Inspection, and_(Inspection.draw_id == SpotTarget.draw_id, Inspection.place == SpotTarget.place)
    ).outerjoin(Person, Person.id == Inspection.person_id)
    question = question.where(SpotTarget.draw_id == draw_id, _lies_in(SpotTarget.region_code, parts))
    if after is not None:
        question = question.where(SpotTarget.place > after)
    if place is not None:
        question = question.where(SpotTarget.place == place)
    return list(session.execute(question.order_by(SpotTarget.place).limit(limit + 1)).all())


def target(session: Session, draw_id: UUID, place: int) -> AnyRow | None:
    """What was drawn at a place."""
    question = select(*SpotTarget.__table__.columns)
    return session.execute(question.where(SpotTarget.draw_id == draw_id, SpotTarget.place == place)).one_or_none()


def walks(session: Session, ids: Sequence[UUID]) -> list[AnyRow]:
    """By what one knows these walks: id, person_id, name, post, walked_at, outcome (after review), withdrawn_at."""
    outcome = func.coalesce(Patrol.review_outcome, Patrol.outcome).label("outcome")
    walker = (Person.id.label("person_id"), Person.name)
    question = select(Patrol.id, *walker, Patrol.post, Patrol.walked_at, outcome, Patrol.withdrawn_at)
    question = question.join(Person, Person.id == Patrol.person_id)
    return list(session.execute(question.where(among(session, Patrol.id, list(ids)))).all())


def cases(session: Session, ids: Sequence[UUID]) -> list[AnyRow]:
    """By what one knows these hazards: id, kind, severity, state, closed_at, description."""
    columns = (Hazard.id, Hazard.kind, Hazard.severity, Hazard.state, Hazard.closed_at, Hazard.description)
    return list(session.execute(select(*columns).where(among(session, Hazard.id, list(ids)))).all())


def add(session: Session, values: dict[str, Any], findings: Sequence[UUID]) -> bool:
    """Insert a record with the hazards that came from it; False when id or place is taken."""
    insertion = insert_for(session)(Inspection).on_conflict_do_nothing()
    if session.execute(insertion.returning(Inspection.seq), values).scalar_one_or_none() is None:
        return False
    rows = [{"hazard_id": each, "inspection_id": values["id"]} for each in findings]
    insert_all(session, cast(Table, InspectionFinding.__table__), rows)
    return True


def existing(session: Session, inspection_id: UUID) -> AnyRow | None:
    """The record of that id, whoever may see it."""
    return session.execute(_records().where(Inspection.id == inspection_id)).one_or_none()


def listed(session: Session, regions: Iterable[str], *, limit: int, after: int | None) -> list[AnyRow]:
    """Records of these regions, the newest first; keyset, one more than `limit`."""
    question = _records().where(_lies_in(Inspection.region_code, regions))
    if after is not None:
        question = question.where(Inspection.seq < after)
    return list(session.execute(question.order_by(Inspection.seq.desc()).limit(limit + 1)).all())


def findings(session: Session, regions: Iterable[str], begin: datetime, end: datetime) -> list[AnyRow]:
    """Hazards that inspections of a span found there, the first first: id, kind, lon, lat, segment_id, at and more."""
    columns = (Hazard.id, Hazard.kind, Hazard.severity, Hazard.state, Hazard.lon, Hazard.lat, Hazard.segment_id)
    more = (Hazard.region_code, Hazard.description, Segment.name.label("segment_name"), Inspection.at)
    question = select(*columns, *more, Inspection.id.label("inspection_id"))
    question = question.join(InspectionFinding, InspectionFinding.hazard_id == Hazard.id)
    question = question.join(Inspection, Inspection.id == InspectionFinding.inspection_id)
    question = question.join(Segment, Segment.id == Hazard.segment_id)
    question = question.where(_lies_in(Hazard.region_code, regions), Inspection.at >= begin, Inspection.at < end)
    return list(session.execute(question.order_by(Inspection.at, Hazard.seq)).all())


def findings_of(session: Session, ids: Sequence[UUID]) -> list[AnyRow]:
    """The hazards that came from these records: inspection_id, hazard_id, kind, state."""
    columns = (InspectionFinding.inspection_id, InspectionFinding.hazard_id, Hazard.kind, Hazard.state)
    question = select(*columns).join(Hazard, Hazard.id == InspectionFinding.hazard_id)
    return list(session.execute(question.where(among(session, InspectionFinding.inspection_id, list(ids)))).all())


def chiefs_reports(
    session: Session, kinds: Iterable[str], regions: Iterable[str], begin: datetime, end: datetime, zone: ZoneInfo
) -> list[AnyRow]:
    """Reports of these kinds by people who were chiefs on the day, of a span and these regions: as `findings`, with
    the name. When it was seen counts, not when the phone came to signal.
    """
    columns = (Hazard.id, Hazard.kind, Hazard.lon, Hazard.lat, Hazard.segment_id, Hazard.observed_at.label("at"))
    held = (Appointment.from_day, Appointment.until_day)
    question = select(*columns, Person.name.label("reporter"), *held).join(Person, Person.id == Hazard.reporter_id)
    question = question.join(Appointment, Appointment.person_id == Hazard.reporter_id)
    question = question.where(Hazard.kind.in_(list(kinds)), Hazard.observed_at >= begin, Hazard.observed_at < end)
    question = question.where(
        Appointment.post.in_([post.value for post in CHIEFS]), _lies_in(Hazard.region_code, regions)
    )
    # Both databases would have to know the zone alike: the day of a moment is taken here.
    rows = session.execute(question)
    then = {row.id: row for row in rows if row.from_day <= day_of(row.at, zone) < (row.until_day or date.max)}
    return list(then.values())


def _records() -> Any:
    columns = (Person.name.label("inspector"), Segment.code.label("segment_code"), Segment.name.label("segment_name"))
    question = select(*Inspection.__table__.columns, *columns).join(Person, Person.id == Inspection.person_id)
    return question.join(Segment, Segment.id == Inspection.segment_id)


def _lies_in(column: Any, regions: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(inside(column, region) for region in regions))
