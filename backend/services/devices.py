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
"""Devices a person, or addresses of a kind; of more the oldest go (our judgement)."""


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
    row = {"channel": APP, "address_index": keyring.index(address), "address_sealed": keyring.seal(address)}
    return _take(session, person_id, device_id, row, now=now)


def take_address(
    session: Session, person_id: UUID, device_id: UUID, channel: str, address: str, keyring: KeyRing, *, now: datetime
) -> bool:
    """Write to a mailbox or a chat from now on; whether it is new. Conflict when the id is somebody else's.

    Anybody may know such an address, so naming it takes it from nobody.
    """
    index = keyring.index(f"{channel}/{person_id}/{address}")
    row = {"channel": channel, "address_index": index, "address_sealed": keyring.seal(address)}
    return _take(session, person_id, device_id, row, now=now)


def _take(session: Session, person_id: UUID, device_id: UUID, address: dict[str, Any], *, now: datetime) -> bool:
    lock(session, f"devices:{person_id}")
    known = devices.device(session, device_id)
    if known is not None and known.person_id != person_id:
        raise Conflict("foreign")

    devices.put(session, {"id": device_id, "person_id": person_id, "created_at": now} | address)
    own = [row.id for row in devices.of_people(session, [person_id]) if row.channel == address["channel"]]
    devices.forget(session, own[:-MOST])
    return known is None


def end(session: Session, person_id: UUID, device_id: UUID) -> None:
    """Nothing goes to that device or address any more; it need not have been there."""
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
