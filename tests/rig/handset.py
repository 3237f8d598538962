"""A phone in a browser: a small screen, positions that a test gives, signal that comes and goes, and a death."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Error, Page

from tests.rig.browser import Ear, chromium
from tests.rig.city import City

SIZE = (360, 740)
Fix = Sequence[float]
"""Degrees, degrees, Unix ms, metres."""
# A receiver is the border of the app: it hears what a test feeds it, with the times that the test says.
_RECEIVER = """(() => {
  const ears = new Map();
  let last, count = 0;
  const position = ([longitude, latitude, timestamp, accuracy]) =>
    ({ coords: { longitude, latitude, accuracy }, timestamp });
  const soon = (hear) => { if (last) setTimeout(() => hear(position(last)), 0); };
  const receiver = {
    watchPosition(hear) { ears.set(count += 1, hear); soon(hear); return count; },
    clearWatch(number) { ears.delete(number); },
    getCurrentPosition: soon,
  };
  Object.defineProperty(navigator, "geolocation", { value: receiver });
  window.receive = (fixes) => {
    for (last of fixes) for (const hear of [...ears.values()]) hear(position(last));
  };
})()"""
_DISK = """async () => {
  const over = (asked) => new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const db = await over(indexedDB.open("hezhang"));
  const rows = (name) => over(db.transaction(name).objectStore(name).getAll());
  const photos = (await rows("photos")).map(({ sha256 }) => sha256);
  const found = { items: await rows("items"), photos, walks: await rows("walks"), drafts: await rows("drafts") };
  db.close();
  return found;
}"""
_PUT = """async ([name, rows]) => {
  const over = (asked) => new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const db = await over(indexedDB.open("hezhang"));
  const act = db.transaction(name, "readwrite");
  await Promise.all(rows.map((row) => over(act.objectStore(name).put(row))));
  db.close();
  const wire = new BroadcastChannel("hezhang");
  for (const noun of ["things", "queue", "drafts", "walk", "account"]) wire.postMessage(noun);
}"""
_DRAWN = "new Promise((done) => setTimeout(() => setTimeout(done, 0, true)))"
"""After the turn in which a page hears of its new address, and the one in which it is drawn."""
_MICROPHONE = "--use-fake-device-for-media-stream"
"""It hears beeps."""
_EXPECTED = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_TIMED_OUT|ERR_CONNECTION|status of 404")
"""What a network does that a test took away; and 404, by which the office says that a photo has still to come."""


class Handset:
    """One phone: a browser of its own, whose disk outlives it."""

    def __init__(self, city: City, maker: BrowserType, home: Path, language: str = "zh-CN") -> None:
        self.city, self._maker, self._home, self._language = city, maker, home, language
        self._is_offline = False
        self.switch_on()

    def switch_on(self, at: datetime | None = None) -> None:
        """Start the browser on the disk that is there, with a clock that stands there; nothing is opened yet."""
        self.context: BrowserContext = self._maker.launch_persistent_context(
            self._home,
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-dev-shm-usage", _MICROPHONE],
            viewport={"width": SIZE[0], "height": SIZE[1]},
            locale=self._language,
            timezone_id="Asia/Shanghai",
            has_touch=True,
        )
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(_RECEIVER)
        self.context.set_offline(self._is_offline)
        self.page: Page = self.context.pages[0]
        self.ear = Ear(self.page, self.city.address)
        if at is not None:
            self.page.clock.install(time=at)

    def open(self, place: str = "") -> None:
        """Open the app, or go to a page of it."""
        self.page.goto(f"{self.city.address}/m/{f'#/{place}' if place else ''}")
        self.until(_DRAWN)  # of an app that is open already the page before has a heading, too
        self.page.wait_for_selector("h1")

    def sign_in(self, post: str) -> None:
        """Number and password, until the office has told whose reaches there are."""
        self.type_password(self.city.account(post))
        self.page.wait_for_selector("button.great")
        self.page.wait_for_selector(".note.unknown", state="detached")
        self.install()

    def install(self) -> None:
        """Wait until the app is on the phone, and starts without signal."""
        self.until("navigator.serviceWorker.ready.then(() => true)")
        self.until("caches.keys().then((names) => names.length > 0)")

    def type_password(self, account: dict[str, str]) -> None:
        """Fill the form to sign in, and send it."""
        self.page.fill("#f-phone", account["phone"])
        self.page.fill("#f-password", account["password"])
        self.page.click("button.first")

    def end_walk(self) -> None:
        """Say that the walk is over, until the phone has put it on the disk and asks what was seen."""
        self.page.click("text=结束巡河")
        self.page.wait_for_selector(".page.ending")

    def pass_by(self, seconds: float) -> None:
        """Let time pass on a phone whose clock was set."""
        self.page.clock.run_for(int(seconds * 1000))

    def receive(self, fixes: Iterable[Fix]) -> None:
        """The receiver hears where the phone is."""
        self.page.evaluate("(fixes) => window.receive(fixes)", list(fixes))

    def lose_signal(self) -> None:
        """No network from here on."""
        self._is_offline = True
        self.context.set_offline(True)

    def find_signal(self) -> None:
        """The network is back."""
        self._is_offline = False
        self.context.set_offline(False)

    def freeze(self, seconds: float) -> None:
        """Put every page to sleep for so long, as a phone does with an app that it thinks nobody uses."""
        assert self.context.browser is not None
        asked = self.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        pages = [process["id"] for process in asked["processInfo"] if process["type"] == "renderer"]
        for number in pages:
            os.kill(number, signal.SIGSTOP)
        time.sleep(seconds)
        for number in pages:
            os.kill(number, signal.SIGCONT)

    def die(self, at: datetime | None = None, room_bytes: int | None = None) -> None:
        """The battery is empty: the browser is gone without a word; later the app is opened again, with that room."""
        assert self.context.browser is not None
        asked = self.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        (own,) = [process["id"] for process in asked["processInfo"] if process["type"] == "browser"]
        with self.context.expect_event("close"):
            os.kill(own, signal.SIGKILL)
        self.switch_on(at)
        if room_bytes is not None:
            self._fill(room_bytes)
        self.open()

    def _fill(self, room_bytes: int) -> None:
        """Leave so much room; a browser that has looked goes by what it saw, so this is done before it looks."""
        session, origin = self.context.new_cdp_session(self.page), {"origin": self.city.address}
        used = session.send("Storage.getUsageAndQuota", origin)["usage"]
        session.send("Storage.overrideQuotaForOrigin", origin | {"quotaSize": used + room_bytes})

    def allow(self, right: str) -> None:
        """The person allows it, until the phone dies: `microphone`."""
        session = self.context.new_cdp_session(self.page)
        named = {"permission": {"name": right}, "setting": "granted", "origin": self.city.address}
        session.send("Browser.setPermission", named)

    def disk(self) -> dict[str, list[Any]]:
        """What lies on this phone's disk."""
        found: dict[str, list[Any]] = self.page.evaluate(_DISK)
        return found

    def until(self, asked: str, arg: Any = None, within_s: float = 90) -> None:
        """Wait until the page says yes; Playwright's own wait takes a promise for a yes."""
        end = time.monotonic() + within_s
        while not self._answers(asked, arg):
            assert time.monotonic() < end, asked
            self.page.wait_for_timeout(50)

    def _answers(self, asked: str, arg: Any) -> bool:
        """Whether the page says yes; one that loads itself anew at this moment says nothing."""
        try:
            return bool(self.page.evaluate(asked, arg))
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
            return False

    def put(self, table: str, *rows: Any) -> None:
        """Lay rows on this phone's disk, and tell the app that something changed."""
        self.page.evaluate(_PUT, [table, list(rows)])

    def heard(self) -> list[str]:
        """What went wrong in the page, but for what is expected."""
        return [each for each in self.ear.taken() if not _EXPECTED.search(each)]

    def close(self) -> None:
        """Put the phone away."""
        self.context.close()
