"""How somebody wants to be reached: the devices that take messages for them, and their wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session, lock
from backend.domain.notices import APP, CHANNELS
from backend.errors import Conflict
from backend.keyring import KeyRing
from backend.store import devices

MOST = 10
"""Devices a person; of more the oldest go (our judgement)."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """In which order the channels are tried, which of them are for nothing but what is urgent, in which language."""

    channels: tuple[str, ...] = CHANNELS
    muted: tuple[str, ...] = ()
    language: str = "zh-CN"


def take_push(
    session: Session, person_id: UUID, device_id: UUID, address: str, keyring: KeyRing, *, now: datetime
) -> bool:
    """Push to a device from now on, also under an address that has changed; whether it is new.

    Conflict when the id is somebody else's. An address belongs to whoever signed in there last.
    """
    lock(session, f"devices:{person_id}")
    known = devices.device(session, device_id)
    if known is not None and known.person_id != person_id:
        raise Conflict("foreign")

    devices.put(
        session,
        {
            "id": device_id,
            "person_id": person_id,
            "channel": APP,
            "address_sealed": keyring.seal(address),
            "address_index": keyring.index(address),
            "created_at": now,
        },
    )
    own = [row.id for row in devices.of_people(session, [person_id]) if row.channel == APP]
    devices.forget(session, own[:-MOST])
    return known is None


def end_push(session: Session, person_id: UUID, device_id: UUID) -> None:
    """Nothing is pushed to that device any more; it need not have been there."""
    devices.forget(session, [device_id], person_id)


def wishes(session: Session, person_id: UUID) -> Wishes:
    """What somebody has said, or how it is where nobody has said anything."""
    found = devices.preference(session, person_id)
    return Wishes(tuple(found.channels), tuple(found.muted), found.language) if found else Wishes()


def wish(session: Session, person_id: UUID, said: Wishes) -> None:
    """Keep what somebody says."""
    row = {"person_id": person_id, "channels": list(said.channels), "muted": list(said.muted)}
    devices.prefer(session, row | {"language": said.language})


def of_person(session: Session, person_id: UUID) -> Sequence[Any]:
    """The devices that take messages for somebody, the oldest first."""
    return devices.of_people(session, [person_id])
