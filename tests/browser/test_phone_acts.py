"""What a chief does beside walking: answers campaigns, mends hazards, without signal and on what was seen."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.hands import SENT_MS, be_at, send, shoot
from tests.browser.test_phone import pictured
from tests.rig.city import SEGMENT, TOWN

KINDS = ["flood", "four_illegal.dump"]
HAS_CASE = """(id) => new Promise((done) => {
  const asked = indexedDB.open("hezhang");
  asked.onsuccess = () => {
    const all = asked.result.transaction("things").objectStore("things").getAll();
    all.onsuccess = () => {
      asked.result.close();
      done(all.result.some((row) => row.type === "case" && row.id === id));
    };
  };
})"""
"""Whether the phone holds that hazard whole."""


@pytest.fixture
def campaign(elsewhere) -> str:
    """A campaign that asks the village chief's reach."""
    named = str(uuid.uuid4())
    deadline = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    said = {"name": "汛前防洪隐患大排查", "text": "逐河段排查，没有发现问题的也要零报告。", "regions": [TOWN]}
    elsewhere("office_clerk", "PUT", f"/campaigns/{named}", said | {"kinds": KINDS, "deadline": deadline})
    return named


@pytest.fixture
def mended(elsewhere) -> str:
    """A hazard that was given to the village chief to be mended."""
    named, at = str(uuid.uuid4()), datetime.now(UTC).isoformat()
    report = {"kind": "water.drift", "severity": "ordinary", "segment": SEGMENT, "description": "闸前一片水草"}
    elsewhere("village_chief", "PUT", f"/hazards/{named}", report | {"observed_at": at})
    chief = elsewhere("village_chief", "GET", "/me")["person"]["id"]
    act(elsewhere, "bureau_clerk", named, action="accept")
    act(elsewhere, "bureau_clerk", named, action="assign", person=chief)
    return named


def act(elsewhere, post: str, hazard: str, **said: Any) -> None:
    """Somebody else acts on it, as it is now."""
    seen = elsewhere(post, "GET", f"/hazards/{hazard}")["etag"]
    item = {"type": "hazard_action", "id": str(uuid.uuid4()), "body": {"hazard": hazard, "if_match": seen, **said}}
    (result,) = elsewhere(post, "POST", "/sync", {"items": [item]})["results"]
    assert result["status"] == "created", result


def test_nothing_found_is_an_answer_in_one_touch_that_waits_for_signal(handset_of, campaign, elsewhere):
    phone = handset_of()
    phone.lose_signal()
    phone.die()
    phone.open("mine")
    phone.page.click("button.row:has-text('汛前防洪隐患大排查')")
    expect(phone.page.locator("main")).to_contain_text("没有发现问题的也要零报告")
    pictured(phone, "task")
    phone.page.click("text=没有问题（零报告）")
    expect(phone.page.locator("[data-answer]")).to_have_attribute("data-answer", "waiting")
    expect(phone.page.locator("text=没有问题（零报告）")).to_have_count(0)
    phone.die()
    phone.open("mine")
    expect(phone.page.locator(".told")).to_contain_text("已回复：没有问题")
    pictured(phone, "mine")
    send(phone)
    phone.open(f"task/{campaign}/{SEGMENT}")
    expect(phone.page.locator("[data-answer]")).to_have_attribute("data-answer", "sent")
    (answer,) = elsewhere("village_chief", "GET", f"/campaigns/{campaign}/answers")["items"]
    assert (answer["found"], answer["segment"]["code"], answer["stands"]) == (False, SEGMENT, True)
    assert not phone.heard()


def test_what_was_found_is_reported_before_it_is_named_and_the_last_answer_names_all(handset_of, campaign, elsewhere):
    phone = handset_of()
    phone.lose_signal()
    ids: list[str] = []
    for text in ("坡脚渗水，碗口大", "堤顶一堆渣土"):
        phone.open(f"task/{campaign}/{SEGMENT}")
        phone.page.click("text=/有问题，去报/")
        expect(phone.page.locator(".kinds button")).to_have_count(12)
        phone.page.click(f".kinds button >> nth={len(ids)}")
        phone.page.fill("#words", text)
        phone.page.click("text=交上去")
        expect(phone.page.locator("h1")).to_have_text("已保存在手机")
        ids.append(phone.page.evaluate("location.hash.split('/')[2]"))
        phone.die()
    expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", "4")
    send(phone)
    answers = elsewhere("village_chief", "GET", f"/campaigns/{campaign}/answers")["items"]
    (stands,) = [each for each in answers if each["stands"]]
    assert (stands["found"], stands["hazards"]) == (True, ids)
    assert not phone.heard()


