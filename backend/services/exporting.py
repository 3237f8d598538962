"""Exports: what left the house, in whose hands, asked for how; so that it can be said afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor
from backend.store import changes


def taken(
    session: Session, actor: Actor, what: str, asked: Mapping[str, Any], *, form: str, rows: int, now: datetime
) -> None:
    """Somebody took a list out of the house."""
    body = {"asked": dict(asked), "form": form, "rows": rows}
    changes.record(session, now, actor.person_id, "export", "list", what, body)
