"""Statistics at the door: figures of a period, what stands behind each, and who sees them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.models.alarms import Alarm
from backend.services import rollups
from jobs import rollups as job
from jobs import stats as nightly
from tests.api.hazard_cases import Case, photo
from tests.cast import COUNTY, LINE, NOON, TOWN, VILLAGE
from tests.makers import new_id, patrol_body

JULY = "from=2025-07-01&to=2025-07-31"


@pytest.fixture
def busy(phone_of, cast, clock, house):
    """Three walks of two days, one of them too short, and three hazards: one mended and closed, one merged."""
    wang = phone_of(cast.wang)
    for hours, metres in ((4, 900.0), (28, 900.0), (30, 60.0)):
        body = patrol_body(LINE, started_at=NOON - timedelta(hours=hours), metres=metres, seed=hours)
        assert wang.put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    heap, again = Case(phone_of, cast.wang), Case(phone_of, cast.he)
    Case(phone_of, cast.wang, kind="flood.seepage")
    assert again.act(cast.sun, "merge", into=str(heap.id), note="同一处").status_code == 200
    clock.now += timedelta(days=1)
    for who, act, said in (
        ("sun", "accept", {"severity": "major"}),
        ("sun", "assign", {"unit": "HOUSING"}),
        ("yang", "report_done", {"photos": [photo(clock.now)]}),
        ("li", "verify", {}),
        ("li", "close", {}),
    ):
        assert heap.act(cast.people[who], act, note="好", **said).status_code == 200
    job.run(house, now=clock.now)
    return phone_of(cast.sun)


def asked(phone: Any, query: str = JULY) -> Any:
    got = phone.get(f"/api/v1/stats?{query}")
    assert got.status_code == 200, got.json
    return got.json


def values(found: Any, group: str) -> dict[str, int]:
    return {name: each["value"] for name, each in found["figures"][group].items() if each["value"]}


def test_what_is_still_being_counted_is_said_to_be_and_not_that_there_is_nothing(phone_of, cast):
    body = patrol_body(LINE, started_at=NOON - timedelta(hours=4), metres=900.0, seed=1)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    found = asked(phone_of(cast.sun))
    assert (found["waiting"], found["first_day"], found["note"]) == (1, None, None)


def test_figures_say_what_happened_and_each_opens_to_its_records(busy):
    found = asked(busy)
    assert (found["region"], found["name"], found["waiting"], found["note"]) == (COUNTY, "东昌府区", 0, None)
    walked = values(found, "patrols")
    assert (walked["handed_in"], walked["counted"], walked["not_counted"]) == (3, 2, 1)
    assert 1_500 < walked["metres"] < 2_000
    assert values(found, "four_illegal") == {
        "reported": 2,
        "cleared": 1,
        "merged": 1,
        "accepted": 1,
        "rectified": 1,
        "closed": 1,
    }
    assert values(found, "flood") == {"reported": 1, "standing": 1}
    assert values(found, "hazards")["reported"] == 3
    opened = 0
    for group in found["figures"].values():
        for figure, each in group.items():
            if each["records"] and figure not in ("metres", "seconds"):
                rows = busy.get(each["records"])
                assert len(rows.json["items"]) == each["value"], each
                opened += 1
    assert opened == 5 + 3 * 10


def test_figures_are_split_by_region_level_day_month_and_class(busy, phone_of, cast):
    def split(by: str, group: str, figure: str, **more: str) -> dict[str, int]:
        rows = asked(busy, "&".join([JULY, f"by={by}", *(f"{name}={value}" for name, value in more.items())]))["rows"]
        return {row["key"]: row["figures"][group][figure] for row in rows if row["figures"][group][figure]}

    assert split("region", "patrols", "handed_in") == {TOWN: 3}
    assert split("region", "patrols", "handed_in", region=TOWN) == {VILLAGE: 3}
    assert split("region", "patrols", "handed_in", region=VILLAGE) == {VILLAGE: 3}
    assert split("level", "patrols", "handed_in") == {"village": 3}
    assert split("day", "patrols", "handed_in") == {"2025-07-01": 2, "2025-07-02": 1}
    assert split("month", "hazards", "closed") == {"2025-07": 1}
    assert split("class", "hazards", "reported") == {"flood": 1, "four_illegal": 2}
    assert asked(busy, f"{JULY}&level=warden")["figures"]["patrols"]["handed_in"] == {"value": 0, "records": None}
    assert values(asked(phone_of(cast.qian), f"{JULY}&by=region"), "patrols")["handed_in"] == 3


def test_a_period_that_cannot_be_is_refused_and_one_before_the_city_says_so(busy, phone_of, cast):
    assert asked(busy, "from=2019-01-01&to=2019-12-31")["note"].endswith("此前无数据。")
    assert asked(phone_of(cast.wu), "")["note"].startswith("这里还没有任何记录")
    for query in ("from=2025-07-02&to=2025-07-01", "from=2019-01-01&to=2025-07-01", "from=1066-01-01", "by=moon"):
        assert busy.get(f"/api/v1/stats?{query}").status_code == 422
    for region in ("371503", "371502999"):
        assert busy.get(f"/api/v1/stats?region={region}").status_code == 404
    assert phone_of(cast.wang).get("/api/v1/stats").status_code == 403


def test_what_is_not_in_yet_is_said_and_wrong_figures_are_found_at_night_and_repaired(
    busy, phone_of, cast, clock, house, session
):
    zone = house.settings.zone
    body = patrol_body(LINE, started_at=NOON - timedelta(days=5), seed=5)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    assert asked(busy)["waiting"] == 1
    assert job.run(house, now=clock.now) == 1
    assert nightly.run(house, now=clock.now) > 3
    assert session.scalars(select(Alarm.kind)).all() == []

    session.execute(
        text("UPDATE rollup_patrol SET counted = counted + 1 WHERE region_code = '3715' AND day = '2025-07-01'")
    )
    nightly.run(house, now=clock.now)
    assert session.scalars(select(Alarm.kind).where(Alarm.ended_at.is_(None))).all() == ["wrong_figures"]
    (found,) = [each for _, _, wrong in rollups.checked(house.database, zone=zone) for each in wrong]
    assert (found.region, found.figure, found.kept, found.counted) == ("3715", "counted", 2, 1)
    with house.database.transaction() as kept:
        rollups.repair(kept, found.noun, found.day, None, zone=zone, now=clock.now)
    nightly.run(house, now=clock.now)
    assert session.scalars(select(Alarm.kind).where(Alarm.ended_at.is_(None))).all() == []
