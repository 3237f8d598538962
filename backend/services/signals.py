"""Signals of the weather office: every message is kept once, in its place among those that it refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from backend.db import Session, lock
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.alarms import Alarm
from backend.domain.cap import Info, Kind, Message, Reference, Status
from backend.domain.flood_events import FloodEvent, Source, What
from backend.domain.signals import (
    ENDS,
    SIGNAL,
    Judged,
    Standing,
    State,
    colours,
    ends,
    is_exercise,
    judge,
    stands,
)
from backend.errors import NotFound
from backend.formats import cap_out
from backend.services import alarms, areas
from backend.services.areas import Place
from backend.store import changes, flood_events, regions, signals

BATCH = 200
_SPACE = UUID("8b0d8b5e-6f7e-4b52-9d55-0a6f0f2b7c11")
"""For ids that are made of what a message is called by its sender."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A message with all that can be known of it before anything is written."""

    id: UUID
    message: Message
    document: bytes
    judged: Judged
    place: Place
    content_sha256: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message."""

    id: UUID
    is_new: bool
    is_conflict: bool = False
    """Another message bears its name; this one is kept beside it and binds nobody."""


def prepare(session: Session, message: Message, document: bytes, *, today: date) -> Paper:
    """Judge a message and find where it holds; asked before the transaction that writes it."""
    drawn = [area for info in message.infos for area in info.areas]
    place = areas.find(session, drawn, today=today)
    return Paper(id_of(message.reference), message, document, judge(message), place, cap_out.digest(message))


def id_of(reference: Reference) -> UUID:
    """The id of a message, by its sender, identifier and moment, whether it is here or not."""
    return uuid5(_SPACE, f"{reference.sender}\n{reference.identifier}\n{reference.sent.astimezone(UTC).isoformat()}")


def enter(session: Session, actor: Actor, paper: Paper, *, now: datetime) -> Received:
    """Keep a message that a duty officer has in hand; NotFound where it holds outside their part of the world.

    Whoever keeps watch over all the regions there are may bring in what holds for the province around them.
    """
    outside = [region for region in paper.place.regions if not may(actor, Action.ENTER_SIGNAL, region)]
    if outside and not any(regions.is_all(session, each) for each in scope_of(actor, Action.ENTER_SIGNAL).regions):
        raise NotFound.at("/info/0/area", "flaw.region_here")
    received = receive(session, paper, now=now, entered_by=actor.person_id)
    if received.is_new:
        body = {"sender": paper.message.sender, "identifier": paper.message.identifier}
        changes.record(session, now, actor.person_id, "enter", SIGNAL, str(received.id), body)
    return received


def receive(
    session: Session, paper: Paper, *, now: datetime, feed: str | None = None, entered_by: UUID | None = None
) -> Received:
    """Keep a message once, end what it ends, and write down what thereby happened to the weather's orders.

    One at a time, so that a message and the one it refers to never pass each other by.
    """
    lock(session, "signals")
    row = _row(paper, now) | {"feed": feed, "entered_by_id": entered_by}
    known = signals.one(session, paper.id)
    if known is not None:
        return _again(session, known, row, now)

    heard = signals.referrers(session, paper.id)
    state = stands(_standing(row), map(_standing, heard), now)
    referred = _referred(session, paper, row)
    held = [each for each in referred if each.state == State.ACTIVE.value]
    before = held if state is State.ACTIVE else [*referred, *heard]
    chain_id = before[0].chain_id if before else paper.id

    signals.move(
        session, [each.id for each in held], ENDS.get(paper.message.kind, State.CANCELLED), now=now, by=paper.id
    )
    signals.add(session, row | {"state": state.value, "chain_id": chain_id})
    signals.add_references(session, paper.id, ((id_of(to), _named(to)) for to in paper.message.references))
    signals.add_areas(session, paper.id, paper.place.parts)
    _tell(session, signals.held(session, [paper.id])[0], held, heard, now)
    _alarm_unmatched(session, paper, now)
    return Received(paper.id, is_new=True)


def expire(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """End those whose time is over; how many."""
    rows = signals.over(session, now, limit)
    signals.move(session, [row.id for row in rows], State.EXPIRED, now=now)
    for row in rows:
        _record(session, row, What.ENDED, now, why=State.EXPIRED.value)
    return len(rows)


def one(session: Session, signal_id: UUID) -> Any:
    """A message; NotFound where none has that id."""
    row = signals.one(session, signal_id)
    if row is None:
        raise NotFound()
    return row


def _again(session: Session, known: Any, row: dict[str, Any], now: datetime) -> Received:
    """The same message once more, or another one under its name: that is kept too, and somebody must look."""
    if known.content_sha256 == row["content_sha256"]:
        return Received(known.id, is_new=False)
    other = signals.conflict(session, known.id, row["content_sha256"])
    if other is not None:
        return Received(other.id, is_new=False, is_conflict=True)
    beside = uuid4()
    signals.add(
        session,
        row | {"id": beside, "chain_id": known.chain_id, "conflicts_with_id": known.id, "state": State.CONFLICT.value},
    )
    region = next(iter(row["regions"]), "")
    named = {"sender": row["sender"], "identifier": row["identifier"]}
    alarms.sound(session, Alarm.SIGNAL_CONFLICT, f"signal/{known.id}", now=now, region=region, **named)
    return Received(beside, is_new=True, is_conflict=True)


def _referred(session: Session, paper: Paper, row: dict[str, Any]) -> Sequence[Any]:
    """The messages to which this one puts an end, whether they still hold or not, the oldest first."""
    if not ends(_standing(row), paper.message.status):
        return []
    known = signals.held(session, [id_of(to) for to in paper.message.references if to != paper.message.reference])
    return [each for each in known if each.status == paper.message.status.value]


def _tell(session: Session, row: Any, held: Sequence[Any], heard: Sequence[Any], now: datetime) -> None:
    """What happened: one began, or changed what was in force, and what was in force and goes on nowhere has ended.

    A chain has one message in force at most, so what is told of it is always about one.
    """
    is_active = row.state == State.ACTIVE.value
    if is_active:
        _record(session, row, What.CHANGED if held else What.BEGAN, now, was=held[0] if held else None)
    why = ENDS[Kind(row.kind)].value if held else ""
    goes_on = str((heard[0] if heard else row).chain_id)
    ended = {each.chain_id: each for each in held if not (is_active and each.chain_id == row.chain_id)}
    for each in ended.values():
        _record(session, each, What.ENDED, now, why=why, by=str(row.id), continued_by=goes_on)


def _record(session: Session, row: Any, what: What, now: datetime, *, was: Any = None, **said: Any) -> None:
    """Of a message that changed, the regions are those of before and of now, so that risk is weighed in both."""
    touched = dict.fromkeys([*row.regions, *(was.regions if was else ())])
    left = [region for region in (was.regions if was else ()) if region not in row.regions]
    told = {name: row.shown[name] for name in ("event", "headline", "instruction", "sender")}
    values = told | {"signal": str(row.id), "danger": row.danger, "until": row.over_at.isoformat()} | said
    if was is not None:
        values |= {"was": was.colour, "left": left, "over": list(row.regions)}
    is_narrow = bool(row.segments) and (was is None or bool(was.segments))
    segments = dict.fromkeys([*row.segments, *(was.segments if was else ())]) if is_narrow else {}
    event = FloodEvent(
        Source.SIGNAL,
        what,
        row.chain_id,
        level=row.colour,
        regions=tuple(touched),
        segments=tuple(UUID(each) for each in segments),
        values=values,
        is_exercise=row.is_exercise,
    )
    flood_events.record(session, event, now=now)


def _alarm_unmatched(session: Session, paper: Paper, now: datetime) -> None:
    place = paper.place
    if place.is_ours and not is_exercise(paper.message.status):
        values = {"identifier": paper.message.identifier, "codes": ", ".join(place.unmatched[:5])}
        region = next(iter(place.regions), "")
        alarms.sound(session, Alarm.UNMATCHED_AREA, f"signal/{paper.id}", now=now, region=region, **values)


def _row(paper: Paper, now: datetime) -> dict[str, Any]:
    """The row of a message, but for its place among others and who brought it."""
    message, judged, place = paper.message, paper.judged, paper.place
    return {
        "id": paper.id,
        "sender": message.sender,
        "identifier": message.identifier,
        "sent": message.sent,
        "status": message.status.value,
        "kind": message.kind.value,
        "is_exercise": is_exercise(message.status),
        "colour": judged.colour and judged.colour.value,
        "colour_from": judged.colour_from and judged.colour_from.value,
        "said": dict(judged.said),
        "danger": judged.danger.value,
        "over_at": judged.over_at,
        "is_over_before_it_began": judged.is_over_before_it_began,
        "shown": _shown(message, judged.info),
        "infos": [_brief(info) for info in message.infos],
        "regions": list(place.regions),
        "segments": [str(each) for each in place.segments],
        "unmatched": list(place.unmatched),
        "content_sha256": paper.content_sha256,
        "document": paper.document,
        "received_at": now,
    }


def _shown(message: Message, info: Info | None) -> dict[str, Any]:
    """What people read of it; where the sender has no name for people, its address."""
    said = info or Info(event="")
    return {
        "event": said.event,
        "headline": said.headline,
        "description": said.description,
        "instruction": said.instruction,
        "sender": said.sender_name or message.sender,
    }


def _brief(info: Info) -> dict[str, Any]:
    colour = next((colour.value for colour in colours(info).values()), None)
    return {"language": info.language, "event": info.event, "colour": colour, "headline": info.headline}


def _standing(row: Any) -> Standing:
    said = row if isinstance(row, dict) else row._mapping
    return Standing(
        Kind(said["kind"]), Status(said["status"]), said["sent"], said["over_at"], said["is_over_before_it_began"]
    )


def _named(to: Reference) -> dict[str, Any]:
    return {"sender": to.sender, "identifier": to.identifier, "sent": to.sent.isoformat()}
