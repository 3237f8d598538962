"""The door for recordings: voice notes, kept and found like photos, and played from any place in them."""

from __future__ import annotations

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.door import Door, fails
from backend.api.photos import FOREVER, digest_of, received
from backend.api.schemas.photos import KeptAnswer
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.domain.photos import Kind
from backend.domain.recordings import ENDINGS, HEAD_BYTES, MEDIA_TYPES, MOST_BYTES, is_said, media_type_of
from backend.errors import BadInput, Flaw, NotFound, NotReadable, TooLarge, UnsupportedMedia
from backend.files.store import Incoming
from backend.services import photos
from backend.words import Text

door = Door("recordings", "Recordings (录音): what somebody says who does not type; evidence like a photo.")

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD = {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BYTES)}
_SOUND = {"description": "The recording.", "content": dict.fromkeys(MEDIA_TYPES, _BYTES)}
_PART = _SOUND | {"description": "The bytes that `Range` asks for."}
_NO_PART = {"description": "There are no such bytes."}


@door.put("/recordings/<sha256>")
@needs(Action.UPLOAD_PHOTO)
@door.doc(requestBody=_UPLOAD)
@door.response(201, KeptAnswer, description="Kept.")
@door.alt_response(200, schema=KeptAnswer, description="It was here already.", success=True)
@fails(NotReadable, TooLarge, UnsupportedMedia, BadInput)
def upload(sha256: str) -> Response:
    """Send the bytes of a recording; they are kept as they are."""
    return received(sha256, Kind.RECORDING, (MEDIA_TYPES, MOST_BYTES), _keep)


def _keep(incoming: Incoming) -> bool:
    """Look at the first bytes, keep them all, then say so. Whether it is new."""
    with incoming.path.open("rb") as file:
        found = media_type_of(file.read(HEAD_BYTES))
    if found is None:
        raise BadInput(Flaw("", Text.of("flaw.recording.not_one", choices=", ".join(MEDIA_TYPES))))
    if not is_said(request.mimetype, found):
        raise BadInput(Flaw("", Text.of("flaw.recording.other_type", found=found, said=request.mimetype)))
    house().photos.keep(incoming, {})
    with house().database.transaction() as session:
        return photos.keep_recording(session, actor(), incoming, found, now=now())


@door.get("/recordings/<sha256>")
@needs(Action.SEE_PHOTO)
@door.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPES[0])
@door.alt_response(304, description="Not changed since that ETag.")
@door.doc(responses={"200": _SOUND, "206": _PART, "416": _NO_PART})
def sound(sha256: str) -> Response:
    """A recording that one may hear, whole or what `Range` names; HEAD says whether an upload can be skipped."""
    if not (digest := digest_of(sha256)):
        raise NotFound()
    with house().database.reading() as session:
        recording = photos.visible(session, actor(), digest, Kind.RECORDING, today=today())
    content = house().photos.original(digest)
    if content is None:
        raise NotFound()  # the bytes are lost: they are wanted again
    response = Response(content, mimetype=recording.media_type)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Vary"] = "Authorization"
    name = f"{sha256[:16]}.{ENDINGS[recording.media_type]}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(sha256)
    asked = {key: value for key, value in request.environ.items() if key != "HTTP_IF_MATCH"}
    response.make_conditional(asked, accept_ranges=True, complete_length=len(content))
    return response
