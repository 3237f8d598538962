"""Statistics (统计): which figures there are, for which periods one may ask, and which records stand behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backend.domain.hazards import OPEN, Act, State

LONGEST_DAYS = 366 * 5
"""So many days may be asked for at once (our judgement: the term of a government)."""
STATS = "stats"
"""What figures are called among the things of which it is on record that somebody took them out."""


class Noun(StrEnum):
    """What is counted, each in rows of its own."""

    PATROLS = "patrols"
    HAZARDS = "hazards"
    CALLOUTS = "callouts"
    CAMPAIGNS = "campaigns"


class By(StrEnum):
    """What the figures of a period are split by."""

    REGION = "region"
    LEVEL = "level"
    DAY = "day"
    MONTH = "month"
    CLASS = "class"


FIGURES: Mapping[Noun, tuple[str, ...]] = {
    Noun.PATROLS: ("handed_in", "counted", "doubtful", "not_counted", "withdrawn", "metres", "seconds"),
    Noun.HAZARDS: (
        *("reported", "standing", "cleared", "rejected", "merged"),
        *("accepted", "rectified", "closed", "returned", "reopened"),
    ),
    Noun.CALLOUTS: ("called", "answered", "in_time"),
    Noun.CAMPAIGNS: ("answered", "late", "found", "on_behalf"),
}
"""Every figure, in the order in which it is shown. All of them add up over days, regions and levels.

Of patrols: `counted` holds the doubtful ones, which count until a review says otherwise; metres and seconds are those
of walks that count, each in whole ones; handed in = counted + not counted + withdrawn. Of hazards the first five are of
those that were *reported* in the period, as they stand now (reported = standing + cleared + rejected + merged), so that
no share is ever above 100 %; the others count *acts* in the period, whenever it was reported. A call-out was answered
in time when nobody else had heard of the silence yet. How many different people walked is no such figure, and not here.
"""
CLASSES = ("four_illegal", "flood", "water")
"""Classes of hazards: the first part of their kinds."""
GROUPS: Mapping[str, Noun] = {
    "patrols": Noun.PATROLS,
    "hazards": Noun.HAZARDS,
    "four_illegal": Noun.HAZARDS,
    "flood": Noun.HAZARDS,
    "callouts": Noun.CALLOUTS,
    "drills": Noun.CALLOUTS,
    "campaigns": Noun.CAMPAIGNS,
}
"""The figures that are answered, and of which noun each group is."""
LEVELS = ("city", "county", "town", "village", "warden", "other")
"""Of whoever walked or was called (`warden`: the river wardens, `other`: no chief), or of the reach."""
_STATES: Mapping[str, tuple[State, ...]] = {
    "reported": (),
    "standing": OPEN,
    "cleared": (State.CLOSED,),
    "rejected": (State.REJECTED,),
    "merged": (State.MERGED,),
}
ACTS: Mapping[str, Act] = {
    "accepted": Act.ACCEPT,
    "rectified": Act.REPORT_DONE,
    "closed": Act.CLOSE,
    "returned": Act.RETURN,
    "reopened": Act.REOPEN,
}
"""Which act each figure counts."""


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def within(self, first: date, last: date) -> Period | None:
        """Those of its days that lie between two others, both included; None where none does."""
        first, last = max(self.first, first), min(self.last, last)
        return Period(first, last) if first <= last else None

    @property
    def flaw(self) -> str | None:
        """Why it cannot be asked for, as a key of the catalogues; None where it can."""
        if self.last < self.first:
            return "flaw.days_order"
        return "flaw.too_many_days" if self.days > LONGEST_DAYS else None


@dataclass(frozen=True, slots=True)
class Records:
    """The list behind a figure: which noun's, and its filters; `from` and `to` are put in beside them."""

    noun: Noun
    filters: tuple[tuple[str, str], ...]
    moments: tuple[str, str]
    """Under which names the list takes the beginning and the end of the period."""


def records(group: str, figure: str) -> Records | None:
    """Where the records of a figure are listed; None where they stand on boards of their own."""
    noun = GROUPS[group]
    if noun is Noun.PATROLS:
        filters = () if figure == "handed_in" else (("standing", _walked(figure)),)
        return Records(noun, filters, ("from", "to"))
    if noun is not Noun.HAZARDS:
        return None
    kinds = () if group == "hazards" else (("class", group),)
    if figure in ACTS:
        return Records(noun, (*kinds, ("act", ACTS[figure].value)), ("act_from", "act_to"))
    states = tuple(("status", state.value) for state in _STATES[figure])
    return Records(noun, (*kinds, *states), ("reported_from", "reported_to"))


def _walked(figure: str) -> str:
    return "counted" if figure in ("metres", "seconds") else figure


def added(rows: Iterable[Mapping[str, int]], figures: Iterable[str]) -> dict[str, int]:
    """The sum of rows, figure by figure; zeros of none."""
    total = dict.fromkeys(figures, 0)
    for row in rows:
        for figure in total:
            total[figure] += row[figure]
    return total


def key_of(by: By, key: str) -> str:
    """Under which key a row is shown: of a day its month where months are asked for."""
    return key[:7] if by is By.MONTH else key
