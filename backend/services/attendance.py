"""Attendance (签到): who was at a session, by the code on the screen or the clerk's tick, and what a quiz credits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.training import (
    TRAINING,
    Fix,
    How,
    check_open,
    code_of,
    credited,
    is_far,
    marked,
    quiz_of,
    read_code,
    step_at,
)
from backend.errors import BadInput, Conflict, Flaw, NotFound
from backend.keyring import KeyRing
from backend.services.policies import TRAINING as RULE
from backend.store import changes
from backend.store import training as store
from backend.words import Text
from geo.measure import distances_m


def code(row: Any, keyring: KeyRing, *, now: datetime) -> str:
    """What stands on the screen now. Conflict where nobody signs in."""
    check_open(row.begins_at, row.ends_at, row.withdrawn_at, now)
    return code_of(row.id, step_at(now), keyring.signing_key)


def scan(
    session: Session, actor: Actor, said: str, fix: Fix | None, keyring: KeyRing, *, now: datetime
) -> tuple[Any, bool]:
    """Note that somebody read the code from the screen: what is known of it, and whether it is new.

    BadInput for no code, Conflict for one whose step is over or a session that is not now, NotFound for somebody of
    another part of the world. A guest who was not asked to come is trained all the same.
    """
    session_id = read_code(said, keyring.signing_key, now)
    store.hold(session, session_id)  # so that no correction passes by whoever signs in meanwhile
    row = store.existing(session, session_id)
    if row is None or not any(_is_near(seat.region, row.region_code) for seat in actor.seats):
        raise NotFound()
    check_open(row.begins_at, row.ends_at, row.withdrawn_at, now)
    distance_m = _distance_m(row, fix)
    is_doubtful = distance_m is not None and fix is not None and is_far(distance_m, fix, RULE.at(session, now).near_m)
    values = _values(row, actor.person_id, How.SCAN, now) | {"distance_m": distance_m, "is_doubtful": is_doubtful}
    is_new = bool(store.attend(session, [values]))
    if is_new:
        body = {"how": How.SCAN.value, "distance_m": distance_m, "doubtful": is_doubtful}
        changes.record(session, now, actor.person_id, "attend", TRAINING, str(session_id), body)
    return row, is_new


def tick(
    session: Session, actor: Actor, row: Any, there: Sequence[UUID], away: Sequence[UUID], *, now: datetime
) -> None:
    """Note who was there by the clerk's list, and who was not; on record with what was known before.

    NotFound, by its place, for somebody who never held a post in the region of the session.
    """
    if row.withdrawn_at is not None:
        raise Conflict("training_withdrawn")
    if now < row.begins_at:
        raise Conflict("training_not_begun")
    known = store.may_be_ticked(session, row.region_code, there)
    flaws = [Flaw(f"/there/{at}", Text("flaw.training_person")) for at, each in enumerate(there) if each not in known]
    if flaws:
        raise NotFound.of(flaws)
    if set(there) & set(away):
        raise BadInput.at("/away", "flaw.training_both")
    rows = [_values(row, each, How.CLERK, now) | {"noted_by_id": actor.person_id} for each in dict.fromkeys(there)]
    new = store.attend(session, rows)
    gone = store.forget(session, row.id, away) if away else []
    done = [(str(row.id), {"person": str(each), "how": How.CLERK.value}) for each in new]
    changes.record_all(session, now, actor.person_id, "tick", TRAINING, done)
    undone = [
        (
            str(row.id),
            {
                "person": str(each.person_id),
                "how": each.how,
                "at": each.at.isoformat(),
                "right": each.right,
                "hours": each.hours,
            },
        )
        for each in gone
    ]
    changes.record_all(session, now, actor.person_id, "untick", TRAINING, undone)


def answer(
    session: Session, actor: Actor, session_id: UUID, answers: Sequence[Sequence[int]], *, now: datetime
) -> tuple[int, float]:
    """Mark somebody's answers to the quiz: how many were right, and the hours that are credited by the best try.

    NotFound for a session at which they were not, Conflict for one without a quiz.
    """
    store.hold(session, session_id)
    row, kept = store.existing(session, session_id), store.attendance(session, session_id, actor.person_id)
    if row is None or kept is None:
        raise NotFound()
    quiz = quiz_of(row.quiz)
    right = marked(quiz, answers)
    if kept.right is None or right > kept.right:
        hours = credited(row.hours, quiz, right)
        store.note(session, kept.seq, answers=[list(each) for each in answers], right=right, hours=hours)
        body = {"right": right, "hours": hours}
        changes.record(session, now, actor.person_id, "answer", TRAINING, str(session_id), body)
        return right, hours
    return right, kept.hours


def _values(row: Any, person_id: UUID, how: How, now: datetime) -> dict[str, Any]:
    return {
        "training_id": row.id,
        "person_id": person_id,
        "how": how.value,
        "at": now,
        "noted_by_id": None,
        "distance_m": None,
        "is_doubtful": False,
        "hours": credited(row.hours, quiz_of(row.quiz), None),
        "begins_at": row.begins_at,
    }


def _is_near(region: str, host: str) -> bool:
    """Whether somebody of a region may come to a session of another: it lies in it, or around it."""
    return region.startswith(host) or host.startswith(region)


def _distance_m(row: Any, fix: Fix | None) -> float | None:
    if row.lon is None or fix is None:
        return None
    return round(float(distances_m([[row.lon, row.lat]], [list(fix.lonlat)])[0]), 1)
