"""If-Match: whoever changes a thing says which version they saw."""

from __future__ import annotations

from typing import Any

from flask import request

from backend.errors import Stale, VersionNeeded


def require_match(etag: str, present: Any) -> None:
    """VersionNeeded without If-Match, Stale (with the thing as it is now) when it names another version."""
    if not request.headers.get("If-Match"):
        raise VersionNeeded()
    if not request.if_match.contains(etag):
        raise Stale(extra={"present": present})
