"""Questions about joint work: who walked together, clues and their answers, meetings with tasks, and counts of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for
from backend.domain.access import Scope
from backend.domain.cooperation import Way
from backend.domain.hazards import Act
from backend.models.cooperation import (
    Clue,
    JointMeeting,
    JointMeetingMember,
    JointPatrol,
    JointPatrolMember,
    JointTask,
    Suggestion,
)
from backend.models.hazards import Hazard, HazardAct
from backend.models.patrols import Patrol
from backend.models.people import Appointment, Person
from backend.models.segments import Segment
from backend.store.bulk import insert_all
from backend.store.people import covers
from backend.store.regions import inside

Noun = type[JointPatrol] | type[Clue] | type[JointMeeting]
_MEMBERS: dict[Any, tuple[Any, Any]] = {
    JointPatrol: (JointPatrolMember, JointPatrolMember.joint_patrol_id),
    JointMeeting: (JointMeetingMember, JointMeetingMember.meeting_id),
}


def add(session: Session, noun: Noun, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(noun).on_conflict_do_nothing(index_elements=[noun.id])
    return session.execute(insertion.returning(noun.seq), values).scalar_one_or_none() is not None


def add_members(session: Session, noun: Noun, thing_id: UUID, people: Iterable[UUID]) -> None:
    """Write down who takes part."""
    table, column = _MEMBERS[noun]
    rows = [{column.key: thing_id, "person_id": each} for each in people]
    insert_all(session, cast(Table, table.__table__), rows)


def add_tasks(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what a meeting asks for."""
    insert_all(session, cast(Table, JointTask.__table__), rows)


def one(session: Session, noun: Noun, thing_id: UUID) -> AnyRow | None:
    """A joint patrol, clue or meeting of that id with its maker's name, whoever may see it."""
    return session.execute(_shown(noun).where(noun.id == thing_id)).one_or_none()


def clue_of(session: Session, hazard_id: UUID) -> UUID | None:
    """The clue that the law handed in with a hazard."""
    return session.scalar(select(Clue.id).where(Clue.hazard_id == hazard_id, Clue.way == Way.IN.value))


def listed(
    session: Session,
    noun: Noun,
    scope: Scope,
    *,
    limit: int,
    after: int | None,
    hazard: UUID | None = None,
    owed: Scope | None = None,
) -> list[AnyRow]:
    """Those of a part of the world, and those in which these people take part, the newest first; keyset.

    `hazard`: of clues only those that go with it; `owed`: only those that wait for an answer of these houses.
    """
    question = _shown(noun).where(_is_seen(noun, scope))
    if owed is not None:
        question = question.where(is_owed(owed))
    return newest(session, noun, question, limit=limit, after=after, hazard=hazard)


def newest(
    session: Session, noun: Any, question: Select[Any], *, limit: int, after: int | None, hazard: UUID | None
) -> list[AnyRow]:
    """What is asked for of a noun, the newest first, one more than `limit`; keyset. `hazard`: only what is about it."""
    if hazard is not None:
        question = question.where(noun.hazard_id == hazard)
    if after is not None:
        question = question.where(noun.seq < after)
    return list(session.execute(question.order_by(noun.seq.desc()).limit(limit + 1)).all())


def is_seen(session: Session, noun: Noun, thing_id: UUID, scope: Scope) -> bool:
    """Whether one lies in the scope, or somebody of it takes part."""
    return session.execute(select(noun.seq).where(noun.id == thing_id, _is_seen(noun, scope))).first() is not None


def members(session: Session, noun: Noun, ids: Collection[UUID]) -> list[AnyRow]:
    """Who takes part: thing_id, person_id, name."""
    table, column = _MEMBERS[noun]
    question = select(column.label("thing_id"), table.person_id, Person.name).join(Person, Person.id == table.person_id)
    return list(session.execute(question.where(among(session, column, list(ids))).order_by(Person.name)).all())


