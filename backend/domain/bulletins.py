"""Bulletins: what other systems are told of a warning of ours, as messages of CAP that never change once they are out.

Each revision that went out is a message, the first an alert and the others updates; the all-clear and the word that it
was a mistake cancel them all. A warning that ran out says so itself, by its `expires`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backend.domain.cap import Area, Code, Info, Kind, Message, Reference, Severity, Status
from backend.domain.flood_warnings import Level, State, identifier
from backend.words import Text

Speech = Literal["zh-CN", "en"]
LANGUAGES: tuple[Speech, ...] = ("zh-CN", "en")
GEOCODE = "CPEAS Geographic Code"
"""What the Chinese offices call division codes in CAP."""
SEVERITIES = {
    Level.RED: Severity.EXTREME,
    Level.ORANGE: Severity.SEVERE,
    Level.YELLOW: Severity.MODERATE,
    Level.BLUE: Severity.MINOR,
}
_IDENTIFIER = re.compile(r"(Y[JL]\d{4}-\d{4,})-(\d{1,6})(-C)?")
_ENDS = frozenset({State.ALL_CLEAR, State.CORRECTED})
"""How the last revision ends by somebody's word."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a warning that went out."""

    number: str
    revision: int
    state: State
    level: Level
    headline: str
    instruction: str
    contact: str
    is_drill: bool
    issued_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    ended_text: str
    places: tuple[tuple[str, str], ...]
    """Code and name of each region that it touches."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and how a text is said in a language."""

    sender: str
    say: Callable[[Text, Speech], str]


def number_in(name: str) -> str | None:
    """The number of the warning that a message is about, by the message's identifier; None where it is none of ours."""
    found = _IDENTIFIER.fullmatch(name)
    return found[1] if found else None


def bulletins(revisions: Sequence[Revision], voice: Voice) -> list[Message]:
    """The messages of one warning, in the order in which they went out; `revisions` are those that went out."""
    messages: list[Message] = []
    for each in sorted(revisions, key=lambda revision: revision.revision):
        messages.append(_message(each, tuple(message.reference for message in messages), voice))
    last = max(revisions, key=lambda revision: revision.revision, default=None)
    if last is not None and last.ended_at is not None and last.state in _ENDS:
        messages.append(_cancel(last, last.ended_at, tuple(message.reference for message in messages), voice))
    return messages


def _message(one: Revision, before: tuple[Reference, ...], voice: Voice) -> Message:
    return Message(
        identifier=identifier(one.number, one.revision),
        sender=voice.sender,
        sent=one.issued_at,
        status=Status.EXERCISE if one.is_drill else Status.ACTUAL,
        kind=Kind.UPDATE if before else Kind.ALERT,
        note=voice.say(Text("cap.exercise"), LANGUAGES[0]) if one.is_drill else "",
        references=before,
        infos=tuple(_warns(one, language, voice) for language in LANGUAGES),
    )


def _cancel(one: Revision, ended_at: datetime, before: tuple[Reference, ...], voice: Voice) -> Message:
    return Message(
        identifier=identifier(one.number, one.revision, is_end=True),
        sender=voice.sender,
        sent=ended_at,
        status=Status.EXERCISE if one.is_drill else Status.ACTUAL,
        kind=Kind.CANCEL,
        note=voice.say(Text("cap.exercise"), LANGUAGES[0]) if one.is_drill else "",
        references=before,
        infos=tuple(_clears(one, language, voice) for language in LANGUAGES),
    )


def _warns(one: Revision, language: Speech, voice: Voice) -> Info:
    return Info(
        event=voice.say(Text("cap.event"), language),
        language=language,
        categories=("Met", "Safety"),
        responses=("Prepare",),
        urgency="Immediate" if one.level.presses else "Expected",
        severity=SEVERITIES[one.level],
        certainty="Likely",
        effective=one.issued_at,
        expires=one.expires_at,
        sender_name=voice.say(Text("cap.sender"), language),
        headline=_headline(one, "warning.said", language, voice),
        description=voice.say(Text("cap.number", {"number": one.number, "revision": one.revision}), language),
        instruction=one.instruction,
        contact=one.contact,
        areas=tuple(_areas(one)),
    )


def _clears(one: Revision, language: Speech, voice: Voice) -> Info:
    key = "cap.lifted" if one.state is State.ALL_CLEAR else "cap.mistaken"
    return Info(
        event=voice.say(Text("cap.event"), language),
        language=language,
        categories=("Met", "Safety"),
        responses=("AllClear",),
        urgency="Past",
        severity=SEVERITIES[one.level],
        certainty="Observed",
        effective=one.ended_at,
        sender_name=voice.say(Text("cap.sender"), language),
        headline=_headline(one, key, language, voice),
        description=one.ended_text,
        contact=one.contact,
        areas=tuple(_areas(one)),
    )


def _headline(one: Revision, key: str, language: Speech, voice: Voice) -> str:
    """With its colour in words, from which every Chinese system reads it; a drill says so first."""
    said = {"level": Text(f"warning.level.{one.level.value}"), "headline": one.headline}
    drill = voice.say(Text("call.drill"), language) if one.is_drill else ""
    return drill + voice.say(Text(key, said), language)


def _areas(one: Revision) -> Iterator[Area]:
    return (Area(name, geocodes=(Code(GEOCODE, code.ljust(12, "0")),)) for code, name in one.places)
