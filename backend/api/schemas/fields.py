"""Field types that every noun shares: moments, digests, texts, tracks; `DOCUMENT` is what a client is told of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.domain.regions import BadRegionCode, cut
from backend.words import Text

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)


class Moment(fields.Field[datetime]):
    """RFC 3339 with its offset, from 1970 to 9999."""

    DOCUMENT = {
        "type": "string",
        "format": "date-time",
        "description": "RFC 3339 with its offset.",
        "example": "2025-07-02T06:10:00+08:00",
    }

    default_error_messages = {"invalid": "Not a valid datetime."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise self.make_error("invalid")
        text = value.upper().replace(" ", "T").replace(":60", ":59", 1) if value[17:19] == "60" else value.upper()
        try:
            moment = datetime.fromisoformat(text)
            utc = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if utc < _EARLIEST:
            raise ValidationError([Text("flaw.before_1970")])
        return moment


class Day(fields.Date):
    """A business day around which a whole quarter can still be counted."""

    DOCUMENT = {"type": "string", "format": "date", "description": "A business day.", "example": "2025-07-02"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise ValidationError([Text("flaw.day", {"first": _FIRST_DAY, "last": _LAST_DAY})])
        return day


class RegionCode(fields.String):
    """A division code, padded with zeros or not; always loaded at the length of its level."""

    DOCUMENT = {
        "type": "string",
        "pattern": "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
        "description": "An official division code (区划代码) at the length of its level, or padded with zeros.",
        "example": "371502",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return cut(super()._deserialize(value, attr, data, **kwargs) or "")
        except BadRegionCode:
            raise ValidationError([Text("flaw.region")]) from None


class Digest(fields.Field[bytes]):
    """A SHA-256 as 64 hexadecimal digits."""

    DOCUMENT = {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of the bytes, in small hexadecimal digits.",
        "example": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValidationError([Text("flaw.digest")])
        return bytes.fromhex(value)


class Between(validate.Range):
    """A number within bounds, told in the reader's language."""

    def _format_error(self, value: Any, message: str) -> Any:
        return [Text.of("flaw.between", low=self.min, high=self.max)]


class Length(validate.Length):
    """A text or list of bounded length, told in the reader's language; spaces alone are no text where one is needed."""

    def __call__(self, value: Any) -> Any:
        """The value as it is; ValidationError for one that is too short, too long or blank."""
        if self.min and isinstance(value, str) and not value.strip():
            raise ValidationError(self._format_error(value, ""))
        return super().__call__(value)

    def _format_error(self, value: Any, message: str) -> Any:
        return [Text.of("flaw.length", low=self.min or 0, high=self.max)]


class OneOf(validate.OneOf):
    """One of a closed list, which is told."""

    def _format_error(self, value: Any) -> Any:
        return [Text.of("flaw.choice", choices=self.choices_text)]


def about(description: str) -> dict[str, Any]:
    """What the document says of a field."""
    return {"description": description} if description else {}


def text(most: int, description: str = "", *, required: bool = False, least: int = 0) -> fields.String:
    """A text of bounded length."""
    return fields.String(required=required, validate=Length(least, most), metadata=about(description))


def one_of(*choices: str, required: bool = False, description: str = "") -> fields.String:
    """One word of a closed list."""
    words = OneOf([str(choice) for choice in choices])
    return fields.String(required=required, validate=words, metadata=about(description))


def number(least: float, most: float, description: str = "") -> fields.Float:
    """A finite number within bounds."""
    return fields.Float(validate=Between(least, most), metadata=about(description))


def alone() -> fields.Boolean:
    """Whether a region is meant without those below it."""
    said = about("Only what is of that very region, and not of those below it.")
    return fields.Boolean(load_default=False, metadata=said)
