"""A thunderstorm at night: the town chief sends every village chief out with one tap, and by noon knows who went."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
from shapely.affinity import translate
from sqlalchemy import select

from backend.models.changes import Record
from backend.models.notices import Notice
from geo.chainage import cut
from geo.measure import length_m
from jobs import orders as chase
from tests.api.campaign_cases import six_segments
from tests.api.order_cases import ORDERS
from tests.cast import COUNTY, LINE, NOON, TOWN
from tests.makers import new_id, patrol_body

MORNING = NOON.replace(hour=22, minute=30) - timedelta(days=1)
"""06:30 in the business zone of the day that has its noon at `NOON`."""


def test_a_town_walks_after_a_storm_and_by_noon_it_is_known_who_went(phone_of, cast, clock, session, keyring, house):
    six_segments(session, cast, keyring)
    clock.now = MORNING
    chief, one = phone_of(cast.li), new_id()
    path = f"{ORDERS}/{one}"

    # One tap; tapped again, for the answer was lost, it is the same order.
    for status in (201, 200):
        given = chief.post(f"{ORDERS}/after-storm", json={"id": str(one)})
        assert given.status_code == status, given.text
    assert (given.json["due_at"], given.json["wanted"]) == ("2025-07-02T12:00:00+08:00", "patrol")
    assert (given.json["people"], given.json["vacant"]) == (5, 1)
    texts = session.scalars(select(Notice).where(Notice.key == "order")).all()
    assert sorted(each.person_id for each in texts) == sorted(
        [cast.wang, cast.chen, cast.chief003, cast.chief004, cast.chief005]
    )

    # Wang finds it on the phone, reads it, and walks; what he did is recognised by itself.
    (task,) = phone_of(cast.wang).get("/api/v1/me").json["tasks"]
    assert (task["type"], task["what"], task["segment"]) == ("order", "patrol", "TUHAI-371502-001")
    word = {"said": "read", "at": clock.now.isoformat()}
    assert phone_of(cast.wang).put(f"{path}/words/{new_id()}", json=word).status_code == 201
    walked = _walk(phone_of, cast.wang, "TUHAI-371502-001", MORNING + timedelta(hours=1), clock)
    assert phone_of(cast.wang).get("/api/v1/me").json["tasks"] == []
    (mine,) = phone_of(cast.wang).get(path).json["mine"]
    assert (mine["patrol"], mine["late"], mine["done_at"][:13]) == (walked, False, "2025-07-02T07")

    # At four fifths of the time whoever has not gone is reminded, and nobody else.
    clock.now = MORNING + timedelta(hours=4, minutes=25)
    assert chase.run(house, now=clock.now) == 1
    reminded = session.scalars(select(Notice.person_id).where(Notice.key == "order_soon")).all()
    assert sorted(reminded) == sorted([cast.chen, cast.chief003, cast.chief004, cast.chief005])
    _walk(phone_of, cast.chen, "TUHAI-371502-002", MORNING + timedelta(hours=4, minutes=30), clock)

    # Noon: the town chief is told who has not, by name; the board says the same, down to the person.
    clock.now = NOON + timedelta(minutes=1)
    assert chase.run(house, now=clock.now) == 1
    assert chase.run(house, now=clock.now) == 0
    late = session.scalars(select(Notice.person_id).where(Notice.key == "order_late")).all()
    assert sorted(late) == sorted([cast.chief003, cast.chief004, cast.chief005])
    (told,) = session.scalars(select(Notice).where(Notice.key == "order_silent"))
    assert (told.person_id, told.values["count"], told.values["names"]) == (cast.li, 3, "周村长、郑村长、冯村长")
    chief = phone_of(cast.li)
    board = chief.get(f"{path}/board").json
    numbers = {name: board["total"][name] for name in ("people", "read", "done", "open", "overdue", "late")}
    assert numbers == {"people": 5, "read": 1, "done": 2, "open": 3, "overdue": 3, "late": 0}
    assert [(row["name"], row["done"], row["names"]) for row in board["rows"]][:3] == [
        ("兴华村", 1, []),
        ("站前村", 1, []),
        ("003村", 0, ["周村长"]),
    ]
    for name, link in board["total"]["links"].items():
        assert len(chief.get(link).json["items"]) == board["total"].get(name), name
    county = phone_of(cast.sun).get(f"{path}/board?region={COUNTY}").json
    assert [(row["region"], row["open"]) for row in county["rows"]] == [
        (f"{TOWN}{n:03}", int(n > 2)) for n in range(1, 6)
    ]

    # Zhou goes in the afternoon: done, and told late; his walk of the next morning changes nothing.
    clock.now = NOON + timedelta(hours=3)
    _walk(phone_of, cast.chief003, "TUHAI-371502-103", clock.now, clock)
    zhou = phone_of(cast.li).get(f"{path}/people?status=late").json["items"]
    assert [(each["person"]["name"], each["late"]) for each in zhou] == [("周村长", True)]

    # Wang's walk turns out to be none: the office withdraws it, and with it what it had fulfilled.
    walk = phone_of(cast.sun).get(f"/api/v1/patrols/{walked}")
    gone = phone_of(cast.sun).post(
        f"/api/v1/patrols/{walked}/withdraw", json={"reason": "录错了"}, headers={"If-Match": walk.headers["ETag"]}
    )
    assert gone.status_code == 200, gone.text
    assert phone_of(cast.li).get(f"{path}/board").json["total"]["done"] == 2

    # Whoever has not climbs no further than to whoever gave the order.
    clock.now = NOON + timedelta(days=3, hours=1)
    assert chase.run(house, now=clock.now) == 1
    every = session.scalars(select(Notice).where(Notice.key == "order_silent")).all()
    assert {each.person_id for each in every} == {cast.li}

    file = phone_of(cast.li).get(f"{path}/board?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert (rows[0][0], rows[-1][:2]) == ("地区", ("合计", 5))
    acts = session.scalars(select(Record.act).where(Record.thing_id == str(one))).all()
    assert acts == ["make", "say", "export_board"]


def _walk(phone_of: Any, person: Any, segment: str, begun: datetime, clock: Any) -> str:
    """A walk that counts on one's own reach, handed in when it is over; its id."""
    line = {"TUHAI-371502-001": LINE, "TUHAI-371502-002": cut(LINE, length_m(LINE) / 4, length_m(LINE) / 2)}.get(
        segment
    )
    if line is None:
        line = translate(cut(LINE, 0.0, 500.0), yoff=0.01)
    metres = min(900.0, length_m(line) * 0.95)
    walk = patrol_body(line, segment=segment, started_at=begun, metres=metres, speed_mps=min(1.2, metres / 660))
    clock.now = datetime.fromisoformat(walk["ended_at"]) + timedelta(minutes=2)
    walk_id = new_id()
    answer = phone_of(person).put(f"/api/v1/patrols/{walk_id}", json=walk)
    assert (answer.status_code, answer.json["verdict"]["outcome"]) == (201, "valid"), answer.text
    return str(walk_id)
