"""Looking at the phone's screens: what is wrong with one for eyes of fifty-five, and what lies on its disk."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from backend.commands import seed
from backend.models.hazards import Hazard
from tests.rig.city import AXE, ROOT, SEGMENT
from tests.rig.handset import SIZE, Handset

SCREENS = ROOT / "var/screens"
SENT_MS = 60_000
OTHER_SEGMENT = "TUHAI-371502-001"
CHIEF, OTHER_CHIEF, THIRD_CHIEF = (
    next(each for each in seed.demo_accounts() if each["segment"] == code)
    for code in (SEGMENT, OTHER_SEGMENT, "TUHAI-371502-008")
)
SMALL = (320, 640)
SIZES = (SIZE, SMALL)
_AXE = """async () => {
  const rules = { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } };
  return (await axe.run({ rules })).violations.map((each) =>
    `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
_STORED = """(key) => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, asked = db.transaction("things").objectStore("things").get(key);
    asked.onsuccess = () => { db.close(); done(asked.result?.body ?? null); };
  };
})"""
_MEASURED = """() => {
  const wrong = [], shown = (each) => each.checkVisibility({ visibilityProperty: true });
  const said = (each) => `<${each.tagName.toLowerCase()} ${each.className}> ${(each.innerText ?? "").slice(0, 30)}`;
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth} px wide`);
  for (const each of document.querySelectorAll("body *")) {
    if (!shown(each) || each.closest("svg")) continue;
    const box = each.getBoundingClientRect();
    if (box.width && box.right > innerWidth + 1) wrong.push(`beyond the edge: ${said(each)}`);
    if (each.scrollWidth > each.clientWidth + 1 && each.clientWidth && getComputedStyle(each).display !== "inline")
      wrong.push(`wider than its place: ${said(each)}`);
  }
  for (const each of document.querySelectorAll("button, input, textarea, select, a, summary, audio")) {
    if (!shown(each)) continue;
    const touched = ["checkbox", "radio"].includes(each.type) ? each.closest("label") : each;
    const { width, height } = touched.getBoundingClientRect();
    if (Math.min(width, height) < 48) wrong.push(`${Math.round(width)} × ${Math.round(height)} px: ${said(each)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const each = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(each) || each.closest("script, noscript, option")) continue;
    const px = parseFloat(getComputedStyle(each).fontSize);
    if (px < (each.closest(".small") ? 18 : 20)) wrong.push(`${px} px: ${said(each)}`);
    if (/phone\\.[a-z]|undefined|null|NaN|\\{\\w+\\}/.test(texts.currentNode.data)) wrong.push(`unsaid: ${said(each)}`);
  }
  return wrong;
}"""


def looked_at(phone: Handset, name: str, language: str) -> list[str]:
    """What is wrong with the screen that is open, on a usual phone and on a small one; a picture of each."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    if not phone.page.evaluate("'axe' in window"):
        phone.page.evaluate(AXE.read_text("utf-8"))
    wrong = phone.heard()
    for width, height in SIZES:
        phone.page.set_viewport_size({"width": width, "height": height})
        found = phone.page.evaluate(_MEASURED) + phone.page.evaluate(_AXE)
        wrong += [f"{width}: {each}" for each in found]
        phone.page.screenshot(
            path=SCREENS / f"phone-{name}-{language}-{width}.png", full_page=True, animations="disabled"
        )
    return [f"{name} ({language}) {each}" for each in wrong]


def item(owner: str, **said: Any) -> dict[str, Any]:
    """A row of the queue, as the app keeps it."""
    made_at = datetime.now(UTC).isoformat()
    row = {"id": str(uuid.uuid4()), "owner": owner, "type": "hazard", "body": {}, "sha256": "0" * 64, "photos": []}
    return row | {"made_at": made_at, "state": "waiting", "tries": 0, "next_at": 0, "label": "违规倾倒"} | said


def thing(owner: str, kind: str, body: Any, name: str = "") -> dict[str, Any]:
    """What came down from the office, as the app keeps it."""
    return {"owner": owner, "type": kind, "id": name, "body": body}


def stored(phone: Handset, owner: str, kind: str, name: str = "") -> Any:
    """The body of one thing that came down."""
    return phone.page.evaluate(_STORED, [owner, kind, name])


def sign_in(phone: Handset, account: dict[str, str]) -> None:
    """Sign in, until the office has told whose reaches there are."""
    phone.type_password(account)
    phone.page.wait_for_selector("button.great")
    phone.page.wait_for_selector(".note.unknown", state="detached")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.until("caches.keys().then((names) => names.length > 0)")


def report(phone: Handset, text: str) -> None:
    """A hazard in words alone, handed in."""
    phone.open("hazards")
    phone.page.click("button.great")
    phone.receive([[115.9, 36.4, datetime.now(UTC).timestamp() * 1000, 8.0]])
    phone.page.click("main > button.second")
    phone.page.click(".kinds button >> nth=4")
    phone.page.fill("#words", text)
    phone.page.click("button.first")
    expect(phone.page.locator("h1")).to_have_text("已保存在手机")


def come_back(phone: Handset, within_ms: int = SENT_MS) -> None:
    """The signal is back, and everything goes."""
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open("queue")
    expect(phone.page.locator("article.row")).to_have_count(0, timeout=within_ms)


def password_of(account: dict[str, str]) -> dict[str, str]:
    """What somebody signs in with."""
    return {"phone": account["phone"], "password": account["password"]}


def said_of(text: str) -> Any:
    """The question for hazards of these words."""
    return select(Hazard).where(Hazard.description == text)
