"""What is kept beside words: voice notes, photos that come and go, drafts side by side, photos of a walk."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.hands import send, shoot
from tests.browser.strolls import walk_for
from tests.browser.test_phone import pictured
from tests.pictures import noisy
from tests.rig.city import ROOT, SEGMENT
from tests.rig.handset import Handset

SLOW_PHOTOS = """(ms) => {
  const quick = window.createImageBitmap;
  window.createImageBitmap = async (...given) => {
    await new Promise((done) => setTimeout(done, ms));
    return quick(...given);
  };
}"""
PLAYS = """async () => { const sound = document.querySelector("audio"); sound.muted = true; await sound.play();
  await new Promise((done) => setTimeout(done, 300)); return sound.currentTime; }"""


def test_a_voice_note_is_heard_taken_out_said_anew_and_survives_a_death(handset_of, elsewhere):
    phone = handset_of()
    phone.allow("microphone")
    phone.lose_signal()
    phone.open("hazards")
    phone.page.click("button.great")
    page = phone.page
    say_for(page, 1.5)
    expect(page.locator("audio")).to_have_count(1)
    assert page.evaluate(PLAYS) > 0
    pictured(phone, "voice")
    page.click("text=不要这段")
    page.click("text=确定不要这段")
    expect(page.locator("audio")).to_have_count(0)
    assert phone.disk()["photos"] == []
    say_for(page, 1.5)
    page.click("text=再说一段")
    page.wait_for_function("() => document.querySelector('meter')?.value > 0.05")
    pictured(phone, "speaking")
    while not [each for each in phone.disk()["photos"] if each.startswith("part-")]:
        page.wait_for_timeout(200)  # a part of it is on the disk every few seconds
    (draft,) = phone.disk()["drafts"]
    phone.die()
    phone.open(f"hazard/{draft['id']}")
    page = phone.page
    expect(page.locator("audio")).to_have_count(2)
    expect(page.locator(".voice [role=alert]")).to_contain_text("前面的已存下")
    page.click(".kinds button >> nth=5")
    page.click(f"button:has-text('{reach_name(elsewhere)}')")
    page.click("text=交上去")
    expect(page.locator("[role=status]")).to_contain_text("1 条、2 段录音")
    hazard = page.evaluate("location.hash.split('/')[2]")
    rescue_holds(phone, 2)
    send(phone)
    found = elsewhere("village_chief", "GET", f"/hazards/{hazard}")
    assert [each["state"] for each in found["recordings"]] == ["stored", "stored"]
    phone.open(f"case/{hazard}")
    page.click("text=听录音 >> nth=0")
    expect(page.locator("audio")).to_have_count(1)
    assert page.evaluate(PLAYS) > 0
    assert not phone.heard()


def test_without_a_right_to_the_microphone_a_sentence_says_what_to_do(handset_of):
    phone = handset_of()
    phone.open("hazards")
    phone.page.click("button.great")
    phone.page.click("text=点一下，开始说")
    expect(phone.page.locator(".voice [role=alert]")).to_contain_text("麦克风")
    expect(phone.page.locator("text=点一下，开始说")).to_be_enabled()


def test_several_drafts_wait_side_by_side_and_photos_leave_one_by_one(handset_of):
    phone = handset_of()
    page = phone.page
    phone.lose_signal()
    for count, text in enumerate(("第一处", "第二处"), 1):
        phone.open("hazards")
        page.click("button.great")
        shoot(page, 1)
        shoot(page, 2)
        page.fill("#words", text)
        phone.open("hazards")
        expect(page.locator("button.row:has-text('2 张照片')")).to_have_count(count)
    page.click("button.row:has-text('2 张照片') >> nth=0")
    expect(page.locator("img.shot")).to_have_count(2)
    page.click("button.look >> nth=0")
    expect(page.locator("dialog.large img")).to_be_visible()
    pictured(phone, "large")
    page.click("text=不要这张")
    page.click("text=确定不要这张")
    expect(page.locator("img.shot")).to_have_count(1)
    left = phone.disk()
    assert sorted(len(draft["photos"]) for draft in left["drafts"]) == [1, 2]
    assert len(left["photos"]) == 3
    assert page.input_value("#words") == "第二处"
    page.click("text=不要这一条")
    page.click("button:has-text('确定不要了')")
    expect(page.locator("button.row:has-text('张照片')")).to_have_count(1)
    assert len(phone.disk()["photos"]) == 2
    assert not phone.heard()


def test_a_checkpoint_is_photographed_on_the_way_and_the_walk_has_photos_and_a_note(handset_of, along, elsewhere):
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    phone = handset_of()
    phone.lose_signal()
    phone.die(begun)
    phone.receive(along(begun, 5))
    phone.page.click("button.great")
    walk_for(phone, along(begun, 30))
    walk_for(phone, [[*checkpoint(), (begun + timedelta(seconds=40)).timestamp() * 1000, 8.0]])
    expect(phone.page.locator(".note:has-text('水闸')")).to_be_visible()
    expect(phone.page.locator("text=结束巡河")).to_be_in_viewport(ratio=1)
    shoot(phone.page, 1, "input[aria-label='在这个巡查点拍照']")
    shoot(phone.page, 2, "input[aria-label='拍一张照片']")
    shoot(phone.page, 3, "input[aria-label='拍一张照片']")
    pictured(phone, "walk-photos")
    phone.die(begun + timedelta(seconds=60))
    phone.page.click("button.great")
    expect(phone.page.locator("img.shot")).to_have_count(3)
    phone.page.click("button.look >> nth=1")
    phone.page.click("text=不要这张")
    phone.page.click("text=确定不要这张")
    expect(phone.page.locator("img.shot")).to_have_count(2)
    phone.end_walk()
    phone.page.fill("#words", "闸门关着，水不大")
    pictured(phone, "end-note")
    phone.page.click("text=存下这次巡河")
    expect(phone.page.locator("[role=status]")).to_contain_text("1 条、2 张照片")
    walk = phone.page.evaluate("location.hash.split('/')[2]")
    send(phone)
    found = elsewhere("village_chief", "GET", f"/patrols/{walk}")
    (stop,) = found["report"]["checkins"]
    assert (found["report"]["note"], len(stop["photos"])) == ("闸门关着，水不大", 1)
    assert [each["state"] for each in found["photos"]] == ["stored", "stored"]


def test_a_photo_that_is_still_made_smaller_goes_with_the_walk_that_is_over(handset_of, along):
    phone = handset_of()
    phone.lose_signal()
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    phone.receive(along(datetime.now(UTC), 5))
    phone.page.evaluate(SLOW_PHOTOS, 4_000)
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": noisy((320, 240))}
    phone.page.locator("input[aria-label='拍一张照片']").set_input_files(photo)
    phone.end_walk()
    phone.page.click("text=存下这次巡河")
    expect(phone.page.locator("[role=status]")).to_contain_text("1 条、1 张照片")
    assert not phone.heard()


def say_for(page: Page, seconds: float) -> None:
    """Touch, speak, touch."""
    before = page.locator("audio").count()
    page.click("text=/^(点一下，开始说|再说一段)$/")
    page.wait_for_selector("meter")
    page.wait_for_timeout(seconds * 1000)
    page.click("text=说完了")
    expect(page.locator("audio")).to_have_count(before + 1)


def reach_name(elsewhere) -> str:
    """What the village chief's reach is called."""
    return str(elsewhere("village_chief", "GET", "/me")["segments"][0]["name"])


def rescue_holds(phone: Handset, recordings: int) -> None:
    """The rescue file carries what was said aloud."""
    phone.open("queue")
    with phone.page.expect_download() as saved:
        phone.page.click("button:has-text('存成一个文件')")
    file = json.loads(saved.value.path().read_text("utf-8"))
    assert [each["type"].split("/")[0] for each in file["photos"]] == ["audio"] * recordings
    phone.page.click("text=返回")


def checkpoint() -> list[float]:
    """Where the checkpoint of the village chief's reach is."""
    features = json.loads((ROOT / "seed_data/checkpoints.geojson").read_text("utf-8"))["features"]
    (found,) = [each for each in features if each["properties"]["segment"] == SEGMENT]
    return list(found["geometry"]["coordinates"])
