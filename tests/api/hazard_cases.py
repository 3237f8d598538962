"""A hazard of a test, and whoever acts on it with what they see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.cast import LINE, NOON
from tests.makers import new_id

HAZARDS = "/api/v1/hazards"
PLACE = dict(zip(("lon", "lat"), LINE.interpolate(0.1, normalized=True).coords[0], strict=True))
AFTER = "b" * 64


def report(**changed: Any) -> dict[str, Any]:
    """A heap of rubbish under the bridge; None takes a member out."""
    body = {
        "kind": "four_illegal.dump",
        "severity": "ordinary",
        "location": PLACE,
        "description": "桥下有一堆建筑垃圾",
        "observed_at": NOON.isoformat(),
    } | changed
    return {name: value for name, value in body.items() if value is not None}


class Case:
    """One hazard, and whoever acts on it with what they see."""

    def __init__(self, phone_of, reporter: UUID, **changed: Any) -> None:
        self.phone_of, self.id = phone_of, new_id()
        self.answer = phone_of(reporter).put(f"{HAZARDS}/{self.id}", json=report(**changed))

    def seen_by(self, person: UUID) -> Any:
        return self.phone_of(person).get(f"{HAZARDS}/{self.id}")

    def act(self, person: UUID, action: str, /, *, etag: str | None = None, **said: Any) -> Any:
        etag = etag or self.seen_by(person).headers["ETag"]
        body = {"id": str(new_id()), "action": action} | said
        return self.phone_of(person).post(f"{HAZARDS}/{self.id}/actions", json=body, headers={"If-Match": etag})


def photo(at: Any = NOON + timedelta(hours=1), **place: float) -> dict[str, Any]:
    return {"sha256": AFTER, "at": at.isoformat(), "location": PLACE | place}
