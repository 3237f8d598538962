"""Questions about the dated rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, bindparam, func, insert, literal, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.people import Person
from backend.models.rules import Rule

_rule = Rule.__table__
_NEWEST = select(func.coalesce(func.max(_rule.c.version), 0)).where(_rule.c.kind == bindparam("kind"))


def newest_of(kind: str) -> ScalarSelect[int]:
    """The number of the newest version (0: none), for a question that asks it beside other things."""
    return select(func.coalesce(func.max(_rule.c.version), 0)).where(_rule.c.kind == literal(kind)).scalar_subquery()


def newest_version(session: Session, kind: str) -> int:
    """The number of the newest version; 0 when there is none."""
    return session.execute(_NEWEST, {"kind": kind}).scalar_one()


def versions(session: Session, kind: str) -> list[AnyRow]:
    """Every version in order: version, valid_from, body, reason, made_at."""
    columns = (Rule.version, Rule.valid_from, Rule.body, Rule.reason, Rule.made_at)
    return list(session.execute(select(*columns).where(Rule.kind == kind).order_by(Rule.version)).all())


def signed_versions(session: Session, kind: str) -> list[AnyRow]:
    """The same, each with whoever made it: made_by_id and made_by (None: the house itself, or the command line)."""
    columns = (Rule.version, Rule.valid_from, Rule.body, Rule.reason, Rule.made_at, Rule.made_by_id)
    question = select(*columns, Person.name.label("made_by")).outerjoin(Person, Person.id == Rule.made_by_id)
    return list(session.execute(question.where(Rule.kind == kind).order_by(Rule.version)).all())


def add(
    session: Session,
    kind: str,
    version: int,
    body: dict[str, Any],
    *,
    valid_from: datetime,
    reason: str,
    made_by: UUID | None,
    now: datetime,
) -> None:
    """Write one more version; the key refuses a number that is taken."""
    session.execute(
        insert(Rule).values(
            kind=kind,
            version=version,
            body=body,
            valid_from=valid_from,
            reason=reason,
            made_by_id=made_by,
            made_at=now,
        )
    )
