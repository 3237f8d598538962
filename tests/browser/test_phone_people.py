"""Who holds the phone: wrong PINs, two people on one phone, and logins that were ended."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.browser.phones import (
    CHIEF,
    OTHER_CHIEF,
    SENT_MS,
    THIRD_CHIEF,
    come_back,
    password_of,
    report,
    said_of,
    sign_in,
)

NONE_LEFT = """() => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("items").objectStore("items").count();
    asked.onsuccess = () => { opening.result.close(); done(asked.result === 0); };
  };
})"""


def test_after_five_wrong_pins_the_password_is_asked_for_and_what_waits_stays(handset_of, office):
    phone = handset_of()
    phone.open("account")
    phone.page.fill("#f-pin", "2580")
    phone.page.click("form button")
    phone.page.wait_for_selector("#f-pin", state="detached")
    phone.lose_signal()
    report(phone, "口令后面的一条")
    phone.page.reload()
    for left in (4, 3, 2, 1):
        phone.page.fill("#f-pin", "1111")
        phone.page.click("form button")
        expect(phone.page.locator("[role=alert]")).to_contain_text(f"{left} 次")
    phone.page.fill("#f-pin", "1111")
    phone.page.click("form button")
    phone.page.wait_for_selector("#f-password")
    assert len(phone.disk()["items"]) == 1
    phone.find_signal()
    phone.type_password(CHIEF)
    phone.page.wait_for_selector("button.great")
    come_back(phone)
    assert len(office(said_of("口令后面的一条"))) == 1


def test_wrong_pins_in_two_tabs_are_counted_together(handset_of):
    phone = handset_of()
    phone.open("account")
    phone.page.fill("#f-pin", "2580")
    phone.page.click("form button")
    phone.page.wait_for_selector("#f-pin", state="detached")
    phone.page.reload()
    tabs = [phone.page, phone.context.new_page()]
    tabs[1].goto(f"{phone.city.address}/m/")
    for tab in tabs:
        tab.fill("#f-pin", "1111")
    for tab in tabs:
        tab.evaluate("document.querySelector('form button').click()")
    said = sorted(tab.locator("[role=alert]").inner_text() for tab in tabs)
    assert ["3 次" in said[0], "4 次" in said[1]] == [True, True], said


def test_whose_account_is_no_more_still_sees_what_waits_and_takes_it_along_in_a_file(handset_of):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "账号没有了")
    gone = {"type": "/problems/unauthenticated", "status": 401, "title": "请重新登录", "detail": "这个账号已停用。"}
    ended: dict[str, Any] = {"status": 401, "content_type": "application/problem+json", "body": json.dumps(gone)}
    phone.context.route("**/api/v1/**", lambda route: route.fulfill(**ended))
    phone.find_signal()
    phone.page.reload()
    phone.open()
    phone.page.wait_for_selector("#f-password")
    phone.page.click("[data-unsent='1']")
    with phone.page.expect_download() as handed:
        phone.page.click("button:has-text('存成一个文件')")
    assert "账号没有了" in handed.value.path().read_text("utf-8")


def test_two_people_on_one_phone_see_and_send_only_what_is_theirs(handset_of, office):
    phone = handset_of()
    phone.open("account")
    phone.page.click("text=换一个人用")
    sign_in(phone, OTHER_CHIEF)
    phone.lose_signal()
    report(phone, "第二个人的")
    phone.open("account")
    phone.page.click("text=换一个人用")
    phone.page.click(f"button.row:has-text('{CHIEF['name']}')")
    phone.page.wait_for_selector("button.great")
    assert phone.page.locator("[data-unsent]").count() == 0
    report(phone, "第一个人的")
    phone.open("queue")
    expect(phone.page.locator("article.row")).to_have_count(1)
    come_back(phone)
    phone.until(NONE_LEFT, within_s=SENT_MS / 1000)
    (first,), (second,) = office(said_of("第一个人的")), office(said_of("第二个人的"))
    assert first.reporter_id != second.reporter_id


def test_when_every_login_was_ended_what_waits_stays_and_goes_after_the_next(city, handset_of, office):
    phone = handset_of(None)
    sign_in(phone, THIRD_CHIEF)
    phone.lose_signal()
    report(phone, "登录过期时的一条")
    elsewhere = phone.context.request
    pair = elsewhere.post(f"{city.address}/api/v1/auth/login", data=password_of(THIRD_CHIEF)).json()
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    ended = elsewhere.post(f"{city.address}/api/v1/auth/logout", data={"everywhere": True}, headers=bearer)
    assert ended.ok
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("queue")
    expect(phone.page.locator(".note").first).to_contain_text("登录已过期")
    assert len(phone.disk()["items"]) == 1
    phone.open()
    expect(phone.page.locator(".note").first).to_contain_text("都还在")
    phone.type_password(THIRD_CHIEF)
    phone.page.wait_for_selector("button.great")
    come_back(phone)
    assert len(office(said_of("登录过期时的一条"))) == 1
