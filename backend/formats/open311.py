"""Open311 GeoReport v2: what its clients send as forms, and what they are answered in JSON or XML.

After the public specification (wiki.open311.org/GeoReport_v2): lists of objects in JSON, a root with an element each in
XML; moments as W3C ISO 8601 with an offset; errors as a list of `code` and `description`; everything in UTF-8.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import orjson

from backend.errors import BadInput

MOST_BYTES = 64 * 1024
"""Bytes of a form (our judgement: its longest field is a description)."""
_MOST_FIELDS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")
_FORMATS = {"json": "application/json", "xml": "text/xml"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How one sort of list is called in XML."""

    root: str
    each: str


SERVICES, REQUESTS = Shape("services", "service"), Shape("service_requests", "request")
ERRORS = Shape("errors", "error")


def is_format(name: str) -> bool:
    """Whether it is one of the two."""
    return name in _FORMATS


def media_type(name: str) -> str:
    """Under which type an answer of that format goes out."""
    return f"{_FORMATS[name]}; charset=utf-8"


def written(name: str, shape: Shape, items: Sequence[Mapping[str, Any]]) -> bytes:
    """A list in JSON or XML."""
    if name == "json":
        return orjson.dumps([dict(item) for item in items])
    inner = "".join(f"<{shape.each}>{_elements(item)}</{shape.each}>" for item in items)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{shape.root}>{inner}</{shape.root}>'.encode()


def definition(name: str, service_code: str) -> bytes:
    """What a service asks for beside the usual: nothing of ours does."""
    if name == "json":
        return orjson.dumps({"service_code": service_code, "attributes": []})
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    code = escape(service_code)
    return f"{head}<service_definition><service_code>{code}</service_code><attributes/></service_definition>".encode()


def moment(at: datetime | None) -> str | None:
    """A moment as clients read it; whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def form(raw: bytes, charset: str) -> dict[str, str]:
    """The fields of a form (`application/x-www-form-urlencoded`), the last one of a name.

    Text is UTF-8, as the specification says, with or without a mark at its beginning. Bytes that are not are refused
    and not guessed at: GBK read as Latin-1 would be kept as nonsense. BadInput names the field.
    """
    if charset.lower().replace("_", "-") not in ("", "utf-8", "utf8", "us-ascii"):
        raise BadInput.at("/", "open311.flaw.charset", charset=charset[:40])
    if len(raw) > MOST_BYTES or raw.count(b"&") > _MOST_FIELDS:
        raise BadInput.at("/", "open311.flaw.large", most=MOST_BYTES)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        # What is not percent-encoded is taken as it stands, byte by byte.
        pairs = parse_qsl(
            raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise BadInput.at("/", "open311.flaw.form") from None
    return {_text(key, "/"): _text(value, f"/{key}") for key, value in pairs}


def number(said: str, name: str) -> float:
    """A latitude or longitude in degrees; BadInput for what is no plain decimal number (NaN, 1e999, ١٢)."""
    if not _NUMBER.fullmatch(said.strip()):
        raise BadInput.at(f"/{name}", "open311.flaw.number", name=name)
    value = float(said)
    if not math.isfinite(value) or abs(value) > (90 if name == "lat" else 180):
        raise BadInput.at(f"/{name}", "open311.flaw.number", name=name)
    return value


def time_in(said: str, name: str) -> datetime:
    """A moment of a question; BadInput for what is none, or names no offset."""
    try:
        # A plus that was not encoded arrives as a space.
        at = datetime.fromisoformat(said.strip().replace(" ", "+"))
    except ValueError:
        raise BadInput.at(f"/{name}", "open311.flaw.time", name=name) from None
    if at.tzinfo is None or not 1970 < at.year < 9998:
        raise BadInput.at(f"/{name}", "open311.flaw.time", name=name)
    return at


def several(said: str) -> list[str]:
    """What stands in a list with commas."""
    return [each.strip() for each in said.split(",") if each.strip()]


def _text(value: str, place: str) -> str:
    try:
        text = value.encode("latin-1").decode("utf-8").removeprefix("\ufeff")
    except UnicodeError:
        raise BadInput.at(_plain(place), "open311.flaw.encoding") from None
    if _CONTROL.search(text):
        raise BadInput.at(_plain(place), "open311.flaw.control")
    return text


def _plain(place: str) -> str:
    return re.sub(r"[^/\w]", "", place, flags=re.ASCII)[:40]


def _elements(item: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_said(value)}</{name}>" for name, value in item.items())


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return escape(_CONTROL.sub("", str(value)))


def page_of(said: str, name: str, most: int, usual: int) -> int:
    """A whole number of a question; BadInput for what is none or lies beyond."""
    if not said:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) < 9 and 1 <= int(said) <= most):
        raise BadInput.at(f"/{name}", "open311.flaw.whole", name=name, most=most)
    return int(said)


def errors_of(code: int, descriptions: Iterable[str]) -> list[dict[str, Any]]:
    """What is wrong, one after the other."""
    return [{"code": code, "description": each} for each in descriptions]
