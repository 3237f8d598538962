"""What a report says of duty: how many walks were owed and done, here and in each place, of what is settled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from backend.clock import end_of, start_of
from backend.domain.assessments import Tally
from backend.domain.duty_periods import DAY
from backend.domain.reports import Figure, Table, Unit
from backend.domain.stats import Period
from backend.domain.terms import WALKERS
from backend.services.report_frame import Frame
from backend.store import assessment_figures, duty_periods
from backend.store.assessment_figures import Asked
from backend.words import Text

_DONE, _SHARE = Text("report.duty.done"), Text("report.duty.share")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Of the settled days of a period (None: of none) what was owed and done, by place."""

    period: Period
    days: Period | None
    places: dict[str, Tally]

    @property
    def is_whole(self) -> bool:
        return self.days == self.period

    @property
    def total(self) -> Tally | None:
        """Of all places; None where nothing is settled."""
        return sum(self.places.values(), Tally()) if self.days else None

    def word(self, key: str) -> Text:
        """A word that says which days it is about, where that is not all of them."""
        if self.days is None:
            return Text(f"{key}.open")
        if self.is_whole:
            return Text(key)
        return Text(f"{key}.partly", {"first": self.days.first.isoformat(), "last": self.days.last.isoformat()})


def duty(frame: Frame) -> tuple[list[Figure], list[Table]]:
    """Owed, done and their share; counts are compared only between periods that are settled to the end."""
    now, then = (_kept(frame, each.asked.period) for each in (frame.by_place, frame.before))
    found, before = now.total, then.total
    as_before = before if now.is_whole and then.is_whole else None
    figures = [
        Figure(now.word("report.duty.owed"), _part(found, "size"), _part(as_before, "size")),
        Figure(_DONE, _part(found, "hits"), _part(as_before, "hits")),
        Figure(_SHARE, _part(found, "share"), _part(before, "share"), Unit.SHARE),
    ]
    return figures, [_table(frame, now)] if found else []


def _part(tally: Tally | None, name: Literal["size", "hits", "share"]) -> float | None:
    return getattr(tally, name) if tally else None


def _table(frame: Frame, kept: _Kept) -> Table:
    """By place, also where nothing was owed."""
    places = {row.key: Tally() for row in frame.by_place.rows} | kept.places
    headings = [Text("stats.split.region"), Text("report.duty.owed"), _DONE, _SHARE]
    rows = [(frame.named(key), (each.size, each.hits, each.share)) for key, each in sorted(places.items())]
    return Table(kept.word("report.table.duty"), headings, rows, shares=(2,))


def _kept(frame: Frame, period: Period) -> _Kept:
    bounds = duty_periods.bounds(frame.session)
    days = period.within(*bounds) if bounds else None
    places: dict[str, Tally] = defaultdict(Tally)
    if days is None:
        return _Kept(period, None, places)
    ends = start_of(days.first, frame.zone), end_of(days.last, frame.zone)
    posts = [post.value for post in WALKERS]
    for region in frame.by_place.regions:
        asked = Asked(region, posts, days.first, days.last + DAY, *ends)
        length = max(len(row.key) for row in frame.by_place.rows if row.key.startswith(region))
        for row in assessment_figures.duty_by_place(frame.session, asked, length):
            places[row.place] += Tally(int(row.hits), int(row.size))
    return _Kept(period, days, places)
