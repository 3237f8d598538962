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
RULE = "sha256-1"
"""The rule by which is drawn; another way to draw is another rule, and old draws keep theirs."""
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
    """SHA-256 over a line for each candidate in order: id, severity, moment of closing in UTC."""
    lines = (f"{each.id} {each.severity} {each.closed_at.astimezone(UTC).isoformat()}\n" for each in candidates)
    return hashlib.sha256("".join(lines).encode()).digest()


def draw(candidates: Sequence[Closed], seed: str, share: float) -> dict[UUID, Why]:
    """The hazards to look at: every severe one, and of the others a share, rounded up.

    The others are put in the order of SHA-256(seed, line feed, id), and the first are taken: no generator of random
    numbers is in it, so the same seed draws the same ones in any version of any language.
    """
    severe = {each.id: Why.SEVERE for each in candidates if each.severity in SEVERE}
    others = sorted((_lot(seed, each.id), each.id) for each in candidates if each.id not in severe)
    count = ceil(Decimal(str(share)) * len(others))
    return severe | {hazard_id: Why.RANDOM for _, hazard_id in others[:count]}


def _lot(seed: str, hazard_id: UUID) -> bytes:
    return hashlib.sha256(f"{seed}\n{hazard_id}".encode()).digest()
