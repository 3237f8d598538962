"""Handovers (河长交接): by which post somebody may take a reach over, and for which days one may be agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from backend.domain.terms import CHIEFS, WALKERS, Duty, Level, Post

HANDOVER = "handover"
"""What it is called on record and in the timeline of a hazard that goes over with its reach."""
HAND_OVER = "hand_over"
LONGEST_AHEAD = timedelta(days=366)
"""Nobody agrees on one for later than that (our judgement)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody holds: from a day on, until a day on which it is held no longer."""

    id: UUID
    post: Post
    region: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether it is held on that day."""
        return self.since <= day and (self.until is None or day < self.until)


def fitting(held: Iterable[Held], *, level: Level, region: str, duty: Duty, day: date) -> Held | None:
    """The post by which somebody may answer for a reach of that level and region; None where none of theirs fits.

    A chief's is of the reach's own level and place; a warden's lies around a village reach.
    """
    wanted = [each for each in held if each.post in WALKERS and each.covers(day) and region.startswith(each.region)]
    if duty is Duty.WARDEN:
        return next((each for each in wanted if each.post is Post.WARDEN and level is Level.VILLAGE), None)
    return next((each for each in wanted if CHIEFS.get(each.post) is level), None)


def may_begin(day: date, today: date) -> bool:
    """Whether a handover may be agreed for that day: figures of days that are over stay as they were."""
    return today <= day <= today + LONGEST_AHEAD
