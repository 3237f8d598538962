"""What lies on a phone's disk outlives older versions, other tabs, and the phone itself."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from backend.models.patrols import Patrol
from backend.models.photos import Photo
from tests.browser.phones import CHIEF, SENT_MS, item, report, said_of
from tests.pictures import GOOD, sha
from tests.rig.city import SEGMENT
from tests.rig.handset import Handset

EMPTIED = """async () => {
  for (const { name } of await indexedDB.databases())
    await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
}"""
NEWER = """() => new Promise((done) => {
  const opening = indexedDB.open("hezhang", 99);
  opening.onsuccess = () => { opening.result.close(); done("opened"); };
  opening.onerror = () => done("failed");
})"""
# A tab that was put to sleep hears no `versionchange`.
HELD = """() => new Promise((done) => {
  const opening = indexedDB.open("hezhang", 1);
  opening.onsuccess = () => { window.held = opening.result; done(); };
})"""
# The disk as version 1 of the app left it in the field. It is written by hand: a step of ours must not help here.
VERSION_1 = """async ({ login, items, photos, drafts, walks, fixes }) => {
  const db = await new Promise((done, fail) => {
    const opening = indexedDB.open("hezhang", 1);
    opening.onupgradeneeded = () => {
      const made = opening.result;
      made.createObjectStore("settings");
      made.createObjectStore("items", { keyPath: "id" });
      made.createObjectStore("photos", { keyPath: "sha256" });
      made.createObjectStore("drafts", { keyPath: "id" });
      made.createObjectStore("walks", { keyPath: "id" });
      made.createObjectStore("fixes", { keyPath: ["walk", "seq"] });
    };
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  const act = db.transaction([...db.objectStoreNames], "readwrite");
  act.objectStore("settings").put(login, "login");
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
  for (const each of photos) act.objectStore("photos").put({ ...each, bytes: bytes(each.bytes) });
  for (const [name, rows] of Object.entries({ items, drafts, walks, fixes }))
    for (const row of rows) act.objectStore(name).put(row);
  await new Promise((done) => { act.oncomplete = done; });
  db.close();
}"""


def test_the_disk_of_the_first_version_is_read_by_this_one_and_everything_arrives(city, handset_of, along, office):
    phone = handset_of(None)
    pair = phone.context.request.post(
        f"{city.address}/api/v1/auth/login", data={"phone": CHIEF["phone"], "password": CHIEF["password"]}
    ).json()
    owner, now = pair["person"]["id"], datetime.now(UTC)
    login = {"id": owner, "name": CHIEF["name"], "device_id": str(uuid.uuid4()), "refresh": pair["refresh_token"]}
    begun = now - timedelta(minutes=5)
    walk: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "segment": SEGMENT,
        "segment_name": "徒骇河沙镇镇和谐新村段",
        "handfuls": 1,
    }
    walk |= {"started_at": begun.isoformat(), "checkins": [], "frozen": [], "note": ""}
    draft = {"id": str(uuid.uuid4()), "changed_at": now.isoformat(), "photos": [], "severity": "ordinary"}
    items = [old_item("第一版的第一条", []), old_item("第一版的第二条", [sha(GOOD)])]
    phone.context.clear_cookies()
    phone.page.goto(f"{city.address}/m/icon-192.png")
    phone.page.evaluate(EMPTIED)
    phone.page.evaluate(VERSION_1, {
        "login": login, "items": items, "drafts": [draft | {"description": "没写完的那条", "kind": "water.drift"}],
        "photos": [{"sha256": sha(GOOD), "bytes": base64_of(GOOD), "type": "image/jpeg", "tries": 0, "next_at": 0}],
        "walks": [walk], "fixes": [{"walk": walk["id"], "seq": 0, "fixes": along(begun, 240)}],
    })  # fmt: skip
    phone.heard()  # a picture alone in a window has styles of its own, which its policy forbids
    phone.open()
    expect(phone.page.locator("button.great.live")).to_contain_text("接着走")
    phone.page.wait_for_function("() => !document.querySelector('[data-unsent]')", timeout=SENT_MS)
    disk = phone.disk()
    assert (disk["items"], disk["photos"]) == ([], [])
    assert [(each["description"], each["owner"]) for each in disk["drafts"]] == [("没写完的那条", owner)]
    for each in items:
        assert [str(row.id) for row in office(said_of(each["body"]["description"]))] == [each["id"]]
    assert office(select(Photo.sha256).where(Photo.sha256 == hashlib.sha256(GOOD).digest()))
    phone.page.click("button.great.live")
    phone.end_walk()
    phone.page.click("text=存下这次巡河")
    expect(phone.page.locator("h1")).to_have_text("已传到河长办", timeout=SENT_MS)
    (patrol,) = office(select(Patrol).where(Patrol.id == uuid.UUID(walk["id"])))
    assert patrol.started_at == begun
    assert phone.heard() == []


def old_item(text: str, photos: list[str]) -> dict[str, Any]:
    """A row of the queue as version 1 wrote it."""
    at = datetime.now(UTC).isoformat()
    body: dict[str, Any] = {
        "kind": "water.drift",
        "severity": "ordinary",
        "description": text,
        "observed_at": at,
        "segment": SEGMENT,
    }
    body["photos"] = [{"sha256": each, "at": at} for each in photos]
    row = item("", body=body, photos=photos, sha256=digest_of(body))
    del row["owner"]
    return row


def digest_of(body: dict[str, Any]) -> str:
    """As RFC 8785 has it, of a body with words and lists alone."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_of_two_tabs_one_records_and_the_other_takes_over(handset_of, along):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "两个窗口")
    other = phone.context.new_page()
    other.goto(f"{phone.city.address}/m/#/mine")
    phone.open("mine")
    for page in (phone.page, other):
        expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
    phone.open()
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    show(other, "walk")
    expect(other.locator(".note")).to_contain_text("别的窗口")
    begun = datetime.now(UTC)
    fixes = along(begun, 60)
    phone.receive(fixes)
    phone.page.evaluate("dispatchEvent(new Event('pagehide'))")
    phone.page.wait_for_timeout(500)
    phone.page.close()
    other.wait_for_selector("[data-metres]")
    assert other.locator("[data-metres]").inner_text() != "0 米"
    phone.page = other
    phone.receive(along(begun, 60, from_s=60))
    other.click("text=结束巡河")
    other.click("text=存下这次巡河")
    expect(other.locator("h1")).to_have_text("已保存在手机")
    (walk,) = [each for each in phone.disk()["items"] if each["type"] == "patrol"]
    assert len(walk["body"]["track"]["points"]) == len(fixes) * 2


def show(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = `#/${place}`; }", place)


def test_a_newer_database_in_another_tab_is_not_kept_waiting_and_the_old_page_says_what_to_do(handset_of):
    phone = handset_of()
    other = phone.context.new_page()
    other.goto(f"{phone.city.address}/m/icon-192.png")
    opened = other.evaluate(NEWER)
    assert opened == "opened"
    expect(phone.page.locator("body")).to_contain_text("请关掉")


def test_an_older_tab_that_does_not_let_go_of_the_disk_is_named_and_not_waited_for_in_silence(handset_of):
    phone = handset_of(None)
    phone.page.goto(f"{phone.city.address}/m/icon-192.png")
    phone.page.evaluate(EMPTIED)
    phone.page.evaluate(VERSION_1, {"login": None, "items": [], "photos": [], "drafts": [], "walks": [], "fixes": []})
    phone.page.evaluate(HELD)
    other = phone.context.new_page()
    other.goto(f"{phone.city.address}/m/")
    expect(other.locator("main")).to_contain_text("请关掉所有巡河窗口")
    phone.page.close()
    phone.page = other
    other.wait_for_selector("#f-phone")


def test_a_browser_that_keeps_nothing_says_so(handset_of):
    phone = handset_of(None)
    phone.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    phone.page.reload()
    expect(phone.page.locator("main")).to_contain_text("打不开手机里的记录")
    assert phone.heard() == []


def test_nobody_signs_out_before_everything_is_safe_and_the_file_brings_it_all_to_another_phone(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    report(phone, "救援文件里的一条")
    phone.open("account")
    expect(phone.page.locator(".note.bad")).to_contain_text("才能退出")
    assert phone.page.locator("text=退出登录").count() == 0
    phone.open("queue")
    with phone.page.expect_download() as handed:
        phone.page.click("button:has-text('存成一个文件')")
    text = handed.value.path().read_text("utf-8")
    phone.find_signal()
    phone.context.route("**/api/v1/sync", lambda route: route.abort())
    phone.open("account")
    phone.page.click("text=退出登录")
    phone.page.click("button.danger")
    phone.page.wait_for_selector("#f-phone")

    fresh = handset_of()
    said = json.loads(text)
    said["items"][0]["body"]["description"] = "改过的"
    for wrong in (json.dumps(said), text.replace(said["owner"], str(uuid.uuid4())), "{}", "没有"):
        bring(fresh, wrong)
        expect(fresh.page.locator("[role=status]").last).to_have_text("这个文件不对：不是您的，或者被改过。")
        assert fresh.disk()["items"] == []
    for _ in range(2):
        bring(fresh, text)
        expect(fresh.page.locator("article.row")).to_have_count(0, timeout=SENT_MS)
    assert len(office(said_of("救援文件里的一条"))) == 1
    assert office(said_of("改过的")) == []


def bring(phone: Handset, text: str) -> None:
    """Bring a rescue file."""
    phone.open("queue")
    phone.page.reload()
    phone.page.wait_for_selector("h2")
    file: FilePayload = {"name": "hezhang.json", "mimeType": "application/json", "buffer": text.encode()}
    phone.page.set_input_files("input[type=file]", file)
    phone.page.wait_for_selector("p.note[role=status]")
