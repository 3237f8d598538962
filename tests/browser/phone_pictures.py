"""The picture of the phone for docs/screens: home, a walk and a call, side by side."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserType

from backend.clock import utcnow
from tests.browser.strolls import STEP_S, Bank, walk_for
from tests.rig.city import City
from tests.rig.handset import SIZE, Handset

MINUTES = 8
"""Of the walk in the picture; a phone whose clock stands still for longer is told that it is wrong."""
GAP_PX, GROUND = 24, "#c9d2da"


def take(maker: BrowserType, city: City, home: Path, path: Path) -> None:
    """Take the picture of a village chief's phone in that city."""
    phone = Handset(city, maker, home)
    try:
        phone.open()
        phone.sign_in("village_chief")
        screens = [Image.open(io.BytesIO(shot)) for shot in screens_of(phone, city)]
    finally:
        phone.close()
    side_by_side(screens).save(path)


def screens_of(phone: Handset, city: City) -> Iterator[bytes]:
    """Home, the eighth minute of a walk, and a call that nobody has answered yet."""
    begun = utcnow().replace(microsecond=0) - timedelta(minutes=MINUTES)
    bank = Bank(city)
    phone.close()
    phone.switch_on(begun)
    phone.open()
    phone.page.wait_for_selector("button.great")
    phone.receive(bank.along(begun, STEP_S))
    yield phone.page.screenshot()

    phone.page.click("button.great")
    walk_for(phone, bank.along(begun, MINUTES * 60))
    phone.page.wait_for_selector("[data-metres]")
    yield phone.page.screenshot()

    phone.open("mine")
    phone.page.click("button.row")
    phone.page.wait_for_selector(".answers")
    yield phone.page.screenshot()


def side_by_side(screens: Sequence[Image.Image]) -> Image.Image:
    """One picture of several screens."""
    wide, high = SIZE
    whole = Image.new("RGB", (len(screens) * (wide + GAP_PX) + GAP_PX, high + 2 * GAP_PX), GROUND)
    for number, screen in enumerate(screens):
        whole.paste(screen, (GAP_PX + number * (wide + GAP_PX), GAP_PX))
    return whole
