"""Enrolling: who is on the roll of a warning when it goes out, changes its area or level, and ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain import callouts as rules
from backend.domain.callouts import CALLOUT, State
from backend.domain.flood_warnings import Level
from backend.domain.lanes import Hours, quiet_until
from backend.domain.rolls import Called, roll
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.services import links, notices, warning_texts
from backend.services.policies import CALLOUTS
from backend.services.standings import as_row, standing_of
from backend.services.warning_texts import CALLS
from backend.store import callouts, changes, flood_warnings, risk, rolls

BATCH, MANY = 500, 2_500
"""Call-outs that are written together with the issue, and in each transaction of the clockwork after it."""
_OF_LEVEL = ("called_at", "reached_at", "climbed_at", "door_at", "answered_at", "answer_s", "how")
"""What the board tells of one level of a warning: of a graver one nobody has heard yet."""


def fill(
    session: Session,
    warning: Any,
    keyring: KeyRing,
    *,
    now: datetime,
    zone: ZoneInfo,
    hours: Hours,
    limit: int,
) -> int:
    """Write call-outs for the next people on the roll of an issued warning; how many are left to be written.

    Whoever has one from an earlier revision keeps it: `renew` says what becomes of that.
    """
    today = day_of(now, zone)
    people = audience(session, warning, today)
    have = callouts.people_of(session, warning.root_id)
    missing = [each for each in people if each.person_id not in have]
    begin = begins_at(Level(warning.level), warning.issued_at, zone, hours)
    callouts.add_all(session, [_row(warning, each, keyring, begin) for each in missing[:limit]])
    if len(missing) <= limit:
        flood_warnings.change(session, warning.id, filled_at=now)
    return max(0, len(missing) - limit)


def audience(session: Session, warning: Any, today: date) -> list[Called]:
    """Everybody whom a warning calls, those inside the risk area first; of a drill only people of its list."""
    segments = [UUID(each) for each in warning.segments]
    posts = [Post(each) for each in warning.posts]
    reaches = rolls.answerable(session, warning.regions, segments, today)
    seats = rolls.seated(session, warning.regions, warning.posts, today) if warning.regions else []
    risky = risk.risky(session, {row.segment_id for row in reaches})
    people = roll(reaches, seats, posts, focus=warning.focus, risky=risky)
    if warning.drill_list_id is None:
        return people
    allowed = callouts.of_list(session, warning.drill_list_id)
    return [each for each in people if each.person_id in allowed]


def begins_at(level: Level, issued_at: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """When the calls of a level begin: what presses at once, the rest not in the quiet hours."""
    return issued_at if level.presses else quiet_until(issued_at, zone, hours)


def renew(
    session: Session, warning: Any, before: Any, *, now: datetime, zone: ZoneInfo, hours: Hours, must_answer: bool
) -> list[UUID]:
    """Bring the roll of an earlier revision under the new one; those who are not concerned any more are let go.

    `must_answer`: it is graver, so everybody is called and the board begins anew. Else who has answered only hears of
    it. Those let go.
    """
    concerned = {each.person_id for each in audience(session, warning, day_of(now, zone))}
    begin = begins_at(Level(warning.level), warning.issued_at, zone, hours)
    have = callouts.held_people_of(session, warning.root_id).values()
    plan = CALLOUTS.of_version(session, warning.policy_version).plans[Level(warning.level)]
    rows, gone, told = [], [], []
    for row in have:
        if row.person_id not in concerned:
            gone += [row] if row.warning_id == before.id else []  # others were let go by an earlier revision
            continue
        standing = rules.renewed(
            standing_of(row), begin, must_answer=must_answer, is_same=before.level == warning.level
        )
        if standing is None:
            standing = standing_of(row)
            told.append(row)
        forgotten = dict.fromkeys(_OF_LEVEL) if must_answer else {name: getattr(row, name) for name in _OF_LEVEL}
        then = rules.next_at(plan, standing, begin)
        rows.append(as_row(row, standing, then) | forgotten | {"warning_id": warning.id})
    kept = {row.person_id for row in told}
    callouts.take_back(session, [row.id for row in have if row.person_id not in kept], now, CALLS)
    callouts.advance(session, rows)
    notices.queue(session, warning_texts.updated(warning, before, told), now=now)
    _let_go(session, gone, now=now)
    return [row.person_id for row in gone]


def end(session: Session, root_id: UUID, *, now: datetime) -> set[UUID]:
    """Nobody is called any more: the warning is over. Everybody who has heard of it, who must hear of this, too."""
    have = callouts.held_people_of(session, root_id)
    told = callouts.told_of(session, root_id)
    _let_go(session, list(have.values()), now=now)
    return told


def hearers(session: Session, warning: Any, people: Iterable[UUID]) -> list[UUID]:
    """Those of them who may be told of it: of a drill nobody who is not on its list, or has left it."""
    if warning.drill_list_id is None:
        return list(people)
    allowed = callouts.of_list(session, warning.drill_list_id)
    return [person for person in people if person in allowed]


def _let_go(session: Session, rows: Sequence[Any], *, now: datetime) -> None:
    """Nothing is due about them any more, and what has not been sent yet is not sent."""
    callouts.take_back(session, [row.id for row in rows], now)
    callouts.advance(session, [as_row(row, rules.ended(standing_of(row)), None) for row in rows])
    changes.changed_all(session, now, [(row.person_id, row.id) for row in rows], CALLOUT)


def _row(warning: Any, called: Called, keyring: KeyRing, begin: datetime) -> dict[str, Any]:
    callout_id = uuid5(warning.root_id, str(called.person_id))
    return {
        "id": callout_id,
        "root_id": warning.root_id,
        "warning_id": warning.id,
        "person_id": called.person_id,
        "post": called.post.value,
        "region_code": called.region_code,
        "segment_id": called.segment_id,
        "priority": rules.priority(is_inside=called.is_inside, is_first=True, is_drill=warning.is_drill),
        "is_drill": warning.is_drill,
        "drill_list_id": warning.drill_list_id,
        "link_sha256": links.digest(links.token(keyring, callout_id)),
        "version": 1,
        "state": State.OPEN.value,
        "round": 1,
        "begun_at": begin,
        "climbs_from": begin,
        "tries": 0,
        "calls": 0,
        "taken": 0,
        "next_at": begin,
    }
