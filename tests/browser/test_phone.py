"""A village chief's day on the phone: no signal by the river, a phone that dies, and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.strolls import STEP_S, walk_for
from tests.pictures import SAMPLES
from tests.rig.city import ROOT
from tests.rig.handset import Handset

SCREENS = ROOT / "var/screens"


def test_a_day_without_signal_and_a_phone_that_dies_twice(handset_of, along, desk_of):
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=40)
    phone = handset_of()
    phone.lose_signal()
    phone.die(begun)
    assert phone.page.locator("button.great").is_visible(), "the app starts without signal"

    phone.receive(along(begun, STEP_S))
    phone.page.click("button.great")
    walk_for(phone, along(begun, 300))
    pictured(phone, "walking")
    phone.page.click("text=报问题")
    report(phone, "漂浮物", [path.read_bytes() for path in SAMPLES[:3]])
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    expect(phone.page.locator("[role=status]")).to_contain_text("1 条")
    expect(phone.page.locator("button.first")).to_have_text("接着走")

    phone.die(begun + timedelta(seconds=310))
    expect(phone.page.locator("button.great")).to_contain_text("接着走")
    walk_for(phone, along(begun, 420, from_s=310))
    phone.page.click("button.great")
    phone.end_walk()
    expect(phone.page.locator("[data-outcome]")).to_have_attribute("data-outcome", "valid")
    pictured(phone, "end")
    phone.page.click("text=存下这次巡河")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    expect(phone.page.locator("[role=status]")).to_contain_text("2 条、3 张照片")
    pictured(phone, "kept")

    phone.die(begun + timedelta(minutes=14))
    expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", "2")
    phone.find_signal()
    expect(phone.page.locator("[data-unsent]")).to_have_count(0, timeout=60_000)
    assert not phone.heard()
    left = phone.disk()
    assert left == {"items": [], "photos": [], "walks": [], "drafts": []}

    desk = desk_of("town_chief")
    desk.open("/console/hazards")
    assert desk.page.locator("main tbody tr", has_text="三张照片").count() == 1
    desk.page.click("main tbody tr:has-text('三张照片') a.name")
    assert desk.page.locator("main img").count() >= 3
    desk.open("/console/patrols")
    assert "算数" in desk.page.inner_text("main tbody tr >> nth=0")


def test_a_draft_that_is_thrown_away_takes_no_photo_from_a_report_that_waits(handset_of):
    phone = handset_of()
    phone.lose_signal()
    phone.receive([[115.858, 36.3287, datetime.now(UTC).timestamp() * 1000, 8.0]])
    for is_wanted in (True, False):
        phone.open("hazards")
        phone.page.click("text=报一个问题")
        shoot(phone, [SAMPLES[0].read_bytes()])
        if is_wanted:
            phone.page.click("text=用我现在的位置")
            expect(phone.page.locator("text=位置已记下")).to_be_visible()
            phone.page.click(".kinds button:has-text('漂浮物')")
            phone.page.click("text=交上去")
            expect(phone.page.locator("h1")).to_have_text("已保存在手机")
    phone.page.click("text=不要这一条")
    phone.page.click("button.danger")
    expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
    expect(phone.page.locator(".shot")).to_have_count(0)
    left = phone.disk()
    assert (left["drafts"], left["photos"]) == ([], left["items"][0]["photos"])


def test_whoever_gets_the_phone_next_does_not_open_an_account_under_a_pin(handset_of):
    phone = handset_of()
    phone.open("account")
    phone.page.fill("#f-pin", "4711")
    phone.page.click("form button")
    expect(phone.page.locator("text=不要口令")).to_be_visible()
    phone.page.click("text=换一个人用")
    phone.page.click("button.row")
    expect(phone.page.locator("#f-pin")).to_be_visible()
    expect(phone.page.locator("h1")).to_contain_text("口令")

    phone.page.fill("#f-pin", "4711")
    phone.page.click("form button")
    expect(phone.page.locator("button.great")).to_be_visible()
    assert not phone.heard()


def report(phone: Handset, kind: str, photos: list[bytes]) -> None:
    """Photo first, then what it is."""
    page = phone.page
    page.wait_for_selector(".kinds")  # a walk takes photos, too: this one is no longer shown
    shoot(phone, photos)
    page.click(f".kinds button:has-text('{kind}')")
    page.fill("#words", "桥下有三张照片那么多的漂浮物")
    page.click("text=交上去")


def shoot(phone: Handset, photos: list[bytes]) -> None:
    """Take these photos."""
    for count, photo in enumerate(photos, 1):
        phone.page.set_input_files("input[capture]", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})
        expect(phone.page.locator("img.shot")).to_have_count(count)


def pictured(phone: Handset, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    phone.page.screenshot(path=SCREENS / f"phone-{name}.png", full_page=True)
