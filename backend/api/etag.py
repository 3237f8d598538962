"""If-Match: whoever changes a thing says which version they saw."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import request
from werkzeug.http import parse_etags

from backend.errors import Stale, VersionNeeded

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag of the version that was seen.",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
}
"""The header as the document of the API describes it."""


def version_of(*parts: Any) -> str:
    """A version of what has no number of its own: the digest of how it is now."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]


def require_match(etag: str, present: Any) -> None:
    """VersionNeeded without If-Match, Stale (with the thing as it is now) when it names another version."""
    require_version(request.headers.get("If-Match"), etag, present)


def require_version(seen: str | None, etag: str, present: Any) -> None:
    """The same for a version that was said elsewhere: in an item of a batch."""
    if not seen:
        raise VersionNeeded()
    if not parse_etags(seen).contains(etag):
        raise Stale(extra={"present": present})
