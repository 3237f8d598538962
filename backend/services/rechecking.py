"""A check of a look-back, composed of the nouns it touches: what was seen, photos, and a hazard that came back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.handling import ActDraft
from backend.domain.hazards import Act, State
from backend.domain.lookbacks import CHECK, CheckDraft, Outcome
from backend.errors import Conflict
from backend.services import hazards, lookbacks, photos, sync
from backend.words import Text


def tell(
    session: Session,
    actor: Actor,
    lookback_id: UUID,
    draft: CheckDraft,
    *,
    now: datetime,
    zone: ZoneInfo,
    today: date,
) -> tuple[Any, bool]:
    """Keep a check once: the check, and whether it is new; a hazard that has come back is opened again."""
    known = lookbacks.replayed_check(session, actor, lookback_id, draft)
    if known is not None:
        return known, False
    drawn = lookbacks.held_for_check(session, actor, lookback_id, draft)
    hazard = hazards.held(session, actor, draft.hazard, today=today)
    is_closed = hazard.state == State.CLOSED
    if draft.outcome is Outcome.HOLDS and not is_closed:
        raise Conflict("hazard_state", state=Text(f"hazard.state.{hazard.state}"))

    check = lookbacks.keep_check(session, actor, drawn, draft, now=now)
    digests = list(dict.fromkeys(picture.sha256 for picture in draft.photos))
    place = (CHECK, draft.id, actor.person_id, drawn.region_code)
    photos.name(session, actor, digests, *place, now=now, today=today)
    # Somebody may have opened it again already, in which case it is counted as come back once.
    if draft.outcome is Outcome.REBOUND and is_closed:
        act = ActDraft(uuid5(draft.id, Act.REOPEN), Act.REOPEN, draft.body_sha256, draft.note, draft.photos)
        sync.tell_act(session, actor, hazard, act, now=now, zone=zone, today=today)
    return check, True
