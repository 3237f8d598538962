"""Orders (总河长令、巡查指令、督办函、一县一单、工作要点): who may give which to whom, and what is said of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domain import work_points
from backend.domain.access import BELOW, NOWHERE, TABLE, Actor, Seat
from backend.domain.actions import Action
from backend.domain.hazards import Picture, Severity
from backend.domain.regions import level_of
from backend.domain.terms import CHIEFS, Level, Post
from backend.domain.work_points import Milestone
from backend.errors import BadInput, Flaw
from backend.words import Text

ORDER, WORD = "order", "order_word"
"""What they are called on record, in a phone's queue and in the feed of changes."""
LONGEST = timedelta(days=400)
"""From the issue to the time it is due: the work points of a year and a bit (our judgement)."""
MOST_NAMED = 200
"""Posts, regions, rivers or people that one order names."""
NOON, EVENING = time(12), time(18)
LEAST = timedelta(hours=2)
"""A walk that is ordered in the morning needs so long (our judgement)."""


class Kind(StrEnum):
    """What the document is."""

    CHIEF_ORDER = "chief_order"
    """总河长令."""
    PATROL = "patrol"
    """巡查指令."""
    SUPERVISION = "supervision"
    """督办函."""
    COUNTY_LIST = "county_list"
    """一县一单."""
    WORK_POINTS = "work_points"
    """年度工作要点."""


class Wanted(StrEnum):
    """What is expected of whoever gets it."""

    READ = "read"
    SIGN = "sign"
    PATROL = "patrol"
    REPORT = "report"
    ANSWER = "answer"


class Said(StrEnum):
    """What whoever got one can say of it."""

    READ = "read"
    SIGN = "sign"
    ANSWER = "answer"


class Status(StrEnum):
    """How far somebody is; the lists behind the numbers of a board go by it."""

    UNREAD = "unread"
    UNSIGNED = "unsigned"
    DONE = "done"
    LATE = "late"
    """Done, but after it was due."""
    OPEN = "open"
    OVERDUE = "overdue"
    """Open, and it is due."""


GIVEN_AT: Mapping[Kind, frozenset[Level]] = {
    Kind.CHIEF_ORDER: frozenset({Level.CITY, Level.COUNTY}),
    Kind.PATROL: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
    Kind.SUPERVISION: frozenset({Level.CITY, Level.COUNTY}),
    Kind.COUNTY_LIST: frozenset({Level.CITY}),
    Kind.WORK_POINTS: frozenset({Level.CITY, Level.COUNTY, Level.TOWN}),
}
"""From which level each kind is given: a town has no chief general (总河长), and puts nobody under supervision."""
LADDER_OF: Mapping[Kind, Severity] = {
    Kind.CHIEF_ORDER: Severity.MAJOR,
    Kind.PATROL: Severity.ORDINARY,
    Kind.SUPERVISION: Severity.MAJOR,
    Kind.COUNTY_LIST: Severity.MAJOR,
    Kind.WORK_POINTS: Severity.ORDINARY,
}
"""By the ladder of which hazards a late one climbs (our judgement)."""


