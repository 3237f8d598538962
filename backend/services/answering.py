"""Answers of a campaign: each is kept once, and the one given last stands for its segment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.campaigns import AnswerDraft, check_answer, flaws_of, is_on_behalf, said_at, stands
from backend.errors import BadInput, Forbidden, NotFound
from backend.services import reaches, replays
from backend.store import campaigns, people


def tell(
    session: Session, actor: Actor, campaign_id: UUID, draft: AnswerDraft, *, now: datetime, zone: ZoneInfo
) -> tuple[Any, bool]:
    """Keep an answer once: the answer as it is now, and whether it is new.

    NotFound for a segment that owes this campaign nothing or is not the actor's to see, Forbidden where it is not
    theirs to answer for, BadInput for hazards that were not found there, Conflict for an id that stands for another.
    """
    known = campaigns.answer_of(session, draft.id)
    if known is not None:
        return _same(known, actor, campaign_id, draft), False
    check_answer(draft)
    campaign = campaigns.existing(session, campaign_id)
    if campaign is None:
        raise NotFound()
    owing = campaigns.owed(session, campaign_id, reaches.by_name(draft.segment))
    if owing is None:
        raise NotFound.at("/segment", "flaw.segment_not_asked")
    on_behalf = _on_behalf(session, actor, owing, draft, now=now, zone=zone)
    _check_hazards(session, campaign, owing, draft)

    is_late = now > campaign.deadline
    if not campaigns.add_answer(session, _row(actor, draft, owing, on_behalf, is_late, now)):
        return _same(campaigns.answer_of(session, draft.id), actor, campaign_id, draft), False
    _stand(session, owing, draft, on_behalf, is_late, now)
    return campaigns.answer_of(session, draft.id), True


def _stand(session: Session, owing: Any, draft: AnswerDraft, on_behalf: bool, is_late: bool, now: datetime) -> None:
    said = said_at(draft.at, now)
    if not stands(said, owing.said_at):
        return
    first = {"answered_at": now, "is_late": is_late} if owing.answer_id is None else {}
    given = {"answer_id": draft.id, "said_at": said, "is_found": draft.is_found, "is_on_behalf": on_behalf}
    campaigns.let_stand(session, owing, given | first, draft.hazards)


def _on_behalf(
    session: Session, actor: Actor, owing: Any, draft: AnswerDraft, *, now: datetime, zone: ZoneInfo
) -> bool:
    """Whether it is given on behalf of those who answer for the segment.

    An answer that was queued before a transfer still counts, and so does that of whoever was asked.
    """
    days = {day_of(now, zone), day_of(said_at(draft.at, now), zone)}
    held = (people.segments_of(session, actor.whose, day) for day in days)
    is_own = owing.chief_id in actor.whose or any(owing.segment_id in mine for mine in held)
    on_behalf = is_on_behalf(actor, owing.region_code, is_own=is_own)
    if on_behalf is None:
        if scope_of(actor, Action.SEE_CAMPAIGNS).holds(owing.region_code):
            raise Forbidden("not_answerer")
        raise NotFound.at("/segment", "flaw.segment_not_asked")
    return on_behalf


def _check_hazards(session: Session, campaign: Any, owing: Any, draft: AnswerDraft) -> None:
    """What is named as found lies there, is what is searched for, and was not known before the campaign."""
    if not draft.hazards:
        return
    found = campaigns.hazards_on(session, owing.segment_id, draft.hazards)
    flaws = flaws_of(draft.hazards, found, campaign.kinds, campaign.begins_at)
    if flaws:
        raise BadInput(*flaws)


def _row(actor: Actor, draft: AnswerDraft, owing: Any, on_behalf: bool, is_late: bool, now: datetime) -> dict[str, Any]:
    return {
        "id": draft.id,
        "campaign_id": owing.campaign_id,
        "segment_id": owing.segment_id,
        "region_code": owing.region_code,
        "person_id": actor.person_id,
        "body_sha256": draft.body_sha256,
        "is_found": draft.is_found,
        "hazards": [str(hazard) for hazard in draft.hazards],
        "note": draft.note,
        "report": draft.report,
        "at": draft.at,
        "received_at": now,
        "is_late": is_late,
        "is_on_behalf": on_behalf,
    }


def _same(known: Any, actor: Actor, campaign_id: UUID, draft: AnswerDraft) -> Any:
    return replays.same(known, actor.person_id, draft.body_sha256, owner="person_id", campaign_id=campaign_id)
