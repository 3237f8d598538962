"""The door for warnings: write, sign, issue, look at the board, change, lift."""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from time import monotonic
from typing import Any
from uuid import UUID

from flask import Response

from backend.api import shown_warnings as shown
from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails, is_known
from backend.api.paging import late_keys, late_place, next_path, number_in, numbered
from backend.api.schemas.flood_warnings import (
    BoardArguments,
    RevisionSchema,
    RollArguments,
    RollPage,
    WarningAnswer,
    WarningEndSchema,
    WarningListArguments,
    WarningPage,
    WarningSchema,
    revision_of,
    warning_of,
)
from backend.context import house, now
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.flood_warnings import PHASES
from backend.domain.lanes import Hours
from backend.domain.regions import overlap, way_to
from backend.errors import Conflict, NotFound
from backend.services import flood_warnings, revisions, rolls
from backend.services.calling import Calling
from backend.services.rolls import Shown
from backend.store import regions
from backend.store.rolls import SILENT

door = Door("warnings", "Warnings (预警) and the board of who was called and answered (叫应).")


@door.post("/flood/warnings")
@needs(Action.MAKE_WARNING)
@door.arguments(WarningSchema)
@door.response(201, WarningAnswer, description="Written; it goes out when it is issued.")
@door.alt_response(200, schema=WarningAnswer, description="It was here already; as it is now.", success=True)
@fails(NotFound, Conflict)
def make(loaded: dict[str, Any]) -> Response:
    """Write a warning for one's own region or below; the same one may be sent any number of times."""
    draft = warning_of(loaded)
    with house().database.transaction() as session:
        warning_id, is_new = calling().make(session, actor(), draft, now=now())
        body = as_shown(session, warning_id)
    return answer(body, 201 if is_new else 200)


