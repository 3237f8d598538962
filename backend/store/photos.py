"""Questions about photos and recordings: what is here, who brought it, which things name it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select
from sqlalchemy.orm import Session

from backend.db import insert_for
from backend.domain.access import Scope
from backend.domain.photos import Kind
from backend.models.hazards import Hazard
from backend.models.orders import OrderAddressee
from backend.models.patrols import Patrol
from backend.models.photos import Photo, PhotoUpload, PhotoUse
from backend.models.public_reports import PublicReport
from backend.store.interim import watched_by
from backend.store.regions import inside


def is_here(session: Session, sha256: bytes) -> bool:
    """Whether the photo's bytes are here."""
    return session.get(Photo, sha256) is not None


def held(session: Session, digests: Sequence[bytes], kind: Kind) -> set[bytes]:
    """Those of the digests whose bytes are here; they are not forgotten before the transaction ends."""
    question = select(Photo.sha256).where(Photo.sha256.in_(digests), Photo.kind == kind.value).order_by(Photo.sha256)
    return set(session.scalars(question.with_for_update(read=True, key_share=True)))


def add(session: Session, values: dict[str, Any]) -> bool:
    """Note a photo whose bytes are kept; whether it is new."""
    noted = insert_for(session)(Photo).values(**values).on_conflict_do_nothing().returning(Photo.sha256)
    return session.scalar(noted) is not None


def uploaded(session: Session, sha256: bytes, person_id: UUID, now: datetime) -> None:
    """Note that somebody has brought it, and when they did so last."""
    values = {"sha256": sha256, "person_id": person_id, "uploaded_at": now}
    noted = insert_for(session)(PhotoUpload).values(**values)
    key = [PhotoUpload.sha256, PhotoUpload.person_id]
    session.execute(noted.on_conflict_do_update(index_elements=key, set_={"uploaded_at": now}))


def visible(session: Session, sha256: bytes, kind: Kind, person_id: UUID, scope: Scope) -> Photo | None:
    """The file of that kind when that person brought it, or a thing in the scope names it whose people brought it."""
    brought = exists().where(PhotoUpload.sha256 == Photo.sha256, PhotoUpload.person_id == person_id)
    named = exists().where(PhotoUse.sha256 == Photo.sha256, _within(scope), _backed())
    return session.scalars(select(Photo).where(_is_one(sha256, kind), or_(brought, named))).one_or_none()


def name(session: Session, rows: list[dict[str, Any]]) -> None:
    """Note which things name which photos; again does no harm."""
    session.execute(insert_for(session)(PhotoUse).values(rows).on_conflict_do_nothing())


def brought(session: Session, digests: Sequence[bytes], people: Collection[UUID]) -> set[tuple[bytes, UUID]]:
    """Which of the digests which of these people have brought."""
    question = select(PhotoUpload.sha256, PhotoUpload.person_id)
    question = question.where(PhotoUpload.sha256.in_(digests), PhotoUpload.person_id.in_(people))
    return {(sha256, person) for sha256, person in session.execute(question)}


def named_by(session: Session, thing_type: str, things: Sequence[UUID]) -> list[tuple[UUID, bytes, Kind, bool]]:
    """The files that things name, in the order of naming: as what, and whether those who named them brought that."""
    brought_it = exists().where(
        PhotoUpload.sha256 == PhotoUse.sha256,
        PhotoUpload.person_id == PhotoUse.person_id,
        Photo.sha256 == PhotoUse.sha256,
        Photo.kind == PhotoUse.kind,
    )
    question = select(PhotoUse.thing_id, PhotoUse.sha256, PhotoUse.kind, brought_it)
    question = question.where(PhotoUse.thing_type == thing_type, PhotoUse.thing_id.in_(things))
    rows = session.execute(question.order_by(PhotoUse.named_at))
    return [(thing, sha256, Kind(kind), here) for thing, sha256, kind, here in rows]


