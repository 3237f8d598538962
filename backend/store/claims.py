"""Questions about who is handling a hazard right now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.models.claims import HazardClaim
from backend.models.people import Person


def of_hazard(session: Session, hazard_id: UUID, now: datetime) -> AnyRow | None:
    """Who is at it: person_id, name, since, until_at; None when nobody is, or no more."""
    columns = (HazardClaim.person_id, Person.name, HazardClaim.since, HazardClaim.until_at)
    question = select(*columns).join(Person, Person.id == HazardClaim.person_id)
    return session.execute(question.where(HazardClaim.hazard_id == hazard_id, HazardClaim.until_at > now)).one_or_none()


def take(session: Session, hazard_id: UUID, person_id: UUID, *, now: datetime, until_at: datetime) -> bool:
    """Somebody is at it until then, unless another one is; whether they are. The key decides between two at once."""
    upsert = insert_for(session)(HazardClaim).values(
        hazard_id=hazard_id, person_id=person_id, since=now, until_at=until_at
    )
    upsert = upsert.on_conflict_do_update(
        index_elements=[HazardClaim.hazard_id],
        set_={"person_id": person_id, "since": now, "until_at": until_at},
        where=or_(HazardClaim.person_id == person_id, HazardClaim.until_at <= now),
    )
    return session.execute(upsert.returning(HazardClaim.hazard_id)).scalar_one_or_none() is not None


def let_go(session: Session, hazard_id: UUID, person_id: UUID) -> None:
    """They are not at it any more; what another one is at stays."""
    mine = (HazardClaim.hazard_id == hazard_id, HazardClaim.person_id == person_id)
    session.execute(delete(HazardClaim).where(*mine))
