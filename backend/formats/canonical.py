"""Canonical JSON (RFC 8785): one body has one digest, however a phone wrote its spaces and numbers."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import orjson
import rfc8785

_STAND_IN = "\ufdd0points"  # a noncharacter: no honest text contains it
_PLAIN_TYPES = {int, float}
_PLAIN = (1e-5, 1e15)
"""Between these, ECMAScript and orjson write a number alike, but for a trailing `.0`."""


class NotCanonical(ValueError):
    """A number beyond what JSON can say exactly (integers over 2^53)."""


def canonical_sha256(body: dict[str, Any]) -> bytes:
    """SHA-256 of a body without its `client`, which may differ from one try to the next."""
    kept = {key: value for key, value in body.items() if key != "client"}
    try:
        return hashlib.sha256(_canonical(kept)).digest()
    except (rfc8785.CanonicalizationError, OverflowError) as wrong:
        raise NotCanonical(str(wrong)) from wrong


def _canonical(body: dict[str, Any]) -> bytes:
    """The library's form; the long array of a track is written by a faster hand, to the same letter."""
    track = body.get("track")
    if not isinstance(track, dict) or (written := _numbers(track.get("points"))) is None:
        return rfc8785.dumps(body)
    shell = rfc8785.dumps(body | {"track": {**track, "points": _STAND_IN}})
    return shell.replace(orjson.dumps(_STAND_IN), written, 1)


def _numbers(points: Any) -> bytes | None:
    """Rows of plain numbers as canonical JSON; None when any of them needs the library's care."""
    if not isinstance(points, list):
        return None
    try:
        if not {type(value) for row in points for value in row} <= _PLAIN_TYPES:
            return None
        sizes = np.abs(np.array(points, dtype=np.float64))
    except (TypeError, ValueError, OverflowError):
        return None
    if not bool(np.all((sizes == 0) | ((sizes > _PLAIN[0]) & (sizes < _PLAIN[1])))):
        return None
    written = orjson.dumps(points)
    if b"-0.0" in written:
        return None
    return written.replace(b".0,", b",").replace(b".0]", b"]")
