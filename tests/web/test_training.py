"""Training at a desk: a session is planned, its code is shown, names are ticked, coverage names who is missing."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from backend.domain.terms import Post
from backend.web.training_forms import quiz_of
from tests.api.training_cases import Held
from tests.cast import COUNTY, TOWN, VILLAGE, add_appointment, add_person

TRAINING = "/console/training"


def test_a_session_is_planned_shown_and_ticked(desk_of, phone_of, cast, clock):
    desk = desk_of(cast.sun)
    page = desk.get(f"{TRAINING}/new").text
    (session_id,) = re.findall(r'name="id" value="([^"]+)"', page)
    said = {"id": session_id, "title": "河长培训", "place": "党校", "begins_at": "2025-07-02T12:00", "hours": "2"}
    said |= {
        "ends_at": "2025-07-02T14:00",
        "posts": "village_chief",
        "regions": COUNTY,
        "quiz": "多久巡一次？\n*每周\n-每月",
    }
    assert desk.submit(f"{TRAINING}/new", **said, open=COUNTY).status_code == 200
    assert desk.submit(f"{TRAINING}/new", **(said | {"quiz": "*每周"}), step="plan").status_code == 422
    assert desk.submit(f"{TRAINING}/new", **(said | {"hours": "两"}), lon="1", step="plan").status_code == 422
    made = desk.submit(f"{TRAINING}/new", **said, step="plan")
    assert (made.status_code, made.headers["Location"]) == (
        303,
        f"{TRAINING}/{session_id}?kept=console.did.training",
    ), made.text

    screen = desk.get(f"{TRAINING}/{session_id}/screen").text
    assert "data:image/svg+xml" in screen
    assert "照片无效" in desk.get(f"{TRAINING}/{session_id}/code").text
    page = desk.get(f"{TRAINING}/{session_id}").text
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert len(shown) == 2
    ticked = desk.submit(f"{TRAINING}/{session_id}/attendance", shown=shown, there=[str(cast.wang)])
    assert ticked.status_code == 303
    page = desk.get(f"{TRAINING}/{session_id}?status=present").text
    assert "王村长" in page
    assert "<b>1/2</b>" in page
    phone_of(cast.wang).post(f"/api/v1/trainings/{session_id}/quiz", json={"answers": [[0]]})
    assert "答对 1/1" in desk.get(f"{TRAINING}/{session_id}").text
    assert "记 2 学时" in desk_of(cast.wang).get(f"{TRAINING}/{session_id}").text
    clock.now += timedelta(days=1)
    assert "现在不在签到时间" in desk_of(cast.sun).get(f"{TRAINING}/{session_id}/screen").text
    assert "河长培训" in desk_of(cast.sun).get(TRAINING).text


def test_who_is_asked_to_come_is_ticked_by_the_planner_and_nobody_above_is_offered(desk_of, cast):
    desk = desk_of(cast.sun)
    page = desk.get(f"{TRAINING}/new").text
    assert re.findall(r'name="posts" value="([a-z_]+)"( checked)?', page)[:3] == [
        *(("county_chief", ""), ("town_chief", ""), ("village_chief", ""))
    ]
    assert " checked" not in page
    said = {"title": "河长培训", "place": "党校", "begins_at": "2025-07-02T12:00", "ends_at": "2025-07-02T14:00"}
    nobody = desk.submit(f"{TRAINING}/new", **said, hours="2", regions=COUNTY, step="plan")
    assert nobody.status_code == 422
    assert re.findall(r'href="#f-posts">([^<]+)<', nobody.text) == ["请勾选请哪些职务的人参加。"]


def test_a_scan_without_a_position_is_told_apart_from_one_at_the_place(desk_of, phone_of, cast):
    hall = {"lon": 115.97, "lat": 36.45}
    held = Held(phone_of, cast.sun, location=hall)
    code = held.code()
    held.scan(cast.wang, code, location=hall, accuracy_m=10)
    held.scan(cast.chen, code)
    held.scan(cast.li, code, location={"lon": 116.08, "lat": 36.45})
    page = desk_of(cast.sun).get(f"{TRAINING}/{held.id}").text
    cells = dict(re.findall(r"(王村长|陈村长|李镇长).*?<td>([^—]*?)</td>\n<td class=\"num\"", page, re.S))
    told = {name: ("没有定位" in cell, "离会场" in cell) for name, cell in cells.items()}
    assert told["王村长"] == (False, False)
    assert told["陈村长"] == (True, False)
    assert told["李镇长"] == (False, True)


def test_a_long_list_of_names_is_ticked_page_by_page(desk_of, phone_of, cast, session, keyring):
    for number in range(60):
        person = add_person(session, keyring, f"guest-{number}", f"村长{number}", 500 + number)
        add_appointment(session, person, Post.VILLAGE_CHIEF, VILLAGE)
    held = Held(phone_of, cast.sun)
    assert held.answer.status_code == 201, held.answer.text
    desk, path = desk_of(cast.sun), f"{TRAINING}/{held.id}"
    first = desk.get(path).text
    there = re.findall(r'name="shown" value="([^"]+)"', first)
    assert len(there) == 50
    (after,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = desk.get(after.replace("&amp;", "&")).text
    rest = re.findall(r'name="shown" value="([^"]+)"', second)
    assert (len(rest), set(rest) & set(there)) == (14, set())
    (action,) = re.findall(rf'action="({path}/attendance[^"]*)"', second)
    ticked = desk.submit(action.replace("&amp;", "&"), shown=rest, there=rest[:1])
    assert ticked.status_code == 303
    back = desk.get(ticked.headers["Location"]).text
    assert re.findall(r'name="shown" value="([^"]+)"', back) == rest, "one stays on the page on which one ticks"
    assert f'name="before" value="{rest[0]}"' in back


def test_it_is_put_right_called_off_and_taken_as_files(desk_of, phone_of, cast, clock):
    held = Held(phone_of, cast.sun, begins_at=clock.now + timedelta(days=1))
    desk = desk_of(cast.sun)
    path = f"{TRAINING}/{held.id}"

    def version() -> str:
        return re.findall(r'name="version" value="([^"]+)"', desk.get(path).text)[0].replace("&#34;", '"')

    said = {"title": "新名称", "place": "三楼", "teacher": "", "begins_at": "2025-07-04T09:00"}
    wrong = desk.submit(f"{path}/correct", **said, ends_at="2025-07-04T08:00", reason="改期", version=version())
    assert wrong.status_code == 422
    done = desk.submit(f"{path}/correct", **said, ends_at="2025-07-04T10:00", reason="改期", version=version())
    assert done.status_code == 303, done.text
    early = desk.submit(f"{path}/attendance", shown=[str(cast.wang)], there=[str(cast.wang)])
    assert early.status_code == 409
    assert desk.submit(f"{path}/withdraw", reason="", version=version()).status_code == 422
    assert desk.submit(f"{path}/withdraw", reason="台风", version=version()).status_code == 303
    assert "已取消" in desk.get(path).text
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{TRAINING}/export.xlsx").data))
    assert "新名称" in str(list(book.worksheets[0].values))
    desk.get(f"{path}/people/export.csv")
    assert "王村长" in desk.submit(f"{path}/people/export.csv", purpose="点名").get_data(as_text=True)


def test_the_coverage_opens_to_whoever_is_missing(desk_of, phone_of, cast):
    Held(phone_of, cast.sun).scan(cast.wang)
    desk = desk_of(cast.sun)
    page = desk.get(f"{TRAINING}/coverage").text
    assert "20.0 %" in page
    assert "按 2025-07-02 在任的河长统计" in page
    missing = desk.get(f"{TRAINING}/coverage/people?region={TOWN}&trained=false").text
    assert "陈村长" in missing
    assert "王村长" not in missing
    own = desk.get(f"{TRAINING}/coverage/people?region={COUNTY}&alone=true").text
    assert ("赵区长" in own, "陈村长" in own) == (True, False)
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{TRAINING}/coverage/export.xlsx").data))
    assert "古楼街道" in str(list(book.worksheets[0].values))
    desk.get(f"{TRAINING}/coverage/people/export.csv")
    file = desk.submit(f"{TRAINING}/coverage/people/export.csv", purpose="补训")
    assert "陈村长" in file.get_data(as_text=True)


def test_a_quiz_is_typed_as_plain_lines():
    assert quiz_of("", "") is None
    quiz = quiz_of("一？\n*甲\n- 乙\n\n二？\n-甲\n*乙", "1")
    assert quiz == {
        "questions": [
            {"text": "一？", "choices": ["甲", "乙"], "right": [0]},
            {"text": "二？", "choices": ["甲", "乙"], "right": [1]},
        ],
        "pass_mark": 1,
    }
    with pytest.raises(ValueError, match="x"):
        quiz_of("一？\n*甲\n-乙", "x")
