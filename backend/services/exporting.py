"""Exports: what left the house, in whose hands, asked for how; so that it can be said afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.db import Session
from backend.domain.access import Actor
from backend.store import changes


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was taken: which, asked for how, in which form, how much of it, and what for if that was asked."""

    what: str
    asked: Mapping[str, Any]
    form: str
    rows: int
    purpose: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    """What was asked in words, as it stands in the file."""


def taken(session: Session, actor: Actor, list_: Taken, *, now: datetime) -> None:
    """Somebody took a list out of the house."""
    body = {"asked": dict(list_.asked), "form": list_.form, "rows": list_.rows, "said": dict(list_.said)}
    if list_.purpose:
        body["purpose"] = list_.purpose
    changes.record(session, now, actor.person_id, "export", "list", list_.what, body)
