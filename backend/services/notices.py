"""Telling people: what somebody is to be told becomes a row in the same transaction; delivery brings it to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.db import Session
from backend.domain.notices import Wanted
from backend.store import notices


def queue(session: Session, wanted: Iterable[Wanted], *, now: datetime) -> None:
    """Write what is to be told, in the caller's transaction; wanted again, it is the same notice."""
    rows = {each.id: each for each in wanted}
    notices.add_all(
        session,
        [
            {
                "id": notice_id,
                "person_id": each.person_id,
                "key": each.key,
                "values": dict(each.values),
                "lane": each.lane.value,
                "channels": ",".join(each.channels),
                "priority": each.priority,
                "about_type": each.about[0] if each.about else None,
                "about_id": each.about[1] if each.about else None,
                "number": each.number,
                "is_drill": each.is_drill,
                "created_at": now,
                "not_before": each.not_before or now,
                "expires_at": each.expires_at,
            }
            for notice_id, each in rows.items()
        ],
    )
