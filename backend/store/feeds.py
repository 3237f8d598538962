"""Questions about feeds of signals, and about the documents that their lists name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.models.feeds import Feed, FeedEntry

_feed = cast(Table, Feed.__table__)
_entry = cast(Table, FeedEntry.__table__)


def one(session: Session, name: str) -> AnyRow | None:
    """The feed of that name."""
    return session.execute(select(_feed).where(_feed.c.name == name)).one_or_none()


def hold(session: Session, name: str) -> AnyRow | None:
    """The same, and nobody else alters it until the transaction ends."""
    return session.execute(select(_feed).where(_feed.c.name == name).with_for_update()).one_or_none()


def by_key(session: Session, key_sha256: bytes) -> AnyRow | None:
    """The feed that has this key, as long as it is on."""
    return session.execute(select(_feed).where(_feed.c.key_sha256 == key_sha256, _feed.c.is_on)).one_or_none()


def listed(session: Session) -> list[AnyRow]:
    """Every feed, by name."""
    return list(session.execute(select(_feed).order_by(_feed.c.name)).all())


def add(session: Session, row: dict[str, Any]) -> bool:
    """Write one once; whether it is new."""
    insertion = insert_for(session)(_feed).values(row).on_conflict_do_nothing(index_elements=[_feed.c.name])
    return session.execute(insertion.returning(_feed.c.name)).one_or_none() is not None


def change(session: Session, name: str, **columns: Any) -> None:
    """Set columns of one."""
    session.execute(update(_feed).where(_feed.c.name == name).values(**columns))


def claim(session: Session, now: datetime, until: datetime, limit: int) -> list[AnyRow]:
    """Feeds that are to be asked now, the longest waiting first; until then they are nobody else's."""
    question = select(_feed).where(_feed.c.is_on, _feed.c.url.is_not(None), _feed.c.due_at <= now)
    rows = session.execute(question.order_by(_feed.c.due_at).limit(limit).with_for_update(skip_locked=True)).all()
    if rows:
        session.execute(update(_feed).where(_feed.c.name.in_([row.name for row in rows])).values(due_at=until))
    return list(rows)


def note(session: Session, name: str, entries: Sequence[tuple[bytes, str]], now: datetime) -> None:
    """The list names these documents: those that are new are to be fetched."""
    rows = [
        {"feed": name, "digest": digest, "url": url, "seen_at": now, "first_at": now, "due_at": now, "tries": 0}
        for digest, url in entries
    ]
    there = _there(session, name, [digest for digest, _ in entries])
    new = [row for row in rows if row["digest"] not in there]
    if new:
        session.execute(insert_for(session)(_entry).on_conflict_do_nothing(), new)
    if there:
        session.execute(update(_entry).where(_entry.c.feed == name, _entry.c.digest.in_(there)).values(seen_at=now))


def _there(session: Session, name: str, digests: Collection[bytes]) -> set[bytes]:
    question = select(_entry.c.digest).where(_entry.c.feed == name, _entry.c.digest.in_(digests))
    return {bytes(each) for each in session.execute(question).scalars()}


def due(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Documents of every feed that is on that are to be fetched now, the longest waiting first."""
    waits = (_feed.c.is_on, _entry.c.due_at.is_not(None), _entry.c.due_at <= now)
    question = select(_entry).join_from(_entry, _feed, _feed.c.name == _entry.c.feed).where(*waits)
    return list(session.execute(question.order_by(_entry.c.due_at, _entry.c.first_at).limit(limit)).all())


def settle(session: Session, name: str, digest: bytes, **columns: Any) -> None:
    """What became of a document."""
    session.execute(update(_entry).where(_entry.c.feed == name, _entry.c.digest == digest).values(**columns))


def has_waiting(session: Session, name: str) -> bool:
    """Whether a document could not be read yet."""
    waiting = select(_entry.c.digest).where(_entry.c.feed == name, _entry.c.due_at.is_not(None), _entry.c.tries > 0)
    return session.execute(waiting.limit(1)).first() is not None


def forget(session: Session, name: str, before: datetime) -> None:
    """Let go of documents that were dealt with and that the list has not named since."""
    old = (_entry.c.feed == name, _entry.c.due_at.is_(None), _entry.c.seen_at < before)
    session.execute(delete(_entry).where(*old))
