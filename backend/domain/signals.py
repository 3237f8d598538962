"""Signals of the weather office (预警信号): their colour and what it was read from, their danger, how they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.cap import Code, Info, Kind, Message, Severity, Status

SIGNAL = "signal"
"""The word for one where things of all kinds are named."""
LASTS = timedelta(hours=24)
"""So long one holds that does not say until when (our judgement: the longest that the weather office usually gives)."""


class Colour(StrEnum):
    """The scale of the weather office, the lowest first; it is never turned into that of the responses."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """From 1 for blue to 4 for red."""
        return list(Colour).index(self) + 1


class ColourFrom(StrEnum):
    """What the colour was read from, the most trusted first."""

    TEXT = "text"
    """The headline or event: what people were told, and what the Chinese offices write with care."""
    CODE = "code"
    """A code of the event, or a parameter."""
    SEVERITY = "severity"
    """CAP's own scale, which relays fill in by rule of thumb."""


class Danger(StrEnum):
    """What a signal is about, as far as rivers are concerned."""

    RAINSTORM = "rainstorm"
    FLOOD = "flood"
    TYPHOON = "typhoon"
    THUNDERSTORM = "thunderstorm"
    WIND = "wind"
    OTHER = "other"

    @property
    def is_of_water(self) -> bool:
        """Whether it lets rivers rise."""
        return self in (Danger.RAINSTORM, Danger.FLOOD, Danger.TYPHOON, Danger.THUNDERSTORM)


@dataclass(frozen=True, slots=True)
class Rain:
    """So much rain in so many hours."""

    mm: int
    hours: int


RAIN: Mapping[Colour, Rain] = {
    Colour.BLUE: Rain(50, 12),
    Colour.YELLOW: Rain(50, 6),
    Colour.ORANGE: Rain(50, 3),
    Colour.RED: Rain(100, 3),
}
"""What a rain-storm signal of a colour means."""

