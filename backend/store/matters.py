"""Questions about what waits for somebody besides hazards and orders: letters of the law, and doors to knock at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from backend.db import AnyRow, UtcTime
from backend.domain.access import Scope
from backend.models.callouts import Callout, DoorKnock
from backend.models.cooperation import Clue, Suggestion
from backend.models.people import Person
from backend.store import cooperation, suggestions


def listed(session: Session, owed: Scope) -> list[AnyRow]:
    """Suggestions and clues without an answer, of these offices and houses of the law, and doors of these people.

    Columns: type, id, name (a document's number, what a clue asks, whose door it is), hazard_id, due_at, due_on.
    """
    parts = []
    if owed.regions:
        parts.append(_suggestions(owed))
    if owed.regions or owed.handed:
        parts.append(_clues(owed))
    if owed.people:
        parts.append(_doors(owed.people))
    return list(session.execute(union_all(*parts)).all()) if parts else []


def _suggestions(owed: Scope) -> Select[Any]:
    columns = (Suggestion.id, Suggestion.document.label("name"), Suggestion.hazard_id, Suggestion.reply_by)
    return _part("suggestion", *columns, cast(null(), Date)).where(suggestions.is_owed(owed))


def _clues(owed: Scope) -> Select[Any]:
    columns = (Clue.id, Clue.note, Clue.hazard_id, cast(null(), UtcTime), Clue.return_on)
    return _part("clue", *columns).where(cooperation.is_owed(owed))


def _doors(people: tuple[UUID, ...]) -> Select[Any]:
    columns = (DoorKnock.id, Person.name, cast(null(), Uuid), cast(null(), UtcTime), cast(null(), Date))
    question = _part("door", *columns).join(Callout, Callout.id == DoorKnock.callout_id)
    question = question.join(Person, Person.id == Callout.person_id)
    return question.where(
        DoorKnock.given_to_id.in_(people), DoorKnock.done_at.is_(None), Callout.state.in_(("open", "unreached"))
    )


def _part(kind: str, *columns: Any) -> Select[Any]:
    names = ("id", "name", "hazard_id", "due_at", "due_on")
    named = (column.label(name) for name, column in zip(names, columns, strict=True))
    return select(literal(kind).label("type"), *named)
