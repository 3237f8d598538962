"""Joint work at a desk: written up, handed on, suggested, answered; what is wrong is told beside its field."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.domain.terms import Post
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NEXT_VILLAGE, Cast, add_appointment, add_person
from tests.counting import MOST, PAYLOAD, is_harmless, questions
from tests.pictures import GOOD
from tests.web.conftest import SITE
from tests.web.test_empty_forms import answered
from tests.web.test_public_reports import Citizen

PAGE = "/console/cooperation"
JOINT = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船"}


def handed(phone_of: Any, cast: Cast, post: str) -> Case:
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    assert case.act(cast.feng, "transfer", post=post, note="移送").status_code == 200
    return case


def did(desk: Any, answer: Any, said: str) -> str:
    assert answer.status_code == 303, re.findall(r'class="flaw"[^>]*>([^<]*)', answer.text)
    page: str = desk.get(answer.headers["Location"]).text
    assert f"已{said}。" in page
    return page


def test_an_office_writes_up_a_walk_of_several_houses(desk_of, cast, session: Session, keyring):
    desk = desk_of(cast.feng)
    form = f"{PAGE}/patrols/new"
    assert 'value="TUHAI-371502-001"' in desk.get(f"{form}?segment=TUHAI-371502-001").text
    wrong = desk.submit(form, **JOINT, people=f"王村长、无此人 {PAYLOAD}")
    assert wrong.status_code == 422
    assert "没有找到：无此人" in wrong.text
    assert is_harmless(wrong.text)
    assert "查采砂船" in wrong.text
    assert desk.submit(form, **(JOINT | {"segment": "?"}), people="王村长").status_code == 422

    # Two are called Wang: the form says who they are, and asks which.
    double = add_person(session, keyring, "wang2", "王村长", 77)
    add_appointment(session, double, Post.VILLAGE_CHIEF, NEXT_VILLAGE)
    asked = desk.submit(form, **JOINT, people="王村长\n沈警长")
    assert asked.status_code == 422
    assert "有同名的人" in asked.text
    assert "站前村 村级河长" in asked.text
    assert f'value="{double}"' in asked.text
    unborn = desk.submit(form, **(JOINT | {"day": "2019-01-01"}), people="王村长\n沈警长", who=str(cast.wang))
    assert "王村长：" in unborn.text
    assert f'<input type="hidden" name="who" value="{cast.wang}">' in unborn.text
    page = did(desk, desk.submit(form, **JOINT, people="王村长\n沈警长", who=str(cast.wang)), "登记联合巡河")
    assert "已巡 0/2 人" in page
    many = " ".join(f"人{number}" for number in range(51))
    assert "最多 50 人" in desk.submit(form, **JOINT, people=many).text
    assert desk_of(cast.shen).get(form).status_code == 403


def test_an_office_writes_up_a_meeting_and_ticks_its_tasks(desk_of, cast):
    desk = desk_of(cast.sun)
    form = f"{PAGE}/meetings/new"
    said = {
        "region": "371502",
        "title": "联席会议",
        "at": "2025-07-02T09:00",
        "minutes": "通报",
        "people": "韩检察，沈警长",
    }
    desk.get(form)
    wrong = desk.submit(form, **said, tasks="2025-07-20 汛前清障\n明天 装监控")
    assert wrong.status_code == 422
    assert 'href="#f-tasks">第 2 行：先写期限，例如 2026-03-31。<' in wrong.text
    bare = desk.submit(form, **said, tasks="2025-07-20 汛前清障\n\n2025年8月1日")
    assert (bare.status_code, 'href="#f-tasks">第 3 行：' in bare.text) == (422, True)
    assert "无此人" in desk.submit(form, **(said | {"people": "无此人"})).text
    other = "/console/orders/0190c2a1-7e3a-7c44-9b5d-2f6a1e8d0c77"
    assert desk.submit(form, **said, tasks=f"2025-07-20 装监控 {SITE}{other}").status_code == 422
    page = did(desk, desk.submit(form, **said, tasks="2025-07-20　汛前清障\n\n2025年8月1日 装监控"), "登记联席会议")
    task = re.findall(rf'action="({PAGE}/meetings/[^"]+/tasks/1)"', page)[0]
    assert "标记完成：汛前清障" in page
    page = did(desk, desk.submit(task), "标记任务完成")
    assert task not in page
    assert "/tasks/2" in page
    assert "/tasks/2" not in desk_of(cast.han).get(PAGE).text
    elsewhere = desk_of(cast.han)
    elsewhere.get(PAGE)
    assert elsewhere.submit(task).status_code == 403


def test_police_hand_a_clue_in_with_a_photo_and_the_office_answers(desk_of, phone_of, cast):
    police = desk_of(cast.shen)
    form = f"{PAGE}/clues/new"
    police.get(form)
    said = {"kind": "four_illegal.mine", "severity": "major", "description": "夜间抽砂", "note": "请核实"}
    said |= {"return_on": "2025-07-12"}
    wrong = police.submit(form, **said, photos=(io.BytesIO(GOOD), "a.jpg"), lon="一", lat="36")
    assert wrong.status_code == 422
    (photo,) = re.findall(r'name="photo" value="([0-9a-f]{64})"', wrong.text)
    assert 'href="#f-location"' in police.submit(form, **said, photo=photo).text
    place = {name: str(value) for name, value in PLACE.items()}
    page = did(police, police.submit(form, **said, photo=photo, **place), "移交线索")
    assert "还没有答复" in page
    assert "移交线索" in page
    assert "提检察建议" not in page
    desk = desk_of(cast.feng)
    (answer,) = re.findall(rf'action="({PAGE}/clues/[^"]+)"', desk.get(PAGE).text)
    empty = desk.submit(answer)
    assert empty.status_code == 422
    assert re.search(r'href="#f-(text-[0-9a-f-]+)".*id="f-\1"', empty.text, re.DOTALL)
    name = f"text-{answer.rpartition('/')[2]}"
    assert "没有采砂许可" in did(desk, desk.submit(answer, **{name: "没有采砂许可"}), "答复线索")
    again = desk.submit(answer, **{name: "又一次"})
    assert again.status_code == 409
    hazard = re.findall(r"/console/hazards/([0-9a-f-]{36})", desk.get(PAGE).text)[0]
    page = desk.get(f"/console/hazards/{hazard}").text
    assert "公安、检察移来" in page
    assert f"/console/hazards/{hazard}/joint" in page
    assert "没有采砂许可" in desk.get(f"/console/hazards/{hazard}/joint").text


def test_an_office_asks_police_for_an_answer_until_a_day(desk_of, phone_of, cast):
    desk = desk_of(cast.feng)
    form = f"{PAGE}/clues/new"
    assert "没有可选的案件" in desk.get(form).text
    case = handed(phone_of, cast, "police_chief")
    assert f"{form}?hazard={case.id}" in desk.get(f"/console/hazards/{case.id}").text
    assert f'<option value="{case.id}" selected>' in desk.get(f"{form}?hazard={case.id}").text
    assert desk.submit(form, return_on="2025-07-20", note="请答复").status_code == 422
    assert desk.submit(form, hazard=str(case.id), return_on="2025-07-01", note="请答复").status_code == 422
    did(desk, desk.submit(form, hazard=str(case.id), return_on="2025-07-20", note="请答复"), "移交线索")
    assert "2025-07-20 前答复" in desk.get(f"/console/hazards/{case.id}/joint").text
    police = desk_of(cast.shen)
    (answer,) = re.findall(rf'action="({PAGE}/clues/[^"]+)"', police.get(PAGE).text)
    name = f"text-{answer.rpartition('/')[2]}"
    did(police, police.submit(answer, **{name: "已立案"}), "答复线索")


def test_a_prosecutor_makes_a_suggestion_and_the_office_replies(desk_of, phone_of, cast):
    prosecutor = desk_of(cast.han)
    form = f"{PAGE}/suggestions/new"
    assert "没有可选的案件" in prosecutor.get(form).text
    case = handed(phone_of, cast, "prosecutor")
    assert f"{form}?hazard={case.id}" in prosecutor.get(f"/console/hazards/{case.id}").text
    prosecutor.get(f"{form}?hazard={case.id}")
    said = {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理"}
    assert prosecutor.submit(form, **(said | {"hazard": ""})).status_code == 422
    wrong = prosecutor.submit(form, **said, reply_by="2025-07-01T09:00")
    assert (wrong.status_code, 'href="#f-reply_by"' in wrong.text) == (422, True)
    page = did(prosecutor, prosecutor.submit(form, **said, is_urgent="1"), "提出检察建议")
    assert "还没有回复" in page
    assert "7月17日" in page
    desk = desk_of(cast.feng)
    assert desk.get(form).status_code == 403
    (reply,) = re.findall(rf'action="({PAGE}/suggestions/[^"]+)"', desk.get(PAGE).text)
    name = f"text-{reply.rpartition('/')[2]}"
    assert "已清理" in did(desk, desk.submit(reply, **{name: "已清理"}), "回复检察建议")
    assert "东检建1号" in desk.get(f"/console/hazards/{case.id}/joint").text
    assert "东昌府区" in desk.get(PAGE).text
    assert "古楼街道" in desk.get(f"{PAGE}/export.csv").get_data(as_text=True)


def test_its_pages_ask_little_and_every_form_says_what_is_missing(desk_of, phone_of, cast):
    case = handed(phone_of, cast, "prosecutor")
    paths = {
        cast.feng: (PAGE, f"{PAGE}/patrols/new", f"{PAGE}/meetings/new", f"{PAGE}/clues/new"),
        cast.han: (PAGE, f"{PAGE}/suggestions/new", f"{PAGE}/clues/new"),
    }
    for person, theirs in paths.items():
        desk = desk_of(person)
        for path in (*theirs, f"/console/hazards/{case.id}", f"/console/hazards/{case.id}/joint"):
            with questions() as asked:
                assert desk.get(path).status_code == 200
            assert len(asked) <= MOST, (path, "\n".join(asked))
            if path.endswith("/new"):
                assert answered(desk, path) == 1, path


@pytest.mark.parametrize(("reporter", "is_told"), [("public", True), ("staff", False)])
def test_who_refuses_a_report_of_the_public_knows_who_reads_why(app, desk_of, phone_of, cast, reporter, is_told):
    hazard = Case(phone_of, cast.wang).id
    if reporter == "public":
        assert Citizen(app).tell(GOOD).status_code == 303
        hazard = phone_of(cast.feng).get("/api/v1/hazards?source=public").json["items"][0]["id"]
    assert ("公众举报人凭查询码能看到" in desk_of(cast.feng).get(f"/console/hazards/{hazard}").text) is is_told
