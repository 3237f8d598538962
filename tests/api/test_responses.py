"""Responses over HTTP: declared, changed, ended, listed, and what follows for those who walk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.models.flood_events import FloodEvent
from backend.models.flood_news import FloodNews
from backend.models.notices import Notice
from jobs import flood_window, reminders
from tests.api.flood_cases import RESPONSES, Told, declare, events
from tests.cast import CITY, COUNTY, NEXT_TOWN, OTHER_COUNTY, TOWN
from tests.makers import new_id

DAY = timedelta(days=1)


@pytest.fixture
def told(session, house):
    return Told(session, house)


@pytest.fixture
def deng(phone_of, cast):
    """The duty officer, who signs in anew whenever it is needed."""

    class Officer:
        def __getattr__(self, method: str) -> Any:
            return getattr(phone_of(cast.deng), method)

    return Officer()


def duty(phone_of, person) -> tuple[int, str, str]:
    (mine,) = phone_of(person).get("/api/v1/me").json["duties"]
    return mine["needed"], mine["period"]["from"], mine["period"]["until"]


def active(phone, query: str = "") -> list[str]:
    return [each["level"] for each in phone.get(f"{RESPONSES}?active=true{query}").json["items"]]


def test_one_is_declared_changed_and_ended_and_nothing_is_ever_deleted(deng, phone_of, cast, clock, session):
    body = {"id": str(new_id()), "region": COUNTY, "level": "IV", "reason": "上游来水", "document": "聊汛〔2025〕9号"}
    first = deng.post(RESPONSES, json=body)
    assert (first.status_code, first.json["active"], first.json["made_by"]["name"]) == (201, True, "邓值班")
    assert deng.post(RESPONSES, json=body).status_code == 200
    assert deng.post(RESPONSES, json=body | {"level": "III"}).status_code == 409
    clock.now += timedelta(hours=1)
    second = declare(deng, "III", [COUNTY])
    assert active(deng) == ["III"]
    clock.now += timedelta(hours=1)
    assert declare(deng, "none", [COUNTY]).status_code == 201
    assert active(deng) == []
    every = phone_of(cast.wang).get(RESPONSES).json["items"]
    assert [each["level"] for each in every] == ["none", "III", "IV"]
    assert every[2]["ended_by"] == second.json["id"]
    assert (every[1]["ended_by"], every[0]["active"]) == (every[0]["id"], False)
    then = (clock.now - timedelta(minutes=90)).isoformat().replace("+00:00", "Z")
    assert [each["level"] for each in deng.get(f"{RESPONSES}?at={then}").json["items"]] == ["IV"]
    assert [each[:3] for each in events(session)] == [
        ("response", "began", "IV"),
        ("response", "changed", "III"),
        ("response", "ended", "III"),
    ]
    values = session.scalars(select(FloodEvent.values).order_by(FloodEvent.seq)).first()
    assert (values["reason"], values["document"]) == ("上游来水", "聊汛〔2025〕9号")
    assert declare(deng, "none", [COUNTY]).status_code == 409


def test_one_that_is_named_is_replaced_wherever_it_holds_and_what_drops_out_hears_of_it(deng, cast, session, told):
    first = declare(deng, "III", [CITY])
    told()
    smaller = declare(deng, "IV", [OTHER_COUNTY], replaces=first.json["id"])
    assert smaller.status_code == 201
    assert events(session)[1:] == [("response", "changed", "IV", [OTHER_COUNTY]), ("response", "ended", "III", [CITY])]
    news = told()
    assert news[cast.wu].startswith("茌平区防汛应急响应调整为Ⅳ级")
    assert news[cast.wang] == "聊城市防汛Ⅲ级应急响应结束：上游来水。自2025-07-02起您的巡河任务：每周1次。"
    assert declare(deng, "none", replaces=first.json["id"]).status_code == 409
    ended = declare(deng, "none", replaces=smaller.json["id"])
    assert (ended.status_code, ended.json["regions"]) == (201, [OTHER_COUNTY])
    assert active(deng) == []


def test_where_scopes_overlap_the_highest_holds_and_lists_go_by_region(deng, phone_of, cast):
    declare(deng, "IV", [CITY])
    declare(deng, "III", [TOWN])
    assert active(deng) == ["III", "IV"]
    assert active(deng, f"&region={NEXT_TOWN}") == ["IV"]
    assert active(deng, f"&region={COUNTY}") == ["III", "IV"]
    assert duty(phone_of, cast.wang) == (1, "2025-07-02", "2025-07-03")
    assert phone_of(cast.wang).get("/api/v1/flood/season").json["response"] == "III"
    declare(deng, "none", [TOWN])
    assert duty(phone_of, cast.wang) == (1, "2025-07-02", "2025-07-04")


def test_a_response_of_the_afternoon_asks_for_walks_from_tomorrow_on(deng, phone_of, cast, clock, told):
    clock.now += timedelta(hours=3)
    declare(deng, "III", [COUNTY])
    assert told()[cast.wang] == "东昌府区启动防汛Ⅲ级应急响应：上游来水。自2025-07-03起您的巡河任务：每天1次。"
    assert duty(phone_of, cast.wang) == (0, "2025-06-30", "2025-07-03")
    clock.now += DAY
    assert duty(phone_of, cast.wang) == (1, "2025-07-03", "2025-07-04")
    assert duty(phone_of, cast.zhao)[1:] == ("2025-07-01", "2025-08-01")


def test_under_a_severe_response_nobody_owes_a_walk_or_is_reminded_unless_it_is_safe(
    deng, phone_of, cast, clock, house, told
):
    unsafe = declare(deng, "II", [COUNTY])
    assert unsafe.json["is_safe_to_patrol"] is False
    assert told()[cast.he].endswith("您的巡河任务：未通知安全前不上堤巡河，听从统一安排。")
    assert duty(phone_of, cast.he)[0] == 0
    assert duty(phone_of, cast.zhao)[0] == 0
    assert phone_of(cast.he).get("/api/v1/me").json["duties"][0]["basis"] == "unsafe"
    clock.now += DAY
    reminders.run(house, now=clock.now)
    news = told()
    assert not {cast.he, cast.wang, cast.li} & news.keys()
    declare(deng, "II", [COUNTY], is_safe_to_patrol=True)
    assert told()[cast.he].endswith("您的巡河任务：每天2次。")
    assert duty(phone_of, cast.he) == (2, "2025-07-03", "2025-07-04")


def test_whoever_was_behind_before_is_not_sent_to_the_water_the_next_morning(deng, phone_of, cast, clock, house, told):
    clock.now += timedelta(hours=3)
    declare(deng, "I", [COUNTY])
    told()
    clock.now += DAY
    reminders.run(house, now=clock.now)
    assert cast.he not in told()
    declare(deng, "none", [COUNTY])
    told()
    clock.now += DAY
    reminders.run(house, now=clock.now)
    assert cast.he not in told(), "yesterday at noon it was not safe"


def test_what_was_owed_in_the_past_stays_as_it_was(deng, phone_of, cast, clock):
    def on(day: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = phone_of(cast.sun).get(f"/api/v1/duties?region={COUNTY}&day={day}").json["items"]
        return found

    before = on("2025-06-27")
    declare(deng, "III", [COUNTY])
    clock.now += 3 * DAY
    declare(deng, "none", [COUNTY])
    assert on("2025-06-27") == before
    clock.now += 9 * DAY
    village = next(each for each in on("2025-07-03") if each["post"] == "village_chief")
    assert village["period"] == {"from": "2025-07-03", "until": "2025-07-04"}


def test_one_about_a_river_reaches_those_who_walk_it(deng, phone_of, cast, told):
    made = declare(deng, "III", None, rivers=["CHIPING"])
    assert (made.json["regions"], made.json["rivers"]) == ([CITY], ["CHIPING"])
    news = told()
    assert {cast.wu, cast.sun, cast.deng} == news.keys()
    assert news[cast.wu].startswith("聊城市（茌新河）启动防汛Ⅲ级应急响应")
    assert duty(phone_of, cast.wang)[0] == 1
    assert duty(phone_of, cast.wang)[1:] == ("2025-06-30", "2025-07-07")


def test_the_two_highest_press_and_what_a_killed_server_left_is_told_by_the_clockwork(
    deng, cast, session, house, clock
):
    flood_window.run(house, now=clock.now)
    declare(deng, "I", [COUNTY])
    rows = session.scalars(select(Notice).where(Notice.key.startswith("response_"))).all()
    assert {(row.lane, row.channels) for row in rows} == {("urgent", "app,sms")}
    (news,) = session.scalars(select(FloodNews).where(FloodNews.key == "response_began"))
    news.told_at, news.told_until = None, None
    session.flush()
    assert flood_window.run(house, now=clock.now) == 1
    assert len(session.scalars(select(Notice).where(Notice.key.startswith("response_"))).all()) == len(rows)


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"regions": ["371502777"]}, 404, "/regions/0"),
        ({"regions": [COUNTY, "37"]}, 404, "/regions/1"),
        ({"regions": []}, 422, "/regions"),
        ({}, 422, "/regions"),
        ({"region": COUNTY, "regions": [COUNTY]}, 422, "/region"),
        ({"rivers": ["NILE"]}, 404, "/rivers"),
        ({"regions": [COUNTY], "level": "V"}, 422, "/level"),
        ({"regions": [COUNTY], "reason": ""}, 422, "/reason"),
        ({"regions": [COUNTY], "id": "x"}, 422, "/id"),
        ({"regions": [COUNTY], "replaces": str(new_id())}, 404, "/replaces"),
        ({"regions": [COUNTY], "is_safe": True}, 422, "/is_safe"),
    ],
)
def test_a_response_that_cannot_be_meant_is_refused_by_its_place(deng, said, status, pointer):
    answer = deng.post(RESPONSES, json={"id": str(new_id()), "level": "IV", "reason": "雨"} | said)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)
    assert deng.get(RESPONSES).json["items"] == []


def test_pages_of_responses_go_on_where_the_last_one_ended(deng):
    for region in (CITY, COUNTY, TOWN, OTHER_COUNTY):
        declare(deng, "IV", [region])
    for query, count in (("limit=2", 4), (f"limit=1&region={COUNTY}", 3), (f"limit=1&active=true&region={TOWN}", 3)):
        found, path = [], f"{RESPONSES}?{query}"
        while path:
            page = deng.get(path).json
            found += page["items"]
            path = page["next"]
        assert len({each["id"] for each in found}) == len(found) == count
    assert deng.get(f"{RESPONSES}?cursor=WyJ4Il0").status_code == 422
