"""The elements of a CAP message, from XML or from JSON, checked one by one; every flaw is told by its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from backend.domain.cap import (
    CATEGORIES,
    CERTAINTIES,
    DEFAULT_LANGUAGE,
    RESPONSES,
    SCOPES,
    URGENCIES,
    Area,
    Circle,
    Code,
    Info,
    Kind,
    Message,
    Place,
    Reference,
    Severity,
    Status,
)
from backend.errors import BadInput, Flaw
from backend.formats.xml_tree import Node
from backend.words import Text

MOST_POINTS, MOST_INFOS, MOST_AREAS, MOST_SHAPES, MOST_CODES, MOST_REFERENCES = 5_000, 20, 200, 100, 2_500, 100
MOST_RADIUS_KM = 1_000.0
LINE, LONG = 500, 20_000
"""Letters of a line, and of a text."""
_MOST_FLAWS = 20
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Of what comes later, the end could not be reckoned any more."""
_NUMBER = r"[-+]?\d{1,7}(?:\.\d{1,20})?"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})")
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER})\s+({_NUMBER})")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_NAME_OF_MESSAGE = re.compile(r"[^\s,<&]+")
Value = TypeVar("Value")


def message_of(root: Node, pointer: str) -> Message:
    """The message of an `alert` element that stands at `pointer`; BadInput with every flaw, at most twenty."""
    reader = _Reader()
    message = _message(reader, root, pointer)
    if message is None:
        raise BadInput(*reader.flaws[:_MOST_FLAWS])
    return message


class _Reader:
    """Takes values out of elements and notes what is wrong with them."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def flaw(self, pointer: str, key: str, **values: Any) -> None:
        """Note that something is wrong at a place."""
        self.flaws.append(Flaw(pointer, Text(key, values)))

    def text(self, node: Node, name: str, pointer: str, *, needed: bool = False, most: int = LINE) -> str:
        """The text of the only element of that name; empty where there is none."""
        found = node.children.get(name, ())
        text = found[0].text.strip() if found else ""
        at = f"{pointer}/{name}"
        if len(found) > 1:
            self.flaw(at, "flaw.cap_twice")
        elif len(text) > most:
            self.flaw(at, "flaw.length", low=0, high=most)
        elif needed and not text:
            self.flaw(at, "flaw.cap_missing")
        return text

    def choice(self, node: Node, name: str, pointer: str, choices: Sequence[str], default: str | None = None) -> str:
        """One word of a closed list; without a default it must be there."""
        word = self.text(node, name, pointer, needed=default is None) or default or ""
        if word and word not in choices:
            self.flaw(f"{pointer}/{name}", "flaw.choice", choices=", ".join(choices))
        return word if word in choices else choices[-1]

    def choices(self, node: Node, name: str, pointer: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Several words of a closed list, each once."""
        words = [child.text.strip() for child in node.children.get(name, ())]
        for number, word in enumerate(words[:_MOST_FLAWS]):
            if word not in choices:
                self.flaw(f"{pointer}/{name}/{number}", "flaw.choice", choices=", ".join(choices))
        return tuple(dict.fromkeys(word for word in words if word in choices))

    def moment(self, node: Node, name: str, pointer: str, *, needed: bool = False) -> datetime | None:
        """A moment with its zone."""
        text = self.text(node, name, pointer, needed=needed)
        moment = _moment(text) if text else None
        if text and moment is None:
            self.flaw(f"{pointer}/{name}", "flaw.cap_time")
        return moment

    def every(
        self, node: Node, name: str, pointer: str, most: int, read: Callable[[Node, str], Value | None]
    ) -> tuple[Value, ...]:
        """Each element of a name, at most so many."""
        found = node.children.get(name, [])
        if len(found) > most:
            self.flaw(f"{pointer}/{name}", "flaw.length", low=0, high=most)
            return ()
        values = (read(child, f"{pointer}/{name}/{number}") for number, child in enumerate(found))
        return tuple(value for value in values if value is not None)


def _message(reader: _Reader, root: Node, pointer: str) -> Message | None:
    kind = Kind(reader.choice(root, "msgType", pointer, list(Kind)))
    infos = reader.every(root, "info", pointer, MOST_INFOS, lambda node, at: _info(reader, node, at))
    if kind in (Kind.ALERT, Kind.UPDATE) and not root.children.get("info"):
        reader.flaw(f"{pointer}/info", "flaw.cap_missing")
    message = Message(
        identifier=_name(reader, root, "identifier", pointer),
        sender=_name(reader, root, "sender", pointer),
        sent=reader.moment(root, "sent", pointer, needed=True) or _EARLIEST,
        status=Status(reader.choice(root, "status", pointer, list(Status))),
        kind=kind,
        scope=reader.choice(root, "scope", pointer, SCOPES),
        source=reader.text(root, "source", pointer),
        note=reader.text(root, "note", pointer, most=LONG),
        references=_references(reader, root, pointer),
        infos=infos,
    )
    return None if reader.flaws else message


def _name(reader: _Reader, root: Node, name: str, pointer: str) -> str:
    """Sender and identifier stand in references between commas and spaces, so they hold none."""
    text = reader.text(root, name, pointer, needed=True, most=200)
    if text and not _NAME_OF_MESSAGE.fullmatch(text):
        reader.flaw(f"{pointer}/{name}", "flaw.cap_name")
    return text


