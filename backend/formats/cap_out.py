"""Messages of the Common Alerting Protocol 1.2, written as the schema of OASIS wants them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from backend.domain.cap import Area, Circle, Code, Info, Message, Place, Reference
from backend.formats.cap import NAMESPACE

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def write(message: Message) -> bytes:
    """The message as XML in UTF-8; the same message is always the same bytes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<alert xmlns="{NAMESPACE}">', *_alert(message), "</alert>", ""]
    return "\n".join(lines).encode()


def digest(message: Message) -> bytes:
    """SHA-256 of what a message says: the same however a relay has laid it out."""
    return hashlib.sha256(write(message)).digest()


def escaped(text: str) -> str:
    """A text as it stands in XML; what no XML can hold is left out."""
    return _NOT_XML.sub("", text).translate(_ESCAPES)


def moment(at: datetime) -> str:
    """A moment as CAP wants it: whole seconds, never a Z."""
    whole = at.replace(microsecond=0)
    if whole.utcoffset() is None or not whole.utcoffset():
        return whole.astimezone(UTC).replace(tzinfo=None).isoformat() + "-00:00"
    return whole.isoformat()


def _alert(message: Message) -> Iterator[str]:
    yield _one("identifier", message.identifier)
    yield _one("sender", message.sender)
    yield _one("sent", moment(message.sent))
    yield _one("status", message.status)
    yield _one("msgType", message.kind)
    yield from _some("source", message.source)
    yield _one("scope", message.scope)
    yield from _some("note", message.note)
    yield from _some("references", " ".join(map(_reference, message.references)))
    for info in message.infos:
        yield from _within("info", _info(info))


def _reference(to: Reference) -> str:
    return f"{to.sender},{to.identifier},{moment(to.sent)}"


def _info(info: Info) -> Iterator[str]:
    yield _one("language", info.language)
    yield from (_one("category", each) for each in info.categories)
    yield _one("event", info.event)
    yield from (_one("responseType", each) for each in info.responses)
    yield _one("urgency", info.urgency)
    yield _one("severity", info.severity)
    yield _one("certainty", info.certainty)
    yield from _codes("eventCode", info.codes)
    for name, at in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        if at is not None:
            yield _one(name, moment(at))
    yield from _some("senderName", info.sender_name)
    yield from _some("headline", info.headline)
    yield from _some("description", info.description)
    yield from _some("instruction", info.instruction)
    yield from _some("web", info.web)
    yield from _some("contact", info.contact)
    yield from _codes("parameter", info.parameters)
    for area in info.areas:
        yield from _within("area", _area(area))


def _area(area: Area) -> Iterator[str]:
    yield _one("areaDesc", area.desc)
    yield from (_one("polygon", " ".join(map(_place, ring))) for ring in area.polygons)
    yield from (_one("circle", _circle(each)) for each in area.circles)
    yield from _codes("geocode", area.geocodes)


def _place(place: Place) -> str:
    """Latitude first, as CAP has it, and no exponents."""
    lon, lat = place
    return f"{_number(lat)},{_number(lon)}"


def _circle(circle: Circle) -> str:
    return f"{_place(circle.centre)} {_number(circle.radius_m / 1000)}"


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _codes(name: str, codes: Iterable[Code]) -> Iterator[str]:
    for code in codes:
        yield from _within(name, [_one("valueName", code.name), _one("value", code.value)])


def _within(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<{name}>"
    yield from lines
    yield f"</{name}>"


def _some(name: str, text: str) -> Iterator[str]:
    if text:
        yield _one(name, text)


def _one(name: str, text: str) -> str:
    return f"<{name}>{escaped(text)}</{name}>"