_SEVERITIES = {
    Severity.EXTREME: Colour.RED,
    Severity.SEVERE: Colour.ORANGE,
    Severity.MODERATE: Colour.YELLOW,
    Severity.MINOR: Colour.BLUE,
}
_CHINESE = {"蓝": Colour.BLUE, "黄": Colour.YELLOW, "橙": Colour.ORANGE, "红": Colour.RED}
# Not the 黄 of 黄河: a colour is followed by its own word, or by what it is the colour of.
_WORD = re.compile(r"([蓝黄橙红])(?:色|预警|警报)|\b(blue|yellow|orange|red)\b", re.IGNORECASE)
_IN_CODE = re.compile(r"([蓝黄橙红])|(?<![a-z])(blue|yellow|orange|red)(?![a-z])", re.IGNORECASE)
_DANGERS: tuple[tuple[Danger, re.Pattern[str]], ...] = (
    (Danger.TYPHOON, re.compile(r"台风|热带气旋|typhoon|cyclone|11B01", re.IGNORECASE)),
    (Danger.RAINSTORM, re.compile(r"暴雨|强降水|强降雨|rain\s?storm|heavy rain|torrential|11B03", re.IGNORECASE)),
    (Danger.FLOOD, re.compile(r"洪|汛|内涝|渍涝|溃|flood|inundation", re.IGNORECASE)),
    (Danger.THUNDERSTORM, re.compile(r"雷|强对流|冰雹|thunder|lightning|hail", re.IGNORECASE)),
    (Danger.WIND, re.compile(r"风|wind|gale", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A message as it is understood here."""

    info: Info | None
    """What people are shown: in Chinese where there is any, the highest colour of it."""
    colour: Colour | None
    colour_from: ColourFrom | None
    said: Mapping[str, str]
    """The colour by each of the ways to tell it; where they differ, the sender contradicts itself."""
    danger: Danger
    over_at: datetime
    """Until when it holds."""
    is_over_before_it_began: bool
    """It was to expire before it was sent: a mistake of its sender, which binds nobody."""

    @property
    def disagrees(self) -> bool:
        """Whether the ways to tell its colour differ."""
        return len(set(self.said.values())) > 1


def judge(message: Message) -> Judged:
    """What a message says, as one answer: which text, which colour, which danger, until when."""
    spoken = in_chinese(message.infos) or message.infos
    shown = max(spoken, key=lambda info: _rank(info), default=None)
    said = colours(shown) if shown else {}
    colour_from = next(iter(said), None)
    expires = [info.expires for info in spoken if info.expires is not None]
    over_at = max(expires) if expires and len(expires) == len(spoken) else message.sent + LASTS
    return Judged(
        info=shown,
        colour=said[colour_from] if colour_from else None,
        colour_from=colour_from,
        said={source.value: colour.value for source, colour in said.items()},
        danger=danger_of(shown) if shown else Danger.OTHER,
        over_at=over_at,
        is_over_before_it_began=bool(expires) and over_at <= message.sent,
    )


def in_chinese(infos: Iterable[Info]) -> tuple[Info, ...]:
    """Those in Chinese."""
    return tuple(info for info in infos if info.language.lower().split("-")[0] == "zh")


def colours(info: Info) -> dict[ColourFrom, Colour]:
    """The colour by each way that tells one, the most trusted first."""
    codes = " ".join(code.value for code in _coded(info.codes, info.parameters))
    found = {
        ColourFrom.TEXT: _last(_WORD, info.headline) or _last(_WORD, info.event) or _last(_WORD, info.description),
        ColourFrom.CODE: _last(_IN_CODE, codes.replace("_", " ")),
        ColourFrom.SEVERITY: _SEVERITIES.get(info.severity),
    }
    return {source: colour for source, colour in found.items() if colour is not None}


def danger_of(info: Info) -> Danger:
    """What an event is about, by its name or code, and by the headline where these say nothing."""
    names = (" ".join([info.event, *(code.value for code in info.codes)]), info.headline)
    return next((danger for name in names for danger, words in _DANGERS if words.search(name)), Danger.OTHER)


def _coded(codes: Sequence[Code], parameters: Sequence[Code]) -> Iterator[Code]:
    """Codes of the event, and those parameters that are named after a colour or level."""
    yield from codes
    yield from (each for each in parameters if re.search(r"colou?r|level|颜色|级别|等级", each.name, re.IGNORECASE))


def _last(pattern: re.Pattern[str], text: str) -> Colour | None:
    """The last colour of a text: from yellow to orange (黄色升级为橙色), it is orange now."""
    found = pattern.findall(text)
    if not found:
        return None
    chinese, english = found[-1]
    return _CHINESE[chinese] if chinese else Colour(english.lower())


def _rank(info: Info) -> int:
    said = colours(info)
    return next(iter(said.values())).rank if said else 0


class State(StrEnum):
    """How a message stands."""

    ACTIVE = "active"
    REPLACED = "replaced"
    """An update has taken its place."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NEVER = "never"
    """Over before it was sent."""
    KEPT = "kept"
    """It warns of nothing itself: it cancels, answers or tests others."""
    CONFLICT = "conflict"
    """It bears the name of another message, and says something else."""


ENDS: Mapping[Kind, State] = {Kind.UPDATE: State.REPLACED, Kind.CANCEL: State.CANCELLED}
"""What a message makes of those that it refers to; other kinds make nothing of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a message as its place among others depends on."""

    kind: Kind
    status: Status
    sent: datetime
    over_at: datetime
    is_over_before_it_began: bool = False


def stands(one: Standing, referrers: Iterable[Standing], now: datetime) -> State:
    """How a message stands among those that refer to it, in whatever order they came."""
    if one.kind not in (Kind.ALERT, Kind.UPDATE) or one.status in (Status.SYSTEM, Status.DRAFT):
        return State.KEPT
    if one.is_over_before_it_began:
        return State.NEVER
    heard = sorted((each for each in referrers if ends(each, one.status)), key=lambda each: (each.sent, each.kind))
    if heard:
        return ENDS[heard[0].kind]
    return State.EXPIRED if one.over_at <= now else State.ACTIVE


def ends(one: Standing, status: Status) -> bool:
    """Whether a message ends those of this status that it refers to: an exercise never ends what is real.

    An update that was over before it was sent puts nothing in the place of what it would end, so it ends nothing.
    """
    if one.kind not in ENDS or one.status is not status or status in (Status.SYSTEM, Status.DRAFT):
        return False
    return one.kind is Kind.CANCEL or not one.is_over_before_it_began


def is_exercise(status: Status) -> bool:
    """Whether nothing real may follow."""
    return status is not Status.ACTUAL
