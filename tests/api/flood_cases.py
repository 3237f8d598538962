"""Seasons and responses of a test, and what is told and noted of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models.flood_events import FloodEvent
from backend.models.notices import Notice
from backend.services import wording
from jobs.runner import House
from tests.cast import COUNTY
from tests.makers import new_id

SEASONS, RESPONSES = "/api/v1/flood/seasons", "/api/v1/flood/responses"


def year(region: str = COUNTY, **changed: Any) -> dict[str, Any]:
    """The usual dates of 2025, but for what is changed; None takes a member out."""
    body = {
        "region": region,
        "year": 2025,
        "begin": "2025-06-01",
        "end": "2025-09-30",
        "window_begin": "2025-07-21",
        "window_end": "2025-08-10",
        "reason": "雨情",
    } | changed
    return {name: value for name, value in body.items() if value is not None}


def set_year(phone: Any, region: str = COUNTY, **changed: Any) -> Any:
    """Set a year of a region."""
    return phone.put(f"{SEASONS}/{new_id()}", json=year(region, **changed))


def declare(phone: Any, level: str, regions: list[str] | None = None, **said: Any) -> Any:
    """Declare, change or end a response."""
    where = {} if regions is None else {"regions": regions}
    body = {"id": str(new_id()), "level": level, "reason": "上游来水"} | where | said
    return phone.post(RESPONSES, json=body)


def events(session: Session) -> list[tuple[str, str, str | None, list[str]]]:
    """What has happened to the water or to the orders of the day: source, what, level, regions."""
    rows = session.scalars(select(FloodEvent).order_by(FloodEvent.seq))
    return [(row.kind, row.what, row.level, row.regions) for row in rows]


class Told:
    """What people are told, from one look to the next; `about`: how the keys begin that are looked at."""

    def __init__(self, session: Session, house: House, *about: str) -> None:
        self.session, self.house, self.about = session, house, about or ("",)
        self.seen: set[UUID] = set()

    def __call__(self) -> dict[UUID, str]:
        """The new sentence of each; two for one person would be a mistake."""
        self.session.expire_all()
        every = self.session.scalars(select(Notice))
        news = [row for row in every if row.id not in self.seen and row.key.startswith(self.about)]
        self.seen |= {row.id for row in news}
        assert len({row.person_id for row in news}) == len(news)
        return {row.person_id: wording.sentence(row, "zh-CN", self.house.settings.zone) for row in news}
