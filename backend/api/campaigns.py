"""The door for campaigns: order, look, answer, end."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from flask import Response, request

from backend.api import shown_campaigns as shown
from backend.api.auth import actor, needs
from backend.api.door import BASE, Door, answer, fails
from backend.api.etag import IF_MATCH, require_version, version_of
from backend.api.paging import number_in, numbered
from backend.api.schemas.campaigns import (
    AnswerListArguments,
    CampaignAnswer,
    CampaignListArguments,
    CampaignPage,
    CampaignPreviewAnswer,
    CampaignSchema,
    EndSchema,
    ReplyAnswer,
    ReplyPage,
    ReplySchema,
    answer_of,
    campaign_of,
)
from backend.context import house, now, today
from backend.db import Session
from backend.domain.actions import Action
from backend.domain.campaigns import AnswerDraft
from backend.errors import Conflict, NotFound, Stale, VersionNeeded
from backend.services import campaigns, ledgers, reaches, sync
from backend.services.campaigns import Seen
from backend.store import campaigns as store
from backend.store.ledgers import Part

door = Door(
    "campaigns", "Campaigns (专项行动、排查): every segment must answer, and nothing found (零报告) is an answer."
)


@door.put("/campaigns/<uuid:campaign_id>")
@needs(Action.MAKE_CAMPAIGN)
@door.arguments(CampaignSchema)
@door.response(201, CampaignAnswer, description="Ordered; those who must answer hear of it.")
@door.alt_response(200, schema=CampaignAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def make(loaded: dict[str, Any], campaign_id: UUID) -> Response:
    """Order a campaign in one's own region or below; the same order may be sent any number of times."""
    here, draft = house(), campaign_of(campaign_id, loaded)
    with here.database.transaction() as session:
        _, is_new = campaigns.make(session, actor(), draft, now=now(), zone=here.settings.zone)
        body = as_shown(session, campaigns.one(session, actor(), campaign_id, today=today()))
    return answer(body, 201 if is_new else 200)


@door.post("/campaigns/preview")
@needs(Action.MAKE_CAMPAIGN)
@door.arguments(CampaignSchema)
@door.response(200, CampaignPreviewAnswer)
@fails(NotFound)
def preview(loaded: dict[str, Any]) -> Response:
    """How many answers an order would wait for, before it is given; nothing is written."""
    with house().database.reading() as session:
        draft = campaign_of(uuid4(), loaded)
        every, vacant = campaigns.preview(session, actor(), draft, now=now(), today=today())
    return answer({"segments": every, "vacant": vacant})


