"""The door for notice boards (公示牌): where they stand, what is printed on them, and which are out of date."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.etag import IF_MATCH, require_version, version_of
from backend.api.paging import next_path, place_in
from backend.api.schemas.signs import (
    PrintedAnswer,
    PrintedSchema,
    SignAnswer,
    SignListArguments,
    SignPage,
    SignSchema,
    sign_of,
)
from backend.api.shown import moment
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.signs import SIGN, SignDraft, State, digest
from backend.errors import Conflict, NotFound, Stale, VersionNeeded
from backend.services import photos, reaches, signs
from backend.services.signs import Seen
from backend.store import signs as store

door = Door("signs", "Notice boards (公示牌) on the banks: who answers for a river, and whom one may call.")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MOST_PRINTS = 20


@door.put("/signs/<code>")
@needs(Action.KEEP_SIGNS)
@door.arguments(SignSchema)
@door.response(201, SignAnswer, description="Put up.")
@door.alt_response(200, schema=SignAnswer, description="It was so already, or is so now.", success=True)
@door.doc(parameters=[IF_MATCH | {"required": False}])
@fails(Conflict, Stale, VersionNeeded)
def keep(loaded: dict[str, Any], code: str) -> Response:
    """Describe a board of one's own region; whoever changes one says which version they saw."""
    if not _CODE.fullmatch(code):
        raise NotFound()
    draft = sign_of(code, loaded)
    with house().database.transaction() as session:
        is_new = signs.make(session, actor(), draft, today=today(), now=now())
        if not is_new:
            _change(session, draft)
        found = signs.one(session, actor(), code, today=today())
        if draft.photo is not None:
            named = (SIGN, found.row.id, actor().person_id, found.row.region_code)
            photos.name(session, actor(), [draft.photo], *named, now=now(), today=today())
        body = _whole(session, found)
    return answer(body, 201 if is_new else 200, etag=_etag(found, body))


@door.get("/signs")
@needs(Action.SEE_SIGNS)
@door.arguments(SignListArguments, location="query")
@door.response(200, SignPage)
def listed(asked: dict[str, Any]) -> Response:
    """Boards of one's own part of the world by code, each beside how it is today."""
    limit, after = asked["limit"], place_in(asked["cursor"], str)
    reach = reaches.by_name(asked["segment"]) if asked["segment"] else None
    where = {"region": asked["region"], "river": asked["river"], "reach": reach, "words": asked["q"]}
    state = State(asked.get("state", State.STANDING))
    with house().database.reading() as session:
        place = {"limit": limit, "after": after[0] if after else ""}
        rows = store.listed(session, signs.scope(actor()), today(), state=state, **place, **where)
        found = signs.seen(session, rows[:limit], today=today())
        states = photos.states(session, SIGN, [each.row.id for each in found])
    items = [_shown(each, states[each.row.id]) for each in found]
    return answer({"items": items, "next": next_path([rows[limit - 1].code] if len(rows) > limit else None)})


@door.get("/signs/<code>")
@needs(Action.SEE_SIGNS)
@door.response(200, SignAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(code: str) -> Response:
    """One board, with the sheets that were made for it."""
    with house().database.reading() as session:
        found = signs.one(session, actor(), code, today=today())
        body = _whole(session, found)
    return answer(body, etag=_etag(found, body))


@door.post("/signs/printed")
@needs(Action.KEEP_SIGNS)
@door.arguments(PrintedSchema)
@door.response(200, PrintedAnswer)
@fails(Conflict, NotFound)
def printed(said: dict[str, Any]) -> Response:
    """Say that sheets hang on their boards; told again, nothing changes. Conflict for one that is old already."""
    sheets = {each["code"]: each["content"] for each in said["signs"]}
    with house().database.transaction() as session:
        on = said.get("on", today())
        noted = signs.note_printed(session, actor(), sheets, on, today=today(), now=now())
    return answer({"noted": noted})


def _change(session: Session, draft: SignDraft) -> None:
    row = signs.kept(session, actor(), draft.code)
    columns = signs.columns_of(session, actor(), draft, today=today())
    if not signs.differs(row, columns):
        return
    found = signs.one(session, actor(), draft.code, today=today())
    # How it is today changes by itself: only the board must still be as it was seen.
    require_version(re.sub(r"\.\w+", "", request.headers.get("If-Match", "")), _version(found), _whole(session, found))
    signs.change(session, actor(), row, columns, today=today(), now=now())


def _version(found: Seen) -> str:
    return f"sign-{found.row.version}"


def _etag(found: Seen, body: dict[str, Any]) -> str:
    return f"{_version(found)}.{version_of(body)}"


def _whole(session: Session, found: Seen) -> dict[str, Any]:
    zone = house().settings.zone
    states = photos.states(session, SIGN, [found.row.id])[found.row.id]
    prints = [
        {"on": each.printed_on.isoformat(), "said_at": moment(each.said_at, zone), "said_by": each.said_by}
        | each.content
        for each in store.prints(session, found.row.id, _MOST_PRINTS)
    ]
    return _shown(found, states) | {"prints": prints}


def _shown(found: Seen, photos_of: dict[str, str]) -> dict[str, Any]:
    row, content = found.row, found.content.shown()
    same = ("code", "place", "office_phone", "goals", "forbidden", "river_name", "region_name")
    photo = row.photo.hex() if row.photo else ""
    return {name: getattr(row, name) for name in same} | {
        "page": f"/s/{row.token}",
        "segment": {"id": str(row.segment_id), "code": row.segment_code, "name": row.segment_name},
        "river": row.river_code,
        "region": row.region_code,
        "location": {"lon": row.point.x, "lat": row.point.y},
        "put_up_on": row.put_up_on.isoformat() if row.put_up_on else None,
        "taken_down_on": row.taken_down_on.isoformat() if row.taken_down_on else None,
        "photo": {"sha256": photo, "state": photos_of.get(photo, "pending")} if photo else None,
        "today": content | {"content": digest(content)},
        "printed": row.printed | {"on": row.printed_on.isoformat()} if row.printed_on else None,
        "differs": [
            {"what": each.what.value, "since": each.since.isoformat() if each.since else None} for each in found.differs
        ],
        "overdue": found.is_overdue,
    }