def test_a_mended_place_is_told_with_a_photo_though_the_phone_dies_before_it_is_handed_in(
    handset_of, mended, elsewhere
):
    phone = handset_of()
    phone.page.wait_for_function(HAS_CASE, arg=mended)
    phone.lose_signal()
    phone.open("mine")
    phone.page.locator("button.row:has-text('整改')").first.wait_for()
    phone.open(f"case/{mended}")
    be_at(phone, [115.9, 36.4])
    expect(phone.page.locator("[data-state]")).to_have_attribute("data-state", "assigned")
    pictured(phone, "case")
    phone.page.click("text=已整改（拍照）")
    expect(phone.page.locator("button.first")).to_be_disabled()
    shoot(phone.page)
    phone.page.fill("#words", "水草捞完了")
    while "水草捞完了" not in [each["description"] for each in phone.disk()["drafts"]]:
        phone.page.wait_for_timeout(50)
    phone.die()
    phone.open(f"case/{mended}")
    phone.page.click("text=已整改（拍照）")
    expect(phone.page.locator("img.shot")).to_have_count(1)
    assert phone.page.input_value("#words") == "水草捞完了"
    pictured(phone, "act")
    phone.page.click("button.first")
    expect(phone.page.locator("[data-act=report_done]")).to_contain_text("已保存在手机")
    expect(phone.page.locator("text=已整改（拍照）")).to_have_count(1)  # what is kept, and no button any more
    phone.page.click("text=留言")
    phone.page.fill("#words", "明天再来看一次")
    phone.page.click("button.first")
    expect(phone.page.locator("[data-act]")).to_have_count(2)
    send(phone)
    found = elsewhere("town_chief", "GET", f"/hazards/{mended}")
    assert (found["state"], [photo["at"] is not None for photo in found["done_photos"]]) == ("done_reported", [True])
    assert found["done_photos"][0]["lonlat"] == [115.9, 36.4]
    assert [each["act"] for each in found["timeline"]][-2:] == ["report_done", "comment"]
    assert {each["state"] for each in found["photos"]} == {"stored"}
    assert not phone.heard()


def test_an_act_on_what_has_changed_is_shown_with_what_it_is_now_and_offered_again(handset_of, mended, elsewhere):
    phone = handset_of()
    phone.page.wait_for_function(HAS_CASE, arg=mended)
    phone.lose_signal()
    for hazard_act, words in (("comment", "先留一句"), ("report_done", "清完了")):
        phone.open(f"act/{mended}/{hazard_act}")
        if hazard_act == "report_done":
            shoot(phone.page)
        phone.page.fill("#words", words)
        phone.page.click("button.first")
        phone.page.wait_for_selector(f"[data-act={hazard_act}]")
    act(elsewhere, "bureau_clerk", mended, action="comment", note="村里催过一次")
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_selector("[data-act=comment][data-state=refused]")
    expect(phone.page.locator("[data-act=report_done]")).to_have_attribute("data-state", "waiting")
    expect(phone.page.locator(".timeline")).to_contain_text("村里催过一次")
    pictured(phone, "case-changed")
    phone.page.click("text=还是要交")
    expect(phone.page.locator("[data-act]")).to_have_count(0, timeout=SENT_MS)
    told = [each["act"] for each in elsewhere("town_chief", "GET", f"/hazards/{mended}")["timeline"]]
    assert told[-3:] == ["comment", "comment", "report_done"]
    send(phone)
    assert not phone.heard()


def test_an_act_that_is_no_longer_wanted_is_let_go(handset_of, mended, elsewhere):
    phone = handset_of()
    phone.page.wait_for_function(HAS_CASE, arg=mended)
    phone.lose_signal()
    phone.open(f"act/{mended}/report_done")
    shoot(phone.page)
    phone.page.click("button.first")
    phone.page.wait_for_selector("[data-act=report_done]")
    act(elsewhere, "bureau_clerk", mended, action="return", note="不归村里办")
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-act=report_done]")).to_contain_text("已经不用做了")
    phone.page.click("text=不交了")
    expect(phone.page.locator("[data-act]")).to_have_count(0)
    send(phone)


def test_a_photo_that_arrives_meanwhile_is_no_change_that_anybody_is_asked_about(handset_of, mended, elsewhere):
    phone = handset_of()
    phone.page.wait_for_function(HAS_CASE, arg=mended)
    phone.context.route("**/api/v1/photos/*", lambda route: route.abort("connectionreset"))
    phone.open(f"act/{mended}/comment")
    shoot(phone.page)
    phone.page.fill("#words", "看这里")
    phone.page.click("button.first")
    phone.page.wait_for_selector("[data-act=comment][data-state=told]")
    phone.lose_signal()
    phone.open(f"act/{mended}/report_done")
    shoot(phone.page)
    phone.page.click("button.first")
    phone.page.wait_for_selector("[data-act=report_done]")
    (photo,) = elsewhere("village_chief", "GET", f"/hazards/{mended}")["photos"]
    assert photo["state"] == "pending"
    phone.context.unroute_all()
    send(phone)
    found = elsewhere("village_chief", "GET", f"/hazards/{mended}")
    assert (found["state"], {each["state"] for each in found["photos"]}) == ("done_reported", {"stored"})


def test_a_town_chief_looks_verifies_and_closes(handset_of, mended, elsewhere, campaign):
    chief = handset_of("village_chief")
    chief.page.wait_for_function(HAS_CASE, arg=mended)
    chief.open(f"act/{mended}/report_done")
    be_at(chief, [115.9, 36.4])
    shoot(chief.page)
    chief.page.click("button.first")
    send(chief)
    phone = handset_of("town_chief")
    phone.open(f"case/{mended}")
    expect(phone.page.locator("img.shot")).to_have_count(1, timeout=SENT_MS)
    phone.page.click("button.look")
    expect(phone.page.locator("dialog.large img")).to_be_visible()
    phone.page.click("dialog.large button.second")
    pictured(phone, "case-town")
    for name, state in (("去看过，整改好了", "verified"), ("销号", "closed")):
        phone.page.click(f".acts button:has-text('{name}')")
        phone.page.click("button.first")
        expect(phone.page.locator("p[data-state]")).to_have_attribute("data-state", state, timeout=SENT_MS)
    assert elsewhere("town_chief", "GET", f"/hazards/{mended}")["state"] == "closed"
    assert not phone.heard()
