"""Campaigns: ordered by an office, begun on their day with the segments that owe an answer, seen in part, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of
from backend.domain.actions import Action
from backend.domain.campaigns import CAMPAIGN, CampaignDraft, check_times
from backend.domain.notices import Wanted
from backend.domain.regions import overlap, widest
from backend.errors import BadInput, Conflict, Flaw, Forbidden, NotFound
from backend.services import notices, replays
from backend.store import campaigns, changes, people, regions
from backend.words import Text

ENDED = "segment_ended"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A campaign as one person sees it."""

    campaign: Any
    places: dict[str, str | None]
    """Its regions with their names."""
    parts: tuple[str, ...]
    """Of its regions what lies in the person's part of the world."""
    mine: list[Any]
    """The person's own segments that were asked."""

    @property
    def scope(self) -> Scope:
        """What of its rows may be shown."""
        return Scope(self.parts, segments=tuple(row.segment_id for row in self.mine))


def make(session: Session, actor: Actor, draft: CampaignDraft, *, now: datetime, zone: ZoneInfo) -> tuple[UUID, bool]:
    """Order a campaign once; whether it is new. NotFound for a region that is not the actor's, BadInput for one
    without any segment to answer, Conflict for an id that stands for another.
    """
    known = campaigns.existing(session, draft.id)
    if known is not None:
        replays.same(known, actor.person_id, draft.body_sha256)
        return draft.id, False
    begins_at = check_times(draft, now)
    _check_regions(session, actor, draft.regions)

    if not campaigns.add(session, _row(actor, draft, begins_at, now, zone), widest(draft.regions)):
        replays.same(campaigns.existing(session, draft.id), actor.person_id, draft.body_sha256)
        return draft.id, False
    asked = {"regions": list(widest(draft.regions)), "deadline": draft.deadline.isoformat()}
    changes.record(session, now, actor.person_id, "make", CAMPAIGN, str(draft.id), asked)
    if begins_at <= now and not begin(session, campaigns.existing(session, draft.id), now=now, zone=zone):
        raise BadInput.at("/regions", "flaw.campaign_empty")
    return draft.id, True


def preview(session: Session, actor: Actor, draft: CampaignDraft, *, now: datetime, today: date) -> tuple[int, int]:
    """How many segments would have to answer, and how many of them have nobody; nothing is written. Refused like
    `make`.
    """
    check_times(draft, now)
    _check_regions(session, actor, draft.regions)
    level = None if draft.level is None else int(draft.level)
    every, vacant = campaigns.expected(session, widest(draft.regions), level, today)
    if not every:
        raise BadInput.at("/regions", "flaw.campaign_empty")
    return every, vacant


def begin(session: Session, campaign: Any, *, now: datetime, zone: ZoneInfo) -> int:
    """Write down who owes an answer, and let their phones hear of it; how many segments there are."""
    today = day_of(now, zone)
    where = campaigns.regions_of(session, [campaign.id])[campaign.id]
    count = campaigns.write_down(session, campaign.id, where, campaign.level, today)
    campaigns.change(session, campaign.id, begun_at=now)
    changes.record(session, now, None, "begin", CAMPAIGN, str(campaign.id), {"segments": count})
    told = campaigns.answerers(session, campaign.id, today)
    changes.changed_all(session, now, [(person, campaign.id) for person in told], CAMPAIGN)
    notices.queue(session, (_news(campaign, person) for person in told), now=now)
    return count


def _news(campaign: Any, person_id: UUID) -> Wanted:
    """That somebody must answer; of no use once the deadline is over."""
    values = {"name": campaign.name, "deadline": {"at": campaign.deadline.isoformat()}}
    fact, about = f"campaign:{campaign.id}", (CAMPAIGN, campaign.id)
    return Wanted(person_id, fact, "campaign", values, about=about, expires_at=campaign.deadline)


def begin_one(session: Session, *, now: datetime, zone: ZoneInfo) -> bool:
    """Begin one campaign whose day has come; whether there was any."""
    campaign = campaigns.waiting(session, now)
    if campaign is None:
        return False
    begin(session, campaign, now=now, zone=zone)
    return True


