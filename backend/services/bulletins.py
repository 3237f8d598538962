"""Bulletins: warnings that went out, as messages of CAP for other systems, each under an identifier for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import local
from backend.db import Session
from backend.domain import bulletins
from backend.domain.bulletins import Revision, Voice
from backend.domain.cap import Message
from backend.domain.flood_warnings import Level, State
from backend.errors import NotFound
from backend.store import bulletins as store
from backend.words import say

SHOWN = timedelta(days=30)
MOST = 200
"""Warnings in the feed."""


def sender(address: str | None) -> str:
    """Who speaks, to other systems: one name for a house, by the address at which people reach it."""
    host = urlsplit(address).hostname if address else None
    return f"hezhang@{host or 'localhost'}"


def one(session: Session, identifier: str, *, sender: str, zone: ZoneInfo) -> Message:
    """The message of that identifier; NotFound for one that never went out."""
    number = bulletins.number_in(identifier)
    rows = store.of_number(session, number) if number else []
    for message in _messages(session, rows, sender, zone):
        if message.identifier == identifier:
            return message
    raise NotFound()


def newest(session: Session, *, sender: str, zone: ZoneInfo, now: datetime) -> list[Message]:
    """The messages of the last thirty days, the newest first."""
    rows = store.since(session, now - SHOWN, MOST)
    return sorted(_messages(session, rows, sender, zone), key=lambda message: message.sent, reverse=True)


def _messages(session: Session, rows: Sequence[Any], sender: str, zone: ZoneInfo) -> Iterable[Message]:
    places = store.places(session, [row.id for row in rows])
    voice = Voice(sender, say)
    for _, revisions in groupby(sorted(rows, key=lambda row: (row.number, row.revision)), lambda row: row.root_id):
        yield from bulletins.bulletins([_revision(row, places, zone) for row in revisions], voice)


def _revision(row: Any, places: dict[UUID, list[tuple[str, str]]], zone: ZoneInfo) -> Revision:
    expires_at, ended_at = (at and local(at, zone) for at in (row.expires_at, row.ended_at))
    return Revision(
        number=row.number,
        revision=row.revision,
        state=State(row.state),
        level=Level(row.level),
        headline=row.headline,
        instruction=row.instruction,
        contact=row.contact,
        is_drill=row.is_drill,
        issued_at=row.issued_at.astimezone(zone),
        expires_at=expires_at,
        ended_at=ended_at,
        ended_text=row.ended_text or "",
        places=tuple(places[row.id]),
    )
