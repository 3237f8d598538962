"""Questions about units (责任单位): who must mend what lies around a region."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.domain.regions import LENGTHS
from backend.models.people import Unit

_unit = cast(Table, Unit.__table__)


def around(session: Session, region: str) -> list[AnyRow]:
    """The units of a region and of those around it, the nearest first: code, name, region_code, kind, handles."""
    codes = [region[:length] for length in LENGTHS.values() if length <= len(region)]
    columns = (_unit.c.code, _unit.c.name, _unit.c.region_code, _unit.c.kind, _unit.c.handles)
    question = select(*columns).where(_unit.c.region_code.in_(codes))
    return list(session.execute(question.order_by(func.length(_unit.c.region_code).desc(), _unit.c.code)).all())


def names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The names of these units by code; nothing is asked for none."""
    if not codes:
        return {}
    question = select(_unit.c.code, _unit.c.name).where(_unit.c.code.in_(list(codes)))
    return {row.code: row.name for row in session.execute(question)}


def one(session: Session, code: str) -> AnyRow | None:
    """The unit of that code: code, name, region_code."""
    return session.execute(select(_unit.c.code, _unit.c.name, _unit.c.region_code).where(_unit.c.code == code)).first()