def excuse(session: Session, *, now: datetime, zone: ZoneInfo) -> int:
    """Excuse, on record, segments that ended before they answered: they are a gap of nobody's; how many."""
    rows = campaigns.ended_segments(session, day_of(now, zone), BATCH)
    for row in rows:
        campaigns.excuse(session, row.campaign_id, row.segment_id, ENDED, now)
        body = {"segment": str(row.segment_id), "ended": row.until_day.isoformat()}
        changes.record(session, now, None, "excuse", CAMPAIGN, str(row.campaign_id), body)
    told = [(row.chief_id, row.campaign_id) for row in rows if row.chief_id is not None]
    changes.changed_all(session, now, told, CAMPAIGN)
    return len(rows)


def sight(session: Session, actor: Actor, today: date) -> Scope:
    """Whole regions for chiefs and staff, and the segments that one answers for wherever they lie."""
    given = scope_of(actor, Action.SEE_CAMPAIGNS)
    return Scope(given.regions, given.people, tuple(people.segments_of(session, actor.whose, today)))


def one(session: Session, actor: Actor, campaign_id: UUID, *, today: date) -> Seen:
    """A campaign that touches the actor's part of the world or asks a segment of theirs; else NotFound."""
    campaign = campaigns.existing(session, campaign_id)
    seen = None if campaign is None else _seen(session, campaign, sight(session, actor, today))
    if seen is None or not (seen.parts or seen.mine):
        raise NotFound()
    return seen


def listed(session: Session, actor: Actor, *, owing: bool, limit: int, after: int | None, today: date) -> list[Any]:
    """Campaigns that one sees, newest first; `owing`: those that wait for an answer of one's own."""
    return campaigns.listed(session, sight(session, actor, today), owing=owing, limit=limit, after=after)


def end(session: Session, actor: Actor, seen: Seen, reason: str, *, now: datetime, today: date) -> None:
    """End one early, with a reason: nothing is waited for any more, and what was answered stays.

    Forbidden for whoever could not have ordered it, Conflict for one that has ended.
    """
    if not all(may(actor, Action.MAKE_CAMPAIGN, region) for region in seen.places):
        raise Forbidden("post")
    campaign = seen.campaign
    if campaign.ended_at is not None:
        raise Conflict("campaign_ended")
    campaigns.change(session, campaign.id, ended_at=now, ended_by_id=actor.person_id, ended_reason=reason)
    changes.record(session, now, actor.person_id, "end", CAMPAIGN, str(campaign.id), {"reason": reason})
    told = campaigns.answerers(session, campaign.id, today)
    changes.changed_all(session, now, [(person, campaign.id) for person in told], CAMPAIGN)


def held(session: Session, actor: Actor, campaign_id: UUID, *, today: date) -> Seen:
    """The same as `one`, and nobody else alters it until the transaction ends."""
    campaigns.hold(session, campaign_id)
    return one(session, actor, campaign_id, today=today)


def _seen(session: Session, campaign: Any, scope: Scope) -> Seen:
    places = campaigns.places_of(session, [campaign.id])[campaign.id]
    mine = campaigns.owed_by(session, campaign.id, scope.segments) if scope.segments else []
    return Seen(campaign, places, overlap(scope.regions, tuple(places)), mine)


def _row(actor: Actor, draft: CampaignDraft, begins_at: datetime, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": draft.id,
        "version": 1,
        "made_by_id": actor.person_id,
        "made_at": now,
        "body_sha256": draft.body_sha256,
        "name": draft.name,
        "document": draft.document,
        "text": draft.text,
        "level": None if draft.level is None else int(draft.level),
        "kinds": list(draft.kinds),
        "begins_at": begins_at,
        "deadline": draft.deadline,
        "due_day": day_of(draft.deadline, zone),
    }


def _check_regions(session: Session, actor: Actor, codes: tuple[str, ...]) -> None:
    names = regions.names(session, codes)
    wrong = [
        Flaw(f"/regions/{index}", Text("flaw.region_here"))
        for index, code in enumerate(codes)
        if code not in names or not may(actor, Action.MAKE_CAMPAIGN, code)
    ]
    if wrong:
        raise NotFound.of(wrong)
