"""Delivery: letters are claimed, and what became of them is recorded; sending lies between, in no transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain import buckets, lines
from backend.domain.alarms import Alarm
from backend.domain.buckets import Bucket
from backend.domain.calls import CALLOUT, Heard
from backend.domain.lanes import Lane
from backend.domain.letters import BROKEN, THROTTLED, Failure, State
from backend.domain.notices import BY_PHONE
from backend.domain.ways import Way, Ways
from backend.services import alarms, settling
from backend.store import buckets as bucket_store
from backend.store import devices, letters, notices

MARGIN_S = 5.0
"""A lease lasts for the channel's time-out and so much longer."""
PATIENCE = {Lane.URGENT: timedelta(), Lane.NORMAL: timedelta(minutes=1), Lane.DIGEST: timedelta(hours=1)}
"""How long a letter waits for a channel that rests before it takes the next one (our judgement)."""
_A_STEP = timedelta(minutes=1)
"""So far a clock may be set back; a line that is held for longer was taken under a wrong one."""
GONE = "gone"
"""A device that does not exist any more, in a channel's words or because somebody signed out there."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is to be sent now, by whoever holds it; its address is still sealed."""

    id: UUID
    lane: Lane
    channel: str
    tries: int
    """This one included; an outcome names it, so that a late one changes nothing."""
    repeats: int
    """So many earlier tries may have got through: the provider is asked first, and a repeat says that it is one."""
    due_at: datetime
    address_sealed: bytes | None
    notice: Any
    """key, values, number, is_drill, language, about_type and about_id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try."""

    letter: Claimed
    failure: Failure | None = None
    """None: it was accepted."""
    reference: str | None = None
    is_delivered: bool = False


def is_due(session: Session, lanes: Sequence[Lane], *, now: datetime) -> bool:
    """Whether a letter is to be tried; a look with nothing due reads a page of each index."""
    return letters.is_any_due(session, lanes, now)


