"""The rules about photos: how large, of what type, how long unnamed, and what a camera's clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

MOST_BYTES = 15 * 1024 * 1024
"""Bytes of a photo (the contract)."""
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic")
UNNAMED_LIFE = timedelta(days=30)
"""How long an upload that nobody names is kept (the contract)."""
_EARLIEST, _LATEST = datetime(1970, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - a camera's clock has no zone


class Kind(StrEnum):
    """What a file of evidence is."""

    PHOTO = "photo"
    RECORDING = "recording"


def camera_time(written: str | None, zone: tzinfo) -> datetime | None:
    """The moment a camera wrote (ISO 8601), in the business zone when it names no offset; secondary evidence.

    None when it wrote nothing, or nothing that can be a moment. That a camera without an offset shows local
    time is our judgement.
    """
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    if not _EARLIEST < moment.replace(tzinfo=None) < _LATEST:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
