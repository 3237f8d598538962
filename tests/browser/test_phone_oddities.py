"""Odd things: addresses that lead nowhere, positions that are none, waits of a wrong clock, a shared photo."""

from __future__ import annotations

import json
import math
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import FilePayload, Route, expect
from sqlalchemy import select

from backend.models.patrols import Patrol
from backend.models.photos import PhotoUse
from tests.browser.hands import be_at, shoot
from tests.browser.phones import CHIEF, SENT_MS, come_back, item, password_of, report, said_of, thing
from tests.pictures import noisy

PLACES = [
    *(
        "%",
        "%E6%B2",
        "constructor",
        "__proto__",
        "toString",
        "<img src=x onerror=alert(1)>",
        "长" * 3_000,
        "//",
        "first",
    ),
    *("act", "act/nothing/comment", "act/nothing/constructor", "case/nothing", "call/nothing", "door/nothing"),
    *("hazard/nothing", "kept/nothing", "task/nothing/nowhere", "walk", "end", "reaches", "sign-in"),
]
# A cheap phone takes seconds to make a photo smaller.
SLOW_PICTURES = """() => {
  const real = window.createImageBitmap;
  window.createImageBitmap = (...asked) => new Promise((done) => setTimeout(() => done(real(...asked)), 2000));
}"""
# The receiver says no until the person has allowed it; a watch that was refused stays dead.
REFUSING = """() => {
  const real = navigator.geolocation.watchPosition.bind(navigator.geolocation);
  navigator.geolocation.watchPosition = (hear, miss) => {
    if (window.isAllowed) return real(hear);
    setTimeout(() => miss({ code: 1, PERMISSION_DENIED: 1 }), 0);
    return 0;
  };
}"""


def test_every_address_leads_to_a_page(handset_of):
    phone = handset_of()
    for place in PLACES:
        phone.page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        phone.page.reload()
        phone.page.wait_for_selector("h1", timeout=10_000)
    assert phone.disk()["drafts"] == []
    assert phone.heard() == []


def test_positions_that_are_none_do_not_take_the_walk_with_them(handset_of, along, office):
    phone = handset_of()
    phone.lose_signal()
    phone.page.evaluate(REFUSING)
    phone.page.click("button.great")
    phone.page.wait_for_selector(".signal.denied")
    phone.page.evaluate("window.isAllowed = true")
    phone.page.wait_for_selector(".signal.waiting, .signal.silent, .signal.good", timeout=15_000)
    begun = datetime.now(UTC)
    fixes = along(begun, 120)
    lon, lat, at, _ = fixes[-1]
    odd = [
        *([math.nan, lat, at, 8.0], [lon, math.inf, at, 8.0], [lon, 91.0, at, 8.0], [-181.0, lat, at, 8.0]),
        *([lon, lat, at, -5.0], [lon, lat, at, math.nan], [lon, lat, math.nan, 8.0], [lon, lat, -1.0, 8.0]),
        *([lon, lat, at - 86_400_000, 8.0], [0.0, 0.0, at, 8.0], [lon, lat, 9e15, 8.0]),
    ]
    phone.receive([*fixes[:10], *odd, *fixes[10:]])
    phone.page.click("button:has-text('报问题')")
    phone.receive([[lon, lat, math.nan, math.nan]])
    phone.page.click("main > button.second")
    phone.page.click(".kinds button >> nth=2")
    phone.page.fill("#words", "没有准确度的位置")
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机", timeout=20_000)
    phone.open("walk")
    phone.end_walk()
    phone.page.locator("text=存下这次巡河").dblclick()
    phone.page.wait_for_selector(".kept")
    (walk,) = [each["id"] for each in phone.disk()["items"] if each["type"] == "patrol"]
    come_back(phone)
    assert len(office(select(Patrol).where(Patrol.id == uuid.UUID(walk)))) == 1
    assert len(office(said_of("没有准确度的位置"))) == 1
    assert phone.heard() == []


def test_a_wait_that_a_wrong_clock_wrote_down_is_no_wait(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "明年再传")
    (kept,) = phone.disk()["items"]
    year_on = (datetime.now(UTC) + timedelta(days=365)).timestamp() * 1000
    phone.put("items", kept | {"next_at": year_on, "asked_until": year_on})
    come_back(phone)
    assert len(office(said_of("明年再传"))) == 1


def test_a_photo_that_two_people_took_leaves_when_neither_waits_for_it(handset_of):
    phone = handset_of()
    phone.lose_signal()
    phone.open("hazards")
    phone.page.click("button.great")
    be_at(phone, [115.9, 36.4])
    shoot(phone.page)
    phone.page.click(".kinds button >> nth=3")
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    (photo,) = phone.disk()["photos"]
    other = item(str(uuid.uuid4()), photos=[photo], body={"photos": [{"sha256": photo}]})
    phone.put("items", other)
    come_back(phone)
    left = phone.disk()
    assert ([each["id"] for each in left["items"]], left["photos"]) == ([other["id"]], [photo])


def test_words_typed_while_a_photo_is_kept_do_not_let_it_be_left_behind(handset_of, office):
    phone = handset_of()
    phone.open("hazards")
    phone.page.click("button.great")
    be_at(phone, [115.9, 36.4])
    phone.page.click(".kinds button >> nth=3")
    phone.page.click("main > button.second")
    phone.page.evaluate(SLOW_PICTURES)
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": noisy((320, 240))}
    phone.page.set_input_files("input[capture]", photo)
    phone.page.fill("#words", "照片还在存")
    phone.page.wait_for_timeout(500)
    expect(phone.page.locator("button.first")).to_be_disabled()
    expect(phone.page.locator("button.first")).to_be_enabled(timeout=20_000)
    phone.page.click("button.first")
    expect(phone.page.locator(".kept")).to_have_count(1, timeout=20_000)
    come_back(phone)
    (hazard,) = office(said_of("照片还在存"))
    assert len(office(select(PhotoUse).where(PhotoUse.thing_id == hazard.id))) == 1


def test_an_answer_to_a_call_that_was_not_taken_is_not_said_to_be_given(handset_of, city):
    phone = handset_of()
    me = phone.context.request.post(f"{city.address}/api/v1/auth/login", data=password_of(CHIEF)).json()["person"]["id"]
    call: dict[str, Any] = {"id": str(uuid.uuid4()), "number": "W-1", "headline": "红色预警", "instruction": "上堤"}
    call |= {"level": "red", "drill": False, "warning_state": "issued", "state": "open", "answers": []}
    phone.context.route("**/api/v1/sync", refusing)
    phone.put("things", thing(me, "callout", call, call["id"]))
    phone.page.wait_for_selector(".page.call")
    phone.page.click("text=已收到")
    expect(phone.page.locator("[role=status]")).to_have_count(0, timeout=SENT_MS)
    expect(phone.page.locator(".answers button")).to_have_count(3)
    phone.open("queue")
    expect(phone.page.locator("[data-state=refused]")).to_contain_text("这个叫应不是叫您的")
    phone.page.click("text=知道了，删掉这一条")
    phone.page.click("text=确定删掉")
    phone.open()
    expect(phone.page.locator(".page.call .answers button")).to_have_count(3)  # it rings again


def refusing(route: Route) -> None:
    """The office refuses whatever is told."""
    if route.request.method != "POST":
        route.abort()
        return
    items = json.loads(route.request.post_data or "{}")["items"]
    problem = {"type": "/problems/not-found", "status": 404, "detail": "这个叫应不是叫您的"}
    route.fulfill(json={"results": [{"id": each["id"], "status": "refused", "problem": problem} for each in items]})