def claim(session: Session, lanes: Sequence[Lane], ways: Ways, *, now: datetime, limit: int) -> list[Claimed]:
    """Take up to so many letters for sending, the first lane first, as many as their channels' providers take."""
    letters.recover(session, now)
    standing = bucket_store.held(session, {name: buckets.full(way.rate, now) for name, way in ways.items()})
    taken: list[Any] = []
    for lane in lanes:
        spent: set[str] = set()
        # First a fair share for each channel, so that a slow provider keeps back no other, then what is left.
        for shares in (len(ways), 1):
            for number, (channel, way) in enumerate(ways.items()):
                if channel in spent:
                    continue
                bucket = buckets.filled(standing[channel], way.rate, now)
                if bucket.rests(now):
                    _leave(session, lane, channel, bucket, ways, now=now, limit=limit)
                    spent.add(channel)
                    continue
                most = -(-(limit - len(taken)) // max(1, shares - number))
                room = buckets.room(bucket, way.rate, lane, most, now)
                found = _take(session, lane, channel, way, room, now=now)
                if len(found) < most:
                    spent.add(channel)
                if found and way.rate is not None:
                    standing[channel] = buckets.taken(bucket, way.rate, len(found))
                    bucket_store.write(session, channel, standing[channel])
                taken += found
    return list(_claimed(session, taken))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What followed from tries."""

    dead: int
    """So many letters have no channel left."""
    heard: Sequence[Heard]
    """What failed for good of letters that must be answered; that a provider took one does not say it got through."""


def record(session: Session, outcomes: Sequence[Outcome], ways: Ways, *, now: datetime) -> Recorded:
    """Write what became of tries."""
    why = {each.letter.id: each.failure for each in outcomes if each.failure is not None}
    down = _learn(session, outcomes, ways, now=now)
    letters.accept(session, [_accepted(each, ways, now) for each in outcomes if each.failure is None])
    if not why:
        return Recorded(0, ())
    still_held = letters.sending(session, [(each.letter.id, each.letter.tries) for each in outcomes if each.failure])
    gone = [row.device_id for row in still_held if why[row.id].permanent and why[row.id].reason == GONE]
    devices.forget(session, [device for device in gone if device is not None])
    dead = settling.settle(session, [(row, why[row.id]) for row in still_held], ways, now=now, down=down)
    of = {each.letter.id: each.letter for each in outcomes}
    lost = [_heard(of[row.id], State.FAILED, now, why[row.id].reason) for row in still_held if why[row.id].permanent]
    return Recorded(dead, [each for each in lost if each])


def _heard(letter: Claimed, outcome: State, now: datetime, reason: str | None = None) -> Heard | None:
    told = letter.notice
    if told.about_type != CALLOUT or told.about_id is None:
        return None
    about = (told.about_type, told.about_id)
    return Heard(letter.id, told.id, about, told.person_id, letter.channel, outcome, now, reason=reason)


def _take(session: Session, lane: Lane, channel: str, way: Way, room: int, *, now: datetime) -> list[Any]:
    """Letters of a channel, held for sending, as many as its lines carry."""
    lasting = timedelta(seconds=way.timeout_s + MARGIN_S)
    if way.lines is None:
        return _held(session, lane, channel, room, lasting, now=now)
    until = now + lasting + way.lines.patience
    calling = (now, until + _A_STEP)
    # A call whose sender was cut off may be under way: said again, it is the same call on the same line.
    again = _held(session, lane, channel, room, lasting, now=now, until=until, calling=calling)
    under_way = letters.under_way(session, channel, calling)
    free = lines.room(way.lines, lane, under_way, room - len(again))
    return again + _held(session, lane, channel, free, lasting, now=now, until=until)


def _held(
    session: Session,
    lane: Lane,
    channel: str,
    room: int,
    lasting: timedelta,
    *,
    now: datetime,
    until: datetime | None = None,
    calling: tuple[datetime, datetime] | None = None,
) -> list[Any]:
    """Letters that are due, each under a lease; what is of no use any more is laid aside on the way."""
    live: list[Any] = []
    while room > len(live) and (found := letters.due(session, lane, channel, now, room - len(live), calling)):
        over = [row for row in found if row.expires_at is not None and row.expires_at <= now]
        fresh = [row for row in found if row not in over]
        settling.lay_aside(session, over, now=now)
        letters.lease(session, [row.id for row in fresh], lasting, until)
        live += fresh
    return live


def _leave(
    session: Session, lane: Lane, channel: str, bucket: Bucket, ways: Ways, *, now: datetime, limit: int
) -> None:
    """Letters of a channel that rests too long for them take the next one, or wait until it has rested."""
    assert bucket.resting_until is not None
    rest = bucket.resting_until - now
    if rest > PATIENCE[lane]:
        resting = Failure(THROTTLED, retry_after_s=rest.total_seconds())
        settling.settle(
            session, [(row, resting) for row in letters.due(session, lane, channel, now, limit)], ways, now=now
        )


def _claimed(session: Session, taken: Sequence[Any]) -> Iterator[Claimed]:
    notice = notices.readers(session, {row.notice_id for row in taken})
    own = devices.addresses(session, {row.device_id for row in taken if row.device_id is not None})
    for row in taken:
        to = notice[row.notice_id]
        sealed = to.phone_sealed if row.channel in BY_PHONE else own.get(row.device_id)
        yield Claimed(row.id, Lane(row.lane), row.channel, row.tries + 1, row.repeats, row.due_at, sealed, to)


def _learn(session: Session, outcomes: Sequence[Outcome], ways: Ways, *, now: datetime) -> set[str]:
    """How the channels stand after these tries, written only where something has failed since; those that are down."""
    bad = {each.letter.channel for each in outcomes if each.failure is not None and not each.failure.permanent}
    told = bad | (bucket_store.doubted(session) & {each.letter.channel for each in outcomes})
    if not told:
        return set()
    standing = bucket_store.held(session, {name: buckets.full(ways[name].rate, now) for name in told})
    down = set()
    for channel in sorted(told):
        before, bucket = standing[channel], _stands(standing[channel], channel, outcomes, now)
        bucket_store.write(session, channel, bucket)
        if bucket.is_doubted:
            down.add(channel)
            alarms.sound(session, Alarm.CHANNEL_DOWN, f"channel/{channel}", now=now, channel=channel)
        elif before.is_doubted:
            alarms.end(session, Alarm.CHANNEL_DOWN, now=now, about=f"channel/{channel}")
    return down


def _stands(before: Bucket, channel: str, outcomes: Sequence[Outcome], now: datetime) -> Bucket:
    its = [each.failure for each in outcomes if each.letter.channel == channel]
    rests = [each.retry_after_s for each in its if each is not None and each.retry_after_s is not None]
    passing = sum(each is not None and not each.permanent and each.retry_after_s is None for each in its)
    # A letter that the provider refuses for what it is shows that the provider lives.
    alive = sum(each is None or (each.permanent and each.reason != BROKEN) for each in its)
    bucket = buckets.after(before, alive, passing, now)
    return buckets.throttled(bucket, max(rests), now) if rests else bucket


def _accepted(outcome: Outcome, ways: Ways, now: datetime) -> dict[str, Any]:
    to = State.DELIVERED if outcome.is_delivered else State.ACCEPTED
    its = ways[outcome.letter.channel].lines
    until = now + its.patience if its and not outcome.is_delivered else None
    return {"of": outcome.letter.id, "to": to.value, "at": now, "by": outcome.reference, "until": until}
