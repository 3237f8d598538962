"""Photos: kept once under their digest, seen by those who may see a thing that names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from backend.db import Session
from backend.domain.access import Action, Actor, may_try
from backend.errors import Forbidden, NotFound
from backend.files.images import Opened
from backend.files.store import Incoming
from backend.models.photos import Photo
from backend.services import access
from backend.store import changes, photos

UNNAMED_LIFE = timedelta(days=30)
"""How long an upload that nobody names is kept."""
ORIGINAL = "original"


def keep(session: Session, actor: Actor, incoming: Incoming, opened: Opened, *, now: datetime) -> None:
    """Note a photo whose bytes and views are in the store already, and who brought it."""
    photos.add(
        session,
        {
            "sha256": incoming.sha256,
            "media_type": opened.media_type,
            "size": incoming.size,
            "width": opened.width,
            "height": opened.height,
            "taken_at": opened.taken_at,
            "received_at": now,
        },
    )
    photos.uploaded(session, incoming.sha256, actor.person_id, now)


def brought_again(session: Session, actor: Actor, sha256: bytes, *, now: datetime) -> bool:
    """Whether the photo was here already; whoever sends its very bytes may see it from then on."""
    if photos.one(session, sha256) is None:
        return False
    photos.uploaded(session, sha256, actor.person_id, now)
    return True


def visible(session: Session, actor: Actor, sha256: bytes, *, today: date) -> Photo:
    """The photo when the actor may see it; NotFound otherwise, also when it does not exist."""
    scope = access.scope(session, actor, Action.SEE_PATROLS, today)
    found = photos.visible(session, sha256, actor.person_id, scope)
    if found is None:
        raise NotFound()
    return found


def look_at_original(session: Session, actor: Actor, photo: Photo, *, now: datetime) -> None:
    """Only staff and the law see the evidence itself, with its place and camera; each look is on record."""
    if not may_try(actor, Action.SEE_ORIGINAL_PHOTO):
        raise Forbidden("post")
    changes.record(session, now, actor.person_id, "see_original", "photo", photo.sha256.hex()[:60], {})


def name(
    session: Session,
    digests: Sequence[bytes],
    thing_type: str,
    thing_id: UUID,
    person_id: UUID,
    region_code: str,
    *,
    now: datetime,
) -> None:
    """Note that a thing names these photos, whether their bytes have come or not."""
    shared = {
        "thing_type": thing_type,
        "thing_id": thing_id,
        "person_id": person_id,
        "region_code": region_code,
        "named_at": now,
    }
    photos.name(session, [{"sha256": digest} | shared for digest in digests])


def states(session: Session, digests: Sequence[bytes]) -> dict[str, str]:
    """Of each digest (hex) whether its bytes are `stored` or still `pending` (待补照片)."""
    here = photos.present(session, digests)
    return {digest.hex(): "stored" if digest in here else "pending" for digest in digests}


def forget_one(session: Session, *, now: datetime) -> bytes | None:
    """Forget one photo that nobody has named in time; its digest, or None when there is none left."""
    for sha256 in photos.unnamed_before(session, now - UNNAMED_LIFE, limit=1):
        if photos.forget(session, sha256):
            return sha256
    return None
