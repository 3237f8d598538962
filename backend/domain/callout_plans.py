"""Plans of call-outs: for each level by what people are called, how often, and who hears of their silence when.

Times and channels are the city's own table; where it says nothing (substitute, town, county, city) the spacing is our
judgement. For orange the city names calls and the app; a text goes with the second call, for whoever has no app.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from backend.domain.flood_warnings import Level
from backend.domain.notices import APP, SMS, VOICE


class Rung(StrEnum):
    """Who is told of a silent person, from the nearest upwards."""

    SUBSTITUTE = "substitute"
    SUPERIOR = "superior"
    """The chief of the reach around theirs, on the same river."""
    TOWN = "town"
    COUNTY_DUTY = "county_duty"
    CITY_DUTY = "city_duty"


DOOR = "door"
"""Not a rung: somebody is sent to knock (上门)."""


@dataclass(frozen=True, slots=True)
class Step:
    """So long after the call: who is told, or that somebody is sent."""

    what: str
    after: timedelta
    channels: tuple[str, ...] = (APP, SMS)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a level demands."""

    first: tuple[str, ...]
    """By what one is called at once."""
    again: tuple[str, ...]
    """And by what each further time."""
    tries: int
    every: timedelta
    steps: tuple[Step, ...]
    """Of silence, in the order of their times."""
    closes: timedelta
    """When all that can be tried has been."""
    report: timedelta | None
    """After so long somebody who only heard it is asked what they do about it."""

    @property
    def answer_within(self) -> timedelta:
        """After so long an answer is late: a superior is told, or the telephone takes over from texts.

        With the city's own table 5 min, 15 min, 30 min and 2 h.
        """
        told = [step.after for step in self.steps if step.what == Rung.SUPERIOR]
        is_texted = VOICE in self.again and VOICE not in self.first and self.tries > 1
        return min([self.closes, *told, *([self.every] if is_texted else [])])


def _minutes(*pairs: tuple[str, int]) -> tuple[Step, ...]:
    return tuple(Step(what, timedelta(minutes=minutes)) for what, minutes in pairs)


_ALL = (VOICE, SMS, APP)
DEFAULTS: Mapping[Level, Plan] = {
    Level.RED: Plan(
        _ALL,
        (VOICE,),
        3,
        timedelta(seconds=100),
        tuple(
            replace(step, channels=_ALL if step.what == Rung.SUBSTITUTE else (APP, SMS))
            for step in _minutes(
                (Rung.SUBSTITUTE, 3),
                (Rung.SUPERIOR, 5),
                (Rung.TOWN, 7),
                (DOOR, 10),
                (Rung.COUNTY_DUTY, 12),
                (Rung.CITY_DUTY, 20),
            )
        ),
        timedelta(minutes=30),
        timedelta(minutes=30),
    ),
    Level.ORANGE: Plan(
        (VOICE, APP),
        (VOICE, SMS),
        3,
        timedelta(seconds=200),
        _minutes(
            (Rung.SUBSTITUTE, 10),
            (Rung.SUPERIOR, 15),
            (Rung.TOWN, 20),
            (DOOR, 30),
            (Rung.COUNTY_DUTY, 35),
            (Rung.CITY_DUTY, 45),
        ),
        timedelta(minutes=60),
        timedelta(minutes=60),
    ),
    Level.YELLOW: Plan(
        (APP, SMS),
        (VOICE,),
        2,
        timedelta(minutes=30),
        _minutes((Rung.SUBSTITUTE, 40), (Rung.SUPERIOR, 45), (Rung.TOWN, 60), (Rung.COUNTY_DUTY, 90)),
        timedelta(minutes=120),
        None,
    ),
    Level.BLUE: Plan((APP, SMS), (), 1, timedelta(), (), timedelta(hours=2), None),
}


@dataclass(frozen=True)
class CalloutRule:
    """One version of the plans."""

    version: int = 0
    """0: as built in, before anybody has written one."""
    plans: Mapping[Level, Plan] = field(default_factory=lambda: DEFAULTS)
