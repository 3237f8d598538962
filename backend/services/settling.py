"""What follows when a letter did not get there: the same channel later, the next one now, or an alarm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.lanes import Lane
from backend.domain.letters import EXPIRED, FOLLOWED, NO_CHANNEL, Failure, Fate, State, fate
from backend.domain.notices import Reader, others
from backend.domain.ways import Ways
from backend.services import alarms
from backend.services.letters import readers, written
from backend.store import letters, notices


def settle(
    session: Session,
    failed: Sequence[tuple[Any, Failure]],
    ways: Ways,
    *,
    now: datetime,
    down: Collection[str] = (),
) -> int:
    """Write what each failure leads to; how many letters are dead by that.

    A try by a channel that is `down` as a whole does not count: its letters wait for it however long that lasts.
    """
    if not failed:
        return 0
    reached = readers(session, {row.person_id for row, _ in failed}, ways)
    notice = notices.readers(session, {row.notice_id for row, _ in failed})
    used = _used(session, notice)
    rows, further, dead = [], [], 0
    for letter, failure in failed:
        reader, told = reached[letter.person_id], notice[letter.notice_id]
        is_down = letter.channel in down
        found, passed = _what_follows(letter, failure, reader, used[told.id], now=now, is_down=is_down)
        if passed is not None:
            used[told.id].append(passed)
            further += written(told, [passed], reader, Lane(letter.lane), now)
        elif found.state is State.FAILED:
            passed = letters.take_back(session, told.id, now) or (FOLLOWED if failure.is_followed else None)
            dead += _is_dead(session, letter.channel, found, passed, told.is_drill, now=now)
        rows.append(_row(letter, found, passed, now) | {"cut": int(failure.is_ambiguous), "forgiven": int(is_down)})
    letters.fail(session, rows)
    letters.add_all(session, further)
    return dead


def strand(session: Session, ways: Ways, *, now: datetime, limit: int = 500) -> int:
    """Letters of channels that the house has no more take another one; how many there were."""
    left = letters.of_other_channels(session, ways.keys(), limit)
    settle(session, [(row, Failure(NO_CHANNEL, permanent=True)) for row in left], ways, now=now)
    return len(left)


def lay_aside(session: Session, over: Sequence[Any], *, now: datetime) -> None:
    """Letters that are of no use any more are not sent; they are listed, and nobody is alarmed."""
    letters.fail(session, [_row(row, Fate(State.FAILED, None, EXPIRED), None, now) for row in over])


def _used(session: Session, notice: dict[UUID, Any]) -> dict[UUID, list[str]]:
    """The channels that each notice has gone out by."""
    used: dict[UUID, list[str]] = {notice_id: [] for notice_id in notice}
    for row in letters.of_notices(session, notice):
        used[row.notice_id].append(row.channel)
    return used


def _what_follows(
    letter: Any, failure: Failure, reader: Reader, used: list[str], *, now: datetime, is_down: bool
) -> tuple[Fate, str | None]:
    """What becomes of a letter, and the channel that takes its place."""
    lane = Lane(letter.lane)
    following = others(lane, reader, used)
    tries = 1 if is_down and not following else letter.tries
    found = fate(letter.id, lane, tries, failure, now, has_next=bool(following))
    return found, following[0] if found.passes_on else None


def _is_dead(
    session: Session, channel: str, found: Fate, taken_back: str | None, is_drill: bool, *, now: datetime
) -> bool:
    """Whether no channel is left; somebody must look then. One alarm for a channel and reason, however many letters.

    A drill finds dead numbers and wakes nobody: they stand in its report.
    """
    if taken_back is not None:
        return False
    if not is_drill:
        about = f"letters/{channel}/{found.failure}"
        alarms.sound(session, Alarm.DEAD_LETTER, about, now=now, channel=channel, reason=found.failure)
    return True


def _row(letter: Any, found: Fate, passed: str | None, now: datetime) -> dict[str, Any]:
    return {
        "of": letter.id,
        "to": found.state.value,
        "next": found.next_try_at,
        "why": found.failure,
        "passed": passed,
        "cut": 0,
        "forgiven": 0,
        "failed": now if found.state is State.FAILED else None,
    }
