"""`make screens`: pictures of console and phone for docs/screens, from the seed city on a working morning."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import phone_pictures
from tests.browser.desks import Desk, kind_of, seated
from tests.rig.browser import opened
from tests.rig.city import ROOT, City
from tests.rig.databases import SqliteDatabases

FOLDER = ROOT / "docs/screens"
QUIET_MS = 1_500
"""A map draws a little longer than its page loads."""


PICTURES = {
    "today": ("bureau_clerk", "/console/"),
    "map": ("bureau_clerk", "/console/map"),
    "hazard": ("bureau_clerk", "/console/hazards/*"),
    "roll": ("duty_officer", "/console/warnings/*"),
}
"""Who looks at which page; a star is the first thing of the list before it."""


def main() -> None:
    """Take every picture whose page there is, and name those whose page is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, opened() as browser:
        databases = SqliteDatabases(Path(home))
        city = City(Path(home) / "house", databases.fresh())
        city.start()
        try:
            missing = [name for name in PICTURES if not take(browser, city, name)]
            phone_pictures.take(browser.browser_type, city, Path(home) / "phone", FOLDER / "phone.png")
        finally:
            city.stop()
    sys.stdout.write(f"{len(PICTURES) - len(missing) + 1} pictures are in docs/screens\n")
    if missing:
        sys.exit(f"There is no page for: {', '.join(missing)}")


def take(browser: Browser, city: City, name: str) -> bool:
    """One picture; whether there was a page to take it of."""
    post, kind = PICTURES[name]
    desk = seated(browser, city, "zh-CN")
    desk.sign_in(post)
    path = found(desk, kind)
    if path is None or desk.open(path) != 200:
        return False
    desk.page.wait_for_timeout(QUIET_MS)
    desk.page.screenshot(path=FOLDER / f"{name}.png")
    desk.context.close()
    return True


def found(desk: Desk, kind: str) -> str | None:
    """The address of a page of that kind; None where there is none."""
    if not kind.endswith("/*"):
        return kind
    if desk.open(kind.removesuffix("/*")) != 200:
        return None
    return next((link for link in desk.links("main a[href]") if kind_of(link) == kind), None)


if __name__ == "__main__":
    main()
