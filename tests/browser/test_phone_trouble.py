"""What may befall a phone: a wrong clock, no room, an office that refuses or is busy, and sleep."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.models.patrols import Patrol
from tests.browser.hands import be_at, shoot
from tests.browser.phones import OTHER_CHIEF, OTHER_SEGMENT, SENT_MS, come_back, report, said_of, sign_in

LOOKED_AT = """() => {
  dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_clock_that_is_wrong_by_a_day_is_told_and_the_walk_counts_at_its_right_time(handset_of, along, office):
    phone = handset_of(None)
    sign_in(phone, OTHER_CHIEF)
    wrong = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    phone.die(wrong)
    expect(phone.page.locator("[role=alert]")).to_contain_text("快了 1 天")
    phone.lose_signal()
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    real = datetime.now(UTC)
    for fix in along(wrong, 720, code=OTHER_SEGMENT):
        phone.receive([fix])
        phone.pass_by(5)
    phone.end_walk()
    expect(phone.page.locator("[data-outcome]")).to_have_attribute("data-outcome", "valid")
    phone.page.click("text=存下这次巡河")
    phone.page.wait_for_selector(".kept")
    walk = phone.page.evaluate("location.hash.split('/')[2]")
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("h1")).to_have_text("已传到河长办", timeout=SENT_MS)
    (patrol,) = office(select(Patrol).where(Patrol.id == uuid.UUID(walk)))
    assert patrol.outcome == "valid"
    assert abs(patrol.walked_at - (real - timedelta(minutes=12))) < timedelta(minutes=2)


def test_a_phone_that_is_nearly_full_says_so_before_the_walk(handset_of):
    phone = handset_of()
    phone.die(room_bytes=5_000_000)
    phone.page.click("button.great")
    expect(phone.page.locator("[role=alert]")).to_contain_text("手机快没有空间了")
    assert phone.disk()["walks"] == []
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    assert len(phone.disk()["walks"]) == 1


def test_a_phone_without_any_room_still_sends_what_it_has_which_makes_room(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    phone.open("hazards")
    phone.page.click("button.great")
    be_at(phone, [115.9, 36.4])
    shoot(phone.page)
    phone.page.click(".kinds button >> nth=4")
    phone.page.fill("#words", "没有空间也传")
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    phone.die(room_bytes=0)
    phone.open("hazards")
    phone.page.click("button.great")
    expect(phone.page.locator("[role=alert]")).to_contain_text("没有存下")
    come_back(phone)
    assert len(office(said_of("没有空间也传"))) == 1
    assert phone.disk()["photos"] == []
    assert phone.heard() == []


def test_what_the_office_refuses_stays_until_somebody_has_seen_it(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "河段不是他的")
    (kept,) = phone.disk()["items"]
    body = kept["body"] | {"segment": "NOWHERE-1"}
    phone.put("items", kept | {"body": body})
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("queue")
    expect(phone.page.locator("[data-state=refused]")).to_contain_text("没有收下", timeout=SENT_MS)
    phone.open()
    expect(phone.page.locator(".strip.bad")).to_contain_text("1 条没有被收下")
    phone.die()
    phone.open("queue")
    phone.page.click("text=知道了，删掉这一条")
    assert len(phone.disk()["items"]) == 1
    phone.page.click("text=确定删掉")
    expect(phone.page.locator("article.row")).to_have_count(0)
    assert phone.disk()["items"] == office(said_of("河段不是他的")) == []


def test_what_the_office_refuses_is_mended_and_reported_again(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "先写错了河段")
    (kept,) = phone.disk()["items"]
    phone.put("items", kept | {"body": kept["body"] | {"segment": "NOWHERE-1"}})
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("queue")
    phone.page.get_by_text("改一改再报").click(timeout=SENT_MS)
    phone.page.fill("#words", "改好了")
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    come_back(phone)
    assert len(office(said_of("改好了"))) == 1
    assert office(said_of("先写错了河段")) == []


@pytest.mark.parametrize("status", [503, 507])
def test_an_office_that_asks_for_patience_is_left_in_peace(handset_of, status, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, f"请等一等 {status}")
    asked: list[float] = []

    def busy(route: Any) -> None:
        if route.request.method == "POST":
            asked.append(time.time())
            route.fulfill(status=status, headers={"Retry-After": "40"}, json={"status": status, "title": "忙"})
        else:
            route.continue_()

    phone.context.route("**/api/v1/sync", busy)
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("queue")
    phone.page.wait_for_timeout(1_000)
    for _ in range(5):
        phone.page.evaluate(LOOKED_AT)
        phone.page.wait_for_timeout(300)
    assert len(asked) == 1
    (kept,) = phone.disk()["items"]
    assert kept["next_at"] >= (asked[0] + 39) * 1000
    phone.context.unroute("**/api/v1/sync")
    expect(phone.page.locator("article.row")).to_have_count(0, timeout=SENT_MS)
    assert time.time() - asked[0] >= 39
    assert len(office(said_of(f"请等一等 {status}"))) == 1


def test_a_browser_that_was_frozen_leaves_a_gap_in_the_walk(handset_of, along, office):
    phone = handset_of()
    phone.lose_signal()
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    begun = datetime.now(UTC)
    phone.receive(along(begun, 10))
    phone.page.wait_for_timeout(11_000)
    phone.freeze(45)
    phone.page.wait_for_timeout(11_000)
    (walk,) = phone.disk()["walks"]
    ((left, back),) = walk["frozen"]
    assert back - left >= 40_000
    phone.receive(along(begun, 10, from_s=70))
    phone.end_walk()
    phone.page.click("text=存下这次巡河")
    assert phone.page.wait_for_selector(".kept")
    come_back(phone)
