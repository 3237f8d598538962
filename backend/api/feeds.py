"""The door for feeds: where signals are fetched, and who may bring them."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from backend.api import shown_signals as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import require_match
from backend.api.schemas.feeds import FeedAnswer, FeedPage, FeedSchema, draft_of
from backend.context import house, now, today
from backend.domain.actions import Action
from backend.errors import BadInput, Conflict, Stale, VersionNeeded
from backend.services import feeds

door = Door("feeds", "Feeds (预警来源): where signals are fetched, who may bring them, and whether one is silent.")

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag that was seen, for a feed that is there already and is to be altered.",
    "schema": {"type": "string"},
}


@door.put("/flood/feeds/<feed_name>")
@needs(Action.KEEP_FEEDS)
@door.arguments(FeedSchema)
@door.response(201, FeedAnswer)
@door.alt_response(200, schema=FeedAnswer, description="It is in this form already, or now.", success=True)
@door.doc(parameters=[_IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def keep(loaded: dict[str, Any], feed_name: str) -> Response:
    """Make a feed, or put one into another form; the same may be sent any number of times."""
    if not _NAME.fullmatch(feed_name):
        raise BadInput.at("", "flaw.feed_name")
    draft, zone = draft_of(feed_name, loaded), house().settings.zone
    with house().database.transaction() as session:
        known = feeds.held(session, feed_name)
        is_new = False
        if known is None or not feeds.is_as(known, draft):
            if known is not None:
                require_match(_version(known), shown.feed(known, zone))
            is_new = feeds.keep(session, actor(), draft, now=now(), today=today())
            known = feeds.held(session, feed_name)
        body, etag = shown.feed(known, zone), _version(known)
    return answer(body, 201 if is_new else 200, etag=etag)


@door.get("/flood/feeds")
@needs(Action.KEEP_FEEDS)
@door.response(200, FeedPage)
def listed() -> Response:
    """Every feed, and how it does."""
    with house().database.reading() as session:
        rows = feeds.listed(session, actor(), today=today())
    return answer({"items": [shown.feed(row, house().settings.zone) for row in rows]})


@door.get("/flood/feeds/<feed_name>")
@needs(Action.KEEP_FEEDS)
@door.response(200, FeedAnswer)
def one(feed_name: str) -> Response:
    """One feed, and how it does; its ETag is that of its form, for whoever wants to alter it."""
    with house().database.reading() as session:
        row = feeds.one(session, actor(), feed_name, today=today())
    response = answer(shown.feed(row, house().settings.zone))
    response.set_etag(_version(row))
    return response


def _version(row: Any) -> str:
    return f"feed-{row.version}"