def count_of_report(session: Session, report_id: UUID, person_id: UUID) -> int:
    """How many photos that person named with a report of the public, wherever its case stands now."""
    report = select(PublicReport.hazard_id).where(PublicReport.id == report_id, PublicReport.is_joined.is_(False))
    here = and_(PhotoUse.thing_type == "hazard", PhotoUse.thing_id == report.scalar_subquery())
    here = and_(here, PhotoUse.person_id == person_id)
    return session.scalar(select(func.count()).select_from(PhotoUse).where(here)) or 0


def unnamed_since(session: Session, before: datetime, limit: int, *, but: Collection[bytes] = ()) -> list[bytes]:
    """Photos that came before a moment, were not brought again since, and are named by nothing."""
    question = select(Photo.sha256).where(Photo.received_at < before, _unnamed(), _not_brought_since(before))
    question = question.where(Photo.sha256.not_in(but))
    return list(session.scalars(question.order_by(Photo.received_at).limit(limit)))


def forget(session: Session, sha256: bytes, before: datetime) -> bool:
    """Delete the rows of a photo of which that still holds; whether it did.

    Whoever names or brings it in the meantime holds its row, so the question is asked again under a lock.
    """
    session.execute(select(Photo.sha256).where(Photo.sha256 == sha256).with_for_update())
    free = select(Photo.sha256).where(Photo.sha256 == sha256, _unnamed(), _not_brought_since(before))
    if session.scalar(free) is None:
        return False
    session.execute(delete(PhotoUpload).where(PhotoUpload.sha256 == sha256))
    session.execute(delete(Photo).where(Photo.sha256 == sha256))
    return True


def _is_one(sha256: bytes, kind: Kind) -> ColumnElement[bool]:
    return and_(Photo.sha256 == sha256, Photo.kind == kind.value)


def _unnamed() -> ColumnElement[bool]:
    return ~exists().where(PhotoUse.sha256 == Photo.sha256)


def _not_brought_since(moment: datetime) -> ColumnElement[bool]:
    return ~exists().where(PhotoUpload.sha256 == Photo.sha256, PhotoUpload.uploaded_at >= moment)


def _backed() -> ColumnElement[bool]:
    """Whether somebody of the thing has had the bytes; knowing a digest is not having the photo."""
    entered = exists().where(Patrol.id == PhotoUse.thing_id, Patrol.entered_by_id == PhotoUpload.person_id)
    return exists().where(
        PhotoUpload.sha256 == PhotoUse.sha256, or_(PhotoUpload.person_id == PhotoUse.person_id, entered)
    )


def _within(scope: Scope) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [inside(PhotoUse.region_code, prefix) for prefix in scope.regions]
    if scope.people:
        parts.append(PhotoUse.person_id.in_(scope.people))
        # What was sent with an order is for everybody who got it.
        got = or_(OrderAddressee.person_id.in_(scope.people), OrderAddressee.holder_id.in_(scope.people))
        parts.append(PhotoUse.thing_id.in_(select(OrderAddressee.order_id).where(got)))
    if scope.segments:
        parts.append(PhotoUse.thing_id.in_(select(Patrol.id).where(Patrol.segment_id.in_(scope.segments))))
    if cases := _cases(scope):
        parts.append(PhotoUse.thing_id.in_(select(Hazard.id).where(or_(*cases))))
    return or_(false(), *parts)


def _cases(scope: Scope) -> list[ColumnElement[bool]]:
    """Hazards that are somebody's wherever they lie: on their segments, given to them or their unit, handed over."""
    found: list[ColumnElement[bool]] = []
    if scope.segments:
        found.append(Hazard.segment_id.in_(scope.segments))
    if scope.people:
        found += [Hazard.assignee_id.in_(scope.people), Hazard.id.in_(watched_by(scope.people))]
    if scope.units:
        found.append(and_(Hazard.unit_code.in_(scope.units), Hazard.assigned_at.is_not(None)))
    return found + [and_(Hazard.handed_to == post.value, Hazard.handed_region == place) for post, place in scope.handed]
