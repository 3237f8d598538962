"""A browser without a screen: Debian's Chromium, driven by Playwright, and an ear for all that goes wrong in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.rig import debian

WIDE, NARROW = (1366, 768), (390, 844)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FONTS = Path("/usr/share/fonts")
_HEAR_POLICY = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""


def chromium() -> str:
    """Where Chromium is, with letters for Chinese; debian.Missing, with the line to type, when it cannot be had."""
    found = next(filter(None, map(shutil.which, _NAMES)), None) or debian.program("chromium")
    if not _has_chinese():
        debian.refresh()
        debian.install("fonts-noto-cjk")
    return found


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser, closed at the end."""
    path = chromium()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


class Ear:
    """Hears what a page complains about: its console, its policy, its failures, and calls to other hosts."""

    def __init__(self, page: Page, house: str) -> None:
        self._own = urlsplit(house).netloc
        self._heard: list[str] = []
        page.add_init_script(_HEAR_POLICY)
        page.on("console", lambda said: self._hear(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda wrong: self._hear(f"script: {wrong}"))
        page.on("request", lambda asked: self._look(asked.url))

    def taken(self) -> list[str]:
        """What was heard since the last time."""
        heard, self._heard = self._heard, []
        return heard

    def _hear(self, what: str) -> None:
        self._heard.append(what)

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._own:
            self._hear(f"another host: {url}")


def _has_chinese() -> bool:
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout)
    return not _FONTS.is_dir() or any(_FONTS.rglob("*CJK*"))