def walks(session: Session, ids: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """Of each who takes part the first walk of that day on that river that counts, by (joint patrol, person)."""
    mine = and_(Patrol.person_id == JointPatrolMember.person_id, Patrol.river_code == JointPatrol.river_code)
    on_day = and_(Patrol.walked_at >= JointPatrol.begins_at, Patrol.walked_at < JointPatrol.ends_at)
    question = select(JointPatrol.id, Patrol.person_id, Patrol.id.label("patrol_id"))
    question = question.join(JointPatrolMember, JointPatrolMember.joint_patrol_id == JointPatrol.id)
    question = question.join(Patrol, and_(mine, on_day, Patrol.counts)).order_by(Patrol.walked_at.desc())
    rows = session.execute(question.where(among(session, JointPatrol.id, list(ids))))
    return {(row.id, row.person_id): row.patrol_id for row in rows}


def tasks(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """What meetings ask for, in order."""
    question = select(*JointTask.__table__.columns).where(among(session, JointTask.meeting_id, list(ids)))
    return list(session.execute(question.order_by(JointTask.meeting_id, JointTask.number)).all())


def finish_task(session: Session, meeting_id: UUID, number: int, person_id: UUID, at: datetime) -> bool:
    """Note that a task is done; whether it was open."""
    here = (JointTask.meeting_id == meeting_id, JointTask.number == number, JointTask.done_at.is_(None))
    done = update(JointTask).where(*here).values(done_at=at, done_by_id=person_id).returning(JointTask.number)
    return session.execute(done).first() is not None


def answer_clue(session: Session, clue_id: UUID, person_id: UUID, text: str, at: datetime) -> bool:
    """Note the answer to a clue; whether it had none."""
    said = update(Clue).where(Clue.id == clue_id, Clue.answered_at.is_(None))
    said = said.values(answered_at=at, answered_by_id=person_id, answer=text).returning(Clue.seq)
    return session.execute(said).first() is not None


def is_owed(by: Scope) -> ColumnElement[bool]:
    """A clue without an answer: one for the offices of these regions, or for these houses of the law."""
    here = [and_(Clue.way == "in", inside(Clue.region_code, region)) for region in by.regions]
    theirs = [and_(Clue.way == "out", Clue.post == post.value, Clue.law_region == region) for post, region in by.handed]
    return and_(Clue.answered_at.is_(None), or_(false(), *here, *theirs))


def in_office(session: Session, people: Collection[UUID], day: date) -> set[UUID]:
    """Which of these people hold any post on a day."""
    question = select(Appointment.person_id).where(among(session, Appointment.person_id, list(people)))
    return set(session.scalars(question.where(covers(Appointment, day)).distinct()))


def counts(session: Session, region: str, begin: datetime, end: datetime, length: int) -> dict[str, dict[str, int]]:
    """Of a region and a span what was done together, by place, which is a code of at most so many digits."""

    def counted(name: str, column: Any, at: Any, *where: Any, of: Any = None) -> Select[Any]:
        place = func.substr(column, 1, length).label("place")
        many = func.count(func.distinct(of)) if of is not None else func.count()
        question = select(literal(name).label("name"), place, many.label("many"))
        return question.where(inside(column, region), at >= begin, at < end, *where).group_by(place)

    joint, met, asked = JointPatrol.region_code, JointMeeting.region_code, Suggestion.region_code
    acts = (("handed_over", Act.TRANSFER), ("handed_back", Act.HAND_BACK))
    is_task = JointTask.meeting_id == JointMeeting.id
    every = union_all(
        counted("joint_patrols", joint, JointPatrol.begins_at),
        counted("walkers", joint, JointPatrol.begins_at, _is_walked(), of=_walker()),
        counted("clues_in", Clue.region_code, Clue.made_at, Clue.way == Way.IN.value),
        counted("clues_out", Clue.region_code, Clue.made_at, Clue.way == Way.OUT.value),
        counted("clues_answered", Clue.region_code, Clue.made_at, Clue.answered_at.is_not(None)),
        *(counted(name, Hazard.region_code, HazardAct.at, _is_act(act)) for name, act in acts),
        counted("meetings", met, JointMeeting.at),
        counted("tasks", met, JointMeeting.at, is_task),
        counted("tasks_done", met, JointMeeting.at, is_task, JointTask.done_at.is_not(None)),
        counted("suggestions", asked, Suggestion.made_at),
        counted("replied", asked, Suggestion.made_at, Suggestion.replied_at.is_not(None)),
        counted("replied_in_time", asked, Suggestion.made_at, Suggestion.replied_at <= Suggestion.reply_by),
    )
    found: dict[str, dict[str, int]] = {}
    for row in session.execute(every):
        found.setdefault(row.place, {})[row.name] = row.many
    return found


def _is_act(act: Act) -> ColumnElement[bool]:
    return and_(Hazard.id == HazardAct.hazard_id, HazardAct.act == act.value)


def _walker() -> Any:
    """Somebody in one joint patrol: each is counted once in it, however often they walked that day."""
    return cast_to(JointPatrol.seq, String).concat(cast_to(Patrol.person_id, String))


def _is_walked() -> ColumnElement[bool]:
    return and_(
        JointPatrolMember.joint_patrol_id == JointPatrol.id,
        Patrol.person_id == JointPatrolMember.person_id,
        Patrol.river_code == JointPatrol.river_code,
        Patrol.walked_at >= JointPatrol.begins_at,
        Patrol.walked_at < JointPatrol.ends_at,
        Patrol.counts,
    )


def _shown(noun: Any) -> Any:
    question = select(*noun.__table__.columns, Person.name.label("made_by")).join(Person, Person.id == noun.made_by_id)
    if noun is JointPatrol:
        columns = (Segment.code.label("segment_code"), Segment.name.label("segment_name"))
        question = question.add_columns(*columns).join(Segment, Segment.id == JointPatrol.segment_id)
    if noun is Clue:
        question = question.add_columns(Hazard.kind, Hazard.state).join(Hazard, Hazard.id == Clue.hazard_id)
    return question


def _is_seen(noun: Any, scope: Scope) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [inside(noun.region_code, region) for region in scope.regions]
    if noun is Clue:
        if scope.handed:
            seats = [(post.value, region) for post, region in scope.handed]
            parts.append(tuple_(Clue.post, Clue.law_region).in_(seats))
        return or_(false(), *parts, Clue.made_by_id.in_(scope.people))
    table, column = _MEMBERS[noun]
    takes_part = exists().where(column == noun.id, table.person_id.in_(scope.people))
    return or_(false(), *parts, noun.made_by_id.in_(scope.people), takes_part)
