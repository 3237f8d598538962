"""Questions about photos: what is here, who brought it, which things name it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, false, or_, select
from sqlalchemy.orm import Session

from backend.db import insert_for, touched
from backend.domain.access import Scope
from backend.models.patrols import Patrol
from backend.models.photos import Photo, PhotoUpload, PhotoUse


def one(session: Session, sha256: bytes) -> Photo | None:
    """The photo of that digest, whoever may see it."""
    return session.get(Photo, sha256)


def add(session: Session, values: dict[str, Any]) -> None:
    """Note a photo whose bytes are kept; again does no harm."""
    session.execute(insert_for(session)(Photo).values(**values).on_conflict_do_nothing())


def uploaded(session: Session, sha256: bytes, person_id: UUID, now: datetime) -> None:
    """Note that somebody has brought it; again does no harm."""
    values = {"sha256": sha256, "person_id": person_id, "uploaded_at": now}
    session.execute(insert_for(session)(PhotoUpload).values(**values).on_conflict_do_nothing())


def visible(session: Session, sha256: bytes, person_id: UUID, scope: Scope) -> Photo | None:
    """The photo when that person brought it, or a thing in the scope names it."""
    brought = exists().where(PhotoUpload.sha256 == Photo.sha256, PhotoUpload.person_id == person_id)
    named = exists().where(PhotoUse.sha256 == Photo.sha256, _within(scope))
    return session.scalars(select(Photo).where(Photo.sha256 == sha256, or_(brought, named))).one_or_none()


def name(session: Session, rows: list[dict[str, Any]]) -> None:
    """Note which things name which photos; again does no harm."""
    session.execute(insert_for(session)(PhotoUse).values(rows).on_conflict_do_nothing())


def present(session: Session, digests: Sequence[bytes]) -> set[bytes]:
    """Those of the digests whose bytes are here."""
    return set(session.scalars(select(Photo.sha256).where(Photo.sha256.in_(digests))))


def unnamed_before(session: Session, before: datetime, limit: int) -> list[bytes]:
    """Photos received before a moment that nothing names."""
    question = select(Photo.sha256).where(Photo.received_at < before, ~exists().where(PhotoUse.sha256 == Photo.sha256))
    return list(session.scalars(question.limit(limit)))


def forget(session: Session, sha256: bytes) -> bool:
    """Delete the rows of a photo that still nothing names; whether it was so."""
    session.execute(delete(PhotoUpload).where(PhotoUpload.sha256 == sha256))
    free = and_(Photo.sha256 == sha256, ~exists().where(PhotoUse.sha256 == Photo.sha256))
    return bool(touched(session.execute(delete(Photo).where(free))))


def _within(scope: Scope) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [
        PhotoUse.region_code.startswith(prefix, autoescape=True) for prefix in scope.regions
    ]
    if scope.people:
        parts.append(PhotoUse.person_id.in_(scope.people))
    if scope.segments:
        parts.append(PhotoUse.thing_id.in_(select(Patrol.id).where(Patrol.segment_id.in_(scope.segments))))
    return or_(false(), *parts)
