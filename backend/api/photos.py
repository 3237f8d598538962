"""The door for photos: addressed by content, so an upload can be repeated or skipped without harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.bodies import body_pieces
from backend.api.door import Door, answer, fails, unless_known
from backend.api.schemas.photos import ORIGINAL, KeptAnswer, LookArguments
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.photos import MEDIA_TYPES, MOST_BYTES, Kind
from backend.errors import BadInput, Flaw, NotFound, NotReadable, TooLarge, Unavailable, UnsupportedMedia
from backend.files import images
from backend.files.store import Incoming
from backend.services import photos
from backend.words import Text

door = Door("photos", "Photos (照片): evidence, kept untouched under its SHA-256.")

FOREVER = "private, max-age=31536000, immutable"
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD = {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BYTES)}
_ENDING = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}


@door.put("/photos/<sha256>")
@needs(Action.UPLOAD_PHOTO)
@door.doc(requestBody=_UPLOAD)
@door.response(201, KeptAnswer, description="Kept.")
@door.alt_response(200, schema=KeptAnswer, description="It was here already.", success=True)
@fails(NotReadable, TooLarge, UnsupportedMedia, BadInput)
def upload(sha256: str) -> Response:
    """Send the bytes of a photo; they are kept as they are."""
    return received(sha256, Kind.PHOTO, (MEDIA_TYPES, MOST_BYTES), _keep)


def received(sha256: str, kind: Kind, taken: tuple[Sequence[str], int], keep: Callable[[Incoming], bool]) -> Response:
    """Take the bytes of a file of evidence; `taken`: of which types, and how many bytes at most."""
    media_types, most = taken
    if not (wanted := digest_of(sha256)):
        raise BadInput.at("", "flaw.digest")
    if request.mimetype not in media_types:
        raise UnsupportedMedia(wanted=", ".join(media_types))
    pieces = body_pieces(most)
    with house().photos.receiving(lambda _most: next(pieces, b""), most) as incoming:
        if incoming.sha256 != wanted:
            raise BadInput(Flaw("", Text.of("flaw.other_digest", digest=incoming.sha256.hex())))
        is_new = not _was_here(incoming, kind) and keep(incoming)
    if house().photos.size_of(wanted) != incoming.size:
        raise Unavailable(seconds=1)  # it was tidied away at the same moment: send it again
    return answer({"sha256": sha256, "state": "stored"}, 201 if is_new else 200)


def _was_here(incoming: Incoming, kind: Kind) -> bool:
    if house().photos.size_of(incoming.sha256) != incoming.size:
        return False
    with house().database.transaction() as session:
        return photos.brought_again(session, actor(), incoming.sha256, kind, now=now())


def _keep(incoming: Incoming) -> bool:
    """Decode, keep the bytes, then say so: a row never names bytes that are not there. Whether it is new."""
    try:
        opened = images.opened(incoming.path)
    except images.ImageRefused as refused:
        raise BadInput(Flaw("", Text(f"flaw.image.{refused.why}"))) from None
    house().photos.keep(incoming, opened.views)
    with house().database.transaction() as session:
        return photos.keep(session, actor(), incoming, opened, now=now(), zone=house().settings.zone)


@door.get("/photos/<sha256>")
@needs(Action.SEE_PHOTO)
@door.arguments(LookArguments, location="query")
@door.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
@door.alt_response(304, description="Not changed since that ETag.")
def image(asked: dict[str, str], sha256: str) -> Response:
    """A photo that one may see, as a JPEG without EXIF; HEAD says whether an upload can be skipped."""
    if not (digest := digest_of(sha256)):
        raise NotFound()
    if asked["size"] == ORIGINAL:
        return _original(digest)
    with house().database.reading() as session:
        photo = photos.visible(session, actor(), digest, today=today())
    if request.method == "HEAD" and house().photos.size_of(digest) != photo.size:
        raise NotFound()  # the bytes are lost: they are wanted again
    response = Response(photos.view(house().photos, digest, asked["size"]), mimetype="image/jpeg")
    response.headers["Cache-Control"] = FOREVER
    return _served(response, f"{sha256}-{asked['size']}", f"{sha256[:16]}-{asked['size']}.jpg", "inline")


def _original(digest: bytes) -> Response:
    """The evidence itself; no cache keeps it, because each look is on record."""
    with house().database.transaction() as session:
        photo = photos.look_at_original(session, actor(), digest, today=today(), now=now())
    content = house().photos.original(digest)
    if content is None:
        raise NotFound()
    response = Response(content, mimetype=photo.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return _served(response, digest.hex(), f"{digest.hex()[:16]}.{_ENDING[photo.media_type]}", "attachment")


def _served(response: Response, etag: str, filename: str, disposition: str) -> Response:
    response.headers["Content-Disposition"] = f'{disposition}; filename="{filename}"'
    # Another person at the same browser asks the server again, and is answered for themselves.
    response.headers["Vary"] = "Authorization"
    response.set_etag(etag)
    return unless_known(response)


def digest_of(sha256: str) -> bytes | None:
    """The digest that an address names; None where it is none."""
    return bytes.fromhex(sha256) if re.fullmatch(r"[0-9a-f]{64}", sha256) else None
