"""Readings: taken in batches, each alone; the latest values follow, and what they mean is written down as events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.alarms import Alarm
from backend.domain.flood_events import FloodEvent, What
from backend.domain.stations import (
    RATE_FROM,
    RATE_WITHIN,
    Band,
    Marks,
    Quantity,
    ReadingDraft,
    band_after,
    event_of,
    flaws_of,
    is_fast,
    is_live,
    over_m,
    rate_of_rise,
)
from backend.errors import Flaw, Unauthenticated
from backend.services import alarms
from backend.store import flood_events, readings, stations
from backend.words import Text

STORED, UNCHANGED, REFUSED = "stored", "unchanged", "refused"
Said = list[tuple[datetime, float]]
"""What a station said of one quantity: moments and values."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item."""

    status: str
    flaws: tuple[Flaw, ...] = ()


def receive(session: Session, key_sha256: bytes, drafts: Sequence[ReadingDraft], *, now: datetime) -> list[Result]:
    """Take what a station or its gateway sent; Unauthenticated for a key that opens nothing."""
    if not stations.is_key(session, key_sha256):
        raise Unauthenticated("station_key")
    return take(session, drafts, now=now, key_sha256=key_sha256)


def take(
    session: Session, drafts: Sequence[ReadingDraft], *, now: datetime, key_sha256: bytes | None = None
) -> list[Result]:
    """Keep what can be meant of known stations, and say of each item what became of it.

    With a key only its own stations are known. Nothing is kept of an item that is refused.
    """
    there = {row.code: row for row in stations.hold(session, {draft.station for draft in drafts})}
    known = {code: row for code, row in there.items() if key_sha256 in (None, row.key_sha256)}
    flaws = [_flaws(draft, known, now) for draft in drafts]
    good = [draft for draft, wrong in zip(drafts, flaws, strict=True) if not wrong]
    rows = {
        (known[draft.station].id, quantity.value, draft.at): value
        for draft in good
        for quantity, value in draft.values.items()
    }

    new = readings.keep(session, [_row(*key, value, now) for key, value in rows.items()])
    by_id = {row.id: row for row in known.values()}
    _move_on(session, by_id, {key: value for key, value in rows.items() if key in new}, now)
    _hear(session, known, good, now)
    return [
        Result(REFUSED, tuple(wrong)) if wrong else Result(_status(known[draft.station].id, draft, new))
        for draft, wrong in zip(drafts, flaws, strict=True)
    ]


def marks_of(station: Any) -> Marks:
    """The marks of a station as the rules know them."""
    return Marks(station.warning_m, station.guaranteed_m, station.hysteresis_m)


def _flaws(draft: ReadingDraft, known: Mapping[str, Any], now: datetime) -> list[Flaw]:
    if draft.station not in known:
        return [Flaw("/station", Text("flaw.unknown_station"))]
    return flaws_of(draft, marks_of(known[draft.station]), now)


def _row(station_id: UUID, quantity: str, at: datetime, value: float, now: datetime) -> dict[str, Any]:
    return {"station_id": station_id, "quantity": quantity, "at": at, "value": value, "received_at": now}


def _status(station_id: UUID, draft: ReadingDraft, new: set[readings.Key]) -> str:
    is_new = any((station_id, quantity.value, draft.at) in new for quantity in draft.values)
    return STORED if is_new else UNCHANGED


def _move_on(session: Session, by_id: Mapping[UUID, Any], new: Mapping[readings.Key, float], now: datetime) -> None:
    """Latest values, forward in time alone, and what that means."""
    said: dict[tuple[UUID, str], Said] = defaultdict(list)
    for (station_id, quantity, at), value in new.items():
        said[station_id, quantity].append((at, value))
    if not said:
        return
    latest = {(row.station_id, row.quantity): row for row in stations.values(session, {one for one, _ in said})}
    moved = []
    for key, each in said.items():
        before = latest.get(key)
        later = sorted(one for one in each if before is None or one[0] >= before.at)
        if later:
            moved.append(_moved(session, key, later, before, by_id[key[0]], now))
    readings.set_latest(session, moved)
    for row in moved:
        if (
            event := _event(by_id[row["station_id"]], row, latest.get((row["station_id"], row["quantity"])))
        ) is not None:
            flood_events.record(session, event, now=now)


def _moved(
    session: Session, key: tuple[UUID, str], later: Said, before: Any, station: Any, now: datetime
) -> dict[str, Any]:
    (station_id, quantity), (at, value) = key, later[-1]
    row = {"station_id": station_id, "quantity": quantity, "at": at, "value": value}
    band, fast = (Band(before.band), before.is_fast) if before else (Band.NORMAL, False)
    if quantity != Quantity.LEVEL:
        return row | {"rate": None, "band": band, "is_fast": fast}
    was = readings.level_between(session, station_id, at - RATE_WITHIN, at - RATE_FROM)
    rate = rate_of_rise((was.at, was.value) if was else None, at, value)
    live = [level_m for moment, level_m in later if is_live(moment, now)]
    if live:  # what is history moves neither, or nobody would be called when it is measured now
        band, fast = band_after(marks_of(station), band, live), is_fast(rate, fast)
    return row | {"rate": rate, "band": band, "is_fast": fast}


def _event(station: Any, row: Mapping[str, Any], before: Any) -> FloodEvent | None:
    """What people and risk must know of a new latest value."""
    was, now_is = Band(before.band) if before else Band.NORMAL, Band(row["band"])
    was_fast = bool(before and before.is_fast)
    if was is now_is and was_fast == row["is_fast"]:
        return None
    rose = now_is.rank > was.rank
    what = What.CHANGED if was is now_is else What.ROSE if rose else What.FELL
    over = over_m(marks_of(station), was if what is What.FELL else now_is, row["value"])
    values = {
        "station": station.code,
        "name": station.name,
        "level_m": row["value"],
        "over_m": over,
        "rate": row["rate"],
        "from": was.value,
        "is_fast": row["is_fast"],
        "at": row["at"].isoformat(),
    }
    return event_of(station, what, now_is.value, values)


def _hear(session: Session, known: Mapping[str, Any], good: Sequence[ReadingDraft], now: datetime) -> None:
    """It has spoken: it is silent no more, and not before its time is over again."""
    newest: dict[str, datetime] = {}
    for draft in good:
        newest[draft.station] = max(draft.at, newest.get(draft.station, draft.at))
    for code, at in newest.items():
        station = known[code]
        silent_at = at + timedelta(minutes=station.silent_after_min)
        if silent_at <= now or (station.silent_at is not None and silent_at <= station.silent_at):
            continue
        stations.heard(session, station.id, silent_at)
        if station.silent_since is not None:
            said = {"station": station.code, "name": station.name}
            flood_events.record(session, event_of(station, What.HEARD_AGAIN, None, said), now=now)
            alarms.end(session, Alarm.SILENT_STATION, now=now, about=station.code)
