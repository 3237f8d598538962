"""The code in the hall, read by a phone: signed in, the quiz, and what is said when it was read too late."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.hands import be_at
from tests.browser.test_phone_screens import look
from tests.rig.city import TOWN

__all__ = ["look"]

OFFICE = "office_clerk"
QUIZ = {
    "questions": [
        {"text": "村级河长多久巡河一次？", "choices": ["每周", "每月", "每季度"], "right": [0]},
        {"text": "下面哪些属于“四乱”？", "choices": ["乱占", "乱采", "乱停", "乱堆"], "right": [0, 1, 3]},
    ],
    "pass_mark": 2,
}


@pytest.fixture
def hall(elsewhere):
    """A session that goes on now, with a quiz: its path."""
    path, now = f"/trainings/{uuid.uuid4()}", datetime.now(UTC)
    body = {"title": "汛后隐患排查培训", "place": "党群服务中心", "teacher": "刘科长", "hours": 2, "text": "看图认隐患"}
    body |= {"begins_at": (now - timedelta(minutes=40)).isoformat(), "ends_at": (now + timedelta(hours=1)).isoformat()}
    body |= {"posts": ["village_chief"], "regions": [TOWN], "quiz": QUIZ}
    elsewhere(OFFICE, "PUT", path, body)
    return path


def test_a_chief_reads_the_code_and_answers_the_quiz(look, hall, elsewhere, city):
    look.phone.sign_in("village_chief")
    phone = city.phone("village_chief")
    be_at(look.phone, phone.get("/segments/TUHAI-371502-007")["geometry"]["coordinates"][0])
    phone.close()
    page = look.page
    look.phone.open("train/ABCDEFGH")
    page.wait_for_selector("[role=alert]")
    assert "422" in " ".join(look.phone.heard())
    look.at("train-late")
    look.at("train-quiz", elsewhere(OFFICE, "GET", f"{hall}/code")["path"].removeprefix("/m/#/"), "fieldset")
    send = page.locator(".acts button.first")
    expect(send).to_be_disabled()
    first, second = page.locator("fieldset").all()
    first.locator("label").nth(1).click()
    second.locator("label").nth(0).click()
    send.click()
    look.at("train-failed", wait=".verdict.doubtful")
    first.locator("label").nth(0).click()
    for number in (1, 3):
        second.locator("label").nth(number).click()
    send.click()
    look.at("train-passed", wait=".verdict.valid:not(:has-text('签到'))")
    (mine,) = [each for each in elsewhere(OFFICE, "GET", f"{hall}/people")["items"] if each["there"]]
    assert mine["person"]["name"].endswith("郑江平")
