"""What every section of a report stands on: the figures of its period and of the one before, and where to ask more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.reports import Figure, Table, Unit, share
from backend.domain.stats import By
from backend.services.stats import Figures, Row, Stats
from backend.words import Text

_SCALE = {Unit.KILOMETRES: 1000.0, Unit.HOURS: 3600.0}


@dataclass(frozen=True, slots=True)
class Frame:
    """A report while it is made."""

    session: Session
    zone: ZoneInfo
    by_place: Stats
    by_day: Stats
    before: Stats

    @property
    def total(self) -> Figures:
        """The figures of the period."""
        return self.by_place.total

    def figure(self, group: str, name: str, unit: Unit = Unit.COUNT) -> Figure:
        """A figure of the rollups beside that of the period before."""
        scale = _SCALE.get(unit, 1)
        now, before = self.total[group][name] / scale, self.before.total[group][name] / scale
        return Figure(Text(f"stats.f.{group}.{name}"), now, before, unit)

    def share(self, word: str, group: str, part: str, whole: str) -> Figure:
        """A share of two of them."""
        now, then = self.total[group], self.before.total[group]
        return Figure(Text(word), share(now[part], now[whole]), share(then[part], then[whole]), Unit.SHARE)

    def table(self, by: By, columns: Sequence[tuple[str, str]], plotted: int | None = 0) -> Table:
        """A table by place or day; walks in kilometres and hours."""
        found = self.by_day if by is By.DAY else self.by_place
        headings = [Text(f"stats.split.{by}"), *(Text(f"stats.f.{group}.{name}") for group, name in columns)]
        rows = [(self.named(row.key), [_scaled(row, *column) for column in columns]) for row in found.rows]
        return Table(Text(f"report.table.{by}"), headings, rows, plotted)

    def named(self, key: str) -> Text | str:
        """A part by its name; what lies in the region itself, and in nothing below it, says so."""
        name = self.by_place.names.get(key, key)
        return Text("stats.own", {"name": name}) if self.by_place.regions == (key,) else name


def _scaled(row: Row, group: str, name: str) -> float:
    scale = {"metres": 1000.0, "seconds": 3600.0}.get(name)
    value = row.figures[group][name]
    return round(value / scale, 1) if scale else value
