"""The door for the audit (审计): who did what, each act with what was there before, and the state of the proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import index
from typing import Any
from uuid import UUID

import orjson
from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import next_path, place_in
from backend.api.schemas.records import (
    ActWithBeforeAnswer,
    AuditArguments,
    AuditPage,
    ChainAnswer,
    ExportArguments,
    ExportPage,
)
from backend.api.shown import moment
from backend.api.shown_timelines import sentence
from backend.clock import start_of
from backend.context import house, language, now
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.flood_warnings import WARNING
from backend.services import records, verifying
from backend.services.timeline import Told, hidden
from backend.store import records as store
from backend.store import regions, units
from backend.store.records import EXPORT, FACT, SOURCES, Asked

door = Door("records", "The audit (审计): who did what, and whether the timelines are what they were.")
PERSON = "person"


@door.get("/audit")
@needs(Action.SEE_AUDIT)
@door.arguments(AuditArguments, location="query")
@door.response(200, AuditPage)
def listed(asked: dict[str, Any]) -> Response:
    """What people of one's region did, the newest first; the hazards' timelines where one sees hazards."""
    limit = asked["limit"]
    which = Asked(
        person=asked.get("person"),
        act=asked.get("act"),
        thing_type=asked.get("type"),
        thing=asked.get("thing"),
        begin=_begin(asked),
        end=_end(asked),
    )
    after: Any = place_in(asked["cursor"], _moment_in, _source_in, index)
    with house().database.reading() as session:
        rows = records.listed(session, actor(), which, after=after, limit=limit)
        names = _things(session, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    place = [last.at.isoformat(), last.source, last.seq] if last is not None else None
    return answer({"items": [_shown(row, names) for row in rows[:limit]], "next": next_path(place)})


@door.get("/audit/exports")
@needs(Action.SEE_AUDIT)
@door.arguments(ExportArguments, location="query")
@door.response(200, ExportPage)
def exports(asked: dict[str, Any]) -> Response:
    """Which lists left the house: who of one's region took them, asked for how, what for and when, the newest first."""
    limit = asked["limit"]
    which = Asked(person=asked.get("person"), thing=asked.get("list_"), begin=_begin(asked), end=_end(asked))
    after: Any = place_in(asked["cursor"], _moment_in, index)
    with house().database.reading() as session:
        rows = records.exports(session, actor(), which, after=after, limit=limit)
        names = _names(session, *(_asked_for(row) for row in rows[:limit]))
    last = rows[limit - 1] if len(rows) > limit else None
    place = [last.at.isoformat(), last.seq] if last is not None else None
    return answer({"items": [_taken(row) for row in rows[:limit]], "names": names, "next": next_path(place)})


@door.get("/audit/chain")
@needs(Action.SEE_AUDIT)
@door.response(200, ChainAnswer)
def chain() -> Response:
    """Up to where the timelines are sealed, when everything was last checked, and what was found."""
    with house().database.reading() as session:
        found = verifying.standing(session, now=now())
    sealed, zone = found.sealed, house().settings.zone
    seal = None
    if sealed is not None:
        at = moment(sealed.at, zone)
        seal = {"number": sealed.number, "at": at, "facts": sealed.facts, "hash": sealed.hash.hex()}
    names = ("chains", "facts", "seals", "broken", "number", "why")
    checks = [{name: getattr(each, name) for name in names} | {"at": moment(each.at, zone)} for each in found.checks]
    return answer({"proof": found.proof.value, "sealed": seal, "unsealed": found.unsealed, "checks": checks})


@door.get("/audit/<source>/<int:number>")
@needs(Action.SEE_AUDIT)
@door.response(200, ActWithBeforeAnswer)
def one(source: str, number: int) -> Response:
    """One act, with what was there before it."""
    with house().database.reading() as session:
        found = records.one(session, actor(), source, number)
        shown = _shown(found.row, _things(session, [found.row]))
        names = _names(session, shown["body"], found.before)
    said = dict(found.told.personal) if found.told else {}
    link = found.told.hash.hex() if found.told else None
    return answer(shown | {"before": dict(found.before), "said": said, "hash": link, "names": names})


def _begin(asked: Mapping[str, Any]) -> datetime | None:
    return start_of(asked["begin"], house().settings.zone) if "begin" in asked else None


def _end(asked: Mapping[str, Any]) -> datetime | None:
    return start_of(asked["end"] + timedelta(days=1), house().settings.zone) if "end" in asked else None


def _taken(row: Any) -> dict[str, Any]:
    """A list that somebody took."""
    is_own = row.act != EXPORT
    counted = {name: row.body.get(name) for name in ("form", "rows", "purpose")}
    return {
        "number": row.seq,
        "at": moment(row.at, house().settings.zone),
        "by": _who(row),
        "list": row.act.removeprefix("export_") if is_own else row.thing_id,
        "asked": _asked_for(row),
        "said": row.body.get("said"),
        "thing": {"type": row.thing_type, "id": row.thing_id, "name": None} if is_own else None,
    } | counted


def _asked_for(row: Any) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = row.body if row.act != EXPORT else row.body.get("asked", {})
    return asked


def _who(row: Any) -> dict[str, str] | None:
    return {"id": str(row.actor_id), "name": row.actor_name} if row.actor_id else None


def _shown(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """An act; what is personal in it stands as digests in a fact, and is left out of the list."""
    body: dict[str, Any] = row.body
    told = None
    if SOURCES[row.source] == FACT:
        body = orjson.loads(row.body)
        body = {name: value for name, value in body.items() if name not in hidden(body)}
        told = sentence(Told(row.number, row.at, None, None, row.act, body, {}, b""), house().settings.zone, language())
    thing = str(row.thing_id)
    return {
        "source": SOURCES[row.source],
        "number": row.seq,
        "at": moment(row.at, house().settings.zone),
        "by": _who(row),
        "act": row.act,
        "thing": {"type": row.thing_type, "id": thing, "name": names.get(thing)},
        "sentence": told,
        "body": body,
    }


def _things(session: Session, rows: Sequence[Any]) -> dict[str, str]:
    """What people and warnings are called to which something was done."""
    ids: dict[str, list[UUID]] = {PERSON: [], WARNING: []}
    for row in rows:
        if row.thing_type in ids and _is_id(str(row.thing_id)):
            ids[row.thing_type].append(UUID(str(row.thing_id)))
    return store.people(session, ids[PERSON]) | store.warnings(session, ids[WARNING])


def _names(session: Session, *bodies: Mapping[str, Any]) -> dict[str, str]:
    """Names of the people, regions and units that bodies name."""
    texts = {text for body in bodies for value in body.values() for text in _texts(value)}
    codes = {text for text in texts if text.isdecimal() and len(text) in (2, 4, 6, 9, 12)}
    named = store.people(session, [UUID(text) for text in texts if _is_id(text)]) | regions.names(session, codes)
    return named | units.names(session, {text for body in bodies for text in _texts(body.get("unit"))})


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)


def _is_id(text: str) -> bool:
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False


def _source_in(key: Any) -> int:
    found = index(key)
    if found not in range(len(SOURCES)):
        raise ValueError(key)
    return found


def _moment_in(key: str) -> datetime:
    at = datetime.fromisoformat(key)
    if at.tzinfo is None:
        raise ValueError(key)
    return at
