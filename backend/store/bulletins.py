"""Questions about warnings that went out, for whoever tells other systems of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import AnyRow
from backend.models.flood_warnings import FloodWarning, WarningRegion
from backend.models.regions import Region

_ISSUED: Any = FloodWarning.issued_at.is_not(None)


def of_number(session: Session, number: str) -> list[AnyRow]:
    """The revisions of a warning that went out, the first one first."""
    question = select(*FloodWarning.__table__.columns).where(FloodWarning.number == number, _ISSUED)
    return list(session.execute(question.order_by(FloodWarning.revision)).all())


def since(session: Session, at: datetime, limit: int) -> list[AnyRow]:
    """Every revision of the newest warnings of which one went out since then."""
    newest = select(FloodWarning.root_id).where(_ISSUED, FloodWarning.issued_at >= at)
    roots = newest.group_by(FloodWarning.root_id).order_by(func.max(FloodWarning.seq).desc()).limit(limit)
    question = select(*FloodWarning.__table__.columns).where(FloodWarning.root_id.in_(roots), _ISSUED)
    return list(session.execute(question.order_by(FloodWarning.seq)).all())


def places(session: Session, ids: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Code and name of each region that these touch."""
    question = (
        select(WarningRegion.warning_id, WarningRegion.region_code, Region.name)
        .outerjoin(Region, Region.code == WarningRegion.region_code)
        .where(WarningRegion.warning_id.in_(ids))
        .order_by(WarningRegion.region_code)
    )
    found: dict[UUID, list[tuple[str, str]]] = {each: [] for each in ids}
    for row in session.execute(question):
        found[row.warning_id].append((row.region_code, row.name or row.region_code))
    return found
