"""Questions of the escalation: which hazards have a step due, and who sits on the chief chain of their rivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, among
from backend.domain.absences import reachable
from backend.domain.terms import Duty, Post
from backend.models.hazards import Hazard
from backend.models.people import Absence, Appointment, Person
from backend.models.segments import Assignment, Segment
from backend.store.bulk import update_all
from backend.store.people import covers

_hazard = cast(Table, Hazard.__table__)
_CLIMBS = (
    "seq",
    "id",
    "version",
    "kind",
    "state",
    "severity",
    "watch",
    "segment_id",
    "region_code",
    "unit_code",
    "assignee_id",
    "phase_begun_at",
    "due_at",
    "rung",
    "next_step_at",
    "policy_version",
    "facts",
    "head",
)


def claim_due(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Hazards whose next step is due, the most overdue first; nobody else climbs them until the transaction ends."""
    question = (
        select(*(_hazard.c[name] for name in _CLIMBS))
        .where(_hazard.c.next_step_at.is_not(None), _hazard.c.next_step_at <= now)
        .order_by(_hazard.c.next_step_at, _hazard.c.seq)
        .limit(limit)
    )
    return list(session.execute(question.with_for_update(skip_locked=True)).all())


def oldest_due(session: Session) -> datetime | None:
    """When the first step of all that are to come, or should have been taken, is due."""
    return session.scalars(
        select(_hazard.c.next_step_at)
        .where(_hazard.c.next_step_at.is_not(None))
        .order_by(_hazard.c.next_step_at)
        .limit(1)
    ).one_or_none()


def advance(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write how far each has climbed: seq, rung, watch, next_step_at, facts, head."""
    update_all(session, _hazard, "seq", rows, version=_hazard.c.version + 1)


def wake(session: Session, seq: int, version: int, now: datetime) -> None:
    """Let the sweep look at a hazard now, unless somebody has altered it meanwhile."""
    as_seen = update(_hazard).where(_hazard.c.seq == seq, _hazard.c.version == version, _hazard.c.due_at.is_not(None))
    session.execute(as_seen.values(next_step_at=now))


def dated(
    session: Session, *, limit: int, after: int = 0, spans: Sequence[tuple[datetime, datetime]] = ()
) -> list[AnyRow]:
    """Hazards with a deadline, by number: after one, or those whose deadline lies in one of the spans."""
    names = (
        "seq",
        "id",
        "severity",
        "region_code",
        "phase_begun_at",
        "due_at",
        "policy_version",
        "rung",
        "next_step_at",
        "version",
        "facts",
    )
    question = select(*(_hazard.c[name] for name in names)).where(_hazard.c.due_at.is_not(None), _hazard.c.seq > after)
    if spans:
        question = question.where(or_(*(_hazard.c.due_at.between(*span) for span in spans)))
    return list(session.execute(question.order_by(_hazard.c.seq).limit(limit)).all())


def chiefs(session: Session, segment_ids: Iterable[UUID], day: date) -> dict[UUID, list[tuple[int, UUID]]]:
    """Who answers on a day for segments and the reaches around them: by segment, (level, person), the lowest first."""
    steps = [aliased(Segment) for _ in range(4)]
    chain = select(*(step.id for step in steps)).select_from(steps[0])
    for lower, upper in pairwise(steps):
        chain = chain.outerjoin(upper, upper.id == lower.parent_id)
    reaches = {
        row[0]: [each for each in row if each]
        for row in session.execute(chain.where(among(session, steps[0].id, list(segment_ids))))
    }
    every = {each for ids in reaches.values() for each in ids}
    held = select(Segment.id, Segment.level, Assignment.person_id).join(Assignment, Assignment.segment_id == Segment.id)
    held = held.where(among(session, Segment.id, every), Assignment.duty == Duty.CHIEF.value, covers(Assignment, day))
    of_reach: dict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
    for reach, level, person in session.execute(held.order_by(Assignment.from_day, Assignment.id)):
        of_reach[reach].append((level, person))
    return {segment: [each for reach in ids for each in of_reach[reach]] for segment, ids in reaches.items()}


def holders(
    session: Session, posts: Iterable[Post], regions: Iterable[str], day: date
) -> dict[tuple[str, str], list[UUID]]:
    """Who holds these posts over these very regions on a day: by (post, region)."""
    question = select(Appointment.post, Appointment.region_code, Appointment.person_id).where(
        Appointment.post.in_([post.value for post in posts]),
        among(session, Appointment.region_code, list(regions)),
        covers(Appointment, day),
    )
    found: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for post, region, person in session.execute(question.order_by(Appointment.from_day, Appointment.id)):
        found[post, region].append(person)
    return dict(found)


def acting(
    session: Session, posts: Iterable[Post], regions: Iterable[str], day: date
) -> dict[tuple[str, str], tuple[UUID, ...]]:
    """Who sits in these posts over these very regions on a day, or acts for whoever is away: by (post, region)."""
    held = holders(session, posts, regions, day)
    away = substitutes(session, {person for people in held.values() for person in people}, day)
    return {seat: reachable(people, away) for seat, people in held.items()}


def liaisons(session: Session, units: Iterable[str], day: date) -> dict[str, list[UUID]]:
    """Who speaks for these units on a day."""
    question = select(Appointment.unit_code, Appointment.person_id).where(
        Appointment.post == Post.UNIT_LIAISON.value, Appointment.unit_code.in_(list(units)), covers(Appointment, day)
    )
    found: dict[str, list[UUID]] = defaultdict(list)
    for unit, person in session.execute(question.order_by(Appointment.from_day, Appointment.id)):
        found[str(unit)].append(person)
    return dict(found)


def substitutes(session: Session, people: Iterable[UUID], day: date) -> dict[UUID, UUID | None]:
    """Of these people those who cannot be reached in their post today, each with who acts for them, if anybody does."""
    ids = list(people)
    away = select(Absence.person_id, Absence.substitute_id).where(
        among(session, Absence.person_id, ids), covers(Absence, day)
    )
    found: dict[UUID, UUID | None] = {row.person_id: row.substitute_id for row in session.execute(away)}
    gone = select(Person.id).where(
        among(session, Person.id, ids),
        or_(
            Person.is_active.is_(False),
            ~exists().where(Appointment.person_id == Person.id, covers(Appointment, day)),
        ),
    )
    for person in session.scalars(gone):
        found.setdefault(person, None)
    return found


def holding(session: Session, post: Post, day: date) -> list[UUID]:
    """Everybody who holds a post on a day, wherever."""
    question = select(Appointment.person_id).where(Appointment.post == post.value, covers(Appointment, day)).distinct()
    return list(session.scalars(question.order_by(Appointment.person_id)))


def names(session: Session, people: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(people))))
    return {row.id: row.name for row in rows}
