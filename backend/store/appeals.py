"""Questions about appeals (申诉) against figures of assessments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.assessments import Ruling
from backend.models.assessments import AssessmentAppeal
from backend.models.people import Person
from backend.models.regions import Region
from backend.store.regions import inside

_appeal = AssessmentAppeal.__table__


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id or the figure is taken; whether it is new."""
    insertion = insert_for(session)(AssessmentAppeal).on_conflict_do_nothing()
    return session.execute(insertion.returning(AssessmentAppeal.seq), values).first() is not None


def existing(session: Session, appeal_id: UUID) -> AnyRow | None:
    """The appeal of that id, whoever may see it."""
    return session.execute(_shown().where(_appeal.c.id == appeal_id)).one_or_none()


def decide(session: Session, appeal_id: UUID, **values: Any) -> None:
    """Write what the office says of it."""
    session.execute(update(AssessmentAppeal).where(AssessmentAppeal.id == appeal_id).values(**values))


def listed(
    session: Session, assessment_id: UUID, scope: Scope, *, state: str | None = None, person: UUID | None = None
) -> list[AnyRow]:
    """Appeals of an assessment that one sees, those that wait first, then the newest first."""
    here = or_(_appeal.c.person_id.in_(scope.people), *(inside(_appeal.c.region_code, each) for each in scope.regions))
    question = _shown().where(_appeal.c.assessment_id == assessment_id, here)
    if state is not None:
        question = question.where(_appeal.c.state == state)
    if person is not None:
        question = question.where(_appeal.c.person_id == person)
    return list(session.execute(question.order_by(_appeal.c.state != Ruling.OPEN.value, _appeal.c.seq.desc())).all())


def upheld(session: Session, assessment_id: UUID) -> list[AnyRow]:
    """Those whose figures were corrected, in the order in which they came."""
    question = select(_appeal).where(_appeal.c.assessment_id == assessment_id, _appeal.c.state == Ruling.UPHELD.value)
    return list(session.execute(question.order_by(_appeal.c.seq)).all())


def _shown() -> Select[Any]:
    decided = aliased(Person)
    question = select(
        *_appeal.columns,
        Person.name.label("person"),
        Region.name.label("region_name"),
        decided.name.label("decided_by"),
    )
    question = question.join(Person, Person.id == _appeal.c.person_id)
    question = question.outerjoin(Region, Region.code == _appeal.c.region_code)
    return question.outerjoin(decided, decided.id == _appeal.c.decided_by_id)