@door.get("/campaigns")
@needs(Action.SEE_CAMPAIGNS)
@door.arguments(CampaignListArguments, location="query")
@door.response(200, CampaignPage)
def listed(asked: dict[str, Any]) -> Response:
    """Campaigns that touch one's own part of the world, newest first."""
    limit, zone = asked["limit"], house().settings.zone
    page = {"limit": limit, "after": number_in(asked["cursor"])}
    with house().database.reading() as session:
        rows = campaigns.listed(session, actor(), owing=asked["owing"], today=today(), **page)
        places = store.places_of(session, [row.id for row in rows[:limit]])
    items = [shown.campaign(row, places[row.id], now(), zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


@door.get("/campaigns/<uuid:campaign_id>")
@needs(Action.SEE_CAMPAIGNS)
@door.response(200, CampaignAnswer)
@door.alt_response(304, description="Not changed since that ETag.")
def one(campaign_id: UUID) -> Response:
    """One campaign, with the sums over what one sees of it and one's own segments."""
    with house().database.reading() as session:
        seen = campaigns.one(session, actor(), campaign_id, today=today())
        body = as_shown(session, seen)
    return answer(body, etag=f"{_version(seen)}.{version_of(body)}")


@door.post("/campaigns/<uuid:campaign_id>/end")
@needs(Action.MAKE_CAMPAIGN)
@door.arguments(EndSchema)
@door.response(200, CampaignAnswer)
@door.doc(parameters=[IF_MATCH])
@fails(Conflict, Stale, VersionNeeded)
def end(said: dict[str, Any], campaign_id: UUID) -> Response:
    """End it before its deadline, with a reason; what was answered stays."""
    # The sums change with every answer: only what the order itself is must still be as it was seen.
    seen_version = re.sub(r"\.\w+", "", request.headers.get("If-Match", ""))
    with house().database.transaction() as session:
        seen = campaigns.held(session, actor(), campaign_id, today=today())
        require_version(seen_version, _version(seen), as_shown(session, seen))
        campaigns.end(session, actor(), seen, said["reason"], now=now(), today=today())
        seen = campaigns.one(session, actor(), campaign_id, today=today())
        body = as_shown(session, seen)
    return answer(body, etag=f"{_version(seen)}.{version_of(body)}")


@door.put("/campaigns/<uuid:campaign_id>/answers/<uuid:answer_id>")
@needs(Action.ANSWER_CAMPAIGN)
@door.arguments(ReplySchema)
@door.response(201, ReplyAnswer, description="Kept.")
@door.alt_response(200, schema=ReplyAnswer, description="It was here already; as it is now.", success=True)
@fails(Conflict)
def reply(loaded: dict[str, Any], campaign_id: UUID, answer_id: UUID) -> Response:
    """Answer for a segment; a later answer replaces it, and both stay on record."""
    body, is_new = keep(campaign_id, answer_of(answer_id, loaded))
    return answer(body, 201 if is_new else 200)


@door.get("/campaigns/<uuid:campaign_id>/answers")
@needs(Action.SEE_CAMPAIGNS)
@door.arguments(AnswerListArguments, location="query")
@door.response(200, ReplyPage)
def replies(asked: dict[str, Any], campaign_id: UUID) -> Response:
    """Answers of one's own part of the world, those that were replaced too, newest first."""
    limit = asked["limit"]
    ref = reaches.by_name(asked["segment"]) if "segment" in asked else None
    with house().database.reading() as session:
        seen = campaigns.one(session, actor(), campaign_id, today=today())
        page = {"segment_ref": ref, "limit": limit, "after": number_in(asked["cursor"])}
        rows = store.answers(session, campaign_id, seen.scope, **page)
        photos = sync.answer_photos(session, rows[:limit])
    zone, deadline = house().settings.zone, seen.campaign.deadline
    items = [shown.reply(row, deadline, photos[row.id], zone) for row in rows[:limit]]
    return answer(numbered(items, rows, limit))


def keep(campaign_id: UUID, draft: AnswerDraft) -> tuple[dict[str, Any], bool]:
    """Keep an answer in one short transaction: as it is shown, and whether it is new."""
    here = house()
    zone = here.settings.zone
    with here.database.transaction() as session:
        told, is_new = sync.tell_answer(session, actor(), campaign_id, draft, now=now(), zone=zone, today=today())
        campaign = store.existing(session, campaign_id)
        assert campaign is not None
        return shown.reply(told, campaign.deadline, sync.answer_photos(session, [told])[told.id], zone), is_new


def as_shown(session: Session, seen: Seen) -> dict[str, Any]:
    """A campaign for the reader of this request."""
    body = shown.campaign(seen.campaign, seen.places, now(), house().settings.zone)
    part = Part(seen.campaign.id, seen.parts)
    tally = ledgers.of_part(session, part, now=now()) if seen.parts else None
    totals = shown.numbers(tally) if tally is not None else None
    ledger = f"{BASE}/campaigns/{seen.campaign.id}/ledger" if seen.parts else None
    return body | {"totals": totals, "mine": [shown.owed(row) for row in seen.mine], "ledger": ledger}


def _version(seen: Seen) -> str:
    return f"{seen.campaign.seq}-{seen.campaign.version}"
