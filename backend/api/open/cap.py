"""The door for other systems that pass warnings on: a feed of our warnings, and each of them as CAP."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response

from backend.api.door import unless_known
from backend.api.limits import limiter
from backend.context import declares, house, now
from backend.domain.actions import Action
from backend.domain.cap import Message
from backend.formats import atom, cap, cap_out
from backend.formats.atom import Feed, Item
from backend.services import bulletins
from backend.words import Text, say

blueprint = Blueprint("cap", __name__)
_FRESH_S = 10
"""So long a relay may give it out again without asking; a warning waits no longer for that."""


@blueprint.get("/cap/feed")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def feed() -> Response:
    """The messages of the last thirty days as Atom, the newest first."""
    sender = bulletins.sender(house().settings.address)
    with house().database.reading() as session:
        messages = bulletins.newest(session, sender=sender, zone=house().settings.zone, now=now())
    # As of the newest message, and not of this moment: the same list is the same bytes. Addresses are relative, so that
    # they lead back by whatever way the feed was reached.
    updated = messages[0].sent if messages else atom.EMPTY_SINCE
    title = say(Text("cap.feed"), "zh-CN")
    head = Feed(f"urn:hezhang:cap:{sender}", title, "feed", say(Text("cap.sender"), "zh-CN"), updated)
    return _given(atom.write(head, map(_item, messages)), atom.MEDIA_TYPE)


@blueprint.get("/cap/<identifier>.xml")
@declares(Action.PUBLIC)
@limiter.limit("600 per minute")
def message(identifier: str) -> Response:
    """One message; once it is out it never changes."""
    here = house()
    sender = bulletins.sender(here.settings.address)
    with here.database.reading() as session:
        found = bulletins.one(session, identifier, sender=sender, zone=here.settings.zone)
    return _given(cap_out.write(found), cap.MEDIA_TYPES[0])


def _item(message: Message) -> Item:
    info = message.infos[0]
    name = f"urn:hezhang:cap:{message.sender}:{message.identifier}"
    return Item(name, info.headline, f"{message.identifier}.xml", message.sent, info.instruction)


def _given(document: bytes, media_type: str) -> Response:
    response = Response(document, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_S}"
    response.set_etag(hashlib.sha256(document).hexdigest()[:32])
    return unless_known(response)
