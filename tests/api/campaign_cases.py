"""A campaign of a test: a town of six segments, an office that orders, and people who answer or do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shapely.affinity import translate
from sqlalchemy.orm import Session

from backend.domain.terms import Level, Post
from backend.keyring import KeyRing
from backend.models.regions import Region
from backend.models.segments import Segment
from geo.chainage import cut
from geo.measure import length_m
from tests.api.hazard_cases import report
from tests.cast import LINE, LONG_AGO, NOON, RIVER, TOWN, Cast, add_appointment, add_person, assign
from tests.makers import new_id

CAMPAIGNS = "/api/v1/campaigns"
DEADLINE = NOON + timedelta(days=5)
MORE = {"003": "周村长", "004": "郑村长", "005": "冯村长", "006": None}
"""The four villages that the town has beside those of the cast, and their chiefs; the last has none."""


def six_segments(session: Session, cast: Cast, keyring: KeyRing) -> None:
    """Four more villages with a reach each: `cast.chief003` and so on answer for them."""
    for number, (ending, chief) in enumerate(MORE.items()):
        village = f"{TOWN}{ending}"
        session.add(Region(code=village, name=f"{ending}村", level=1, parent_code=TOWN))
        session.flush()
        segment = reach(session, cast, f"TUHAI-371502-1{ending[1:]}", village, cast.segments["TUHAI-371502001"].id)
        if chief is None:
            continue
        person = add_person(session, keyring, f"chief{ending}", chief, 500 + number)
        cast.people[f"chief{ending}"] = person
        add_appointment(session, person, Post.VILLAGE_CHIEF, village)
        assign(session, person, segment)


def reach(session: Session, cast: Cast, code: str, region: str, parent: UUID | None) -> Segment:
    """A reach of half a kilometre, a kilometre north of those of the cast."""
    line = translate(cut(LINE, 0.0, 500.0), yoff=0.01)
    west, south, east, north = line.bounds
    metres = length_m(line)
    segment = Segment(
        id=new_id(),
        code=code,
        name=f"徒骇河{region[-3:]}段",
        river_code=RIVER,
        region_code=region,
        level=int(Level.VILLAGE),
        parent_id=parent,
        length_m=metres,
        from_m=0.0,
        to_m=metres,
        line=line,
        west=west,
        south=south,
        east=east,
        north=north,
        from_day=LONG_AGO,
    )
    session.add(segment)
    session.flush()
    cast.segments[code] = segment
    return segment


def order(**changed: Any) -> dict[str, Any]:
    """A search of one town; None takes a member out."""
    body = {
        "name": "汛前防洪隐患大排查",
        "document": "聊河长办〔2025〕6号",
        "regions": [TOWN],
        "kinds": ["four_illegal", "flood"],
        "deadline": DEADLINE.isoformat(),
    } | changed
    return {name: value for name, value in body.items() if value is not None}


class Search:
    """One campaign, and whoever answers it."""

    def __init__(self, phone_of, clerk: UUID, **changed: Any) -> None:
        self.phone_of, self.id = phone_of, new_id()
        self.path = f"{CAMPAIGNS}/{self.id}"
        self.answer = phone_of(clerk).put(self.path, json=order(**changed))

    def seen_by(self, person: UUID, rest: str = "") -> Any:
        return self.phone_of(person).get(f"{self.path}{rest}")

    def reply(self, person: UUID, segment: str, *hazards: UUID, at: datetime = NOON, **said: Any) -> Any:
        body = {"segment": segment, "found": bool(hazards), "hazards": [str(each) for each in hazards]}
        body |= {"at": at.isoformat()} | said
        return self.phone_of(person).put(f"{self.path}/answers/{new_id()}", json=body)

    def total(self, person: UUID, rest: str = "") -> dict[str, Any]:
        return self.seen_by(person, f"/ledger{rest}").json["total"]

    def end(self, person: UUID, reason: str = "与市里的排查合并", etag: str | None = None) -> Any:
        headers = {"If-Match": etag or self.seen_by(person).headers["ETag"]}
        return self.phone_of(person).post(f"{self.path}/end", json={"reason": reason}, headers=headers)


def found_on(phone_of, person: UUID, segment: str, **changed: Any) -> UUID:
    """Report a hazard on a segment by its name; its id."""
    hazard = new_id()
    body = report(**({"location": None, "segment": segment} | changed))
    answer = phone_of(person).put(f"/api/v1/hazards/{hazard}", json=body)
    assert answer.status_code == 201, answer.text
    return hazard


def every(phone: Any, path: str) -> list[dict[str, Any]]:
    """A whole list, page by page."""
    items, place = [], path + ("&" if "?" in path else "?") + "limit=2"
    while place:
        page = phone.get(place)
        assert page.status_code == 200, page.text
        items += page.json["items"]
        place = page.json["next"]
    return items
