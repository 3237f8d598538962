"""Forms: what was typed, read with care, and why the API has refused it, told beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import request

from backend.clock import local
from backend.context import house
from backend.errors import BadInput, NotFound, Problem
from backend.statuses import STATUS
from backend.web.desk import language
from backend.words import Text, say

Flaws = list[dict[str, str]]
"""For each flaw the name of its field (nothing for the whole form) and a sentence."""


def flaws_of(problem: Problem | None) -> Flaws:
    """What is wrong with a form; of no problem, nothing. What is not there has no form: that goes on as it is."""
    if problem is None:
        return []
    if isinstance(problem, NotFound) and not problem.flaws:
        raise problem
    if not problem.flaws:
        return [{"field": "", "text": say(problem.text, language())}]
    return [flaw(each.pointer.strip("/").split("/")[0], each.text) for each in problem.flaws]


def flaw(field: str, text: Text | str) -> dict[str, str]:
    """One flaw, in the reader's language."""
    return {"field": field, "text": say(text, language())}


def status_of(problem: Problem | None) -> int:
    """With what status the page of a form answers; a field that names what is not there is a mistake in the form."""
    if problem is None:
        return 200
    return STATUS[BadInput if problem.flaws else type(problem)]


def field(name: str, most: int = 4_000) -> str:
    """What was typed in a field, no more of it than that."""
    return request.form.get(name, "").strip()[:most]


def last_of(name: str) -> str:
    """Of a field that stands in a form several times the last value: the button that was pressed, not what it was."""
    return (request.form.getlist(name) or [""])[-1].strip()[:40]


def id_of(said: str) -> UUID:
    """The id that a form was given when it was shown; another one for a form that has none."""
    try:
        return UUID(said)
    except ValueError:
        return uuid4()


def whole(said: str) -> int | str:
    """A whole number; what is none, or too long to be meant, is left to the API to refuse."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else said


def number(said: str) -> float | str:
    """Any number; what is none is left to the API to refuse."""
    try:
        return float(said)
    except ValueError:
        return said


def place_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The place that a form says with `lon` and `lat`, as the API takes it; nothing where neither is said."""
    if not said["lon"] and not said["lat"]:
        return {}
    return {"location": {name: number(said[name]) for name in ("lon", "lat")}}


def date_of(said: str) -> date | None:
    """A day as a field sends it, not too near the ends of the calendar; None for what is none."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None


def moment_of(said: str) -> str:
    """A time as a form says it, in the zone of the house; what is none is left to the API to refuse."""
    try:
        return datetime.fromisoformat(said).replace(tzinfo=house().settings.zone).isoformat() if said else ""
    except ValueError:
        return said


def typed_moment(said: str | None) -> str:
    """The same the other way."""
    return f"{local(datetime.fromisoformat(said), house().settings.zone):%Y-%m-%dT%H:%M}" if said else ""
