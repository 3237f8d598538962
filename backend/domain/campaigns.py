"""Campaigns (专项行动 / 排查): what may be asked of whom until when, and which answer stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.hazards import Kind, Picture
from backend.domain.terms import Level
from backend.errors import BadInput, Flaw
from backend.words import Text

CAMPAIGN, ANSWER = "campaign", "campaign_answer"
"""What they are called on record, in a phone's queue and in the feed of changes."""
LONGEST = timedelta(days=400)
"""From beginning to deadline, and from now to the beginning: a year and a bit (our judgement)."""
EARLIEST = timedelta(days=31)
"""So long ago may one have begun that is entered only now (our judgement)."""
MOST_REGIONS, MOST_HAZARDS = 200, 200


class Group(StrEnum):
    """Kinds of hazard that are searched for together."""

    FOUR_ILLEGAL = "four_illegal"
    FLOOD = "flood"
    WATER = "water"


SOUGHT: tuple[str, ...] = (*Group, *Kind)
"""What a campaign may search for."""


class Stage(StrEnum):
    """Where a campaign stands."""

    PLANNED = "planned"
    RUNNING = "running"
    EXPIRED = "expired"
    """The deadline is over: whoever is silent is a gap."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign as it was ordered."""

    id: UUID
    body_sha256: bytes
    name: str
    document: str | None
    text: str
    regions: tuple[str, ...]
    level: Level | None
    kinds: tuple[str, ...]
    begins_at: datetime | None
    deadline: datetime


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What somebody says of a segment; nothing found (零报告) is an answer."""

    id: UUID
    body_sha256: bytes
    segment: str
    is_found: bool
    at: datetime
    hazards: tuple[UUID, ...] = ()
    note: str = ""
    photos: tuple[Picture, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


def check_times(draft: CampaignDraft, now: datetime) -> datetime:
    """When it begins: as it says, or now. BadInput for times that cannot be meant."""
    begins_at = draft.begins_at or now
    flaws = []
    if not now - EARLIEST <= begins_at <= now + LONGEST:
        flaws.append(Flaw("/begins_at", Text.of("flaw.campaign_begin", before=EARLIEST.days, after=LONGEST.days)))
    if draft.deadline <= max(begins_at, now):
        flaws.append(Flaw("/deadline", Text("flaw.campaign_deadline")))
    elif draft.deadline - begins_at > LONGEST:
        flaws.append(Flaw("/deadline", Text.of("flaw.campaign_long", days=LONGEST.days)))
    if flaws:
        raise BadInput(*flaws)
    return begins_at


def check_answer(draft: AnswerDraft) -> None:
    """BadInput where something is said to be found and nothing is named, or the other way round."""
    if draft.is_found and not draft.hazards:
        raise BadInput.at("/hazards", "flaw.found_nothing_named")
    if draft.hazards and not draft.is_found:
        raise BadInput.at("/found", "flaw.named_nothing_found")


def stage(begun: bool, deadline: datetime, ended: bool, now: datetime) -> Stage:
    """Where a campaign stands at a moment."""
    if ended:
        return Stage.ENDED
    if not begun:
        return Stage.PLANNED
    return Stage.RUNNING if now <= deadline else Stage.EXPIRED


def is_sought(kinds: Collection[str], kind: str) -> bool:
    """Whether a campaign searches for that kind; one that names none searches for all."""
    return not kinds or kind in kinds or kind.partition(".")[0] in kinds


def is_on_behalf(actor: Actor, region: str, *, is_own: bool) -> bool | None:
    """Whether the actor's answer for a segment there is one on behalf of others; None: it is not theirs to give."""
    if is_own:
        return False
    return True if may(actor, Action.ANSWER_CAMPAIGN, region) else None


def said_at(at: datetime, received_at: datetime) -> datetime:
    """When an answer was given: as the phone says, but never later than it came."""
    return min(at, received_at)


def stands(said: datetime, standing: datetime | None) -> bool:
    """Whether an answer replaces the one that stands: one that was given earlier and came later does not."""
    return standing is None or said >= standing


def flaws_of(named: Sequence[UUID], found: dict[UUID, Any], kinds: Collection[str], since: datetime) -> list[Flaw]:
    """What is wrong with the hazards that an answer names; `found` are those that lie on the segment."""

    def flaw(hazard_id: UUID) -> str | None:
        if (hazard := found.get(hazard_id)) is None:
            return "flaw.hazard_elsewhere"
        if not is_sought(kinds, hazard.kind):
            return "flaw.hazard_not_sought"
        return "flaw.hazard_before" if hazard.reported_at < since else None

    keys = (flaw(hazard_id) for hazard_id in named)
    return [Flaw(f"/hazards/{index}", Text(key)) for index, key in enumerate(keys) if key is not None]
