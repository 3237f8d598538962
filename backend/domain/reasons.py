"""Why a patrol does not count, or is doubted: a closed table of codes, what each makes of it, and its values.

The sentences stand in the catalogues as `reason.<code>`; adding a code is a new version of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.domain.terms import Outcome
from backend.words import Text


class Reason(StrEnum):
    """The codes, the weightiest for a walker first: the first one present speaks for the whole verdict."""

    NO_TRACK = "no_track"
    SEGMENT_ENDED = "segment_ended"
    NOT_ASSIGNED = "not_assigned"
    TOO_FAR = "too_far"
    DRIVEN = "driven"
    TOO_LITTLE = "too_little"
    TOO_SHORT = "too_short"
    TOO_SOON = "too_soon"
    COPIED_TRACK = "copied_track"
    DATUM_MISMATCH = "datum_mismatch"
    MOCK_LOCATION = "mock_location"
    CLOCK = "clock"
    INCOMPLETE_TRACK = "incomplete_track"
    UNSORTED = "unsorted"
    LATE = "late"


OUTCOMES: dict[Reason, Outcome] = {
    Reason.NO_TRACK: Outcome.INVALID,
    Reason.SEGMENT_ENDED: Outcome.INVALID,
    Reason.NOT_ASSIGNED: Outcome.INVALID,
    Reason.TOO_FAR: Outcome.INVALID,
    Reason.DRIVEN: Outcome.INVALID,
    Reason.TOO_LITTLE: Outcome.INVALID,
    Reason.TOO_SHORT: Outcome.INVALID,
    Reason.TOO_SOON: Outcome.INVALID,
    Reason.COPIED_TRACK: Outcome.DOUBTFUL,
    Reason.DATUM_MISMATCH: Outcome.DOUBTFUL,
    Reason.MOCK_LOCATION: Outcome.DOUBTFUL,
    Reason.CLOCK: Outcome.DOUBTFUL,
    Reason.INCOMPLETE_TRACK: Outcome.DOUBTFUL,
    Reason.UNSORTED: Outcome.DOUBTFUL,
    Reason.LATE: Outcome.DOUBTFUL,
}
VALUES: dict[Reason, tuple[str, ...]] = {
    Reason.NO_TRACK: ("points",),
    Reason.SEGMENT_ENDED: ("day",),
    Reason.TOO_FAR: ("metres",),
    Reason.DRIVEN: ("percent",),
    Reason.TOO_LITTLE: ("metres", "needed_metres"),
    Reason.TOO_SHORT: ("minutes", "needed_minutes"),
    Reason.TOO_SOON: ("hours",),
    Reason.COPIED_TRACK: ("patrol",),
    Reason.DATUM_MISMATCH: ("crs",),
    Reason.CLOCK: ("minutes",),
    Reason.INCOMPLETE_TRACK: ("percent",),
    Reason.LATE: ("days",),
}
"""The values in a reason's sentence; none where the code is not listed."""


class Cause(StrEnum):
    """What lies behind a code that has several causes; among its values, and with a sentence of its own."""

    EMPTY = "empty"
    """No track: there are no positions at all."""
    VAGUE = "vague"
    """No track: there are positions, and none is accurate enough."""
    REVERSED = "reversed"
    """The clock: the walk ends before it begins."""


_ORDER = list(Reason)
_WORST = [Outcome.INVALID, Outcome.DOUBTFUL, Outcome.VALID]


@dataclass(frozen=True, slots=True)
class Because:
    """One reason with its values; a late patrol of one to four weeks is noted only, so the outcome is its own."""

    reason: Reason
    values: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = Outcome.INVALID

    @classmethod
    def of(cls, reason: Reason, *, outcome: Outcome | None = None, **values: Any) -> Because:
        """A reason with the outcome of the table unless another is given."""
        return cls(reason, values, outcome or OUTCOMES[reason])

    @property
    def text(self) -> Text:
        """Its sentence."""
        cause = self.values.get("cause") or self._unsaid
        return Text(f"reason.{self.reason}.{cause}" if cause else f"reason.{self.reason}", self.values)

    @property
    def _unsaid(self) -> Cause | None:
        """A cause that its values tell by themselves, so that verdicts of any age say it."""
        return Cause.EMPTY if self.reason is Reason.NO_TRACK and self.values.get("points") == 0 else None


def worst(reasons: Iterable[Because]) -> Outcome:
    """The outcome of all of them together."""
    found = {because.outcome for because in reasons}
    return next((outcome for outcome in _WORST if outcome in found), Outcome.VALID)


def in_order(reasons: Iterable[Because]) -> tuple[Because, ...]:
    """The one that decides first: by outcome, then by the order of the codes."""
    return tuple(sorted(reasons, key=lambda each: (_WORST.index(each.outcome), _ORDER.index(each.reason))))
