"""An order of a test: a town chief who gives it, and village chiefs who walk or do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.cast import NOON, TOWN
from tests.makers import new_id

ORDERS = "/api/v1/orders"
DUE = NOON + timedelta(hours=6)


def body(**changed: Any) -> dict[str, Any]:
    """Every village chief of a town walks; None takes a member out."""
    said = {
        "kind": "patrol",
        "wanted": "patrol",
        "title": "暴雨后巡查",
        "text": "把责任河段走一遍。",
        "to": {"posts": ["village_chief"], "regions": [TOWN]},
        "due_at": DUE.isoformat(),
    } | changed
    return {name: value for name, value in said.items() if value is not None}


class Given:
    """One order, and whoever got it."""

    def __init__(self, phone_of, giver: UUID, **changed: Any) -> None:
        self.phone_of, self.giver, self.id = phone_of, giver, new_id()
        self.path = f"{ORDERS}/{self.id}"
        self.answer = phone_of(giver).put(self.path, json=body(**changed))

    def seen_by(self, person: UUID, rest: str = "") -> Any:
        return self.phone_of(person).get(f"{self.path}{rest}")

    def say(self, person: UUID, said: str, text: str = "", at: datetime = NOON, **more: Any) -> Any:
        word = {"said": said, "text": text, "at": at.isoformat()} | more
        return self.phone_of(person).put(f"{self.path}/words/{new_id()}", json=word)

    def mine(self, person: UUID) -> Any:
        (row,) = self.seen_by(person).json["mine"]
        return row

    def total(self, person: UUID | None = None) -> dict[str, int]:
        found = self.seen_by(person or self.giver, "/board").json["total"]
        return {name: value for name, value in found.items() if name != "links"}

    def people(self, status: str | None = None, person: UUID | None = None) -> list[str]:
        rest = f"/people?status={status}" if status else "/people"
        return [each["person"]["name"] for each in self.seen_by(person or self.giver, rest).json["items"]]

    def act(self, act: str, person: UUID | None = None, etag: str | None = None, **said: Any) -> Any:
        person = person or self.giver
        headers = {"If-Match": etag or self.seen_by(person).headers["ETag"]}
        return self.phone_of(person).post(f"{self.path}/{act}", json=said, headers=headers)
