"""The water at a desk: season, signals, responses that are declared after a second look, duty and stations."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import select

from backend.formats import cap_out
from backend.models.responses import FloodResponse
from tests.api.flood_cases import declare
from tests.api.signal_cases import SIGNALS, XML, message
from tests.api.station_cases import level, make_station, send
from tests.cast import COUNTY, NOON, OTHER_COUNTY, TOWN
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.makers import new_id
from tests.web.test_people import hidden

FLOOD = "/console/flood"
NEW = f"{FLOOD}/responses/new"


@pytest.fixture
def deng(phone_of, cast):
    """The duty officer's phone."""
    return phone_of(cast.deng)


def warn(deng, **changed):
    answer = deng.post(SIGNALS, data=cap_out.write(message(**changed)), headers=XML)
    assert answer.status_code == 201, answer.text


def test_everybody_sees_season_signals_responses_and_who_is_on_duty(desk_of, cast, deng):
    warn(deng, colour="orange")
    declare(deng, "III", [COUNTY], reason="上游来水超警戒")
    page = desk_of(cast.wang).get(FLOOD).text
    for said in ("2025-07-21", "橙色预警信号", "Ⅲ级", "东昌府区", "上游来水超警戒", "汛期"):
        assert said in page
    assert "启动应急响应" not in page
    duty = desk_of(cast.deng).get(f"{FLOOD}/duty").text
    assert "邓值班" in duty
    assert "这天没有排班" in duty
    assert desk_of(None).get(FLOOD).status_code == 302


def test_where_nothing_is_in_force_it_says_so(desk_of, cast):
    desk = desk_of(cast.wu)
    page = desk.get(FLOOD).text
    assert "没有生效的预警信号" in page
    assert "没有启动应急响应" in page
    assert "没有人值班" in desk.get(f"{FLOOD}/duty?day=2025-07-05").text


def test_a_response_is_declared_after_the_password_and_a_second_look(desk_of, proven, cast, session):
    assert desk_of(cast.sun).get(NEW).status_code == 403
    desk = proven(cast.deng)
    said = {"id": hidden(desk.get(NEW), "id"), "level": "II", "region": COUNTY, "reason": "上游来水", "is_safe": "1"}
    sure = desk.submit(NEW, **said)
    assert "启动东昌府区防汛Ⅱ级应急响应" in sure.text
    assert session.scalars(select(FloodResponse)).all() == []
    for _ in range(2):
        assert desk.submit(NEW, **said, sure="1").status_code == 303
    (made,) = session.scalars(select(FloodResponse)).all()
    assert (made.level, made.regions, made.is_safe) == ("II", [COUNTY], True)
    assert "可以安全巡河" in desk.get(FLOOD).text


@pytest.mark.parametrize(("change", "told"), [({"level": ""}, "#f-level"), ({"reason": " "}, "#f-reason")])
def test_what_is_missing_is_told_and_what_was_typed_stays(proven, cast, change, told):
    desk = proven(cast.deng)
    desk.get(NEW)
    said = {"id": str(new_id()), "level": "II", "region": TOWN, "reason": "上游来水", "document": "聊汛1号"} | change
    page = desk.submit(NEW, **said)
    assert page.status_code == 422
    assert told in page.text
    assert 'value="聊汛1号"' in page.text
    assert f'value="{TOWN}" selected' in page.text


def test_a_response_is_ended_with_a_reason_and_once(proven, cast, deng, session):
    declare(deng, "IV", [COUNTY])
    desk = proven(cast.deng)
    (path,) = re.findall(r'href="(/console/flood/responses/[^"]+/end)"', desk.get(FLOOD).text)
    page = desk.get(path)
    assert "结束东昌府区防汛Ⅳ级应急响应" in page.text
    said = {"id": hidden(page, "id")}
    assert desk.submit(path, **said, reason=" ").status_code == 422
    assert desk.submit(path, **said, reason="水退了").status_code == 303
    assert "没有启动应急响应" in desk.get(FLOOD).text
    assert desk.get(path).status_code == 404


def test_stations_stand_by_how_they_press_and_are_taken_as_a_file(desk_of, cast, phone_of):
    feng = phone_of(cast.jin)
    make_station(feng, "AA", name="平静站")
    key = make_station(feng, "ZZ", name="超限站")
    send(feng, key, level(NOON, 34.2, "ZZ"))
    desk = desk_of(cast.sun)
    page = desk.get(f"{FLOOD}/stations").text
    assert page.index("超限站") < page.index("平静站")
    assert "超警戒" in page
    lines = list(csv.reader(io.StringIO(desk.get(f"{FLOOD}/stations/export.csv").data.decode("utf-8-sig"))))
    assert [line[0] for line in lines[:3]] == ["测站", "超限站", "平静站"]
    assert lines[1][6] == "34.2"
    assert "没有测站" in desk.get(f"{FLOOD}/stations?region={OTHER_COUNTY}").text


@pytest.mark.parametrize("text", HARMFUL)
def test_what_somebody_wrote_is_shown_as_text(desk_of, cast, deng, phone_of, text):
    declare(deng, "IV", [COUNTY], reason=text, document=text)
    make_station(phone_of(cast.jin), "AA", name=text)
    for path in (FLOOD, f"{FLOOD}/stations"):
        assert is_harmless(desk_of(cast.sun).get(path).text)


def test_the_pages_ask_few_questions_take_long_names_and_speak_english(desk_of, cast, deng, phone_of):
    warn(deng)
    declare(deng, "III", [COUNTY, OTHER_COUNTY])
    make_station(phone_of(cast.jin), "AA", name=LONG)
    desk = desk_of(cast.sun)
    for path, said in (
        (FLOOD, "Signals in force"),
        (f"{FLOOD}/stations", LONG),
        (f"{FLOOD}/duty", "Nobody is on duty"),
    ):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(path, headers={"Accept-Language": "en"}).text
