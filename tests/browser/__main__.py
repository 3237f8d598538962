"""`make screens`: pictures of console and phone for docs/screens, from the seed city on a working morning."""

from __future__ import annotations

import sys
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from backend.clock import utcnow
from backend.simulator.bureau import pictures
from backend.simulator.phones import Phone
from tests.browser import phone_pictures
from tests.browser.desks import Desk, kind_of, seated
from tests.rig.browser import opened
from tests.rig.city import ROOT, SEGMENT, City
from tests.rig.databases import SqliteDatabases

FOLDER = ROOT / "docs/screens"
QUIET_MS = 1_500
"""A map draws a little longer than its page loads."""


PICTURES = {
    "today": ("bureau_clerk", "/console/"),
    "map": ("bureau_clerk", "/console/map"),
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
            pages = PICTURES | {"hazard": ("bureau_clerk", f"/console/hazards/{mended(city)}")}
            missing = [name for name, page in pages.items() if not take(browser, city, name, *page)]
            phone_pictures.take(browser.browser_type, city, Path(home) / "phone", FOLDER / "phone.png")
        finally:
            city.stop()
    sys.stdout.write(f"{len(pages) - len(missing) + 1} pictures are in docs/screens\n")
    if missing:
        sys.exit(f"There is no page for: {', '.join(missing)}")


def mended(city: City) -> str:
    """A heap of rubbish that was reported with a photo, given out, and cleared with another: its id."""
    chief, clerk, dice = city.phone("village_chief"), city.phone("bureau_clerk"), np.random.default_rng(3)
    hazard, line = str(uuid.uuid4()), chief.get(f"/segments/{SEGMENT}")["geometry"]["coordinates"]
    place = dict(zip(("lon", "lat"), line[len(line) // 2], strict=True))

    def shot(*, heap: bool) -> dict[str, Any]:
        at = (utcnow() + timedelta(seconds=1)).isoformat()
        return {"sha256": chief.upload(pictures.bank(dice, heap=heap)), "at": at, "location": place}

    said = {"kind": "four_illegal.dump", "severity": "major", "description": "桥下堆了约两车建筑垃圾，一半已滑进河里"}
    seen = {"location": place, "observed_at": utcnow().isoformat(), "photos": [shot(heap=True)]}
    chief.do("PUT", f"/hazards/{hazard}", said | seen)
    acts: tuple[tuple[Phone, dict[str, Any]], ...] = (
        (clerk, {"action": "accept"}),
        (clerk, {"action": "assign", "person": str(chief.get("/me")["person"]["id"]), "note": "两日内清运"}),
        (chief, {"action": "report_done", "photos": [shot(heap=False)], "note": "已清运，现场已恢复"}),
    )
    for phone, act in acts:
        phone.act(f"/hazards/{hazard}", "actions", {"id": str(uuid.uuid4())} | act)
    return hazard


def take(browser: Browser, city: City, name: str, post: str, kind: str) -> bool:
    """One picture; whether there was a page to take it of."""
    desk = seated(browser, city, "zh-CN")
    desk.sign_in(post)
    path = found(desk, kind)
    if path is None or desk.open(path) != 200:
        return False
    desk.page.wait_for_timeout(QUIET_MS)
    desk.page.screenshot(path=FOLDER / f"{name}.png", full_page=name == "hazard")
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
