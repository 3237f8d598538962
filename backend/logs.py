"""Structured logs without personal data: a phone, name, token or position never leaves this process."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

HIDDEN = frozenset(
    {
        "phone",
        "name",
        "note",
        "password",
        "token",
        "access_token",
        "refresh_token",
        "code",
        "authorization",
        "lon",
        "lat",
        "lonlat",
        "position",
        "track",
        "points",
    }
)
_LOOKS_PERSONAL = re.compile(
    r"(?<!\d)(?:\+?86)?1\d{10}(?!\d)"  # a mobile number
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # a signed token
    r"|\b\d{2,3}\.\d{4,}\b"  # a coordinate
    r"|(?<=DETAIL:)[^\n]+"  # PostgreSQL repeats the row that does not fit
)


def configure(level: str) -> None:
    """One JSON object a line on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values by their name, and whatever looks like a number, token or coordinate by its form."""
    for key, value in list(event.items()):
        if key in HIDDEN:
            event[key] = "…"
        elif isinstance(value, str) and key != "timestamp":
            event[key] = _LOOKS_PERSONAL.sub("…", value)
    return event
