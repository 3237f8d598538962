"""Questions about seasons: the versions of years, and what was last made known in each region."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.regions import LENGTHS
from backend.domain.seasons import Dates, Phase, Season
from backend.models.people import Person
from backend.models.regions import Region
from backend.models.seasons import FloodPhase, FloodSeason
from backend.store.regions import inside


def add(session: Session, values: dict[str, Any]) -> bool:
    """Write one more version, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(FloodSeason).on_conflict_do_nothing(index_elements=[FloodSeason.id])
    return session.execute(insertion.returning(FloodSeason.id), values).first() is not None


def existing(session: Session, season_id: UUID) -> AnyRow | None:
    """The version of that id with its maker's name."""
    return session.execute(_shown().where(FloodSeason.id == season_id)).one_or_none()


def newest_version(session: Session, region: str, year: int) -> int:
    """The number of the newest version of a region's year; 0 when there is none."""
    own = (FloodSeason.region_code == region, FloodSeason.year == year)
    return session.scalars(select(func.coalesce(func.max(FloodSeason.version), 0)).where(*own)).one()


def over(session: Session, region: str, year: int) -> list[AnyRow]:
    """Every version of a year that is about a region or one around it, the newest first, with its maker's name."""
    around = [region[:length] for length in LENGTHS.values() if length <= len(region)]
    question = _shown().where(FloodSeason.region_code.in_(around), FloodSeason.year == year)
    return list(session.execute(question.order_by(FloodSeason.made_at.desc(), FloodSeason.version.desc())).all())


def of_years(session: Session, years: Collection[int], region: str | None = None) -> list[Season]:
    """Every version of these years; of those that are about a region or one around or inside it, if one is named."""
    question = select(FloodSeason).where(FloodSeason.year.in_(years))
    if region is not None:
        around = [region[:length] for length in LENGTHS.values() if length < len(region)]
        question = question.where(or_(FloodSeason.region_code.in_(around), inside(FloodSeason.region_code, region)))
    rows = session.scalars(question.order_by(FloodSeason.region_code, FloodSeason.year, FloodSeason.version))
    return [_season(row) for row in rows]


def phases(session: Session) -> dict[str, AnyRow]:
    """What was last made known, by region: phase, last_day."""
    question = select(FloodPhase.region_code, FloodPhase.phase, FloodPhase.last_day)
    return {row.region_code: row for row in session.execute(question)}


def made_known(session: Session, region: str, phase: Phase, last_day: date | None, now: datetime) -> None:
    """Note what was made known in a region."""
    row = {"phase": phase.value, "last_day": last_day, "at": now}
    upsert = insert_for(session)(FloodPhase).values(region_code=region, **row)
    session.execute(upsert.on_conflict_do_update(index_elements=[FloodPhase.region_code], set_=row))


def _shown() -> Select[*tuple[Any, ...]]:
    columns = (*FloodSeason.__table__.columns, Person.name.label("made_by"), Region.name.label("region_name"))
    question = select(*columns).join(Person, Person.id == FloodSeason.made_by_id)
    return question.outerjoin(Region, Region.code == FloodSeason.region_code)


def _season(row: FloodSeason) -> Season:
    dates = Dates(row.begin_day, row.end_day, row.window_begin, row.window_end)
    return Season(row.id, row.region_code, row.year, row.version, row.since_day, dates)
