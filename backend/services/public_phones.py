"""Telephone numbers that citizens leave with what they report: optional, sealed, shown for a reason, and forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.public_reports import PHONE_KEPT
from backend.errors import BadInput, Forbidden
from backend.formats import phones
from backend.keyring import KeyRing
from backend.services import hazards
from backend.store import changes
from backend.store import public_reports as store


def number_in(typed: str) -> str | None:
    """A telephone number as it is kept, None where nothing was typed; BadInput for what is none."""
    if not typed.strip():
        return None
    try:
        return phones.normal(typed.strip())
    except phones.BadPhone:
        raise BadInput.at("/phone", "report.flaw.phone") from None


def reveal(session: Session, actor: Actor, hazard: Any, keyring: KeyRing, reason: str, *, now: datetime) -> list[str]:
    """The numbers that citizens left with it, each as it is dialled, for a reason that is kept on record.

    Forbidden for whoever may not see numbers there.
    """
    if not may(actor, Action.REVEAL_PHONE, hazard.region_code):
        raise Forbidden("post")
    sealed = [row.phone_sealed for row in store.joined(session, hazard.id) if row.phone_sealed is not None]
    body = {"numbers": len(sealed), "reason": reason}
    changes.record(session, now, actor.person_id, "reveal_phone", hazards.HAZARD, str(hazard.id), body)
    return [keyring.open(each) for each in sealed]


def forget_phones(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Forget numbers of citizens that are not needed any more; how many."""
    return store.forget_phones(session, now - PHONE_KEPT, limit)
