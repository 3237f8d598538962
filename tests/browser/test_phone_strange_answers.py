"""Answers that are not the office's: a portal's page, a proxy's no, half an answer. Nothing is lost or stands still."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect
from sqlalchemy import select

from backend.models.photos import Photo
from tests.browser.hands import be_at, shoot
from tests.browser.phones import SENT_MS, come_back, report, said_of
from tests.rig.handset import Handset

PORTAL = "<!doctype html><title>欢迎使用免费无线网</title>"
PAGE: dict[str, Any] = {"content_type": "text/html", "body": PORTAL}
STRANGE: dict[str, dict[str, Any]] = {
    "一页网页": {"status": 200} | PAGE,
    "别的数据": {"status": 200, "json": {"code": 0, "msg": "ok"}},
    "半截": {"status": 200, "content_type": "application/json", "body": '{"results": ['},
    "不让进": {"status": 401} | PAGE,
    "没有": {"status": 404} | PAGE,
    "太大": {"status": 413} | PAGE,
}
REFUSED = re.compile(r"the server responded with a status of (?!500)")


def test_what_another_than_the_office_answers_takes_nothing_from_the_phone(handset_of, office):
    phone = handset_of()
    for strange, answer in STRANGE.items():
        told = f"门户：{strange}"
        photo = report_with_photo(phone, told)
        phone.context.route("**/api/v1/**", answering(answer))
        phone.find_signal()
        phone.page.reload()  # the short token is gone with the page: each is asked for anew
        turn_up(phone)
        phone.open("mine")
        expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
        phone.context.unroute_all()
        phone.context.route("**/api/v1/photos/*", answering(answer))
        turn_up(phone)
        expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0", timeout=SENT_MS)
        phone.page.wait_for_timeout(300)
        expect(phone.page.locator("[data-photos]")).to_have_attribute("data-photos", "1")
        assert phone.disk()["photos"] == [photo], strange
        phone.context.unroute_all()
        come_back(phone)
        assert len(office(said_of(told))) == 1
        assert len(office(select(Photo).where(Photo.sha256 == bytes.fromhex(photo)))) == 1, strange
        assert [each for each in phone.heard() if not REFUSED.search(each)] == [], strange


def answering(answer: dict[str, Any]) -> Callable[[Route], None]:
    """Whoever is asked says this."""
    return lambda route: route.fulfill(**answer)


def report_with_photo(phone: Handset, text: str) -> str:
    """A hazard with a photo, handed in without signal; the digest of the photo."""
    phone.lose_signal()
    phone.open("hazards")
    phone.page.click("button.great")
    be_at(phone, [115.9, 36.4])
    shoot(phone.page)
    phone.page.click(".kinds button >> nth=3")
    phone.page.fill("#words", text)
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    (photo,) = phone.disk()["photos"]
    return str(photo)


def turn_up(phone: Handset) -> None:
    """The network is back, for what it is worth."""
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_timeout(700)


def test_what_cannot_be_sent_does_not_keep_back_what_can(handset_of, office):
    """A letter cut in half makes the whole call unreadable; a proxy on the way takes less than the office."""
    phone = handset_of()
    phone.lose_signal()
    for text in ("第一条好的", "半个字", "第二条好的"):
        report(phone, text)
    (half,) = [each for each in phone.disk()["items"] if each["body"]["description"] == "半个字"]
    phone.page.evaluate(HALVE, half["id"])

    def narrow(route: Route) -> None:
        if len(route.request.post_data or "") > 1_200:
            route.fulfill(status=413, content_type="text/html", body=PORTAL)
        else:
            route.continue_()

    phone.context.route("**/api/v1/sync", narrow)
    phone.find_signal()
    turn_up(phone)
    phone.open("queue")
    expect(phone.page.locator("article.row")).to_have_count(1, timeout=SENT_MS)
    expect(phone.page.locator("article.row")).to_have_attribute("data-state", "refused")
    assert len(office(said_of("第一条好的"))) == len(office(said_of("第二条好的"))) == 1


HALVE = """(id) => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, act = db.transaction("items", "readwrite"), items = act.objectStore("items");
    items.get(id).onsuccess = ({ target: { result } }) =>
      items.put({ ...result, body: { ...result.body, description: "\\ud83d" } });
    act.oncomplete = () => { db.close(); done(); };
  };
})"""


def test_an_answer_that_stops_in_the_middle_is_not_waited_for_for_ever(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "答复断了一半")
    phone.die()
    phone.page.clock.install()
    phone.page.evaluate(STALL)
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.until("window.stalled > 0")
    phone.page.clock.run_for(31_000)
    phone.page.evaluate("window.stall = false")
    come_back(phone)
    assert len(office(said_of("答复断了一半"))) == 1


# The network is the border of the app: the head of an answer comes, its body never does.
STALL = """() => {
  const real = window.fetch;
  window.stall = true;
  window.stalled = 0;
  window.fetch = (address, asked) => {
    if (!window.stall || asked?.method !== "POST") return real(address, asked);
    window.stalled += 1;
    const body = new ReadableStream({ start(stream) {
      stream.enqueue(new TextEncoder().encode("{"));
      asked.signal.addEventListener("abort", () => stream.error(new DOMException("", "AbortError")));
    } });
    return Promise.resolve(new Response(body, { headers: { "Content-Type": "application/json" } }));
  };
}"""


def test_a_photo_that_the_office_does_not_take_is_told_with_its_reason_and_done_without(handset_of, office):
    phone = handset_of()
    photo = report_with_photo(phone, "照片坏了")
    phone.page.evaluate(SPOIL, photo)
    phone.find_signal()
    turn_up(phone)
    phone.open("queue")
    row = phone.page.locator('article.row[data-state="told"]')
    expect(row.locator("span.bad")).to_contain_text("河长办不收这张照片", timeout=SENT_MS)
    with phone.page.expect_download() as copied:
        row.get_by_text("存到手机里").click()
    assert copied.value.suggested_filename.endswith(".jpeg")
    row.get_by_text("不传这张照片了").click()
    row.get_by_text("确定删掉，找不回来").click()
    expect(row).to_have_count(0)
    assert phone.disk()["photos"] == []
    assert len(office(said_of("照片坏了"))) == 1


SPOIL = """(sha256) => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, act = db.transaction("photos", "readwrite"), photos = act.objectStore("photos");
    photos.get(sha256).onsuccess = ({ target: { result } }) =>
      photos.put({ ...result, bytes: result.bytes.slice(0, 900) });
    act.oncomplete = () => { db.close(); done(); };
  };
})"""