@door.get("/flood/warnings")
@needs(Action.SEE_WARNINGS)
@door.arguments(WarningListArguments, location="query")
@door.response(200, WarningPage)
def listed(asked: dict[str, Any]) -> Response:
    """Warnings that touch one's own part of the world, newest first."""
    limit, zone = asked["limit"], house().settings.zone
    states = [asked["state"]] if "state" in asked else PHASES.get(asked.get("phase", ""), ())
    with house().database.reading() as session:
        page = {"limit": limit, "after": number_in(asked["cursor"])}
        rows = flood_warnings.listed(session, actor(), states=states, drill=asked.get("drill"), **page)
        names = regions.names(session, {code for row in rows[:limit] for code in row.regions})
    items = [shown.warning(row, names, zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/flood/warnings/<uuid:warning_id>")
@needs(Action.SEE_WARNINGS)
@door.arguments(BoardArguments, location="query")
@door.response(200, WarningAnswer)
@door.alt_response(304, description="Nothing has changed since that ETag, on the board neither.")
def one(asked: dict[str, Any], warning_id: UUID) -> Response:
    """A warning with its board, as far as one sees it; ask again every three seconds with `If-None-Match`."""
    here = house()
    with here.database.reading() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        if "board" in asked:
            return answer(_said(session, warning))
        parts = _part(parts, asked.get("region"))
        version, people = rolls.version(session, warning)
        etag = f"{version}-{'.'.join(parts)}"
        key = (warning_id, parts, asked.get("region", ""))
        if kept := here.shown_boards.fresh(key, etag, people, monotonic()):
            return answer(kept.body, etag=kept.etag)
        if is_known(etag):
            return answer({}, etag=etag)
        body = _shown(session, warning, parts, asked.get("region", ""))
    here.shown_boards.keep(key, Shown(etag, body, monotonic()), people)
    return answer(body, etag=etag)


@door.get("/flood/warnings/<uuid:warning_id>/people")
@needs(Action.SEE_WARNINGS)
@door.arguments(RollArguments, location="query")
@door.response(200, RollPage)
def people(asked: dict[str, Any], warning_id: UUID) -> Response:
    """People of its roll, those whose answer is late first, then by region; `state=silent`: those who were called and
    have not answered.
    """
    limit, state = asked["limit"], asked.get("state")
    states = SILENT if state == "silent" else [state] if state else []
    at, after = late_place(asked["cursor"], now(), str, index)
    with house().database.reading() as session:
        warning, parts = flood_warnings.seen(session, actor(), warning_id)
        parts = _part(parts, asked.get("region"))
        rows = rolls.listed(session, warning, parts, states=states, limit=limit, after=after, now=at)
    items = [shown.called(row, house().settings.zone) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    place = late_keys(at, last.in_time, last.region_code, last.seq) if last is not None else None
    return answer({"warning": shown.brief(warning), "items": items, "next": next_path(place)})


@door.post("/flood/warnings/<uuid:warning_id>/sign")
@needs(Action.SIGN_WARNING)
@door.response(200, WarningAnswer)
@fails(Conflict)
def sign(warning_id: UUID) -> Response:
    """Put the second name under it; where its issue was asked for, it goes out by that."""
    return _acted(warning_id, lambda session, row: calling().sign(session, actor(), row, now=now()))


@door.post("/flood/warnings/<uuid:warning_id>/issue")
@needs(Action.MAKE_WARNING)
@door.response(200, WarningAnswer)
@fails(Conflict)
def issue(warning_id: UUID) -> Response:
    """Ask for its issue: out at once where it is signed or needs no signature, else when one comes or time is up."""
    by = actor().person_id

    def asked(session: Session, row: Any) -> None:
        flood_warnings.require(actor(), Action.MAKE_WARNING, session, row)
        calling().ask(session, row, by=by, now=now())

    return _acted(warning_id, asked)


@door.post("/flood/warnings/<uuid:warning_id>/update")
@needs(Action.MAKE_WARNING)
@door.arguments(RevisionSchema)
@door.response(201, WarningAnswer)
@door.alt_response(200, schema=WarningAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def update(loaded: dict[str, Any], warning_id: UUID) -> Response:
    """Let another revision take its place; only one that is graver waits for a signature and is answered anew."""
    return _revised(warning_id, loaded, revisions.UPDATE)


@door.post("/flood/warnings/<uuid:warning_id>/correct")
@needs(Action.MAKE_WARNING)
@door.arguments(RevisionSchema)
@door.response(201, WarningAnswer)
@door.alt_response(200, schema=WarningAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def correct(loaded: dict[str, Any], warning_id: UUID) -> Response:
    """Put right what was wrong in it, in one step: everybody who got it is told at once."""
    return _revised(warning_id, loaded, flood_warnings.CORRECT)


@door.post("/flood/warnings/<uuid:warning_id>/all-clear")
@needs(Action.MAKE_WARNING)
@door.arguments(WarningEndSchema)
@door.response(200, WarningAnswer)
@fails(Conflict)
def all_clear(said: dict[str, Any], warning_id: UUID) -> Response:
    """Give the all-clear (解除), or say that it was a mistake; it reaches everybody who heard of it."""

    def lifted(session: Session, row: Any) -> None:
        calling().lift(session, actor(), row, said["text"], is_mistake=said["mistake"], now=now())

    return _acted(warning_id, lifted)


@door.post("/flood/warnings/<uuid:warning_id>/drop")
@needs(Action.MAKE_WARNING)
@door.arguments(WarningEndSchema)
@door.response(200, WarningAnswer)
@fails(Conflict)
def drop(said: dict[str, Any], warning_id: UUID) -> Response:
    """Throw a draft away, with a reason."""
    return _acted(warning_id, lambda session, row: revisions.drop(session, actor(), row, said["text"], now=now()))


def calling() -> Calling:
    """What lets warnings out, with what the house has for it."""
    here = house()
    return Calling(here.keyring, here.settings.zone, Hours(*here.settings.quiet, here.settings.digest_at))


def as_shown(session: Session, warning_id: UUID) -> dict[str, Any]:
    """A warning for the reader of this request."""
    warning, parts = flood_warnings.seen(session, actor(), warning_id)
    return _shown(session, warning, parts)


def _acted(warning_id: UUID, act: Callable[[Session, Any], object]) -> Response:
    with house().database.transaction() as session:
        row, _ = flood_warnings.held(session, actor(), warning_id)
        act(session, row)
        body = as_shown(session, warning_id)
    house().lookout.doubt()
    return answer(body)


def _revised(warning_id: UUID, loaded: dict[str, Any], kind: str) -> Response:
    new, said = revision_of(loaded)
    with house().database.transaction() as session:
        row, _ = flood_warnings.held(session, actor(), warning_id)
        made, is_new = calling().revise(session, actor(), row, new, said, kind, now=now())
        body = as_shown(session, made)
    house().lookout.doubt()
    return answer(body, 201 if is_new else 200)


def _shown(session: Session, warning: Any, parts: tuple[str, ...], region: str = "") -> dict[str, Any]:
    """With its board, and the way to the region that was asked for."""
    if warning.issued_at is None:
        return _said(session, warning)
    found = rolls.board(session, warning, parts, house().ways, now=now())
    least = min(map(len, warning.regions), default=len(region))
    way = [code for code in way_to(region) if len(code) >= least]
    names = regions.names(session, (*warning.regions, *way))
    named = [{"region": code, "name": names.get(code, code)} for code in way]
    board = shown.board(warning, found, house().settings.zone) | {"way": named}
    return _said(session, warning, names) | {"board": board}


def _said(session: Session, warning: Any, names: dict[str, str] | None = None) -> dict[str, Any]:
    """What it says, without its board."""
    named = regions.names(session, warning.regions) if names is None else names
    newest = {"newest": str(flood_warnings.newest(session, warning)), "board": None}
    return shown.warning(warning, named, house().settings.zone) | newest


def _part(parts: tuple[str, ...], region: str | None) -> tuple[str, ...]:
    """What of it lies in the region asked for; NotFound when nothing does."""
    if region is None:
        return parts
    found = overlap(parts, [region])
    if not found:
        raise NotFound()
    return found
