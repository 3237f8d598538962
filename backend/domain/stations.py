"""Stations (测站): what they measure, what a reading can be, and in which band the water stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.flood_events import FloodEvent, Source, What
from backend.errors import Flaw
from backend.words import Text


class Kind(StrEnum):
    """What sort of station it is; in brackets the codes of the hydrological offices (SL 323)."""

    RIVER = "river"
    """On a river (ZZ, ZQ)."""
    SLUICE = "sluice"
    """At a sluice or weir (DD)."""
    RESERVOIR = "reservoir"
    """At a reservoir or lake (RR)."""
    PUMP = "pump"
    """At a pumping station (DP)."""
    RAIN = "rain"
    """A rain gauge (PP)."""


OFFICIAL: Mapping[str, Kind] = {
    "ZZ": Kind.RIVER,
    "ZQ": Kind.RIVER,
    "DD": Kind.SLUICE,
    "RR": Kind.RESERVOIR,
    "DP": Kind.PUMP,
    "PP": Kind.RAIN,
}


class Quantity(StrEnum):
    """What is measured, with its unit."""

    LEVEL = "water_level_m"
    FLOW = "flow_m3s"
    RAIN = "rain_mm_1h"


BOUNDS: Mapping[Quantity, tuple[float, float]] = {
    # From below the lowest basin of the country to above its highest gauge.
    Quantity.LEVEL: (-200.0, 6_000.0),
    # The Yangtze has had 110,000; before a tide or below a lake water flows backwards.
    Quantity.FLOW: (-50_000.0, 200_000.0),
    # The most that was ever measured in an hour is about 400.
    Quantity.RAIN: (0.0, 500.0),
}
"""What keeps out only what cannot be meant (our judgement)."""
MOST_READINGS = 5_000
"""Readings a request."""
MOST_APART_M = 50.0
"""A level further than this from the station's own marks is a slipped point or another datum (our judgement)."""
AHEAD = timedelta(minutes=10)
"""A station's clock may be so far ahead."""
LIVE = timedelta(hours=1)
"""What was measured longer ago is history: it is kept, and nobody is called for it (our judgement)."""
RATE_FROM, RATE_WITHIN = timedelta(hours=1), timedelta(hours=3)
"""The rise is measured against the latest reading that is at least one hour and at most three hours older."""
SILENT_AFTER_MIN = 120
"""So long without a word, where nobody has said otherwise."""
FAST_M_H = 0.3
"""Rising so fast is told of (our judgement: a metre within half a night); it is over at half of it."""


class Band(StrEnum):
    """Where the water stands between the station's marks: never converted into the colours of signals."""

    NORMAL = "normal"
    WARNING = "warning"
    """At or over the warning level (警戒水位)."""
    GUARANTEED = "guaranteed"
    """At or over the guaranteed level (保证水位), up to which the levee is built to hold."""

    @property
    def rank(self) -> int:
        """Its place from below."""
        return list(Band).index(self)


@dataclass(frozen=True, slots=True)
class Marks:
    """The levels of a station that mean something; None where nobody has set one."""

    warning_m: float | None = None
    guaranteed_m: float | None = None
    hysteresis_m: float = 0.10
    """So far below a mark the water must fall before it counts as below."""

    def of(self, band: Band) -> float | None:
        """The mark at which a band begins; a normal one has none."""
        return {Band.WARNING: self.warning_m, Band.GUARANTEED: self.guaranteed_m}.get(band)


@dataclass(frozen=True, slots=True)
class StationDraft:
    """A station as somebody describes it."""

    code: str
    name: str
    kind: Kind
    river: str
    region: str
    lonlat: tuple[float, float]
    """In WGS 84."""
    segment: str | None = None
    """Id or code of the reach it speaks for; None: the nearest of its river."""
    marks: Marks = field(default_factory=Marks)
    datum: str = ""
    silent_after_min: int = SILENT_AFTER_MIN


@dataclass(frozen=True, slots=True)
class ReadingDraft:
    """What a station sent of one moment."""

    station: str
    at: datetime
    values: Mapping[Quantity, float]


def band_of(marks: Marks, before: Band, level_m: float) -> Band:
    """The band of a level: up at a mark, down only below it by the hysteresis, so that ripples tell nobody anything."""
    for band in (Band.GUARANTEED, Band.WARNING):
        mark = marks.of(band)
        if mark is None:
            continue
        is_there = before.rank >= band.rank and level_m >= mark - marks.hysteresis_m
        if level_m >= mark or is_there:
            return band
    return Band.NORMAL


def band_after(marks: Marks, before: Band, levels: Iterable[float]) -> Band:
    """The band after several readings in the order of their time."""
    band = before
    for level_m in levels:
        band = band_of(marks, band, level_m)
    return band


def over_m(marks: Marks, band: Band, level_m: float) -> float | None:
    """How far a level is over the mark of a band; None where the band has none."""
    mark = marks.of(band)
    return None if mark is None else round(level_m - mark, 3)


def rate_of_rise(was: tuple[datetime, float] | None, at: datetime, level_m: float) -> float | None:
    """Metres an hour since an earlier level; None without one."""
    if was is None:
        return None
    then, was_m = was
    return round((level_m - was_m) / ((at - then).total_seconds() / 3600), 3)


def is_fast(rate: float | None, before: bool) -> bool:
    """Whether it rises fast; what has begun is over only at half of it."""
    return rate is not None and rate >= (FAST_M_H / 2 if before else FAST_M_H)


def is_live(at: datetime, now: datetime) -> bool:
    """Whether a reading is of now, so that people are called for it."""
    return now - at <= LIVE


def flaws_of(draft: ReadingDraft, marks: Marks, now: datetime) -> list[Flaw]:
    """What cannot be meant of a reading, each with its place."""
    found = [Flaw("/at", Text("flaw.reading_ahead"))] if draft.at > now + AHEAD else []
    for quantity, value in draft.values.items():
        low, high = BOUNDS[quantity]
        if not low <= value <= high:
            found.append(Flaw(f"/{quantity}", Text("flaw.between", {"low": low, "high": high})))
    level_m = draft.values.get(Quantity.LEVEL)
    marked = [mark for mark in (marks.warning_m, marks.guaranteed_m) if mark is not None]
    if not found and level_m is not None and any(abs(level_m - mark) > MOST_APART_M for mark in marked):
        found.append(Flaw(f"/{Quantity.LEVEL}", Text("flaw.level_apart", {"most": MOST_APART_M})))
    return found


def flaws_of_marks(marks: Marks) -> list[Flaw]:
    """What cannot be meant of marks: the guaranteed level lies above the warning level, and above the ripples."""
    if marks.warning_m is None or marks.guaranteed_m is None:
        return []
    if marks.guaranteed_m - marks.warning_m <= marks.hysteresis_m:
        return [Flaw("/guaranteed_m", Text("flaw.marks"))]
    return []


def key_digest(key: str) -> bytes:
    """What is kept of a key: it is long and random, so that a fast digest is enough."""
    return hashlib.sha256(key.encode()).digest()


def event_of(station: Any, what: What, level: str | None, values: Mapping[str, Any]) -> FloodEvent:
    """What became of a station, on its own reach; how far down it is felt, risk finds out."""
    return FloodEvent(
        Source.STATION,
        what,
        station.id,
        level,
        regions=(station.region_code,),
        rivers=(station.river_code,),
        segments=(station.segment_id,) if station.segment_id else (),
        values=values,
    )
