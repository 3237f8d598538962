"""The rescue file with all a phone may hold: an act with its photo, a voice note, a draft, a walk; whole or damaged."""

from __future__ import annotations

import copy
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from backend.models.patrols import Patrol
from backend.models.photos import Photo
from tests.browser.hands import be_at, send, shoot
from tests.browser.phones import said_of
from tests.browser.test_phone_acts import HAS_CASE, mended
from tests.browser.test_phone_disk import bring
from tests.browser.test_phone_notes import say_for
from tests.rig.handset import Handset

__all__ = ["mended"]
HURT = "这个文件不对：不是您的，或者被改过。"


def test_the_file_brings_acts_voices_drafts_and_the_walk_and_a_damaged_one_brings_nothing(
    handset_of, mended, elsewhere, office, along
):
    phone = handset_of()
    phone.page.wait_for_function(HAS_CASE, arg=mended)
    phone.lose_signal()
    fill(phone, mended, along)
    said = exported(phone)
    assert [each["type"] for each in said["items"]] == ["hazard_action", "hazard"]
    fresh = handset_of()
    fresh.page.wait_for_function(HAS_CASE, arg=mended)
    fresh.lose_signal()
    for damaged in harmed(said):
        bring(fresh, damaged)
        expect(fresh.page.locator("[role=status]").last).to_have_text(HURT)
        disk = fresh.disk()
        assert not any((disk["items"], disk["photos"], disk["drafts"], disk["walks"])), damaged[:80]
    for _ in range(2):
        bring(fresh, json.dumps(said))
    disk = fresh.disk()
    assert [len(disk[each]) for each in ("items", "drafts", "walks", "photos")] == [2, 1, 1, 3]
    fresh.open("walk")
    fresh.page.click("text=结束巡河")
    fresh.page.click("text=存下这次巡河")
    fresh.page.wait_for_selector(".kept")
    fresh.open(f"hazard/{said['drafts'][0]['id']}")
    expect(fresh.page.locator("audio")).to_have_count(1)
    fresh.page.click("button.first")
    fresh.page.wait_for_selector(".kept")
    send(fresh)
    bring(fresh, json.dumps(said))
    fresh.page.evaluate("dispatchEvent(new Event('online'))")
    expect(fresh.page.locator("article.row")).to_have_count(0, timeout=60_000)
    disk = fresh.disk()
    assert not any((disk["items"], disk["photos"], disk["drafts"], disk["walks"]))
    found = elsewhere("town_chief", "GET", f"/hazards/{mended}")
    assert [each["act"] for each in found["timeline"]].count("report_done") == 1
    assert len(office(said_of("救援里的一条"))) == len(office(said_of("救援里的草稿"))) == 1
    assert len(office(select(Patrol).where(Patrol.id == uuid.UUID(said["walk"]["id"])))) == 1
    named = [bytes.fromhex(each["sha256"]) for each in said["photos"]]
    assert len(office(select(Photo).where(Photo.sha256.in_(named)))) == 3
    assert fresh.heard() == []


def fill(phone: Handset, hazard: str, along: Any) -> None:
    """An act with a photo, a report with another, a draft with a voice note, and a walk that is going on."""
    page = phone.page
    phone.open(f"act/{hazard}/report_done")
    be_at(phone, [115.9, 36.4])
    shoot(page)
    page.fill("#words", "水草捞完了")
    page.click("button.first")
    page.wait_for_selector("[data-act=report_done]")
    phone.open("hazards")
    page.click("button.great")
    be_at(phone, [115.9, 36.4])
    shoot(page)
    page.click(".kinds button >> nth=2")
    page.fill("#words", "救援里的一条")
    page.click("button.first")
    page.wait_for_selector(".kept")
    phone.allow("microphone")
    phone.open("hazards")
    page.click("button.great")
    page.click(".kinds button >> nth=4")
    be_at(phone, [115.9, 36.4])
    page.click("main > button.second")
    page.fill("#words", "救援里的草稿")
    say_for(page, 1.5)
    expect(page.locator("audio")).to_have_count(1)
    phone.open()
    page.click("button.great")
    page.wait_for_selector("[data-metres]")
    phone.receive(along(datetime.now(UTC), 60))
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    while not phone.disk()["walks"][0]["handfuls"]:
        page.wait_for_timeout(50)


def exported(phone: Handset) -> Any:
    """The file, as it was handed to whoever holds the phone."""
    phone.open("queue")
    with phone.page.expect_download() as handed:
        phone.page.click("button:has-text('存成一个文件')")
    return json.loads(handed.value.path().read_text("utf-8"))


def harmed(said: dict[str, Any]) -> list[str]:
    """The same file, each time with something else broken."""
    text = json.dumps(said)
    found = [text[: len(text) // 2], "null", "[]", '"x"', ""]
    for break_it in (
        lambda each: each["photos"][0].update(base64=each["photos"][1]["base64"]),
        lambda each: each["photos"][0].update(base64="!"),
        lambda each: each["items"][0]["body"].update(note="改过的"),
        lambda each: each["items"][0].update(photos=None),
        lambda each: each["items"][1].pop("made_at"),
        lambda each: each["drafts"][0].pop("photos"),
        lambda each: each["drafts"].append({"id": "x"}),
        lambda each: each["walk"].update(fixes=None),
        lambda each: each["walk"].pop("checkins"),
        lambda each: each.pop("drafts"),
        lambda each: each.update(owner=str(uuid.uuid4())),
        lambda each: each.update(form="hezhang-rescue-9"),
    ):
        other = copy.deepcopy(said)
        break_it(other)
        found.append(json.dumps(other))
    return found
