"""What becomes of letters afterwards: receipts of providers, and the list of those that no channel took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.channels.sending import Receipt
from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.calls import CALLOUT, Ending, Heard, as_answer, ending
from backend.domain.letters import Failure, State, sources
from backend.domain.notices import VOICE
from backend.domain.ways import Ways
from backend.errors import Conflict, NotFound
from backend.services import settling
from backend.store import changes, deliveries, letters, notices
from backend.store.deliveries import Asked

RETRY, NOTICE = "retry", "notice"
"""What it is called on record."""
MOST_AT_ONCE = 5_000
"""More are tried again in another round: a provider that has come back is not to be drowned (our judgement)."""
_LONGEST = 20
"""Letters of an answer and 40 of a reason are kept; nobody needs more."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a report was good for."""

    unknown: int
    """Of so many letters it spoke that are not there."""
    heard: Sequence[Heard]
    """What is new about letters that must be answered, in the order of the report."""


def receive(session: Session, channel: str, receipts: Sequence[Receipt], ways: Ways, *, now: datetime) -> Received:
    """Believe a provider's words on letters. Heard twice, nothing changes, and nobody is told again."""
    unknown, heard, failed = 0, dict[UUID, list[Heard]](), dict[UUID, tuple[Any, Failure]]()
    for receipt in receipts:
        found, at = _ending(receipt), min(receipt.at, now)
        letter = letters.receive(
            session, channel, (receipt.letter_id, receipt.reference), found.outcome, _said(found, at)
        )
        unknown += letter is None
        if letter is None or State(letter.state) not in sources(found.outcome):
            continue
        if found.outcome is State.FAILED:
            if letter.id in failed:
                continue
            failed[letter.id] = letter, _failure(letter, found)
        else:
            failed.pop(letter.id, None)  # within one report: what arrived after all has not failed
        heard.setdefault(letter.id, []).extend(_heard(letter, found, receipt, at))
    settling.settle(session, list(failed.values()), ways, now=now)
    return Received(unknown, [each for its in heard.values() for each in its])


def _ending(receipt: Receipt) -> Ending:
    answer = receipt.answer[:_LONGEST] if receipt.answer else None
    reason = receipt.reason[: 2 * _LONGEST] if receipt.reason else None
    return ending(State(receipt.outcome.value), answer=answer, reason=reason, is_part=receipt.is_part)


def _failure(letter: Any, found: Ending) -> Failure:
    """A call that was not taken is called again by whoever waits for its answer, and is no dead letter."""
    assert found.reason is not None
    is_followed = letter.about_type == CALLOUT and letter.channel == VOICE
    return Failure(found.reason, permanent=True, is_followed=is_followed)


def _said(found: Ending, at: datetime) -> dict[str, Any]:
    if found.outcome is State.ANSWERED:
        return {"answered_at": at, "answer": found.answer}
    return {"delivered_at": at}


def _heard(letter: Any, found: Ending, receipt: Receipt, at: datetime) -> list[Heard]:
    if letter.about_type != CALLOUT or letter.about_id is None:
        return []
    said, about = as_answer(found), (letter.about_type, letter.about_id)
    of = (letter.id, letter.notice_id, about, letter.person_id, letter.channel)
    return [Heard(*of, said.outcome, at, said.answer, said.reason, receipt.is_part)]


def dead(session: Session, actor: Actor, *, after: tuple[datetime, UUID] | None, limit: int, today: date) -> list[Any]:
    """Dead letters to people of the actor's part of the world, one more than `limit` when there are more."""
    return letters.dead(session, scope_of(actor, Action.RETRY_NOTICE), today, after=after, limit=limit)


def retry(session: Session, actor: Actor, notice_id: UUID, *, now: datetime, today: date) -> Any:
    """Try its dead letters from the start; the notice.

    NotFound outside the actor's part of the world, Conflict when none of its letters is dead.
    """
    notice = notices.seen(session, notice_id, scope_of(actor, Action.RETRY_NOTICE), today)
    if notice is None:
        raise NotFound()
    if not letters.retry(session, notice_id, now):
        raise Conflict("not_dead")
    changes.record(session, now, actor.person_id, RETRY, NOTICE, str(notice_id), {})
    return notice


def retry_all(
    session: Session,
    actor: Actor,
    which: Sequence[UUID] | Asked,
    *,
    now: datetime,
    today: date,
) -> tuple[int, int]:
    """The same of many, those named or those of a filter, the oldest first: how many notices and letters.

    What is not the actor's, or has no dead letter any more, is left alone.
    """
    scope = scope_of(actor, Action.RETRY_NOTICE)
    found = deliveries.dead_notices(session, scope, today, which, limit=MOST_AT_ONCE)
    count = letters.retry_all(session, found, now)
    done: list[tuple[str, dict[str, Any]]] = [(str(each), {}) for each in found]
    changes.record_all(session, now, actor.person_id, RETRY, NOTICE, done)
    return len(found), count
