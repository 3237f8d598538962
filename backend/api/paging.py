"""Paging: an opaque cursor made of the last row's keys; keyset, never OFFSET."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from operator import index
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request
from marshmallow import Schema, ValidationError, fields, post_load, validate

from backend.errors import BadInput
from backend.words import Text

DEFAULT = 50
MOST = 500
_LONGEST_KEY = 200
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Cursor(fields.Field[list[Any]]):
    """An opaque place in a list, as `next` gave it."""

    DOCUMENT = {"type": "string", "description": "A place in the list, as `next` gave it; nothing: from its start."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        try:
            keys = orjson.loads(base64.urlsafe_b64decode(str(value).encode() + b"=="))
        except ValueError:
            keys = None
        if not isinstance(keys, list) or not 1 <= len(keys) <= 3 or not all(map(_is_key, keys)):
            raise ValidationError([Text("flaw.cursor")])
        return keys


class PageArguments(Schema):
    """`limit` and `cursor` of every list."""

    limit = fields.Integer(
        load_default=DEFAULT,
        validate=validate.Range(1, MOST, error="flaw.limit"),
        metadata={"description": "How many a page."},
    )
    cursor = Cursor(load_default=None)

    @post_load
    def _stripped(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data


def _is_key(key: Any) -> bool:
    """Whether a database can compare something with it; a cursor comes back from outside, as anybody made it up."""
    if isinstance(key, list):
        return all(isinstance(part, int) and _is_key(part) for part in key)
    if isinstance(key, str):
        return len(key) <= _LONGEST_KEY and "\x00" not in key
    return isinstance(key, int | float) and -(2**63) <= key < 2**63


def encode(keys: list[Any]) -> str:
    """Keys of the last row as a cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(keys)).rstrip(b"=").decode()


def number_in(cursor: list[Any] | None) -> int | None:
    """The running number in the cursor of a list that goes by one; BadInput for the cursor of another list."""
    if cursor is None:
        return None
    try:
        (seq,) = cursor
        return index(seq)
    except (ValueError, TypeError):
        raise BadInput.at("/cursor", "flaw.cursor") from None


def place_in(cursor: list[Any] | None, *readings: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The keys in the cursor of a list that goes by several, each as it is read; BadInput for that of another list."""
    if cursor is None:
        return None
    try:
        return tuple(reading(key) for reading, key in zip(readings, cursor, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise BadInput.at("/cursor", "flaw.cursor") from None


def late_place(
    cursor: list[Any] | None, now: datetime, *readings: Callable[[Any], Any]
) -> tuple[datetime, tuple[Any, ...] | None]:
    """The moment by which a list is split into what is late and what is in time, and the keys of its last row: 0 or 1
    for late or in time, and those that `readings` read. All pages of a list are split by the moment of its first.
    """
    if cursor is None:
        return now, None
    keys = place_in(cursor, _split, *readings)
    assert keys is not None
    (in_time, at), *rest = keys
    return min(now, max(at, now - timedelta(days=1))), (in_time, *rest)


def late_keys(at: datetime, in_time: int, *keys: Any) -> list[Any]:
    """The cursor of such a list."""
    return [[in_time, round((at - _EPOCH) / _TICK)], *keys]


def due_place(cursor: list[Any] | None) -> tuple[datetime | None, int] | None:
    """The deadline and the running number of the last row of a list that goes by deadlines."""
    found = place_in(cursor, _deadline, index)
    return None if found is None else (found[0], found[1])


def due_keys(due: datetime | None, seq: int) -> list[Any]:
    """The cursor of such a list."""
    return [[] if due is None else [round((due - _EPOCH) / _TICK)], seq]


def _deadline(key: Any) -> datetime | None:
    if not isinstance(key, list):
        raise TypeError
    return _EPOCH + index(*key) * _TICK if key else None


def _split(key: Any) -> tuple[int, datetime]:
    in_time, ticks = key
    return (1 if index(in_time) else 0), _EPOCH + index(ticks) * _TICK


def numbered(items: list[Any], rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """A page of a list that goes by running numbers (`seq`); `rows` are one more than `items` where another follows."""
    return {"items": items, "next": next_path([rows[limit - 1].seq] if len(rows) > limit else None)}


def next_path(last_keys: list[Any] | None) -> str | None:
    """The full path of the next page with the query of this one; None after the last row."""
    if last_keys is None:
        return None
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "cursor"]
    return f"{request.path}?{urlencode([*query, ('cursor', encode(last_keys))])}"
