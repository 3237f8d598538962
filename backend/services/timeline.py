"""The timeline of things: what happened to each, in facts that prove one another; personal values stand beside."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from backend.db import Session
from backend.domain.proofs import Fact, Head, chained, secret_digest
from backend.store import facts, hazards
from backend.store.facts import Secret

_SALT_BYTES = 16
ERASE = "erase"
"""The fact that personal values were taken out."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened to a thing, whose chain ends at `head`.

    `body` holds texts, whole numbers, lists and objects; `personal` what must be possible to erase.
    """

    thing_type: str
    thing_id: UUID
    head: Head
    act: str
    body: Mapping[str, Any] = field(default_factory=dict)
    by: UUID | None = None
    """None: the clockwork, or the command line."""
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is told: personal values in their places, None where they were erased."""

    number: int
    at: datetime
    by: UUID | None
    name: str | None
    act: str
    body: Mapping[str, Any]
    personal: Mapping[str, str | None]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """Facts that are not written yet, with the personal values beside them."""

    facts: Sequence[Fact]
    personal: Sequence[Secret]

    @property
    def heads(self) -> list[Head]:
        """The ends of the chains with them, in their order."""
        return [Head(fact.number, fact.hash) for fact in self.facts]


def prepare(happened: Sequence[Happened], *, now: datetime) -> Prepared:
    """What happened as facts, each on the chain of its thing, whose row takes its new end along.

    Whoever calls holds the things until the transaction ends; each thing is there once.
    """
    written: list[Fact] = []
    personal: list[Secret] = []
    for each in happened:
        body, number = dict(each.body), each.head.number + 1
        for name, value in each.personal.items():
            salt = secrets.token_bytes(_SALT_BYTES)
            body[name] = {"sha256": secret_digest(salt, value)}
            personal.append((each.thing_id, number, name, salt, value))
        written.append(chained(each.thing_type, each.thing_id, each.head, at=now, by=each.by, act=each.act, body=body))
    return Prepared(written, personal)


def write(session: Session, prepared: Prepared) -> None:
    """Write them, in the transaction that writes the new ends."""
    facts.add(session, prepared.facts, prepared.personal)


def add(
    session: Session,
    hazard: Any,
    act: str,
    body: Mapping[str, Any] | None = None,
    *,
    by: UUID | None,
    now: datetime,
    personal: Mapping[str, str] | None = None,
    **changed: Any,
) -> None:
    """One fact of a hazard that this transaction holds, and its row with the new end and whatever changed with it."""
    happened = Happened("hazard", hazard.id, head_of(hazard), act, body or {}, by, personal or {})
    prepared = prepare([happened], now=now)
    write(session, prepared)
    hazards.change(session, hazard.seq, **changed, **columns(prepared.heads[0]))


def head_of(row: Any) -> Head:
    """Where the chain of a row ends."""
    return Head(row.facts, row.head)


def columns(head: Head) -> dict[str, Any]:
    """The same for the row."""
    return {"facts": head.number, "head": head.hash}


def of_thing(session: Session, thing_id: UUID, *, after: int = 0, limit: int | None = None) -> list[Told]:
    """What happened to one thing, in its order."""
    rows = facts.of_thing(session, thing_id, after=after, limit=limit)
    beside = facts.secrets_of(session, thing_id, [row.number for row in rows])
    return [_told(row, beside.get(row.number, {})) for row in rows]


def one(session: Session, thing_id: UUID, number: int) -> Told:
    """One fact of a thing, which is there."""
    return of_thing(session, thing_id, after=number - 1, limit=1)[0]


def newest(session: Session, things: Collection[UUID], acts: Sequence[str]) -> dict[tuple[UUID, str], Told]:
    """The newest fact of each of these acts of each of these things: by thing and act."""
    return {(row.thing_id, row.act): _told(row, {}) for row in facts.newest_of(session, things, acts)}


def last_words(session: Session, thing_id: UUID, acts: Sequence[str]) -> dict[str, Told]:
    """The newest fact of each of these acts of one thing, with what was said; by act."""
    rows = facts.newest_of(session, [thing_id], acts)
    beside = facts.secrets_of(session, thing_id, [row.number for row in rows])
    return {row.act: _told(row, beside.get(row.number, {})) for row in rows}


def erase(session: Session, thing_id: UUID) -> int:
    """Erase the personal values of a thing for good: their digests stay, and prove nothing any more; how many."""
    return facts.forget_secrets(session, thing_id)


def _told(row: Any, beside: Mapping[str, Any]) -> Told:
    body: dict[str, Any] = orjson.loads(row.body)
    digests = hidden(body)
    personal = {name: beside[name].value if name in beside else None for name in digests}
    kept = {name: value for name, value in body.items() if name not in digests}
    return Told(row.number, row.at, row.actor_id, row.actor_name, row.act, kept, personal, row.hash)


def hidden(body: Mapping[str, Any]) -> dict[str, str]:
    """The personal values for which digests stand in a fact, by name."""
    return {
        name: value["sha256"]
        for name, value in body.items()
        if isinstance(value, Mapping) and value.keys() == {"sha256"}
    }


def whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a fact may hold them: moments and ids as texts, fractions as texts, what is None left out."""
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID | float):
        return str(value)
    if isinstance(value, Mapping):
        return whole(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
