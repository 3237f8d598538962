"""Vacancies (河长空缺): reaches without a chief of their own, since when, and who answers for them meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.store import vacancies


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacant reach; `since` is the day after the last chief's, or its own first day where it never had one."""

    reach: Any
    since: date
    last: Any
    """Who was its chief last: person_id, name; None for nobody."""
    acting: Sequence[Any]
    """Who acts for its chief today: person_id, name, from_day."""
    above: Sequence[Any]
    """Where nobody acts, the chiefs of the nearest reach above that has one: person_id, name."""
    coming: Any
    """Who will be its chief: person_id, name, from_day; None for nobody."""


def listed(
    session: Session,
    actor: Actor,
    *,
    today: date,
    region: str | None,
    level: int | None,
    code: str | None,
    after: str,
    limit: int,
) -> list[Vacancy]:
    """Vacant reaches where the actor sees people, by code, one more than `limit` when there are more."""
    scope = scope_of(actor, Action.SEE_PEOPLE)
    rows = vacancies.listed(session, scope, today, region=region, level=level, code=code, after=after, limit=limit)
    chiefs: dict[UUID, list[Any]] = defaultdict(list)
    for each in vacancies.chiefs(session, [row.id for row in rows], today):
        chiefs[each.segment_id].append(each)
    above = _above(session, [row for row in rows if not _acting(chiefs[row.id], today)], today)
    return [_vacancy(row, chiefs[row.id], above.get(row.id, ()), today) for row in rows]


def _vacancy(row: Any, chiefs: Sequence[Any], above: Sequence[Any], today: date) -> Vacancy:
    own = [each for each in chiefs if each.appointment_id is not None]
    over = sorted((each for each in own if each.until_day and each.until_day <= today), key=lambda it: it.until_day)
    last = over[-1] if over else None
    coming = next((each for each in own if each.from_day > today), None)
    since = max(last.until_day, row.from_day) if last else row.from_day
    return Vacancy(row, since, last, _acting(chiefs, today), above, coming)


def _acting(chiefs: Iterable[Any], today: date) -> list[Any]:
    return [
        each
        for each in chiefs
        if each.appointment_id is None and each.from_day <= today and (not each.until_day or each.until_day > today)
    ]


def _above(session: Session, rows: Sequence[Any], today: date) -> dict[UUID, Sequence[Any]]:
    """The chiefs of the nearest reach above each of these that has one."""
    chains = {row.id: [each for each in (row.parent_id, row.upper_id, row.highest_id) if each] for row in rows}
    held = vacancies.answering(session, {each for chain in chains.values() for each in chain}, today)
    return {key: next((held[each] for each in chain if each in held), ()) for key, chain in chains.items()}
