"""An assessment of a test: some weeks of walks, settled a good while later, and the office that looks at them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.models.duty_periods import DutyDay
from backend.models.patrols import Patrol
from jobs import duty_periods
from jobs.runner import House
from tests.cast import NOON, SPACE, TOWN, Cast
from tests.makers import new_id

BASE = "/api/v1/assessments"
MONDAY, UNTIL = date(2025, 5, 5), date(2025, 6, 30)
"""Eight weeks before the key window."""
LATER = datetime(2025, 7, 20, 4, 0, tzinfo=UTC)
_WALK = {
    "crs": "WGS84",
    "track": b"",
    "points": 0,
    "report": {},
    "covered_m": 500.0,
    "claims_mock": False,
    "verdict": {"reasons": [], "figures": {"gaps": [], "covered": [], "covered_m": 500.0, "near_s": 1800}},
    "rule_version": 1,
    "segment_version": 1,
    "version": 1,
    "body_sha256": b"",
}


def walk(session: Session, cast: Cast, person: UUID, segment: str, day: date, *, hour: int = 2, **changed: Any) -> UUID:
    """A walk that counts, on a day (10:00 in the business zone unless said otherwise)."""
    reach, at = cast.segments[segment], datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    walk_id = uuid5(SPACE, f"{person}{segment}{at}")
    row = {
        "id": walk_id,
        "person_id": person,
        "duty_of_id": person,
        "post": "village_chief",
        "segment_id": reach.id,
        "named_segment_id": reach.id,
        "river_code": reach.river_code,
        "region_code": reach.region_code,
        "received_at": at,
        "started_at": at,
        "ended_at": at + timedelta(minutes=30),
        "walked_at": at,
        "outcome": "valid",
        "counts": True,
    }
    session.execute(insert(Patrol), [_WALK | row | changed])
    session.flush()
    return walk_id


def weeks(count: int, begin: date = MONDAY) -> list[date]:
    """A Tuesday of each of so many weeks."""
    return [begin + timedelta(days=1 + 7 * number) for number in range(count)]


def settle(session: Session, house: House, clock: Any, *, begin: date = MONDAY, now: datetime = LATER) -> int:
    """Let the nightly job settle every day since a day; days before it are settled with nothing in them."""
    session.execute(insert(DutyDay), [{"day": begin - timedelta(days=1), "settled_at": NOON, "periods": 0}])
    session.flush()
    clock.now = now
    return duty_periods.run(house, now=now)


def body(**changed: Any) -> dict[str, Any]:
    """The village chiefs of a town over eight weeks; None takes a member out."""
    said = {
        "name": "五六月履职考核",
        "region": TOWN,
        "posts": ["village_chief"],
        "from": MONDAY.isoformat(),
        "until": UNTIL.isoformat(),
    } | changed
    return {name: value for name, value in said.items() if value is not None}


class Made:
    """One assessment of a clerk."""

    def __init__(self, phone_of: Any, clerk: UUID, **changed: Any) -> None:
        self.phone_of, self.clerk, self.id = phone_of, clerk, new_id()
        self.path = f"{BASE}/{self.id}"
        self.answer = phone_of(clerk).put(self.path, json=body(**changed))

    def seen_by(self, person: UUID, rest: str = "") -> Any:
        return self.phone_of(person).get(f"{self.path}{rest}")

    def scores(self, person: UUID | None = None, rest: str = "") -> list[Any]:
        items: list[Any] = self.seen_by(person or self.clerk, f"/scores{rest}").json["items"]
        return items

    def act(self, act: str, person: UUID | None = None, etag: str | None = None, **said: Any) -> Any:
        person = person or self.clerk
        headers = {"If-Match": etag or self.seen_by(person).headers["ETag"]}
        return self.phone_of(person).post(f"{self.path}/{act}", json=said or None, headers=headers)

    def appeal(self, person: UUID, appeal_id: UUID | None = None, **said: Any) -> Any:
        said = {"indicator": "patrols", "text": "那周手机坏了，村里有纸质记录。"} | said
        return self.phone_of(person).put(f"{self.path}/appeals/{appeal_id or new_id()}", json=said)

    def decide(self, appeal: str, person: UUID | None = None, **said: Any) -> Any:
        path = f"{self.path}/appeals/{appeal}/decide"
        return self.phone_of(person or self.clerk).post(path, json={"reason": "核对纸质记录"} | said)
