"""Warnings (预警): written or proposed by a rule, signed by a second person, issued, and then changed or lifted.

A second signature keeps one mistaken hand from waking a city (Hawaii 2018); that it is not waited for without end keeps
one sleeping hand from drowning it (Kerr County 2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.terms import CHIEFS, Post
from backend.errors import BadInput, Conflict, Flaw
from backend.words import Text

WARNING = "warning"
MOST_REGIONS = 200
MOST_SEGMENTS = 500
HEADLINE_LENGTH = 40
"""So much fits a text message of one part beside its number, its link and what to do (our judgement)."""
INSTRUCTION_LENGTH = 300
CALLED = frozenset({*CHIEFS, Post.WARDEN})
"""Posts that can be called; without a word it is all chiefs."""


class Level(StrEnum):
    """The national colours, the mildest first."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """The higher the graver."""
        return list(Level).index(self)

    @property
    def presses(self) -> bool:
        """Whether it ignores quiet hours, bundling, throttles and silences."""
        return self in (Level.ORANGE, Level.RED)


class State(StrEnum):
    """Where a warning is."""

    DRAFT = "draft"
    SIGNED = "signed"
    ISSUED = "issued"
    UPDATED = "updated"
    """Another one has taken its place."""
    CORRECTED = "corrected"
    """It was a mistake, and everybody who got it was told so."""
    ALL_CLEAR = "all_clear"
    EXPIRED = "expired"
    DROPPED = "dropped"
    """A draft that never went out."""


class Act(StrEnum):
    """What can be done to one."""

    SIGN = "sign"
    ISSUE = "issue"
    UPDATE = "update"
    ALL_CLEAR = "all_clear"
    CORRECT = "correct"
    DROP = "drop"
    EXPIRE = "expire"


MOVES: Mapping[tuple[State, Act], State] = {
    (State.DRAFT, Act.SIGN): State.SIGNED,
    (State.DRAFT, Act.ISSUE): State.ISSUED,
    (State.SIGNED, Act.ISSUE): State.ISSUED,
    (State.DRAFT, Act.DROP): State.DROPPED,
    (State.SIGNED, Act.DROP): State.DROPPED,
    (State.DRAFT, Act.EXPIRE): State.EXPIRED,
    (State.SIGNED, Act.EXPIRE): State.EXPIRED,
    (State.ISSUED, Act.UPDATE): State.UPDATED,
    (State.ISSUED, Act.ALL_CLEAR): State.ALL_CLEAR,
    (State.ISSUED, Act.CORRECT): State.CORRECTED,
    (State.ISSUED, Act.EXPIRE): State.EXPIRED,
}
"""What is not in it cannot happen."""
UNISSUED = frozenset({State.DRAFT, State.SIGNED})
PHASES: Mapping[str, tuple[State, ...]] = {
    "waiting": (State.DRAFT, State.SIGNED),
    "in_force": (State.ISSUED,),
    "over": (State.UPDATED, State.CORRECTED, State.ALL_CLEAR, State.EXPIRED, State.DROPPED),
}
"""Not out yet, out, and over."""


class How(StrEnum):
    """How a warning came to be issued, for the record."""

    SIGNED = "signed"
    """Two persons."""
    ALONE = "alone"
    """Its level needs no second signature."""
    UNANSWERED = "unanswered"
    """Nobody signed in time, so it went out by itself."""
    RULE = "rule"
    """A rule that sends at once."""


SIGN_WITHIN: Mapping[Level, timedelta | None] = {
    Level.RED: timedelta(minutes=2),
    Level.ORANGE: timedelta(minutes=5),
    Level.YELLOW: None,
    Level.BLUE: None,
}
"""How long a second signature is waited for; None: none is needed. Two minutes for red are the city's own rule."""
MOST_WAIT: Mapping[Level, timedelta] = {
    Level.RED: timedelta(minutes=2),
    Level.ORANGE: timedelta(minutes=30),
    Level.YELLOW: timedelta(hours=2),
    Level.BLUE: timedelta(hours=6),
}
"""No rule may make it wait longer (our judgement, but for red)."""


