"""Look-backs (回头看): which closed hazards are looked at again, drawn so that anybody can draw the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from backend.domain.hazards import Act, Picture, Severity
from backend.errors import BadInput

LOOKBACK, CHECK = "lookback", "lookback_check"
"""What they are called on record and among the things that have photos."""
RULE = "sha256-2"
"""The rule by which is drawn; another way to draw is another rule, and old draws keep theirs.

`sha256-1` knew nothing of what citizens say; with nobody who is not satisfied both are the same.
"""
SHARE = 0.1
SOONEST, LATEST = timedelta(days=30), timedelta(days=90)
"""So long after closing a hazard is looked at again."""
LONGEST = timedelta(days=400)
SEVERE = frozenset({Severity.MAJOR, Severity.CRITICAL})
"""Of these all are looked at."""
MENDED = (Act.REPORT_DONE, Act.VERIFY)
"""Whoever took one of these acts does not look back at the hazard."""


class Why(StrEnum):
    """Why a hazard was drawn."""

    SEVERE = "severe"
    CITIZEN = "citizen"
    """Whoever had reported it said that they are not satisfied (群众不满意)."""
    RANDOM = "random"


class Outcome(StrEnum):
    """What a look at the place showed: it holds, or the hazard has come back (反弹)."""

    HOLDS = "holds"
    REBOUND = "rebound"


@dataclass(frozen=True, slots=True)
class LookbackDraft:
    """A look-back as it was ordered."""

    id: UUID
    body_sha256: bytes
    region: str
    begin: date | None
    end: date | None
    """First and last business day of closing."""
    share: float
    seed: str | None


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """What somebody saw at the place."""

    id: UUID
    body_sha256: bytes
    hazard: UUID
    outcome: Outcome
    note: str = ""
    photos: tuple[Picture, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """A hazard that may be drawn."""

    id: UUID
    closed_at: datetime
    severity: Severity
    is_disputed: bool = False
    """Whether a citizen who had reported it is not satisfied."""

    @property
    def why(self) -> Why:
        """In which part of the draw it is: of the first two all are looked at."""
        if self.severity in SEVERE:
            return Why.SEVERE
        return Why.CITIZEN if self.is_disputed else Why.RANDOM


def window(draft: LookbackDraft, today: date) -> tuple[date, date]:
    """First and last day of closing: as asked, or 90 to 30 days ago. BadInput for days that cannot be meant."""
    begin, end = draft.begin or today - LATEST, draft.end or today - SOONEST
    if end > today:
        raise BadInput.at("/to", "flaw.lookback_future")
    if not begin <= end <= begin + LONGEST:
        raise BadInput.at("/from", "flaw.lookback_window", days=LONGEST.days)
    return begin, end


def check_note(draft: CheckDraft) -> None:
    """BadInput for a rebound without a word: whoever mends it again must know what there is."""
    if draft.outcome is Outcome.REBOUND and not draft.note.strip():
        raise BadInput.at("/note", "Missing data for required field.")


def ordered(closed: Iterable[Closed]) -> list[Closed]:
    """The candidates in the one order in which they are written down: by closing, then by id."""
    return sorted(closed, key=lambda each: (each.closed_at, each.id))


def digest(candidates: Sequence[Closed]) -> bytes:
    """SHA-256 over a line for each candidate in order: id, severity, moment of closing in UTC, and `citizen` where that
    is why it is drawn.
    """
    return hashlib.sha256("".join(map(_line, candidates)).encode()).digest()


def draw(candidates: Sequence[Closed], seed: str, share: float) -> dict[UUID, Why]:
    """The hazards to look at: every severe one, every one whose citizen is not satisfied, and of the others a share,
    rounded up.

    The others are put in the order of SHA-256(seed, line feed, id), and the first are taken: no generator of random
    numbers is in it, so the same seed draws the same ones in any version of any language.
    """
    first = {each.id: each.why for each in candidates if each.why is not Why.RANDOM}
    others = sorted((_lot(seed, each.id), each.id) for each in candidates if each.id not in first)
    count = ceil(Decimal(str(share)) * len(others))
    return first | {hazard_id: Why.RANDOM for _, hazard_id in others[:count]}


def _line(each: Closed) -> str:
    said = f"{each.id} {each.severity} {each.closed_at.astimezone(UTC).isoformat()}"
    return f"{said} {each.why}\n" if each.why is Why.CITIZEN else f"{said}\n"


def _lot(seed: str, hazard_id: UUID) -> bytes:
    return hashlib.sha256(f"{seed}\n{hazard_id}".encode()).digest()
