"""Photos and recordings: kept once under their digest, for those who may see a thing that names them."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, Scope, may_try, scope_of, with_cases
from backend.domain.actions import Action
from backend.domain.photos import MOST_BYTES, UNNAMED_LIFE, Kind, camera_time
from backend.errors import Forbidden, NotFound
from backend.files import images
from backend.files.images import ImageRefused, Opened
from backend.files.store import Incoming, PhotoStore
from backend.models.photos import Photo
from backend.services import access
from backend.store import changes, photos


def keep(session: Session, actor: Actor, incoming: Incoming, opened: Opened, *, now: datetime, zone: tzinfo) -> bool:
    """Note a photo whose bytes and views are in the store already, and who brought it; whether it is new."""
    known = {"width": opened.width, "height": opened.height, "taken_at": camera_time(opened.taken_at, zone)}
    return _noted(session, actor, incoming, {"media_type": opened.media_type} | known, now=now)


def keep_recording(session: Session, actor: Actor, incoming: Incoming, media_type: str, *, now: datetime) -> bool:
    """Note a recording whose bytes are in the store already, and who brought it; whether it is new."""
    return _noted(session, actor, incoming, {"kind": Kind.RECORDING.value, "media_type": media_type}, now=now)


def _noted(session: Session, actor: Actor, incoming: Incoming, known: dict[str, Any], *, now: datetime) -> bool:
    its = {"sha256": incoming.sha256, "size": incoming.size, "received_at": now}
    is_new = photos.add(session, its | known)
    photos.uploaded(session, incoming.sha256, actor.person_id, now)
    return is_new


def brought_again(session: Session, actor: Actor, sha256: bytes, kind: Kind = Kind.PHOTO, *, now: datetime) -> bool:
    """Whether the file was here already; whoever sends its very bytes may see it from then on."""
    if not photos.held(session, [sha256], kind):
        return False
    photos.uploaded(session, sha256, actor.person_id, now)
    return True


def visible(session: Session, actor: Actor, sha256: bytes, kind: Kind = Kind.PHOTO, *, today: date) -> Photo:
    """The photo, or recording, when the actor may see it; NotFound otherwise, also when it does not exist."""
    scope = with_cases(access.scope(session, actor, Action.SEE_PATROLS, today), actor)
    found = photos.visible(session, sha256, kind, actor.person_id, scope)
    if found is None:
        raise NotFound()
    return found


def look_at_original(session: Session, actor: Actor, sha256: bytes, *, today: date, now: datetime) -> Photo:
    """The photo for whoever may see the evidence itself, with its place and camera; each look is on record.

    Only staff in their regions and the law for what was handed over to it: Forbidden for others who may see it.
    """
    photo = visible(session, actor, sha256, today=today)
    scope = with_cases(Scope(scope_of(actor, Action.SEE_ORIGINAL_PHOTO).regions), actor)
    seen = photos.visible(session, sha256, Kind.PHOTO, actor.person_id, scope)
    if not may_try(actor, Action.SEE_ORIGINAL_PHOTO) or seen is None:
        raise Forbidden("post")
    # The digest is longer than the name of a thing on record may be.
    body = {"sha256": sha256.hex()}
    changes.record(session, now, actor.person_id, "see_original", "photo", sha256.hex()[:60], body)
    return photo


def view(store: PhotoStore, sha256: bytes, size: str) -> bytes:
    """A re-encoded copy; made again when it is lost. NotFound when the original is lost or damaged, too."""
    kept = store.view(sha256, size)
    if kept is not None:
        return kept
    original = store.original(sha256)
    if original is None:
        raise NotFound()
    with store.receiving(io.BytesIO(original).read, MOST_BYTES) as again:
        try:
            views = images.opened(again.path).views if again.sha256 == sha256 else {}
        except ImageRefused:
            views = {}
    for name, content in views.items():
        store.keep_view(sha256, name, content)
    if size not in views:
        raise NotFound()
    return views[size]


def name(
    session: Session,
    actor: Actor,
    digests: Sequence[bytes],
    thing_type: str,
    thing_id: UUID,
    person_id: UUID,
    region_code: str,
    *,
    now: datetime,
    today: date,
    kind: Kind = Kind.PHOTO,
) -> None:
    """Note that a thing names these files, whether their bytes have come or not; naming one gives no sight of it."""
    if not digests:
        return
    shared = {
        "thing_type": thing_type,
        "thing_id": thing_id,
        "person_id": person_id,
        "region_code": region_code,
        "named_at": now,
        "kind": kind.value,
    }
    held = photos.held(session, digests, kind)  # else one could be tidied away while it is being named
    for sha256 in held - {sha256 for sha256, _ in photos.brought(session, digests, [actor.person_id])}:
        # Whoever sees a photo was told that an upload can be skipped: they have had its bytes.
        scope = access.scope(session, actor, Action.SEE_PATROLS, today)
        if photos.visible(session, sha256, kind, actor.person_id, scope):
            photos.uploaded(session, sha256, actor.person_id, now)
    photos.name(session, [{"sha256": digest} | shared for digest in digests])


def stored(session: Session, digests: Sequence[bytes], people: Collection[UUID]) -> set[tuple[bytes, UUID]]:
    """Which of the digests are stored, by whom of these people; what another brought tells them nothing."""
    return photos.brought(session, digests, people) if digests else set()


def states(session: Session, thing_type: str, things: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The photos that things of a type name: hex digest → stored, or pending (待补照片) while the bytes are missing."""
    return {thing: found[Kind.PHOTO] for thing, found in files(session, thing_type, things).items()}


def files(session: Session, thing_type: str, things: Sequence[UUID]) -> dict[UUID, dict[Kind, dict[str, str]]]:
    """The same of everything that they name, by kind."""
    found: dict[UUID, dict[Kind, dict[str, str]]] = {thing: {kind: {} for kind in Kind} for thing in things}
    for thing, sha256, kind, is_brought in photos.named_by(session, thing_type, things):
        found[thing][kind][sha256.hex()] = "stored" if is_brought else "pending"
    return found


def is_here(session: Session, sha256: bytes) -> bool:
    """Whether the bytes of a photo are here."""
    return photos.is_here(session, sha256)


def lonely(session: Session, most: int, *, but: Collection[bytes] = (), now: datetime) -> list[bytes]:
    """Photos that nobody has named in time, the oldest first; `but` leaves some out."""
    return photos.unnamed_since(session, now - UNNAMED_LIFE, most, but=but)


def forget(session: Session, sha256: bytes, *, now: datetime) -> bool:
    """Forget a photo that still nobody has named; whether it was so."""
    return photos.forget(session, sha256, now - UNNAMED_LIFE)


def came_with(session: Session, actor: Actor, report_id: UUID) -> int:
    """How many photos the actor, who speaks for the public, named with one of its reports."""
    return photos.count_of_report(session, report_id, actor.person_id)