@dataclass(frozen=True, slots=True)
class To:
    """Whom an order names: posts in regions, whoever answers for rivers there, and people."""

    posts: tuple[Post, ...] = ()
    regions: tuple[str, ...] = ()
    rivers: tuple[str, ...] = ()
    people: tuple[UUID, ...] = ()

    @property
    def is_nobody(self) -> bool:
        """Whether it names nothing at all."""
        return not (self.posts or self.regions or self.rivers or self.people)

    def written(self) -> dict[str, list[str]]:
        """As it is kept."""
        return {name: [str(each) for each in getattr(self, name)] for name in ("posts", "regions", "rivers", "people")}


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it is to be given."""

    id: UUID
    body_sha256: bytes
    kind: Kind
    wanted: Wanted
    title: str
    text: str
    due_at: datetime
    to: To
    document: str | None = None
    segment: str | None = None
    is_safe: bool = False
    """Whoever gives it says that it is safe to walk there, though a response keeps people off the water."""
    photos: tuple[Picture, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """What is put right of an order that is out; None: as it was."""

    id: UUID
    body_sha256: bytes
    reason: str
    title: str | None = None
    text: str | None = None
    document: str | None = None
    due_at: datetime | None = None

    @property
    def changed(self) -> dict[str, Any]:
        """What it says anew, by column."""
        values = {name: getattr(self, name) for name in ("title", "text", "document", "due_at")}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class WordDraft:
    """What somebody says of an order they got."""

    id: UUID
    body_sha256: bytes
    said: Said
    at: datetime
    text: str = ""
    photos: tuple[Picture, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who gets an order: whose duty it is, and who stands in for them on the day of issue."""

    holder_id: UUID
    post: Post
    region: str
    segment_id: UUID | None = None
    """The lowest reach that they answer for."""
    person_id: UUID | None = None


def giver(actor: Actor, regions: Iterable[str]) -> Seat | None:
    """In which seat somebody gives an order there: the widest that holds all these regions; None: in none."""
    seats = [
        seat
        for seat in actor.seats
        if BELOW in TABLE[Action.MAKE_ORDER].get(seat.post, NOWHERE)
        and all(region.startswith(seat.region) for region in regions)
    ]
    return min(seats, key=lambda seat: (len(seat.region), seat.post), default=None)


def is_below(post: Post, seat: Seat) -> bool:
    """Whether somebody with a post takes orders from a seat: chiefs from higher levels alone, all others from any."""
    return post not in CHIEFS or CHIEFS[post] < level_of(seat.region)


def check(draft: OrderDraft, seat: Seat, now: datetime) -> None:
    """BadInput, with every flaw, for an order that cannot be meant from that seat."""
    flaws = []
    if level_of(seat.region) not in GIVEN_AT[draft.kind]:
        flaws.append(Flaw("/kind", Text("flaw.order_kind")))
    if draft.to.is_nobody and draft.segment is None:
        flaws.append(Flaw("/to", Text("flaw.order_nobody")))
    for index, post in enumerate(draft.to.posts):
        if not is_below(post, seat):
            flaws.append(Flaw(f"/to/posts/{index}", Text("flaw.order_upwards")))
    if draft.segment is not None and draft.wanted is not Wanted.PATROL:
        flaws.append(Flaw("/segment", Text("flaw.order_segment_unwanted")))
    flaws += due_flaws(draft.due_at, now)
    flaws += work_points.flaws(draft, now, may_have=draft.kind is Kind.WORK_POINTS)
    if flaws:
        raise BadInput(*flaws)


def due_flaws(due_at: datetime, now: datetime) -> list[Flaw]:
    """What is wrong with the time at which one is due."""
    if due_at <= now:
        return [Flaw("/due_at", Text("flaw.order_due"))]
    return [Flaw("/due_at", Text.of("flaw.order_long", days=LONGEST.days))] if due_at - now > LONGEST else []


def after_storm(now: datetime, zone: ZoneInfo) -> datetime:
    """When a walk after a night's storm is due, unless somebody says otherwise: at noon.

    With less than two hours left in four hours' time, and in the evening at noon of the next day (our judgement).
    """
    local = now.astimezone(zone)
    noon = datetime.combine(local.date(), NOON, zone)
    if local + LEAST <= noon:
        return noon
    later = local.replace(minute=0, second=0, microsecond=0) + 2 * LEAST
    return later if later.date() == local.date() and later.time() <= EVENING else noon + timedelta(days=1)


def said_at(at: datetime, made_at: datetime, received_at: datetime) -> datetime:
    """When a word was said: as the phone says, but neither before the order was given nor later than it came."""
    return max(min(at, received_at), made_at)


def check_word(draft: WordDraft) -> None:
    """BadInput for an answer without words."""
    if draft.said is Said.ANSWER and not draft.text.strip():
        raise BadInput.at("/text", "flaw.order_answer_empty")