def _references(reader: _Reader, root: Node, pointer: str) -> tuple[Reference, ...]:
    written = reader.text(root, "references", pointer, most=LONG).split()
    if len(written) > MOST_REFERENCES:
        reader.flaw(f"{pointer}/references", "flaw.length", low=0, high=MOST_REFERENCES)
        return ()
    references = dict.fromkeys(map(_reference, written))
    if None in references:
        reader.flaw(f"{pointer}/references", "flaw.cap_reference")
    return tuple(each for each in references if each is not None)


def _reference(written: str) -> Reference | None:
    sender, _, rest = written.partition(",")
    identifier, _, sent = rest.partition(",")
    at = _moment(sent)
    return Reference(sender, identifier, at) if sender and identifier and at else None


def _info(reader: _Reader, node: Node, at: str) -> Info:
    language = reader.text(node, "language", at) or DEFAULT_LANGUAGE
    if not _LANGUAGE.fullmatch(language):
        reader.flaw(f"{at}/language", "flaw.cap_language")
    if not node.children.get("category"):
        reader.flaw(f"{at}/category", "flaw.cap_missing")
    return Info(
        event=reader.text(node, "event", at, needed=True),
        language=language,
        categories=reader.choices(node, "category", at, CATEGORIES),
        responses=reader.choices(node, "responseType", at, RESPONSES),
        urgency=reader.choice(node, "urgency", at, URGENCIES),
        severity=Severity(reader.choice(node, "severity", at, list(Severity))),
        certainty=reader.choice(node, "certainty", at, CERTAINTIES),
        codes=_codes(reader, node, "eventCode", at),
        effective=reader.moment(node, "effective", at),
        onset=reader.moment(node, "onset", at),
        expires=reader.moment(node, "expires", at),
        sender_name=reader.text(node, "senderName", at),
        headline=reader.text(node, "headline", at),
        description=reader.text(node, "description", at, most=LONG),
        instruction=reader.text(node, "instruction", at, most=LONG),
        web=reader.text(node, "web", at, most=2_000),
        contact=reader.text(node, "contact", at),
        parameters=_codes(reader, node, "parameter", at),
        areas=reader.every(node, "area", at, MOST_AREAS, lambda area, place: _area(reader, area, place)),
    )


def _codes(reader: _Reader, node: Node, name: str, pointer: str) -> tuple[Code, ...]:
    def read(child: Node, at: str) -> Code:
        return Code(reader.text(child, "valueName", at), reader.text(child, "value", at, most=LONG))

    return reader.every(node, name, pointer, MOST_CODES, read)


def _area(reader: _Reader, node: Node, at: str) -> Area:
    return Area(
        desc=reader.text(node, "areaDesc", at, needed=True, most=LONG),
        polygons=reader.every(node, "polygon", at, MOST_SHAPES, lambda child, place: _ring(reader, child, place)),
        circles=reader.every(node, "circle", at, MOST_SHAPES, lambda child, place: _circle(reader, child, place)),
        geocodes=_codes(reader, node, "geocode", at),
    )


def _ring(reader: _Reader, node: Node, at: str) -> tuple[Place, ...] | None:
    """Counted before it is taken apart: a ring of a hundred thousand places costs nothing."""
    if node.text.count(",") > MOST_POINTS:
        reader.flaw(at, "flaw.cap_points", most=MOST_POINTS)
        return None
    pairs = [_place(*found.groups()) if (found := _PAIR.fullmatch(each)) else None for each in node.text.split()]
    if None in pairs:
        reader.flaw(at, "flaw.cap_place", number=pairs.index(None))
        return None
    places = tuple(pair for pair in pairs if pair is not None)
    if len(places) < 4 or places[0] != places[-1] or len(set(places)) < 3:
        reader.flaw(at, "flaw.cap_ring")
        return None
    if _spans(place[0] for place in places) > 180:
        reader.flaw(at, "flaw.cap_date_line")
        return None
    return places


def _spans(longitudes: Iterable[float]) -> float:
    every = list(longitudes)
    return max(every) - min(every)


def _circle(reader: _Reader, node: Node, at: str) -> Circle | None:
    found = _CIRCLE.fullmatch(node.text.strip())
    centre = _place(found[1], found[2]) if found else None
    if found is None or centre is None or not 0 <= float(found[3]) <= MOST_RADIUS_KM:
        reader.flaw(at, "flaw.cap_circle", most=MOST_RADIUS_KM)
        return None
    return Circle(centre, float(found[3]) * 1000)


def _place(lat: str, lon: str) -> Place | None:
    """CAP writes the latitude first; nought is added so that -0 is 0."""
    if abs(float(lat)) > 90 or abs(float(lon)) > 180:
        return None
    return float(lon) + 0.0, float(lat) + 0.0


def _moment(text: str) -> datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper()).replace(microsecond=0)  # CAP itself has whole seconds
        return moment if _EARLIEST <= moment.astimezone(UTC) < _LATEST else None
    except (ValueError, OverflowError):
        return None
