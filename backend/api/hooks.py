"""The door for providers: delivery receipts, signed, each believed once."""

from __future__ import annotations

from dataclasses import replace

import structlog
from flask import Response, request

from backend.api.auth import needs
from backend.api.bodies import read_bytes
from backend.api.door import Door, fails, nothing
from backend.api.limits import limiter
from backend.channels.sending import Forged
from backend.clock import inside, outside
from backend.context import house, now
from backend.domain.actions import Action
from backend.errors import NotFound, NotReadable, TooLarge, TooMany, Unauthenticated, UnsupportedMedia
from backend.services import reactions, receipts

door = Door("hooks", "Receipts (回执): what providers say of messages that they took.")
log = structlog.get_logger(__name__)
LIMIT = 256 * 1024
"""Bytes of a report; a provider that bundles thousands of receipts stays below it."""


@door.post("/hooks/<channel>")
@needs(Action.PUBLIC)
@limiter.limit("6000 per minute")
@door.response(204)
@fails(NotReadable, TooLarge, TooMany, Unauthenticated, UnsupportedMedia)
def receive(channel: str) -> Response:
    """Believe what a provider says of its letters, by its signature; told again, nothing changes.

    404 while one of them is not known here yet: a provider that is quicker than our own record asks again.
    """
    here = house()
    if channel not in here.channels:
        raise NotFound()
    body = read_bytes(LIMIT)
    try:
        heard = here.channels[channel].receipts(dict(request.headers), body, now=outside(here.clock)())
    except Forged:
        log.warning("receipt_forged", channel=channel)
        raise Unauthenticated("receipt") from None
    except ValueError:
        raise NotReadable("http") from None
    heard = [replace(each, at=inside(here.clock, each.at)) for each in heard]
    with here.database.transaction() as session:
        received = receipts.receive(session, channel, heard, here.ways, now=now())
        reactions.heard(session, received.heard, now=now())
    if received.unknown:
        raise NotFound()
    return nothing()
