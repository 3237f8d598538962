"""Questions about look-backs: what was closed when, what was drawn of it, and what was seen there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, case, false, func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.domain.hazards import Act, State
from backend.domain.lookbacks import Outcome, Why
from backend.domain.regions import LENGTHS
from backend.models.hazards import Hazard, HazardAct
from backend.models.lookbacks import Lookback, LookbackCheck, LookbackHazard
from backend.models.people import Person
from backend.models.public_reports import PublicReport
from backend.models.segments import Segment
from backend.store import merges
from backend.store.bulk import insert_all
from backend.store.regions import inside

_SHOWN = select(*Lookback.__table__.columns, Person.name.label("made_by")).outerjoin(
    Person, Person.id == Lookback.made_by_id
)


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the candidates; None: it does not matter."""

    drawn: bool | None = None
    checked: bool | None = None


def closed_between(session: Session, region: str, begin: datetime, end: datetime) -> list[AnyRow]:
    """Hazards of a region that were closed between two moments and still are: id, region_code, severity, closed_at."""
    columns = (Hazard.id, Hazard.region_code, Hazard.severity, Hazard.closed_at)
    question = select(*columns).where(
        inside(Hazard.region_code, region),
        Hazard.state == State.CLOSED.value,
        Hazard.closed_at >= begin,
        Hazard.closed_at < end,
    )
    return list(session.execute(question).all())


def disputed(session: Session, region: str, since: datetime) -> dict[UUID, datetime]:
    """Hazards whose citizens said since then that they are not satisfied, and when last; merged ones say it of the
    hazard into which they were merged.
    """
    question = select(Hazard.id, PublicReport.answered_at)
    question = question.join(PublicReport, PublicReport.hazard_id == Hazard.id).where(
        inside(Hazard.region_code, region), PublicReport.is_satisfied.is_(False), PublicReport.answered_at >= since
    )
    rows: Sequence[Any] = session.execute(question.order_by(PublicReport.answered_at)).all()
    ends = merges.ends(session, {row.id for row in rows})
    return {ends[row.id]: row.answered_at for row in rows}


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Lookback).on_conflict_do_nothing(index_elements=[Lookback.id])
    return session.execute(insertion.returning(Lookback.seq), values).scalar_one_or_none() is not None


def add_candidates(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down the candidates in their places."""
    insert_all(session, cast(Table, LookbackHazard.__table__), rows)


def existing(session: Session, lookback_id: UUID) -> AnyRow | None:
    """The look-back of that id with its maker's name, whoever may see it."""
    return session.execute(_SHOWN.where(Lookback.id == lookback_id)).one_or_none()


def listed(session: Session, regions: Iterable[str], *, limit: int, after: int | None) -> list[AnyRow]:
    """Look-backs that touch these regions, newest first, one more than `limit`; keyset after a number."""
    parts: list[ColumnElement[bool]] = []
    for region in regions:
        around = [region[:length] for length in LENGTHS.values() if length < len(region)]
        parts += [inside(Lookback.region_code, region), Lookback.region_code.in_(around)]
    question = _SHOWN.where(or_(false(), *parts))
    if after is not None:
        question = question.where(Lookback.seq < after)
    return list(session.execute(question.order_by(Lookback.seq.desc()).limit(limit + 1)).all())


def sums(session: Session, lookback_id: UUID, regions: Iterable[str]) -> AnyRow:
    """Over a part of a look-back: candidates, drawn, severe, citizen, checked, held, rebounded."""

    def counted(condition: ColumnElement[bool], name: str) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)

    question = (
        select(
            func.count().label("candidates"),
            counted(LookbackHazard.why.is_not(None), "drawn"),
            counted(LookbackHazard.why == Why.SEVERE.value, "severe"),
            counted(LookbackHazard.why == Why.CITIZEN.value, "citizen"),
            counted(LookbackHazard.check_id.is_not(None), "checked"),
            counted(LookbackCheck.outcome == Outcome.HOLDS.value, "held"),
            counted(LookbackCheck.outcome == Outcome.REBOUND.value, "rebounded"),
        )
        .select_from(LookbackHazard)
        .outerjoin(LookbackCheck, LookbackCheck.id == LookbackHazard.check_id)
    )
    return session.execute(question.where(*_part(lookback_id, regions))).one()


