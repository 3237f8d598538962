"""Search (搜索): reaches by name or code, people by name, hazards by words or id, each as far as one may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, may_try
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.services import hazards, people, segments
from backend.store import hazards as hazard_store
from backend.store import search

_FIRST = ("", str(UUID(int=0)))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by noun; None for whoever may not see any of it."""

    reaches: Sequence[Any] | None
    people: Sequence[Any] | None
    posts: dict[UUID, list[dict[str, Any]]]
    hazards: Sequence[Any] | None


def found(session: Session, actor: Actor, words: str, *, limit: int, today: date) -> Found:
    """At most so many of each noun."""
    reaches = persons = cases = None
    posts: dict[UUID, list[dict[str, Any]]] = {}
    if may_try(actor, Action.SEE_SEGMENTS):
        reaches = search.reaches(session, segments.scope(session, actor, today), today, words, limit)
    if may_try(actor, Action.SEE_PEOPLE):
        persons = people.listed(session, actor, today=today, after=_FIRST, limit=limit, q=words)[:limit]
        posts = people.posts_on(session, persons, today)
    if may_try(actor, Action.SEE_HAZARDS):
        cases = _hazards(session, actor, words, limit=limit, today=today)
    return Found(reaches, persons, posts, cases)


def _hazards(session: Session, actor: Actor, words: str, *, limit: int, today: date) -> Sequence[Any]:
    """The one of an id that was pasted in, else those that speak of it, newest first."""
    try:
        return [hazards.one(session, actor, UUID(words), today=today)]
    except NotFound:
        return []
    except ValueError:
        asked = hazard_store.Asked(words=words)
        return hazard_store.listed(session, hazards.scope(session, actor, today), asked, limit=limit)[:limit]
