"""Answers to a call-out (应答): kept always, and the one that says more, or was said later, stands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session
from backend.domain import callouts as rules
from backend.domain.access import Actor, may, scope_of
from backend.domain.actions import Action
from backend.domain.callout_plans import Rung
from backend.domain.callouts import CALLOUT, KEYS, Answer, How
from backend.domain.calls import Heard
from backend.domain.flood_warnings import Level
from backend.domain.flood_warnings import State as WarningState
from backend.domain.letters import State as LetterState
from backend.domain.notices import VOICE
from backend.errors import Conflict, Forbidden, NotFound
from backend.services import links
from backend.services.policies import CALLOUTS
from backend.services.standings import standing_of
from backend.services.warning_texts import CALLS
from backend.store import callouts, changes


@dataclass(frozen=True, slots=True)
class AckDraft:
    """What somebody says."""

    id: UUID
    body_sha256: bytes
    answer: Answer
    note: str
    at: datetime


def ack(session: Session, actor: Actor, callout_id: UUID, draft: AckDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep the answer of whoever was called, acts for them, or heard of their silence: the call-out, whether it is new.

    NotFound for whoever has nothing to do with it.
    """
    row = _held(session, callout_id)
    if row.person_id in actor.whose:
        return _told(session, row, draft, How.APP, None if row.person_id == actor.person_id else actor.person_id, now)
    if not callouts.is_told(session, callout_id, actor.whose):
        raise NotFound()
    return _told(session, row, draft, How.PROXY, actor.person_id, now)


def ack_for(session: Session, actor: Actor, callout_id: UUID, draft: AckDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep what somebody heard who telephoned or went there (代答): the call-out, and whether it is new."""
    row = _held(session, callout_id)
    if not may(actor, Action.ANSWER_FOR, row.region_code):
        if scope_of(actor, Action.SEE_WARNINGS).holds(row.region_code):
            raise Forbidden("region")
        raise NotFound()
    return _told(session, row, draft, How.PROXY, actor.person_id, now)


def ack_by_link(session: Session, token: str, draft: AckDraft, *, now: datetime) -> tuple[Any, bool]:
    """Keep an answer that came by the link of a text: the call-out, and whether it is new."""
    row = _held(session, by_link(session, token).id)
    return _told(session, row, draft, How.LINK, None, now)


def ack_at_door(session: Session, callout_id: UUID, draft: AckDraft, by: UUID, *, now: datetime) -> tuple[Any, bool]:
    """Keep what was said at the door."""
    return _told(session, _held(session, callout_id), draft, How.DOOR, by, now)


def by_link(session: Session, token: str) -> Any:
    """The call-out that a link is for; NotFound for a token that nobody was given."""
    row = callouts.by_link(session, links.digest(token))
    if row is None:
        raise NotFound()
    return row


def seen(session: Session, actor: Actor, callout_id: UUID) -> Any:
    """A call-out for whoever was called, acts for them, was told of it, or sees the region; else NotFound."""
    row = callouts.one(session, callout_id)
    if row is None:
        raise NotFound()
    is_own = row.person_id in actor.whose or callouts.is_told(session, callout_id, actor.whose)
    if not is_own and not scope_of(actor, Action.SEE_WARNINGS).holds(row.region_code):
        raise NotFound()
    return row


def heard(session: Session, what: Sequence[Heard], now: datetime) -> None:
    """Keys that were pressed are answers; whoever a channel reached is reached; a call that failed is made again."""
    its = [each for each in what if each.about[0] == CALLOUT]
    callouts.reached(session, [each.about[1] for each in its if each.outcome is not LetterState.FAILED], now)
    callouts.wake(session, [each.about[1] for each in its if each.channel == VOICE], now)
    for each in its:
        if each.outcome is LetterState.ANSWERED and each.answer in KEYS:
            _pressed(session, each, now)


def _pressed(session: Session, each: Heard, now: datetime) -> None:
    row = callouts.held(session, each.about[1])
    # A superior who was told of a silence and presses a key has heard of it; that is no answer for the silent.
    if row is None or (each.person_id != row.person_id and not _acts_for(session, row, each)):
        return
    answer = KEYS[each.answer or ""]
    digest = hashlib.sha256(f"{each.letter_id}:{each.answer}".encode()).digest()
    draft = AckDraft(uuid5(each.letter_id, f"key:{each.answer}"), digest, answer, "", each.at)
    _told(session, row, draft, How.VOICE, None if each.person_id == row.person_id else each.person_id, now)


def _acts_for(session: Session, row: Any, each: Heard) -> bool:
    """Whether they were called in the place of the person on the roll, or asked to take over."""
    steps = callouts.steps_of(session, row.id)
    return any(step.what in ("call", Rung.SUBSTITUTE) and step.person_id == each.person_id for step in steps)


def _held(session: Session, callout_id: UUID) -> Any:
    row = callouts.held(session, callout_id)
    if row is None:
        raise NotFound()
    return row


def _told(session: Session, row: Any, draft: AckDraft, how: How, by: UUID | None, now: datetime) -> tuple[Any, bool]:
    """Keep it; the row is held, so an escalation of the same moment comes wholly before or wholly after it."""
    known = callouts.answer_of(session, draft.id)
    if known is not None:
        _check_replay(known, row.id, draft)
        return row, False
    said_at = _believed(session, row, draft.at, now)
    plan = CALLOUTS.of_version(session, row.policy_version).plans[Level(row.level)]
    is_in_force = row.warning_state == WarningState.ISSUED
    after = rules.answered(plan, standing_of(row), draft.answer, said_at) if is_in_force else None
    values = {
        "id": draft.id,
        "callout_id": row.id,
        "body_sha256": draft.body_sha256,
        "answer": draft.answer.value,
        "how": how.value,
        "by_id": by,
        "note": draft.note,
        "at": draft.at,
        "received_at": now,
        "stands": after is not None,
    }
    if not callouts.add_answer(session, values):
        raise Conflict()
    first = {} if row.answered_at else {"answered_at": now, "answer_s": _seconds(row, now)}
    first |= {} if row.reached_at else {"reached_at": now}
    if after is not None:
        first |= {
            "state": after.state.value,
            "climbs_from": after.climbs_from,
            "said_at": after.said_at,
            "how": how.value,
            "next_at": rules.next_at(plan, after, now),
        }
    if first:
        callouts.advance(session, [{"seq": row.seq} | first])
    callouts.take_back(session, [row.id], now, CALLS)
    changes.changed(session, now, [row.person_id], CALLOUT, row.id)
    return callouts.one(session, row.id), True


def _believed(session: Session, row: Any, at: datetime, now: datetime) -> datetime:
    """When it was said: nobody answers before they were called, or in the future; such a clock is wrong."""
    called_at = callouts.first_step_at(session, row.id) or row.begun_at
    return at if called_at <= at <= now else now


def _seconds(row: Any, now: datetime) -> float:
    return max(0.0, (now - (row.called_at or row.begun_at)).total_seconds())


def _check_replay(known: Any, callout_id: UUID, draft: AckDraft) -> None:
    if known.callout_id != callout_id or known.body_sha256 != draft.body_sha256:
        raise Conflict()