def candidates(session: Session, lookback_id: UUID) -> list[AnyRow]:
    """Every candidate in its place: hazard_id, severity, closed_at, why."""
    columns = (LookbackHazard.hazard_id, LookbackHazard.severity, LookbackHazard.closed_at, LookbackHazard.why)
    question = select(*columns).where(LookbackHazard.lookback_id == lookback_id)
    return list(session.execute(question.order_by(LookbackHazard.place)).all())


def hazards(
    session: Session,
    lookback_id: UUID,
    regions: Iterable[str],
    which: Which,
    *,
    limit: int,
    after: int | None,
) -> list[AnyRow]:
    """Candidates in their places with what was seen there, one more than `limit`; keyset after a place."""
    columns = (
        *(column for column in LookbackHazard.__table__.columns if column.name != "lookback_id"),
        Hazard.kind,
        Hazard.state,
        Hazard.description,
        Segment.code.label("segment_code"),
        Segment.name.label("segment_name"),
        LookbackCheck.outcome,
        LookbackCheck.note,
        LookbackCheck.at,
        LookbackCheck.person_id,
        Person.name.label("person_name"),
    )
    question = select(*columns).join(Hazard, Hazard.id == LookbackHazard.hazard_id)
    question = question.join(Segment, Segment.id == Hazard.segment_id)
    question = question.outerjoin(LookbackCheck, LookbackCheck.id == LookbackHazard.check_id)
    question = question.outerjoin(Person, Person.id == LookbackCheck.person_id).where(*_part(lookback_id, regions))
    for asked, column in ((which.drawn, LookbackHazard.why), (which.checked, LookbackHazard.check_id)):
        if asked is not None:
            question = question.where(column.is_not(None) if asked else column.is_(None))
    if after is not None:
        question = question.where(LookbackHazard.place > after)
    return list(session.execute(question.order_by(LookbackHazard.place).limit(limit + 1)).all())


def drawn(session: Session, lookback_id: UUID, hazard_id: UUID) -> AnyRow | None:
    """A hazard that was drawn; nobody else checks it until the transaction ends."""
    here = (LookbackHazard.lookback_id == lookback_id, LookbackHazard.hazard_id == hazard_id)
    question = select(*LookbackHazard.__table__.columns).where(*here, LookbackHazard.why.is_not(None))
    return session.execute(question.with_for_update()).one_or_none()


def actors(session: Session, hazard_id: UUID, acts: Iterable[Act]) -> set[UUID]:
    """Whoever has taken one of these acts on a hazard."""
    question = select(HazardAct.person_id).where(
        HazardAct.hazard_id == hazard_id, HazardAct.act.in_([act.value for act in acts])
    )
    return set(session.scalars(question))


def check_of(session: Session, check_id: UUID) -> AnyRow | None:
    """The check of that id."""
    columns = (*LookbackCheck.__table__.columns, Person.name.label("person_name"))
    question = select(*columns).join(Person, Person.id == LookbackCheck.person_id)
    return session.execute(question.where(LookbackCheck.id == check_id)).one_or_none()


def add_check(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(LookbackCheck).on_conflict_do_nothing(index_elements=[LookbackCheck.id])
    if session.execute(insertion.returning(LookbackCheck.seq), values).scalar_one_or_none() is None:
        return False
    here = (LookbackHazard.lookback_id == values["lookback_id"], LookbackHazard.hazard_id == values["hazard_id"])
    session.execute(update(LookbackHazard).where(*here).values(check_id=values["id"]))
    return True


def _part(lookback_id: UUID, regions: Iterable[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    parts = [inside(LookbackHazard.region_code, region) for region in regions]
    return LookbackHazard.lookback_id == lookback_id, or_(false(), *parts)


def erase(session: Session, hazard_id: UUID) -> None:
    """Take out what was written at the checks of a hazard."""
    session.execute(update(LookbackCheck).where(LookbackCheck.hazard_id == hazard_id).values(note=""))
