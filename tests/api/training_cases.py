"""A session of training of a test: an office that holds it, and chiefs who scan, are ticked or stay away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.cast import COUNTY, NOON
from tests.makers import new_id

TRAININGS = "/api/v1/trainings"
QUIZ = {
    "questions": [
        {"text": "村级河长多久巡河一次？", "choices": ["每周", "每月"], "right": [0]},
        {"text": "哪些是四乱？", "choices": ["乱占", "乱采", "乱停"], "right": [0, 1]},
    ],
    "pass_mark": 2,
}


def body(begins_at: datetime = NOON, **changed: Any) -> dict[str, Any]:
    """Two hours for every town and village chief of the county; None takes a member out."""
    said = {
        "title": "河长制业务培训",
        "place": "区委党校",
        "teacher": "王工",
        "begins_at": begins_at.isoformat(),
        "ends_at": (begins_at + timedelta(hours=2)).isoformat(),
        "hours": 2,
        "posts": ["town_chief", "village_chief"],
        "regions": [COUNTY],
    } | changed
    return {name: value for name, value in said.items() if value is not None}


class Held:
    """One session of the county's office."""

    def __init__(self, phone_of: Any, keeper: UUID, **changed: Any) -> None:
        self.phone_of, self.keeper, self.id = phone_of, keeper, new_id()
        self.path = f"{TRAININGS}/{self.id}"
        self.answer = phone_of(keeper).put(self.path, json=body(**changed))

    def code(self) -> str:
        """What stands on the screen now."""
        return str(self.phone_of(self.keeper).get(f"{self.path}/code").json["code"])

    def scan(self, person: UUID, code: str | None = None, **more: Any) -> Any:
        """Scan it."""
        return self.phone_of(person).post(f"{TRAININGS}/attend", json={"code": code or self.code()} | more)

    def tick(self, *there: UUID, away: tuple[UUID, ...] = ()) -> Any:
        """The clerk's list."""
        said = {"there": [str(each) for each in there], "away": [str(each) for each in away]}
        return self.phone_of(self.keeper).post(f"{self.path}/attendance", json=said)

    def people(self, status: str | None = None) -> dict[str, Any]:
        """Who is on the list, by name."""
        rest = f"?status={status}" if status else ""
        items = self.phone_of(self.keeper).get(f"{self.path}/people{rest}").json["items"]
        return {each["person"]["name"]: each["there"] for each in items}

    def seen_by(self, person: UUID) -> Any:
        """As somebody sees it."""
        return self.phone_of(person).get(self.path)
