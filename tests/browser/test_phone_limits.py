"""A phone at its limits: a queue of five hundred reports, and files that are no pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy import func, select

from backend.formats.canonical import canonical_sha256
from backend.models.hazards import Hazard
from tests.browser.hands import shoot
from tests.browser.phones import SENT_MS, come_back, item
from tests.rig.city import SEGMENT
from tests.rig.handset import Handset

MANY = 500
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(2_000)
NO_PICTURES = {"空文件": b"", "苹果格式": HEIC, "网页": b"<!doctype html><title>photo</title>" * 50}
PUT_ALL = """(rows) => new Promise((done, fail) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, act = db.transaction("items", "readwrite");
    for (const row of rows) act.objectStore("items").put(row);
    act.oncomplete = () => { db.close(); done(); };
    act.onabort = () => fail(act.error);
  };
})"""


def test_five_hundred_reports_wait_are_shown_and_arrive_once(handset_of, office):
    phone = handset_of()
    phone.lose_signal()
    owner = phone.page.evaluate(HOLDER)
    phone.page.evaluate(PUT_ALL, [waiting(owner, number) for number in range(MANY)])
    phone.open("queue")
    expect(phone.page.locator("article.row")).to_have_count(MANY)
    phone.open()
    expect(phone.page.locator("[data-unsent]")).to_have_attribute("data-unsent", str(MANY))
    come_back(phone, within_ms=5 * SENT_MS)
    (count,) = office(select(func.count()).where(Hazard.description.startswith("五百之")))
    assert count == MANY
    assert phone.heard() == []


HOLDER = """() => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, asked = db.transaction("settings").objectStore("settings").get("holder");
    asked.onsuccess = () => { db.close(); done(asked.result); };
  };
})"""


def waiting(owner: str, number: int) -> dict[str, Any]:
    """A report as the app keeps it."""
    body: dict[str, Any] = {
        "kind": "water.drift",
        "severity": "minor",
        "description": f"五百之 {number}",
        "segment": SEGMENT,
    }
    body |= {"observed_at": datetime.now(UTC).isoformat(), "photos": []}
    return item(owner, body=body, sha256=canonical_sha256(body).hex())


@pytest.mark.parametrize("name", NO_PICTURES)
def test_a_file_that_is_no_picture_is_told_and_the_draft_lives_on(handset_of, name):
    phone: Handset = handset_of()
    phone.lose_signal()
    phone.open("hazards")
    phone.page.click("button.great")
    file: FilePayload = {"name": "photo.heic", "mimeType": "image/heic", "buffer": NO_PICTURES[name]}
    phone.page.locator("input[capture]").first.set_input_files(file)
    expect(phone.page.locator("[role=alert]")).to_be_visible()
    assert phone.disk()["photos"] == []
    shoot(phone.page)
    expect(phone.page.locator("[role=alert]")).to_have_count(0)
    assert len(phone.disk()["photos"]) == 1
