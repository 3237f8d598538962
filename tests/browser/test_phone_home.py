"""What home tells at a glance: until when walks are owed, which call wants an answer, and what waits for a hand."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.phones import CHIEF, item, thing
from tests.rig.city import SEGMENT
from tests.rig.handset import Handset

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def phone(handset_of) -> Handset:
    """A village chief's phone, on home, that nothing new comes down to."""
    found: Handset = handset_of()
    found.page.wait_for_selector(".duty")
    found.page.wait_for_timeout(1_000)
    found.lose_signal()
    return found


def lay(phone: Handset, me: dict[str, Any], **said: Any) -> None:
    """What the office told of that person, otherwise."""
    phone.put("things", thing(me["person"]["id"], "me", me | said))


def test_a_duty_names_the_last_day_on_which_a_walk_still_counts(phone, elsewhere):
    me = elsewhere("village_chief", "GET", "/me")
    (duty,) = me["duties"]
    today = datetime.now(ZONE).date()
    for until, needed, told in (
        (today + timedelta(days=1), 2, "还差 2 次，今天走完"),
        (today + timedelta(days=4), 2, f"还差 2 次，最晚 {said(today + timedelta(days=3))}走完"),
    ):
        period = {"from": today.isoformat(), "until": until.isoformat()}
        lay(phone, me, duties=[duty | {"period": period, "needed": needed, "done": 0}])
        expect(phone.page.locator(".duty span")).to_have_text(told)
    period = {"from": today.isoformat(), "until": (today + timedelta(days=1)).isoformat()}
    lay(phone, me, duties=[duty | {"period": period, "needed": 1, "done": 1}])
    expect(phone.page.locator(".duty span")).to_have_text("今天要走 1 次，已走够")


def test_a_call_that_does_not_take_the_screen_stands_on_home_until_it_is_answered(phone):
    summons = phone.page.locator(".summons")
    expect(summons).to_contain_text("黄色预警，等您回答")
    summons.click()
    phone.page.click("text=/^已收到$/")
    expect(phone.page.locator("[role=status]")).to_contain_text("已记下")
    phone.open()
    expect(phone.page.locator("button.great")).to_be_visible()
    expect(summons).to_have_count(0)


def test_home_counts_what_waits_for_a_hand_but_not_what_only_waits_for_signal(phone, elsewhere):
    me = elsewhere("village_chief", "GET", "/me")
    owner, hazard, campaign = me["person"]["id"], str(uuid.uuid4()), str(uuid.uuid4())
    due = {"segment": SEGMENT, "deadline": datetime.now(UTC).isoformat(), "is_late": False, "name": "排查"}
    tasks = [
        due | {"type": "hazard", "id": hazard, "kind": "water.drift", "what": "accept"},
        due | {"type": "campaign", "id": campaign},
    ]
    mine = phone.page.locator(".tiles button >> nth=1")
    lay(phone, me, tasks=tasks)
    expect(mine).to_contain_text("2 件等您办")
    comment = {"hazard": hazard, "action": "comment"}
    phone.put("items", item(owner, type="hazard_action", body=comment))
    done = {"hazard": hazard, "action": "report_done"}
    phone.put("items", item(owner, type="hazard_action", body=done, state="refused", problem="请看现在的内容。"))
    expect(mine).to_contain_text("2 件等您办")
    phone.put("items", item(owner, type="hazard_action", body=done | {"action": "check_interim"}))
    expect(mine).to_contain_text("1 件等您办")
    answer = {"campaign": campaign, "segment": SEGMENT, "found": False}
    phone.put("items", item(owner, type="campaign_answer", body=answer))
    expect(mine).to_have_text("我的")


