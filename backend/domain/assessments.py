"""Assessments (考核): of so many things owed, so many done, each person beside those who owe the same.

A walk done twice never makes up for one left out (each period is capped by what it owed), and what was found and what
was fixed are of the same hazards: so no share is ever above 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domain.assessment_rules import AssessmentRule, Indicator
from backend.domain.terms import WALKERS, Post
from backend.errors import BadInput, Conflict, Flaw
from backend.words import Text

ASSESSMENT, APPEAL = "assessment", "appeal"
LONGEST = timedelta(days=2 * 366)
"""The longest time that is assessed at once (our judgement)."""
SETTLES_AFTER = timedelta(days=7)
"""So old a walk may be when it is handed in, without question: before that no day is settled."""
REACHES_BACK = timedelta(days=2 * 366)
"""So far back duty is settled at most when a city begins to settle it (our judgement)."""


class State(StrEnum):
    """How an assessment stands."""

    DRAFT = "draft"
    """Seen by the offices alone."""
    PUBLISHED = "published"
    """Seen by whom it is about and those above them; they may appeal."""
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done with one."""

    PUBLISH = "publish"
    RECOMPUTE = "recompute"
    CLOSE = "close"


MOVES: Mapping[tuple[State, Act], State] = {
    (State.DRAFT, Act.RECOMPUTE): State.DRAFT,
    (State.DRAFT, Act.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Act.RECOMPUTE): State.PUBLISHED,
    (State.PUBLISHED, Act.CLOSE): State.CLOSED,
}
"""What is not in it cannot happen: figures that are closed stay for good."""


class Order(StrEnum):
    """How a league table is read."""

    RANK = "rank"
    """Post by post, the best first, those without a rank last."""
    SCORE = "score"
    """The lowest first: where one has to help."""
    REGION = "region"


class Ruling(StrEnum):
    """How an appeal (申诉) stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class AssessmentDraft:
    """An assessment as the office asks for it: `until` is the first day after it."""

    id: UUID
    body_sha256: bytes
    name: str
    region: str
    posts: tuple[Post, ...]
    begin: date
    until: date


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many owed, so many done."""

    hits: int = 0
    size: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hits + other.hits, self.size + other.size)

    @property
    def share(self) -> float | None:
        """0–1; None of nothing."""
        return self.hits / self.size if self.size else None


