"""Addressing: notices that are due become letters, one for each address; once a day those that wait become digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.db import Session, lock
from backend.domain.alarms import Alarm
from backend.domain.lanes import Hours, Lane, is_quiet, last_digest
from backend.domain.letters import NO_ADDRESS
from backend.domain.notices import APP, BY_PHONE, DIGEST, Reader, Wanted, chosen, digest_values
from backend.domain.ways import Ways
from backend.services import alarms, notices
from backend.services.letters import readers, undeliverable, written
from backend.store import letters
from backend.store import notices as store

BATCH = 500
_A_DAY = timedelta(days=1)


def is_due(session: Session, lanes: Sequence[Lane], *, now: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """Whether a notice of these lanes waits for its letters; a look with nothing due reads one page."""
    return any(
        store.is_anything_waiting(session, lane, last_digest(now, zone, hours) if lane is Lane.DIGEST else now)
        for lane in lanes
    )


def prepare(
    session: Session, lanes: Sequence[Lane], ways: Ways, *, now: datetime, zone: ZoneInfo, hours: Hours
) -> None:
    """Make the letters that are due in these lanes, as many as fit into a short transaction."""
    for lane in lanes:
        if lane is Lane.DIGEST:
            gather(session, ways, now=now, zone=zone, hours=hours)
        else:
            address(session, lane, ways, now=now)


def address(session: Session, lane: Lane, ways: Ways, *, now: datetime, limit: int = BATCH) -> int:
    """Make the letters of notices that are due; how many notices.

    One that is of no use any more gets none; one that presses and leads nowhere is a dead letter at once.
    """
    due = store.waiting(session, lane, now, limit)
    if not due:
        return 0
    live = [notice for notice in due if not _is_over(notice, now)]
    reached = readers(session, {notice.person_id for notice in live}, ways)

    rows = [row for notice in live for row in _letters(notice, reached[notice.person_id], lane, now)]
    letters.add_all(session, rows)
    store.addressed(session, [notice.id for notice in due], now)
    meant = {notice.id for notice in live if not notice.is_drill}
    for channel in {row["channel"] for row in rows if row["failure"] and row["notice_id"] in meant}:
        about = f"letters/{channel}/{NO_ADDRESS}"
        alarms.sound(session, Alarm.DEAD_LETTER, about, now=now, channel=channel, reason=NO_ADDRESS)
    return len(due)


def gather(session: Session, ways: Ways, *, now: datetime, zone: ZoneInfo, hours: Hours, limit: int = BATCH) -> int:
    """Make today's digests of what waits for them; how many people had something waiting.

    What came too late for a digest that was made already waits for tomorrow's.
    """
    if is_quiet(now, zone, hours):
        return 0
    until = last_digest(now, zone, hours)
    if not store.is_anything_waiting(session, Lane.DIGEST, until):
        return 0
    lock(session, DIGEST)  # a line that comes in between is in this digest or in the next, never in none
    people = store.readers_of_digest(session, until, limit)
    lines: dict[UUID, list[Any]] = defaultdict(list)
    for notice in store.waiting_for(session, people, until):
        lines[notice.person_id].append(notice)
    had = store.there(session, [_digest(person, (), until).id for person in lines])
    reached = readers(session, set(lines), ways)

    for person, its in lines.items():
        digest = _digest(person, [notice for notice in its if not _is_over(notice, now)], until)
        if digest.id in had:
            store.put_off(session, [notice.id for notice in its], until + _A_DAY)
        else:
            _gathered(session, digest, its, reached[person], now=now)
    return len(people)


def _gathered(session: Session, digest: Wanted, lines: Sequence[Any], reader: Reader, *, now: datetime) -> None:
    """Write a digest and its letters; what it took up is done with. Nothing but what is over: no digest."""
    if digest.values["count"]:
        notices.queue(session, [digest], now=now)
        (kept,) = store.readers(session, [digest.id]).values()
        letters.add_all(session, _letters(kept, reader, Lane.DIGEST, now))
        store.addressed(session, [digest.id], now)
    store.addressed(session, [notice.id for notice in lines], now, digest.id)


def _letters(notice: Any, reader: Reader, lane: Lane, now: datetime) -> list[dict[str, Any]]:
    wanted = notice.channels.split(",")
    channels = chosen(wanted, lane, reader)
    if channels:
        return written(notice, channels, reader, lane, now)
    return [undeliverable(notice, wanted[0], lane, now)] if lane is Lane.URGENT or BY_PHONE & set(wanted) else []


def _digest(person: UUID, lines: Sequence[Any], until: datetime) -> Wanted:
    return Wanted(
        person,
        f"{DIGEST}:{until.date().isoformat()}",
        DIGEST,
        digest_values([(notice.key, notice.values) for notice in lines]),
        lane=Lane.DIGEST,
        channels=(APP,),
        not_before=until,
        expires_at=until + _A_DAY,
    )


def _is_over(notice: Any, now: datetime) -> bool:
    return notice.expires_at is not None and notice.expires_at <= now