def test_what_the_office_did_not_take_bears_no_tick(phone, elsewhere):
    me = elsewhere("village_chief", "GET", "/me")
    owner, campaign = me["person"]["id"], str(uuid.uuid4())
    task = {"type": "campaign", "id": campaign, "segment": SEGMENT, "name": "排查", "is_late": True}
    lay(phone, me, tasks=[task | {"deadline": datetime.now(UTC).isoformat()}])
    answer = {"campaign": campaign, "segment": SEGMENT, "found": False}
    no = {"state": "refused", "problem": "这个问题不在这段河上。"}
    phone.put("items", item(owner, type="campaign_answer", body=answer, **no))
    phone.open("mine")
    told = phone.page.locator("button.row:has-text('排查') span")
    expect(told).to_have_text("河长办没有收下这个回复，请再看看")
    expect(told).to_have_class("late")


def test_what_went_wrong_with_a_place_is_told_where_it_was_asked_for(phone):
    phone.open("hazards")
    phone.page.click("button.great")
    phone.page.click("text=用我现在的位置")
    alert = phone.page.locator("[role=alert]")
    expect(alert).to_contain_text("找不到位置", timeout=60_000)
    expect(alert).to_be_in_viewport()


def test_a_password_can_be_looked_at_before_it_is_sent(handset_of):
    phone = handset_of(None)
    field = phone.page.locator("#f-password")
    field.fill(CHIEF["password"])
    expect(field).to_have_attribute("type", "password")
    phone.page.click("text=显示密码")
    expect(field).to_have_attribute("type", "text")
    phone.sign_in("village_chief")


def test_a_moment_in_a_sentence_of_the_office_is_said_as_a_person_says_it(phone, elsewhere):
    owner = elsewhere("village_chief", "GET", "/me")["person"]["id"]
    day = datetime.now(ZONE).date()
    listed: dict[str, Any] = {"kind": "water.drift", "description": "一片水草"}
    listed |= {"observed_at": datetime.now(UTC).isoformat()}
    listed |= {"id": str(uuid.uuid4()), "reporter": {"id": owner}}
    sentences = [f"已上报，待受理，期限 {day} 24:00", "整改中，已逾期（期限 2019-03-04 08:30）"]
    phone.put("things", thing(owner, "hazards", {"items": [listed | {"sentence": each} for each in sentences]}))
    phone.open("hazards")
    expect(phone.page.locator("time")).to_have_text([f"{said(day)} 24:00", "2019-03-04 08:30"])


def said(day: Any) -> str:
    """A day as the phone says it."""
    return f"{day.month} 月 {day.day} 日"


def test_letters_of_the_law_are_counted_and_a_deadline_at_midnight_is_the_end_of_its_day(phone, elsewhere):
    me = elsewhere("village_chief", "GET", "/me")
    last = datetime.now(ZONE).date() + timedelta(days=3)
    due = {"deadline": f"{last + timedelta(days=1)}T00:00:00+08:00", "is_late": False}
    letter, order = str(uuid.uuid4()), {"type": "order", "id": str(uuid.uuid4()), "name": "签责任书", "what": "sign"}
    asked = {"type": "suggestion", "id": letter, "name": "东检建1号", "hazard": letter}
    # Of hazards the office counts more than it tells.
    lay(phone, me, tasks=[asked | due, order | due], doors=[], waiting=5)
    expect(phone.page.locator(".tiles i")).to_have_text("5 件等您办")
    phone.open("mine")
    rows = phone.page.locator("main .list .row, .list .row")
    expect(rows.filter(has_text="东检建1号")).to_contain_text("回复检察建议")
    expect(rows.filter(has_text="东检建1号")).to_contain_text("请在电脑上答复")
    expect(rows.filter(has_text="签责任书")).to_contain_text(f"{last.month} 月 {last.day} 日 24:00 前办完")


def test_a_training_without_a_code_says_which_code_to_scan(phone):
    phone.open("train")
    expect(phone.page.locator("p.note")).to_have_text("请扫会场屏幕上的二维码签到。")
    expect(phone.page.locator("text=再试")).to_have_count(0)
