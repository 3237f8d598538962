"""Feeds of signals: kept by an administrator, claimed and recorded by whoever fetches them, missed when silent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.db import Session, lock
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.domain.alarms import Alarm
from backend.domain.feeds import FEED, FORGET, GIVE_UP, LEASE, FeedDraft, is_missed, key_digest, rest, retry
from backend.errors import Conflict, NotFound
from backend.formats.atom import Entry
from backend.services import alarms, charge
from backend.store import changes, feeds

BATCH, DOCUMENTS = 20, 50
_KEPT = ("title", "form", "url", "every_s", "silent_s", "is_on")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the list of a feed has brought."""

    feed: Any
    entries: tuple[Entry, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None
    rest_s: float | None = None
    """For how long it asks to be left alone."""
    is_unchanged: bool = False


def keep(session: Session, actor: Actor, draft: FeedDraft, *, now: datetime, today: date) -> bool:
    """Make a feed, or put it into this form; whether it is new. Conflict for the key of another one."""
    charge.everywhere(session, actor, Action.KEEP_FEEDS, today=today)
    if draft.key_sha256 is not None:
        lock(session, "feed-keys")
        other = feeds.by_key(session, draft.key_sha256)
        if other is not None and other.name != draft.name:
            raise Conflict("feed_key")
    row = _row(draft, now)
    is_new = feeds.add(session, row | {"name": draft.name, "version": 1, "failures": 0})
    known = feeds.hold(session, draft.name)
    assert known is not None
    if not is_new:
        feeds.change(session, draft.name, **row, **_fresh(known, draft), version=known.version + 1)
        alarms.end(session, Alarm.SILENT_FEED, now=now, about=f"feed/{draft.name}")
    said = {"url": draft.url, "on": draft.is_on, "key": draft.key_sha256 is not None}
    changes.record(session, now, actor.person_id, "keep", FEED, draft.name, said)
    return is_new


def is_as(row: Any, draft: FeedDraft) -> bool:
    """Whether a feed already has this form."""
    has_key = draft.key_sha256 is None or row.key_sha256 == draft.key_sha256
    return has_key and all(getattr(row, name) == getattr(draft, name) for name in _KEPT)


def held(session: Session, name: str) -> Any | None:
    """The feed of that name; nobody else alters it until the transaction ends."""
    return feeds.hold(session, name)


def listed(session: Session, actor: Actor, *, today: date) -> list[Any]:
    """Every feed, for whoever keeps them."""
    charge.everywhere(session, actor, Action.KEEP_FEEDS, today=today)
    return list(feeds.listed(session))


def one(session: Session, actor: Actor, name: str, *, today: date) -> Any:
    """The feed of that name, for whoever keeps them; NotFound when there is none."""
    charge.everywhere(session, actor, Action.KEEP_FEEDS, today=today)
    row = feeds.one(session, name)
    if row is None:
        raise NotFound()
    return row


def of_key(session: Session, key: str) -> Any | None:
    """The feed that this key belongs to, as long as it is on."""
    return feeds.by_key(session, key_digest(key))


def heard(session: Session, name: str, *, now: datetime) -> None:
    """A feed has brought something itself."""
    feeds.change(session, name, heard_at=now)
    alarms.end(session, Alarm.SILENT_FEED, now=now, about=f"feed/{name}")


def claim(session: Session, *, now: datetime) -> list[Any]:
    """Feeds whose turn it is; nobody else fetches them for a while."""
    return list(feeds.claim(session, now, now + LEASE, BATCH))


def record(session: Session, looked: Looked, *, now: datetime) -> None:
    """What a look has brought: the documents that are new wait to be fetched, a failure lets the feed rest."""
    feed = feeds.hold(session, looked.feed.name)
    if feed is None or feed.version != looked.feed.version:
        return  # it was put into another form meanwhile
    failures = feed.failures + 1 if looked.failure else 0
    wait = max(rest(timedelta(seconds=feed.every_s), failures, feed.name, now), timedelta(seconds=looked.rest_s or 0))
    columns: dict[str, Any] = {"failures": failures, "failure": looked.failure, "due_at": now + wait}
    if not looked.failure:
        columns |= {"heard_at": now}
        alarms.end(session, Alarm.SILENT_FEED, now=now, about=f"feed/{feed.name}")
    if not looked.failure and not looked.is_unchanged:
        columns |= {"etag": looked.etag, "last_modified": looked.last_modified}
        feeds.note(session, feed.name, [(_digest(each), each.url) for each in looked.entries], now)
        feeds.forget(session, feed.name, now - FORGET)
    feeds.change(session, feed.name, **columns)


def waiting(session: Session, *, now: datetime) -> list[Any]:
    """Documents that are to be fetched now, of whatever feed."""
    return list(feeds.due(session, now, DOCUMENTS))


def read(session: Session, entry: Any, *, now: datetime) -> None:
    """A document is dealt with for good; where it was the last that could not be read, that is over."""
    feeds.settle(session, entry.feed, entry.digest, due_at=None, failure=None)
    if entry.tries and not feeds.has_waiting(session, entry.feed):
        alarms.end(session, Alarm.UNREADABLE_SIGNAL, now=now, about=f"feed/{entry.feed}")


def failed(session: Session, entry: Any, failure: str, *, is_unreadable: bool, now: datetime) -> None:
    """A document could not be fetched or read: it is tried again, until it is of yesterday; somebody must look."""
    tries = entry.tries + 1
    is_over = now - entry.first_at > GIVE_UP
    due_at = None if is_over else now + retry(tries, entry.url, now)
    feeds.settle(session, entry.feed, entry.digest, due_at=due_at, tries=tries, failure=failure[:200])
    if tries >= _LOUD_AFTER[is_unreadable]:
        values = {"feed": entry.feed, "why": failure[:100]}
        alarms.sound(session, Alarm.UNREADABLE_SIGNAL, f"feed/{entry.feed}", now=now, **values)


_LOUD_AFTER = {True: 2, False: 4}
"""A document that came in half may be whole the next time; one that is not there yet may come."""


def look_after(session: Session, *, now: datetime) -> int:
    """Sound an alarm for every feed that is missed, and end what is over; how many are missed."""
    missed = [
        row for row in feeds.listed(session) if row.is_on and is_missed(row.kept_at, row.heard_at, row.silent_s, now)
    ]
    for row in missed:
        minutes = round((now - (row.heard_at or row.kept_at)).total_seconds() / 60)
        alarms.sound(session, Alarm.SILENT_FEED, f"feed/{row.name}", now=now, feed=row.title, minutes=minutes)
    alarms.end(session, Alarm.SILENT_FEED, now=now, before=now)
    return len(missed)


def _row(draft: FeedDraft, now: datetime) -> dict[str, Any]:
    kept = {name: getattr(draft, name) for name in _KEPT} | {"form": draft.form.value}
    key = {"key_sha256": draft.key_sha256} if draft.key_sha256 is not None else {}
    return kept | key | {"kept_at": now, "due_at": now}


def _fresh(known: Any, draft: FeedDraft) -> dict[str, Any]:
    """At another address nothing is known yet of what it answers."""
    return {} if known.url == draft.url else {"etag": None, "last_modified": None, "failures": 0, "failure": None}


def _digest(entry: Entry) -> bytes:
    return hashlib.sha256(f"{entry.url}\n{entry.altered}".encode()).digest()
