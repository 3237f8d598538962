"""Today at a desk: all that waits for whoever sits there, late first, as many as their phone counts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.api.campaign_cases import Search
from tests.api.hazard_cases import PLACE, Case
from tests.api.order_cases import Given
from tests.cast import NOON
from tests.counting import MOST, PAYLOAD, is_harmless, questions
from tests.makers import new_id, patrol_body

API, PAGE = "/api/v1", "/console/"


def put(phone: Any, path: str, body: dict[str, Any]) -> str:
    told = phone.put(f"{API}/{path}/{(made := new_id())}", json=body)
    assert told.status_code == 201, told.text
    return str(made)


def clue(phone_of: Any, cast: Any, note: str, return_on: str) -> str:
    found = {
        "id": str(new_id()),
        "kind": "four_illegal.mine",
        "severity": "major",
        "location": PLACE,
        "description": "夜间有船抽砂",
    }
    return put(phone_of(cast.shen), "clues", {"found": found, "return_on": return_on, "note": note})


def suggestion(phone_of: Any, cast: Any) -> str:
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="prosecutor", note="公益诉讼")
    return put(phone_of(cast.han), "suggestions", {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理"})


def waits(page: str) -> int:
    return int(re.findall(r'href="#waits"><b>(\d+)</b>', page)[0])


def on_phone(phone: Any) -> int:
    """What a phone counts as waiting, for whom nothing is kept on it."""
    me = phone.get(f"{API}/me").json
    assert me["waiting"] >= len(me["tasks"]) + len(me["doors"])
    return int(me["waiting"])


def test_letters_of_the_law_wait_for_the_office_until_it_answers(desk_of, phone_of, cast):
    asked = [clue(phone_of, cast, "请核实许可", "2025-07-12"), clue(phone_of, cast, "请查船主", "2025-07-03")]
    letter = suggestion(phone_of, cast)
    desk = desk_of(cast.sun)
    page = desk.get(PAGE).text
    assert (waits(page), on_phone(phone_of(cast.sun))) == (3, 3)
    listed = re.findall(r'<td><a class="name" href="([^"]+)">([^<]+)</a>', page)
    ways = {"clue": "/console/cooperation?waiting=true#clues"}
    assert listed == [
        (ways["clue"], "请查船主"),
        (ways["clue"], "请核实许可"),
        ("/console/cooperation?waiting=true#suggestions", "东检建1号"),
    ]
    assert "回复检察建议" in page
    assert "<b>3</b><span>等我答复的检察建议和线索" in page

    behind = desk.get("/console/cooperation?waiting=true").text
    assert len(re.findall(r'action="/console/cooperation/(?:clues|suggestions)/', behind)) == 3
    assert "联席会议" not in behind
    assert phone_of(cast.sun).post(f"{API}/clues/{asked[1]}/answer", json={"text": "已查"}).status_code == 200
    assert phone_of(cast.sun).post(f"{API}/suggestions/{letter}/reply", json={"text": "已清理"}).status_code == 200
    assert waits(desk.get(PAGE).text) == 1
    behind = desk.get("/console/cooperation?waiting=true").text
    assert ("请核实许可" in behind, "请查船主" in behind, "东检建1号" in behind) == (True, False, False)
    assert "请查船主" in desk.get("/console/cooperation").text


def test_a_clue_waits_for_the_house_that_got_it_and_nobody_else(desk_of, phone_of, cast):
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采矿")
    put(phone_of(cast.feng), "clues", {"hazard": str(case.id), "return_on": "2025-07-20", "note": "请答复"})
    for person, many in ((cast.shen, 1), (cast.han, 0), (cast.sun, 0), (cast.zhao, 0), (cast.wu, 0)):
        assert phone_of(person).get(f"{API}/today").json["waiting_by_type"].get("clue", 0) == many
        assert on_phone(phone_of(person)) == many
    assert "请答复" in desk_of(cast.shen).get("/console/cooperation?waiting=true").text


def test_an_order_waits_until_it_is_done(desk_of, phone_of, cast, clock):
    given = Given(phone_of, cast.li, wanted="sign", title="签收防汛责任书")
    signed = Given(phone_of, cast.li, wanted="sign", title="早就签了")
    assert signed.say(cast.wang, "sign").status_code == 201
    desk = desk_of(cast.wang)
    page = desk.get(PAGE).text
    assert (waits(page), on_phone(phone_of(cast.wang))) == (1, 1)
    assert f'href="/console/orders/{given.id}">签收防汛责任书</a>' in page
    assert "请签收" in page
    assert 'href="/console/orders?waiting=true"' in page
    behind = desk.get("/console/orders?waiting=true").text
    assert ("签收防汛责任书" in behind, "早就签了" in behind) == (True, False)
    assert "早就签了" in desk.get("/console/orders").text
    assert desk.get("/console/orders/export.csv?waiting=true").status_code == 200
    clock.now = NOON + timedelta(hours=7)
    desk = desk_of(cast.wang)
    assert '<tr class="is-late">' in desk.get(PAGE).text
    assert given.say(cast.wang, "sign", at=clock.now).status_code == 201
    assert (waits(desk.get(PAGE).text), on_phone(phone_of(cast.wang))) == (0, 0)
    assert "没有等您处理的事" in desk.text


def test_what_is_late_comes_first_then_what_is_severe_and_two_alike_are_told_apart(desk_of, phone_of, cast, clock):
    old = Case(phone_of, cast.wang, description="桥下渔网")
    clock.now += timedelta(days=1)
    ordinary = Case(phone_of, cast.wang, description=f"闸口西侧垃圾 {PAYLOAD}")
    clock.now += timedelta(hours=5)
    major = Case(
        phone_of,
        cast.wang,
        severity="major",
        description="堤脚渗水，长约三米，水色发浑，附近有居民二十户，请尽快派人到现场查看，并准备砂石料",
    )
    due = {each["id"]: each["deadline"] for each in phone_of(cast.feng).get(f"{API}/me").json["tasks"]}
    clock.now = max(clock.now, NOON + timedelta(days=1, hours=5, minutes=1))
    page = desk_of(cast.feng).get(PAGE).text
    told = [each["id"] for each in phone_of(cast.feng).get(f"{API}/today").json["tasks"]]
    assert told == re.findall(r'class="name" href="/console/hazards/([^"]+)"', page)
    late = [each for each in told if due[each] <= clock.now.isoformat()]
    assert told[: len(late)] == late
    assert told.index(str(major.id)) < told.index(str(ordinary.id))
    assert set(told) == {str(old.id), str(ordinary.id), str(major.id)}
    assert "桥下渔网" in page
    assert "堤脚渗水，长约三米" in page
    assert "并准备砂石料" not in page
    assert is_harmless(page)


def test_more_than_fifty_hazards_are_all_counted_on_the_phone_too(phone_of, cast):
    for _ in range(51):
        Case(phone_of, cast.wang)
    clue(phone_of, cast, "请核实许可", "2025-07-12")
    feng = phone_of(cast.feng)
    found = feng.get(f"{API}/today").json
    assert found["waiting_by_type"] == {"hazard": 52, "clue": 1}
    assert found["waiting"] == on_phone(feng) == 53


def test_a_reach_that_a_campaign_asks_about_waits_for_its_chief(desk_of, phone_of, cast):
    made = Search(phone_of, cast.sun)
    page = desk_of(cast.wang).get(PAGE).text
    assert (waits(page), on_phone(phone_of(cast.wang))) == (1, 1)
    assert f'href="/console/campaigns/{made.id}"' in page
    assert "填报排查结果" in page


def test_walks_of_today_are_said_to_be_of_today(desk_of, phone_of, cast):
    body = patrol_body(cast.segments["TUHAI-371502-001"].line)
    assert phone_of(cast.wang).put(f"{API}/patrols/{new_id()}", json=body).status_code == 201
    assert "今日巡河共 1 次" in desk_of(cast.li).get(PAGE).text


def test_the_page_asks_little_of_whoever_has_much(desk_of, phone_of, cast):
    for _ in range(50):
        Case(phone_of, cast.wang)
    clue(phone_of, cast, "请核实许可", "2025-07-12")
    suggestion(phone_of, cast)
    Given(phone_of, cast.li, wanted="sign")
    for person in (cast.feng, cast.sun, cast.qian, cast.li, cast.wang, cast.deng, cast.shen, cast.han):
        desk = desk_of(person)
        for path in (PAGE, "/console/orders?waiting=true", "/console/cooperation?waiting=true"):
            with questions() as asked:
                assert desk.get(path).status_code in {200, 403}
            assert len(asked) <= MOST, (path, "\n".join(asked))
