"""Questions about how people can be reached: their devices and their wishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for, touched
from backend.models.notices import Device, Preference
from backend.models.people import Person


def people(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """Of these people whether they have a number, and their wishes: id, is_active, phone_sealed, channels, muted."""
    columns = (Person.id, Person.is_active, Person.phone_sealed, Preference.channels, Preference.muted)
    question = select(*columns).outerjoin(Preference, Preference.person_id == Person.id)
    return list(session.execute(question.where(Person.id.in_(ids))).all())


def of_people(session: Session, ids: Collection[UUID]) -> list[AnyRow]:
    """Their devices, in the order in which they came: id, person_id, channel."""
    question = select(Device.id, Device.person_id, Device.channel).where(Device.person_id.in_(ids))
    return list(session.execute(question.order_by(Device.created_at, Device.id)).all())


def addresses(session: Session, ids: Collection[UUID]) -> dict[UUID, bytes]:
    """The sealed addresses of these devices; one that is gone is not there."""
    rows = session.execute(select(Device.id, Device.address_sealed).where(Device.id.in_(ids)))
    return {row.id: row.address_sealed for row in rows}


def device(session: Session, device_id: UUID) -> Device | None:
    """One device."""
    return session.get(Device, device_id)


def put(session: Session, row: dict[str, Any]) -> None:
    """Write a device; the address leaves whoever had it before, for they have signed out there."""
    session.execute(delete(Device).where(Device.address_index == row["address_index"], Device.id != row["id"]))
    insertion = insert_for(session)(Device).values(row)
    known = {name: row[name] for name in ("channel", "address_sealed", "address_index")}
    session.execute(insertion.on_conflict_do_update(index_elements=[Device.id], set_=known))


def sealed(session: Session, after: UUID | None, limit: int) -> list[AnyRow]:
    """Sealed addresses by device, for sealing them anew: id, address_sealed."""
    question = select(Device.id, Device.address_sealed)
    if after is not None:
        question = question.where(Device.id > after)
    return list(session.execute(question.order_by(Device.id).limit(limit)).all())


def seal_anew(session: Session, device_id: UUID, before: bytes, sealed_anew: bytes) -> None:
    """Seal an address with another key, unless it has changed meanwhile."""
    unchanged = update(Device).where(Device.id == device_id, Device.address_sealed == before)
    session.execute(unchanged.values(address_sealed=sealed_anew))


def forget(session: Session, ids: Iterable[UUID], person_id: UUID | None = None) -> int:
    """These devices are gone; of one person only, if said; how many were there."""
    gone = delete(Device).where(Device.id.in_(list(ids)))
    if person_id is not None:
        gone = gone.where(Device.person_id == person_id)
    return touched(session.execute(gone))


def preference(session: Session, person_id: UUID) -> Preference | None:
    """Somebody's wishes, if they have said any."""
    return session.get(Preference, person_id)


def prefer(session: Session, row: dict[str, Any]) -> None:
    """Write somebody's wishes."""
    insertion = insert_for(session)(Preference).values(row)
    session.execute(insertion.on_conflict_do_update(index_elements=[Preference.person_id], set_=row))
