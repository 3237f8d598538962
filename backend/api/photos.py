"""The door for photos: addressed by content, so an upload can be repeated or skipped without harm."""

from __future__ import annotations

import re
from datetime import date

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.clock import day_of
from backend.context import house, now
from backend.domain.access import Action
from backend.errors import BadInput, Flaw, NotFound, TooLarge, UnsupportedMedia
from backend.files import images
from backend.files.store import Incoming
from backend.models.photos import Photo
from backend.services import photos
from backend.words import Text

door = Door("photos", "Photos (照片): evidence, kept untouched under its SHA-256.")

LIMIT = 15 * 1024 * 1024
"""Bytes of a photo."""
TAKEN = ("image/jpeg", "image/png", "image/webp", "image/heic")
FOREVER = "private, max-age=31536000, immutable"


@door.put("/photos/<sha256>")
@needs(Action.UPLOAD_PHOTO)
@door.response(201, description="Kept. 200: it was here already.")
def upload(sha256: str) -> Response:
    """Send the bytes of a photo; they are kept as they are."""
    wanted = _digest(sha256)
    if request.mimetype not in TAKEN:
        raise UnsupportedMedia(wanted=", ".join(TAKEN))
    if request.content_length is not None and request.content_length > LIMIT:
        raise TooLarge(limit=LIMIT)
    with house().photos.receiving(request.stream.read, LIMIT) as incoming:
        if incoming.sha256 != wanted:
            raise BadInput(Flaw("", Text.of("flaw.other_digest", digest=incoming.sha256.hex())))
        with house().database.transaction() as session:
            was_here = photos.brought_again(session, actor(), wanted, now=now())
        if not was_here:
            _keep(incoming)
    return answer({"sha256": sha256, "state": "stored"}, 200 if was_here else 201)


def _keep(incoming: Incoming) -> None:
    """Decode, keep the bytes, then say so: a row never names bytes that are not there."""
    try:
        with images.opened(incoming.path) as opened:
            house().photos.keep_original(incoming)
            for size, view in opened.views.items():
                house().photos.keep_view(incoming.sha256, size, view)
            with house().database.transaction() as session:
                photos.keep(session, actor(), incoming, opened, now=now())
    except images.ImageRefused as refused:
        raise BadInput(Flaw("", Text(f"flaw.image.{refused.why}"))) from None


@door.get("/photos/<sha256>")
@needs(Action.SEE_PHOTO)
@door.response(200, description="The image; `size` is thumb, view or original.")
def image(sha256: str) -> Response:
    """A photo that one may see; HEAD says whether an upload can be skipped."""
    digest = _digest(sha256, missing=True)
    size = request.args.get("size", "view")
    if size not in (*images.SIZES, photos.ORIGINAL):
        raise BadInput.at("/size", "flaw.choice", choices="thumb, view, original")
    if size == photos.ORIGINAL:
        with house().database.transaction() as session:
            photo = photos.visible(session, actor(), digest, today=_today())
            photos.look_at_original(session, actor(), photo, now=now())
        return _served(photo, house().photos.original(digest), photo.media_type, f"{sha256}-original")
    with house().database.reading() as session:
        photo = photos.visible(session, actor(), digest, today=_today())
    if request.method == "HEAD":
        return _served(photo, b"", "image/jpeg", f"{sha256}-{size}")
    return _served(photo, house().photos.view(digest, size), "image/jpeg", f"{sha256}-{size}")


def _served(photo: Photo, content: bytes | None, media_type: str, etag: str) -> Response:
    if content is None:
        raise NotFound()
    response = Response(content, mimetype=media_type)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Disposition"] = f'inline; filename="{photo.sha256.hex()[:16]}"'
    response.set_etag(etag)
    response.make_conditional(request)
    return response


def _digest(sha256: str, *, missing: bool = False) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise NotFound() if missing else BadInput.at("", "flaw.digest")
    return bytes.fromhex(sha256)


def _today() -> date:
    return day_of(now(), house().settings.zone)
