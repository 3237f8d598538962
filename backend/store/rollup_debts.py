"""Days that have to be counted again: owed in the transaction of a change, taken by whoever counts them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.stats import Noun
from backend.models.stats import RollupDebt

_debt = cast(Table, RollupDebt.__table__)
_ENTRY = insert(_debt)


def owe(session: Session, noun: Noun, at: datetime, region: str = "") -> None:
    """The day of a moment has to be counted again, in one region alone where it is named."""
    session.execute(_ENTRY, {"noun": noun.value, "at": at, "region_code": region})


def owe_all(session: Session, noun: Noun, moments: Select[Any]) -> None:
    """The same of moments (and regions, in a second column) that the database knows itself."""
    given = moments.subquery()
    columns = list(given.c)
    region: Any = columns[1] if len(columns) > 1 else literal("")
    asked = select(literal(noun.value), columns[0], region).where(columns[0].is_not(None)).distinct()
    session.execute(insert(_debt).from_select(["noun", "at", "region_code"], asked))


def taken(session: Session, limit: int) -> list[AnyRow]:
    """The oldest debts: seq, noun, at, region_code."""
    return list(session.execute(select(*_debt.c).order_by(_debt.c.seq).limit(limit)).all())


def settle(session: Session, seqs: Collection[int]) -> None:
    """These have been counted."""
    session.execute(delete(_debt).where(_debt.c.seq.in_(list(seqs))))


def is_owed(session: Session, noun: Noun, begin: datetime, end: datetime) -> bool:
    """Whether something between two moments has yet to be counted again."""
    question = select(_debt.c.seq).where(_debt.c.noun == noun.value, _debt.c.at >= begin, _debt.c.at < end)
    return session.execute(question.limit(1)).first() is not None


def waiting(session: Session, most: int) -> int:
    """How many debts there are; counted up to `most`."""
    return session.scalar(select(func.count()).select_from(select(_debt.c.seq).limit(most).subquery())) or 0


def moments(rows: Iterable[AnyRow]) -> list[tuple[Noun, datetime, str]]:
    """Debts as what is to be counted again."""
    return [(Noun(row.noun), row.at, row.region_code) for row in rows]
