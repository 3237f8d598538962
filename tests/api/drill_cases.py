"""Drill lists as tests make them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models.notices import Notice
from tests.cast import COUNTY
from tests.makers import new_id

LISTS = "/api/v1/flood/drill-lists"
MINE = "/api/v1/me/drills"
OF_STAFF = ("warning_sign", "drill_report")
"""What signers and clerks hear of a drill, who need not take part in it."""


def drill_list(night: Any, people: Iterable[UUID], *, by: UUID | None = None, agreed: bool = True, **said: Any) -> str:
    """A list whose people have been asked, and have agreed: its id."""
    people, list_id = list(people), str(new_id())
    body = {"name": "演练名单", "region": COUNTY, "people": [str(each) for each in people]} | said
    made = night.phone_of(by or night.cast.sun).put(f"{LISTS}/{list_id}", json=body)
    assert made.status_code == 201, made.json
    for person in people if agreed else ():
        say(night, list_id, person, agree=True)
    return list_id


def say(night: Any, list_id: str, person: UUID, *, agree: bool) -> None:
    """Somebody says whether they take part."""
    said = night.phone_of(person).put(f"{MINE}/{list_id}", json={"agree": agree})
    assert said.status_code == 200, said.json
    assert said.json["takes_part"] is agree


def told(session: Session, *, drill: bool) -> dict[UUID, list[str]]:
    """Who was told what of drills, or of what is meant: person → keys."""
    session.expire_all()
    found: dict[UUID, list[str]] = {}
    for notice in session.scalars(select(Notice).where(Notice.is_drill.is_(drill)).order_by(Notice.created_at)):
        found.setdefault(notice.person_id, []).append(notice.key)
    return found
