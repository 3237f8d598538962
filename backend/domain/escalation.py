"""How a late hazard climbs (升级): a ladder of steps along the chief chain of that river, each step once.

Ladders are the defaults of the city that asked. For a major hazard it gives 1, 2, 3 and 5 days, for a critical one
steps of 15 minutes; whom each of these reaches is our judgement, one seat further up at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.hazards import Severity, Watch


class Rung(StrEnum):
    """Who is reached, seen from the hazard."""

    OWNER = "owner"
    TOWN_CHIEF = "town_chief"
    COUNTY_OFFICE = "county_office"
    COUNTY_CHIEF = "county_chief"
    CITY_OFFICE = "city_office"
    CITY_CHIEF = "city_chief"


class Channel(StrEnum):
    """By what a person is reached."""

    APP = "app"
    SMS = "sms"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Step:
    """After `share` of the time, or `late` after the deadline: whom to tell, how, and under whose eyes it comes."""

    tell: tuple[Rung, ...]
    channels: tuple[Channel, ...] = (Channel.APP,)
    share: float = 1.0
    late: timedelta = timedelta()
    watch: Watch = Watch.NONE

    def at(self, begun_at: datetime, due_at: datetime) -> datetime:
        """When it is due, for a phase from – until; shares and days elapse."""
        return begun_at + (due_at - begun_at) * self.share + self.late


Ladder = Sequence[Step]

_REMIND = Step((Rung.OWNER,), share=0.8)
_MISSED = Step((Rung.OWNER, Rung.TOWN_CHIEF), (Channel.APP, Channel.SMS))
_SUPERIORS = (Rung.COUNTY_OFFICE, Rung.COUNTY_CHIEF, Rung.CITY_OFFICE, Rung.CITY_CHIEF)


def _upwards(
    lates: Sequence[timedelta], channels: tuple[Channel, ...], watch: Watch, first: tuple[Step, ...]
) -> Ladder:
    """One superior further up at each; from the city's office on it is under watch."""
    steps = [
        Step((rung,), channels, late=late, watch=watch if rung in (Rung.CITY_OFFICE, Rung.CITY_CHIEF) else Watch.NONE)
        for rung, late in zip(_SUPERIORS, lates, strict=False)
    ]
    return (*first, *steps)


_TEXT = (Channel.APP, Channel.SMS)
_CALL = (Channel.APP, Channel.SMS, Channel.VOICE)
_SLOW = _upwards([timedelta(days=n) for n in (3, 7, 15)], _TEXT, Watch.ORDINARY, (_REMIND, _MISSED))
_FAST = _upwards([timedelta(days=n) for n in (1, 2, 3, 5)], _TEXT, Watch.KEY, (_REMIND, _MISSED))
_AT_ONCE = _upwards(
    [timedelta(minutes=15 * n) for n in (1, 2, 3, 4)],
    _CALL,
    Watch.LISTED,
    (Step((Rung.OWNER,), _CALL, share=0.8), Step((Rung.OWNER, Rung.TOWN_CHIEF), _CALL)),
)


@dataclass(frozen=True)
class LadderRule:
    """One version of the ladders."""

    version: int = 0
    ladders: Mapping[Severity, Ladder] = field(
        default_factory=lambda: {
            Severity.MINOR: _SLOW,
            Severity.ORDINARY: _SLOW,
            Severity.MAJOR: _FAST,
            Severity.CRITICAL: _AT_ONCE,
        }
    )


@dataclass(frozen=True, slots=True)
class Climb:
    """A look at the ladder: the steps to take now, how many are behind it then, and when to look again."""

    steps: tuple[Step, ...]
    rung: int
    next_at: datetime | None
    """Always later than now; None at the top of the ladder."""


Chain = Mapping[Rung, Sequence[UUID]]
"""Who can be reached at each rung today: the absent replaced by whoever acts for them, the vacant left empty."""


def reached(rung: Rung, chain: Chain, last: Sequence[UUID]) -> tuple[tuple[UUID, ...], Rung | None]:
    """Whom a step reaches: those of its rung or, where nobody is, of the next one up; at the end `last`, never nobody.

    With it the rung at which they were found; None for the last resort.
    """
    upwards = list(Rung)
    for each in upwards[upwards.index(rung) :]:
        if chain.get(each):
            return tuple(chain[each]), each
    return tuple(last), None


def watched(now: Watch, steps: Sequence[Step]) -> Watch:
    """Under whose eyes a hazard is after some steps: never under fewer than before."""
    order = list(Watch)
    return max((now, *(step.watch for step in steps)), key=order.index)


def climb(ladder: Ladder, rung: int, begun_at: datetime, due_at: datetime, now: datetime) -> Climb:
    """Take every step whose time has come, of which `rung` were taken before; after a long silence several at once."""
    taken = rung
    while taken < len(ladder) and ladder[taken].at(begun_at, due_at) <= now:
        taken += 1
    return Climb(tuple(ladder[rung:taken]), taken, next_look(ladder, taken, begun_at, due_at))


def next_look(ladder: Ladder, rung: int, begun_at: datetime, due_at: datetime) -> datetime | None:
    """When the first step that was not taken is due; None when all were."""
    return ladder[rung].at(begun_at, due_at) if rung < len(ladder) else None


def expected(ladder: Ladder, begun_at: datetime, due_at: datetime, until: datetime) -> int:
    """How many steps must have been taken by then, from policy and timeline alone: what the auditor compares with."""
    return sum(step.at(begun_at, due_at) <= until for step in ladder)
