"""Letters to be written: by which channels and devices people can be reached, and the rows that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session
from backend.domain.lanes import Lane
from backend.domain.letters import NO_ADDRESS, State
from backend.domain.notices import BY_PHONE, CHANNELS, Reader
from backend.domain.ways import Ways
from backend.store import devices

Row = dict[str, Any]


def readers(session: Session, people: Collection[UUID], ways: Ways) -> dict[UUID, Reader]:
    """How each of these people can be reached by the channels that there are."""
    of_person: dict[UUID, dict[str, list[UUID | None]]] = {person: defaultdict(list) for person in people}
    for device in devices.of_people(session, people):
        of_person[device.person_id][device.channel].append(device.id)
    return {
        row.id: Reader(
            {channel: _addresses(row, channel, of_person[row.id], ways) for channel in ways},
            tuple(row.channels or CHANNELS),
            frozenset(row.muted or ()),
        )
        for row in devices.people(session, people)
    }


def _addresses(person: Any, channel: str, own: dict[str, list[UUID | None]], ways: Ways) -> list[UUID | None]:
    if not person.is_active:
        return []
    if channel in BY_PHONE and person.phone_sealed is not None:
        return [None]
    return own.get(channel) or ([] if ways[channel].needs_address else [None])


def written(notice: Any, channels: Iterable[str], reader: Reader, lane: Lane, now: datetime) -> list[Row]:
    """A letter for each address of these channels."""
    return [_row(notice, channel, device, lane, now) for channel in channels for device in reader.addresses[channel]]


def undeliverable(notice: Any, channel: str, lane: Lane, now: datetime) -> Row:
    """A letter to nobody: it stands in the list of dead letters, so that somebody finds another way."""
    dead = {"state": State.FAILED.value, "failure": NO_ADDRESS, "next_try_at": None, "failed_at": now}
    return _row(notice, channel, None, lane, now) | dead


def letter_id(notice_id: UUID, channel: str, device: UUID | None = None) -> UUID:
    """The id of a letter: made from notice, channel and device, so that it is there once."""
    return uuid5(notice_id, f"{channel}:{device or ''}")


def _row(notice: Any, channel: str, device: UUID | None, lane: Lane, now: datetime) -> Row:
    return {
        "id": letter_id(notice.id, channel, device),
        "notice_id": notice.id,
        "channel": channel,
        "device_id": device,
        "lane": lane.value,
        "priority": notice.priority,
        "state": State.PENDING.value,
        "failure": None,
        "failed_at": None,
        "tries": 0,
        "repeats": 0,
        # What waited for the morning was not late before it.
        "due_at": notice.not_before if lane is Lane.URGENT else now,
        "next_try_at": now,
        "expires_at": notice.expires_at,
    }