Tallies = Mapping[Indicator, Tally]


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody came to: 0–100, and their place among those of the same post."""

    post: Post
    tallies: Tallies
    score: float | None = None
    """None: nothing was owed that weighs anything."""
    rank: int | None = None
    """None: too little was owed to be compared; as good as one another share a place."""
    of: int = 0
    """How many are ranked beside each other."""


def scored(tallies: Tallies, rule: AssessmentRule) -> float | None:
    """The weighted mean of the shares in per cent, of what was owed at all."""
    weighed = [(rule.weights[each], tally.share) for each, tally in tallies.items() if tally.share is not None]
    weight = sum(each for each, _ in weighed)
    return round(100 * sum(each * share for each, share in weighed) / weight, 6) if weight else None


def is_enough(tallies: Tallies, rule: AssessmentRule) -> bool:
    """Whether enough was owed to be compared with others."""
    return sum(tally.size for each, tally in tallies.items() if rule.weights[each]) >= rule.least_size


def ranked(scores: Sequence[Score], rule: AssessmentRule) -> list[Score]:
    """The same with score and place, in the same order: compared within a post alone, for each owes otherwise."""
    found = [replace(each, score=scored(each.tallies, rule), rank=None, of=0) for each in scores]
    groups: dict[Post, list[int]] = defaultdict(list)
    for number, each in enumerate(found):
        if each.score is not None and is_enough(each.tallies, rule):
            groups[each.post].append(number)
    for numbers in groups.values():
        points = sorted((found[number].score or 0.0 for number in numbers), reverse=True)
        first = {score: place for place, score in reversed(list(enumerate(points, start=1)))}
        for number in numbers:
            found[number] = replace(found[number], rank=first[found[number].score or 0.0], of=len(numbers))
    return found


def check(draft: AssessmentDraft, settled: tuple[date, date] | None) -> None:
    """BadInput for what cannot be assessed; `settled`: the first day that is settled, and the first that is not."""
    flaws = []
    if not draft.posts or set(draft.posts) - WALKERS:
        flaws.append(Flaw("/posts", Text("flaw.assessed_posts")))
    if draft.until <= draft.begin:
        flaws.append(Flaw("/until", Text("flaw.assessed_order")))
    elif draft.until - draft.begin > LONGEST:
        flaws.append(Flaw("/until", Text("flaw.assessed_long", {"days": LONGEST.days})))
    elif settled is None:
        flaws.append(Flaw("/until", Text("flaw.assessed_none")))
    else:
        first, open_from = settled
        if draft.begin < first:
            flaws.append(Flaw("/from", Text("flaw.assessed_before", {"day": first.isoformat()})))
        if draft.until > open_from:
            flaws.append(Flaw("/until", Text("flaw.assessed_ahead", {"day": open_from.isoformat()})))
    if flaws:
        raise BadInput(*flaws)


def after(state: State, act: Act) -> State:
    """The state to which an act leads; Conflict where it cannot be done, with what can."""
    if (state, act) not in MOVES:
        allowed = [each.value for (begin, each) in MOVES if begin is state]
        raise Conflict("assessment_state", extra={"allowed": allowed}, state=Text(f"assessment.state.{state}"))
    return MOVES[state, act]


@dataclass(frozen=True, slots=True)
class AppealDraft:
    """What somebody says against a figure of theirs; post and region where they stand in it more than once."""

    id: UUID
    body_sha256: bytes
    indicator: Indicator
    text: str
    post: Post | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office says of an appeal; upheld, with the figures as they are right."""

    is_upheld: bool
    reason: str
    hits: int | None = None
    size: int | None = None

    def corrected(self) -> Tally | None:
        """The right figures; None where it is denied. BadInput for what cannot be."""
        given = [each for each in (self.hits, self.size) if each is not None]
        if not self.is_upheld:
            if given:
                raise BadInput.at("/hits", "flaw.appeal_figures_denied")
            return None
        if self.hits is None or self.size is None:
            raise BadInput.at("/hits", "flaw.appeal_figures")
        if self.hits > self.size:
            raise BadInput.at("/hits", "flaw.appeal_over", size=self.size)
        return Tally(self.hits, self.size)


def check_appeal(
    state: State, published_at: datetime | None, rule: AssessmentRule, now: datetime, zone: ZoneInfo
) -> None:
    """Conflict unless an appeal may be made now."""
    if state is not State.PUBLISHED or published_at is None:
        raise Conflict("appeal_state")
    if now >= rule.appeals_until(published_at, zone):
        raise Conflict("appeal_late", days=rule.appeal_days)


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took for the hazards of a time, and how many of them were in time."""

    in_time: Tally = field(default_factory=Tally)
    median_h: float | None = None
    """Hours, of those that came so far; None where none did."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one hazard: when it was waited for, by when, and when it came."""

    begun_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it can be said if it was in time: it came, or its time has run out."""
        return self.due_at is not None and (self.done_at is not None or self.due_at < now)


def took(stages: Iterable[Stage], now: datetime) -> Took:
    """The same hazards for what was due and what was done; those still in their time are left out of both."""
    over = [each for each in stages if each.is_over(now)]
    hits = sum(1 for each in over if each.done_at and each.due_at and each.done_at <= each.due_at)
    hours = sorted(
        (each.done_at - each.begun_at) / timedelta(hours=1) for each in over if each.done_at and each.begun_at
    )
    return Took(Tally(hits, len(over)), _median(hours))


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    middle = len(values) // 2
    found = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    return round(found, 2)
