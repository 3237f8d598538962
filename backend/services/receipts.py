"""What becomes of letters afterwards: receipts of providers, and the list of those that no channel took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.channels.sending import Outcome, Receipt
from backend.db import Session
from backend.domain.access import Action, Actor, scope_of
from backend.domain.letters import Failure, State, sources
from backend.domain.ways import Ways
from backend.errors import Conflict, NotFound
from backend.services import settling
from backend.store import letters, notices

_LONGEST = 20
"""Letters of an answer and 40 of a reason are kept; nobody needs more."""


def receive(session: Session, channel: str, receipts: Sequence[Receipt], ways: Ways, *, now: datetime) -> int:
    """Believe a provider's words on letters; of how many it spoke that are not there. Heard twice, nothing changes."""
    unknown, failed = 0, []
    for receipt in receipts:
        outcome = State(receipt.outcome.value)
        at = min(receipt.at, now)
        letter = letters.receive(session, channel, (receipt.letter_id, receipt.reference), outcome, _said(receipt, at))
        unknown += letter is None
        if letter is not None and receipt.outcome is Outcome.FAILED and State(letter.state) in sources(State.FAILED):
            failed.append((letter, Failure((receipt.reason or "undelivered")[: 2 * _LONGEST], permanent=True)))
    settling.settle(session, failed, ways, now=now)
    return unknown


def _said(receipt: Receipt, at: datetime) -> dict[str, Any]:
    if receipt.outcome is Outcome.ANSWERED:
        return {"answered_at": at, "answer": receipt.answer[:_LONGEST] if receipt.answer else None}
    return {"delivered_at": at}


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
    return notice