@dataclass(frozen=True, slots=True)
class WarningDraft:
    """A warning as somebody writes it."""

    id: UUID
    body_sha256: bytes
    level: Level
    headline: str
    """What is the matter, in a few words."""
    instruction: str
    """What to do."""
    regions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Codes or ids of segments, where it is about these alone."""
    focus: tuple[str, ...] = ()
    """Regions inside the risk area, whose people are called first."""
    posts: tuple[Post, ...] = ()
    expires_at: datetime | None = None
    contact: str = ""
    """Whom to ask: an office and its telephone."""
    drill_list: UUID | None = None
    """Given: a drill (演练) for the people of that list, and for nobody else."""
    wants_issue: bool = False
    """Whether its issue is asked for at once."""

    @property
    def is_drill(self) -> bool:
        """Whether it is an exercise."""
        return self.drill_list is not None

    @property
    def called(self) -> tuple[Post, ...]:
        """The posts that are called."""
        return self.posts or tuple(CHIEFS)


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a warning as its rules need."""

    state: State
    level: Level
    made_by: UUID | None
    """None: a rule."""
    signed_by: UUID | None = None
    expires_at: datetime | None = None
    sign_by: datetime | None = None
    """Until when a signature is waited for, once its issue was asked for."""
    is_drill: bool = False


def moved(state: State, act: Act) -> State:
    """The state after an act; Conflict when it cannot be done now."""
    after = MOVES.get((state, act))
    if after is None:
        raise Conflict("warning_state", state=Text(f"warning.state.{state.value}"))
    return after


def possible(state: State) -> list[Act]:
    """What can be done now."""
    return [act for act in Act if (state, act) in MOVES and act is not Act.EXPIRE]


def check_draft(draft: WarningDraft, now: datetime) -> None:
    """BadInput for a warning about nothing, or one that is over before it is sent."""
    flaws = []
    if not draft.regions and not draft.segments:
        flaws.append(Flaw("/regions", Text("flaw.warning_nowhere")))
    if draft.expires_at is not None and draft.expires_at <= now:
        flaws.append(Flaw("/expires_at", Text("flaw.warning_over")))
    if flaws:
        raise BadInput(*flaws)


def check_signer(standing: Standing, signer: UUID) -> None:
    """Conflict when whoever signs is whoever wrote it: two pairs of eyes are two persons."""
    if standing.made_by == signer:
        raise Conflict("own_signature")


def sign_by(level: Level, asked_at: datetime, within: timedelta | None = None) -> datetime | None:
    """Until when a second signature is waited for; None when none is needed."""
    wait = SIGN_WITHIN[level] if within is None else within
    return None if wait is None else asked_at + min(wait, MOST_WAIT[level])


def goes_out(standing: Standing, now: datetime) -> How | None:
    """How a warning whose issue was asked for goes out at that moment; None while its signature is waited for."""
    if standing.signed_by is not None:
        return How.SIGNED
    if standing.sign_by is None:
        return How.ALONE
    return How.UNANSWERED if standing.sign_by <= now else None


def is_over(standing: Standing, now: datetime) -> bool:
    """Whether its time is up."""
    return standing.expires_at is not None and standing.expires_at <= now


def check_time(standing: Standing, now: datetime) -> None:
    """Conflict for what was over before anybody let it out."""
    if is_over(standing, now):
        raise Conflict("warning_over")


def number(year: int, count: int, *, is_drill: bool) -> str:
    """What people call it (预警编号): YJ2025-0042; a drill has numbers of its own, YL2025-0007."""
    return f"{'YL' if is_drill else 'YJ'}{year}-{count:04d}"


def identifier(number: str, revision: int, *, is_end: bool = False) -> str:
    """Under which a message about it is known to other systems, for ever."""
    return f"{number}-{revision}{'-C' if is_end else ''}"


def asks_again(old: Level, new: Level) -> bool:
    """Whether an update must be answered anew: it is graver than what was answered."""
    return new.rank > old.rank
