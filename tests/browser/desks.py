"""Desks with a screen: who signs in, what a page is asked, and which pages there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page

from tests.rig.browser import WIDE, Ear
from tests.rig.city import AXE, City

POSTS = ("bureau_clerk", "office_clerk", "town_chief", "duty_officer", "administrator")
MOST_BYTES, MOST_BYTES_OF_A_MAP = 300_000, 500_000
"""What a page weighs with everything it loads, packed as it comes over the line."""
_HREFS = "links => links.map(link => link.getAttribute('href'))"
_NAVIGATION = "nav.side a"
_INNER = "main tbody a.name, main a.place, main .head a, main .figures a, main .buttons a, main .tabs a"
_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{2,}|[A-Z]+-[0-9-]+|(?<=^/a/)[\w-]+")
_FILE = re.compile(r"\.\w+$|/export\b|/file")
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, each) => sum + each.transferSize, 0)"""
_WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map(each => `${each.tagName.toLowerCase()}.${each.className}`)
  .concat(`${document.documentElement.scrollWidth} px in a window of ${innerWidth}`)"""
_AXE = """async () => (await axe.run()).violations.map(each =>
  `${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)"""


class Desk:
    """A browser window at which somebody sits."""

    def __init__(self, city: City, context: BrowserContext) -> None:
        self.city, self.context = city, context
        self.page: Page = context.new_page()
        self.ear = Ear(self.page, city.address)

    def open(self, path: str) -> int:
        """Open a page of the console, whole; its status."""
        self.page.goto(self.city.address + path)
        self.page.wait_for_load_state("load")
        status: int = self.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
        return status

    def sign_in(self, post: str) -> None:
        """Number and password; where a second factor is asked for it is set up."""
        self.open("/console/login")
        self.type_password(post)
        if urlsplit(self.page.url).path == "/console/code":
            secret = self.page.inner_text("main p.small b").replace(" ", "")
            self.page.fill("#f-code", pyotp.TOTP(secret).now())
            self.page.click("main button.main")
        self.page.wait_for_url(f"{self.city.address}/console/")

    def type_password(self, post: str) -> None:
        """Fill the form to sign in, and send it."""
        account = self.city.account(post)
        self.page.fill("#f-phone", account["phone"])
        self.page.fill("#f-password", account["password"])
        self.page.click("main button.main")

    def open_first(self, path: str) -> None:
        """Open the first thing of a list."""
        self.open(path)
        self.page.click("main a.name >> nth=0")

    def navigation(self) -> list[str]:
        """Where the navigation leads this person."""
        self.open("/console/")
        return self.links(_NAVIGATION)

    def inner(self) -> Iterator[str]:
        """Where the page that is open leads: the first of each kind of thing."""
        seen = set()
        for link in self.links(_INNER):
            if kind_of(link) not in seen and not _FILE.search(urlsplit(link).path):
                seen.add(kind_of(link))
                yield link

    def wrong(self, *, look_closely: bool) -> list[str]:
        """What is wrong with the page that is open, as wide as the window is now."""
        found = self.ear.taken()
        found += self.page.evaluate(_WIDER)
        weight = self.page.evaluate(_WEIGHT)
        has_map = self.page.locator(".map").count() > 0
        if weight > (MOST_BYTES_OF_A_MAP if has_map else MOST_BYTES):
            found.append(f"{weight} bytes")
        if look_closely:
            found += self._violations()
        return found

    def resize(self, size: tuple[int, int]) -> None:
        """Another window."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def active(self) -> Any:
        """What has the focus: its tag, name, and whether one sees it."""
        return self.page.evaluate(
            """() => { const it = document.activeElement, style = getComputedStyle(it);
            const box = it.getBoundingClientRect();
            return { tag: it.tagName, id: it.id, label: (it.innerText || it.name || '').trim(),
              seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 1
                && box.right > 0 && box.bottom > 0 && box.left < innerWidth }; }"""
        )

    def _violations(self) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found: list[str] = self.page.evaluate(_AXE)
        return found

    def links(self, where: str) -> list[str]:
        found: list[str | None] = self.page.eval_on_selector_all(where, _HREFS)
        return [link for link in dict.fromkeys(found) if link and link.startswith("/console/")]


def kind_of(link: str) -> str:
    """The kind of page: its address without numbers and filters."""
    return _NUMBER.sub("*", urlsplit(link).path)


def seated(browser: Browser, city: City, language: str, state: Any = None) -> Desk:
    """A fresh window, that of somebody who signed in before where their state is given."""
    context = browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]},
        locale=language,
        storage_state=state,
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(20_000)
    return Desk(city, context)
