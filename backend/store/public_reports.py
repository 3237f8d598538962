"""Questions about what the public reported, and by which board, reach or code it is found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for, touched
from backend.domain.hazards import OPEN, Act
from backend.domain.public_reports import PUBLIC, Load
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level
from backend.models.hazards import Hazard, HazardAct
from backend.models.people import Person
from backend.models.public_reports import PublicReport
from backend.models.regions import Region
from backend.models.segments import NoticeBoard, River, Segment
from backend.store import merges
from backend.store.public_cases import is_told
from backend.store.segments import in_force

_report, _hazard = cast(Table, PublicReport.__table__), cast(Table, Hazard.__table__)
_segment = cast(Table, Segment.__table__)


def know_the_public(session: Session, now: datetime) -> None:
    """Let the public be there as whom it reports: somebody without number, password and post."""
    nobody = {"id": PUBLIC.person_id, "name": PUBLIC.name, "is_active": False, "token_version": 1, "is_demo": False}
    session.execute(insert_for(session)(Person).values(created_at=now, **nobody).on_conflict_do_nothing())


def load_of(session: Session, segment_id: UUID, region_code: str, hour: datetime, day: datetime) -> Load:
    """How much came since these moments: in one look at what is youngest."""
    county = region_code[: LENGTHS[Level.COUNTY]]
    is_hour, is_new = _report.c.reported_at >= hour, _report.c.is_joined.is_(False)
    counts = (
        func.count().filter(is_hour, is_new, _report.c.segment_id == segment_id),
        func.count().filter(is_hour, is_new, _report.c.region_code.startswith(county)),
        func.count().filter(is_hour),
        func.coalesce(func.sum(_report.c.size), 0),
    )
    row = session.execute(select(*counts).where(_report.c.reported_at >= day)).one()
    return Load(*map(int, row))


def add(session: Session, values: dict[str, Any]) -> bool:
    """Note a report; False when that puzzle was used before."""
    noted = insert_for(session)(PublicReport).values(**values).on_conflict_do_nothing(index_elements=[_report.c.id])
    return session.execute(noted.returning(_report.c.id)).scalar_one_or_none() is not None


def of_id(session: Session, report_id: UUID) -> PublicReport | None:
    """The report that came with that puzzle."""
    return session.get(PublicReport, report_id)


def of_code(session: Session, code: str) -> AnyRow | None:
    """The report of that code with where its case stands, the last one into which it was merged; and names.

    Columns: id, code, reported_at, is_joined, is_satisfied, answered_at, hazard_id, kind, state, closed_at,
    segment_name, river_name, region_name.
    """
    told = session.scalar(select(_report.c.hazard_id).where(_report.c.code == code))
    if told is None:
        return None
    case = _hazard.alias("standing")
    question = (
        select(
            *(_report.c.id, _report.c.code, _report.c.reported_at, _report.c.is_joined),
            *(_report.c.is_satisfied, _report.c.answered_at),
            case.c.id.label("hazard_id"),
            *(case.c.kind, case.c.state, case.c.closed_at),
            _segment.c.name.label("segment_name"),
            River.name.label("river_name"),
            Region.name.label("region_name"),
        )
        .select_from(_report)
        .join(case, case.c.id == merges.ends(session, [told])[told])
        .join(_segment, _segment.c.id == case.c.segment_id)
        .join(River, River.code == _segment.c.river_code)
        .join(Region, Region.code == case.c.region_code)
    )
    return session.execute(question.where(_report.c.code == code)).one_or_none()


def answer(session: Session, report_id: UUID, is_satisfied: bool, now: datetime) -> None:
    """Note whether it is good now."""
    said = {"is_satisfied": is_satisfied, "answered_at": now}
    session.execute(update(_report).where(_report.c.id == report_id).values(said))


def joined(session: Session, hazard_id: UUID) -> list[AnyRow]:
    """Who of the public told of a hazard, or of one that was merged into it, the first one first.

    Columns: id, is_joined, phone_sealed, is_satisfied.
    """
    columns = (_report.c.id, _report.c.is_joined, _report.c.phone_sealed, _report.c.is_satisfied)
    question = select(*columns).where(_report.c.hazard_id.in_(merges.whole(hazard_id)))
    return list(session.execute(question.order_by(_report.c.reported_at, _report.c.id)).all())


def board(session: Session, token: str) -> AnyRow | None:
    """Where a board stands: place, point, segment_code, segment_name, river_name, region_name."""
    question = (
        select(
            *(NoticeBoard.place, NoticeBoard.point),
            _segment.c.code.label("segment_code"),
            _segment.c.name.label("segment_name"),
            River.name.label("river_name"),
            Region.name.label("region_name"),
        )
        .join(_segment, _segment.c.id == NoticeBoard.segment_id)
        .join(River, River.code == _segment.c.river_code)
        .join(Region, Region.code == _segment.c.region_code)
    )
    return session.execute(
        question.where(NoticeBoard.token == token, NoticeBoard.taken_down_on.is_(None))
    ).one_or_none()


def called(session: Session, words: list[str], today: date, limit: int) -> list[AnyRow]:
    """Reaches of today whose river, reach or region has each of these words in its name: code, name, region_name."""
    columns = (_segment.c.code, _segment.c.name, Region.name.label("region_name"))
    question = select(*columns).join(Region, Region.code == _segment.c.region_code)
    question = question.join(River, River.code == _segment.c.river_code).where(in_force(today))
    for word in words:
        names = (River.name, _segment.c.name, Region.name)
        question = question.where(or_(*(name.contains(word, autoescape=True) for name in names)))
    return list(session.execute(question.order_by(_segment.c.level, _segment.c.code).limit(limit)).all())


def alike_on(session: Session, segment_id: UUID, kind: str, since: datetime, limit: int) -> list[AnyRow]:
    """Open cases of a kind on a reach that may be told of, the newest first: id, reported_at, state."""
    question = select(_hazard.c.id, _hazard.c.reported_at, _hazard.c.state).where(
        _hazard.c.segment_id == segment_id,
        _hazard.c.kind == kind,
        _hazard.c.state.in_(OPEN),
        _hazard.c.reported_at >= since,
        is_told(),
    )
    return list(session.execute(question.order_by(_hazard.c.seq.desc()).limit(limit)).all())


def sealed_phones(session: Session, after: UUID | None, limit: int) -> list[AnyRow]:
    """Sealed numbers of citizens by report, for sealing them anew: id, phone_sealed."""
    question = select(_report.c.id, _report.c.phone_sealed).where(_report.c.phone_sealed.is_not(None))
    if after is not None:
        question = question.where(_report.c.id > after)
    return list(session.execute(question.order_by(_report.c.id).limit(limit)).all())


def seal_anew(session: Session, report_id: UUID, before: bytes, sealed: bytes) -> None:
    """Put a newly sealed number in place of an old one, unless it was forgotten meanwhile."""
    unchanged = update(_report).where(_report.c.id == report_id, _report.c.phone_sealed == before)
    session.execute(unchanged.values(phone_sealed=sealed))


def forget_phones(session: Session, before: datetime, limit: int) -> int:
    """Forget the numbers of reports whose case was closed or refused before a moment, so many at once; how many.

    The case of one that was merged is that into which it was.
    """
    is_kept = (_report.c.phone_sealed.is_not(None), _report.c.reported_at < before)
    told_with_a_number = _hazard.c.id.in_(select(_report.c.hazard_id).where(*is_kept))
    is_long_closed = or_(_hazard.c.closed_at.is_(None), _hazard.c.closed_at < before)
    refused = exists().where(HazardAct.hazard_id == _hazard.c.id, HazardAct.act == Act.REJECT.value)
    over = merges.standing(
        told_with_a_number, _hazard.c.state.not_in(OPEN), is_long_closed, ~refused.where(HazardAct.at >= before)
    )
    chosen = select(_report.c.id).where(*is_kept, _report.c.hazard_id.in_(over))
    some = session.scalars(chosen.limit(limit)).all()
    nothing = {"phone_sealed": None, "phone_index": None}
    return touched(session.execute(update(_report).where(_report.c.id.in_(some)).values(nothing)))
