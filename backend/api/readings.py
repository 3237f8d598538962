"""The door for readings: what stations and their gateways send, with a key and without a login."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from backend.api.auth import needs
from backend.api.bodies import checked, json_body, refuse_nul
from backend.api.door import Door, answer, fails
from backend.api.limits import limiter
from backend.api.schemas.stations import BATCH_DOCUMENT, KEY_DOCUMENT, ReadingResults, ReadingSchema, reading_of
from backend.context import house, language, now
from backend.domain.actions import Action
from backend.domain.stations import MOST_READINGS, ReadingDraft, key_digest
from backend.errors import BadInput, Flaw, NotReadable, TooLarge, TooMany, Unauthenticated, UnsupportedMedia
from backend.services import readings
from backend.words import say

door = Door("readings", "Readings (测报): what stations measure.")
_item = ReadingSchema()


@door.post("/flood/readings")
@needs(Action.PUBLIC)
@limiter.limit("600 per minute")
@door.doc(parameters=[KEY_DOCUMENT], requestBody=BATCH_DOCUMENT)
@door.response(200, ReadingResults)
@fails(NotReadable, TooLarge, TooMany, Unauthenticated, UnsupportedMedia)
def receive() -> Response:
    """Up to 5,000 readings; each stands alone: `stored`, `unchanged`, or `refused` with the reasons."""
    key = request.headers.get("X-Station-Key", "")
    if not key:
        raise Unauthenticated("station_key")
    items = json_body()
    if not isinstance(items, list) or len(items) > MOST_READINGS:
        raise BadInput.at("", "flaw.length", low=0, high=MOST_READINGS)
    read = [_read(item) for item in items]
    drafts = [each for each in read if isinstance(each, ReadingDraft)]
    with house().database.transaction() as session:
        told = iter(readings.receive(session, key_digest(key), drafts, now=now()))
    results = [next(told) if isinstance(each, ReadingDraft) else each for each in read]
    return answer({"results": [_shown(items[n], n, each) for n, each in enumerate(results)]})


def _read(item: Any) -> ReadingDraft | readings.Result:
    """A reading, or why it is none."""
    try:
        refuse_nul(item)
        return reading_of(checked(_item, item))
    except BadInput as wrong:
        return readings.Result(readings.REFUSED, wrong.flaws)


def _shown(item: Any, number: int, result: readings.Result) -> dict[str, Any]:
    named = item if isinstance(item, dict) else {}
    body: dict[str, Any] = {name: _plain(named.get(name)) for name in ("station", "at")} | {"status": result.status}
    if result.flaws:
        body["errors"] = [_flaw(number, flaw) for flaw in result.flaws]
    return body


def _flaw(number: int, flaw: Flaw) -> dict[str, str]:
    return {"pointer": f"/{number}{flaw.pointer}", "detail": say(flaw.text, language())}


def _plain(value: Any) -> str | None:
    """What the item says of itself, as far as it is a text of bounded length."""
    return value if isinstance(value, str) and len(value) <= 60 else None
