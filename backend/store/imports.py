"""What an import asks and writes, in bulk: many rows a question, never a question a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from shapely import MultiLineString
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from backend.db import insert_for
from backend.models.people import Appointment, Person, Unit
from backend.models.regions import Region
from backend.models.segments import Assignment, Checkpoint, NoticeBoard, River, Segment

_BATCH = 500


def upsert(
    session: Session, model: type[Any], rows: Sequence[dict[str, Any]], key: Sequence[str], keep: Iterable[str] = ()
) -> None:
    """Insert rows, or alter those with the same key but for the columns in `keep`."""
    table = cast(Table, model.__table__)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        insert = insert_for(session)(table).values(batch)
        changed = {name: insert.excluded[name] for name in batch[0] if name not in {*key, *keep}}
        if changed:
            insert = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
        else:
            insert = insert.on_conflict_do_nothing(index_elements=list(key))
        session.execute(insert)


def region_codes(session: Session) -> set[str]:
    """Every region."""
    return set(session.scalars(select(Region.code)))


def river_codes(session: Session) -> set[str]:
    """Every river."""
    return set(session.scalars(select(River.code)))


def units(session: Session) -> dict[str, str]:
    """Codes of responsible units, by code and by name."""
    rows = session.execute(select(Unit.code, Unit.name)).all()
    return {name: code for code, name in rows} | {code: code for code, _ in rows}


def segments(session: Session) -> dict[str, Any]:
    """Every segment by code, with everything that an import may leave as it is, and its shapes as stored."""
    columns = (
        Segment.code,
        Segment.id,
        Segment.region_code,
        Segment.level,
        Segment.version,
        Segment.width_m,
        Segment.from_day,
        Segment.until_day,
        Segment.line,
        Segment.levee,
    )
    return {row.code: row for row in session.execute(select(*columns))}


def set_levee(session: Session, segment_id: UUID, levee: MultiLineString) -> None:
    """Give a segment its levee, which is a new version of it."""
    changed = update(Segment).where(Segment.id == segment_id)
    session.execute(changed.values(levee=levee, version=Segment.version + 1))


def segment_places(session: Session) -> dict[str, Any]:
    """Every segment by code: id, region_code, level."""
    columns = (Segment.code, Segment.id, Segment.region_code, Segment.level)
    return {row.code: row for row in session.execute(select(*columns))}


def boards(session: Session) -> dict[str, Any]:
    """Every notice board by code, with what an import may leave as it is."""
    kept = ("code", "id", "token", "place", "put_up_on", "office_phone", "goals", "forbidden", "text_on")
    names = (*kept, "is_text_newer", "printed_on", "version")
    return {row.code: row for row in session.execute(select(*(getattr(NoticeBoard, name) for name in names)))}


def ids_of(session: Session, model: type[Checkpoint]) -> dict[str, UUID]:
    """Ids of what stands on the banks, by code."""
    return {row.code: row.id for row in session.execute(select(model.code, model.id))}


def people_by_index(session: Session) -> dict[bytes, Any]:
    """Everybody with a number, by its keyed index: id, name."""
    columns = (Person.phone_index, Person.id, Person.name)
    return {row.phone_index: row for row in session.execute(select(*columns).where(Person.phone_index.is_not(None)))}


def appointments(session: Session) -> dict[tuple[UUID, str, str, Any], Any]:
    """Appointments (id, until_day, unit_code) by person, post, region and first day."""
    columns = (Appointment.person_id, Appointment.post, Appointment.region_code, Appointment.from_day)
    rows = session.execute(select(Appointment.id, Appointment.until_day, Appointment.unit_code, *columns))
    return {(row.person_id, row.post, row.region_code, row.from_day): row for row in rows}


def assignments(session: Session) -> dict[tuple[UUID, UUID, str, Any], UUID]:
    """Ids of assignments by person, segment, duty and first day."""
    columns = (Assignment.person_id, Assignment.segment_id, Assignment.duty, Assignment.from_day, Assignment.id)
    return {(person, part, duty, day): key for person, part, duty, day, key in session.execute(select(*columns))}


def posts_changed(session: Session, person_ids: Sequence[UUID]) -> None:
    """Access tokens of these people die at once."""
    for start in range(0, len(person_ids), _BATCH):
        batch = person_ids[start : start + _BATCH]
        session.execute(update(Person).where(Person.id.in_(batch)).values(token_version=Person.token_version + 1))
