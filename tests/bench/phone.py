"""The phone's app: how soon it starts without signal on a slow phone, and what a walk of two hours costs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, sync_playwright

from backend.db import Database
from backend.store import reaches, segments
from geo.chainage import Ruler
from tests.rig.city import SEGMENT, City
from tests.rig.databases import SqliteDatabases
from tests.rig.handset import Handset

SLOWER = 4
TIMES = 5
WALK_S, PACE_MPS = 7_200, 1.2
_SEEN = """(() => { const look = new MutationObserver(() => {
    if (!document.querySelector("button.great")) return;
    look.disconnect();
    requestAnimationFrame(() => { window.seen_ms = performance.now(); });
  });
  look.observe(document, { childList: true, subtree: true }); })()"""
_LONG = """() => { window.long_ms = [];
  new PerformanceObserver((found) => window.long_ms.push(...found.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" }); }"""
_USED = "() => navigator.storage.estimate().then(({ usage }) => usage)"


def main() -> None:
    """A phone that is switched on without signal some times, and then walks for two hours."""
    with _city() as city, TemporaryDirectory() as home, sync_playwright() as player:
        phone = Handset(city, player.chromium, Path(home))
        phone.open()
        phone.sign_in("village_chief")
        phone.lose_signal()
        seen = [_started(phone) for _ in range(TIMES)]
        print(
            f"the app without signal, browser just started, {SLOWER} × slower: first button after "
            f"{median(seen):.0f} ms (at most {max(seen):.0f} ms of {TIMES})",
            flush=True,
        )
        _walk(phone, _along(city))
        phone.close()


@contextmanager
def _city() -> Iterator[City]:
    with TemporaryDirectory() as home:
        source = SqliteDatabases(Path(home))
        city = City(Path(home), source.fresh())
        city.start()
        try:
            yield city
        finally:
            city.stop()
            source.close()


def _started(phone: Handset) -> float:
    """Switch the phone off and on, and open the app."""
    phone.close()
    phone.switch_on()
    phone.context.add_init_script(_SEEN)
    _slow_down(phone)
    phone.open()
    phone.page.wait_for_function("() => window.seen_ms !== undefined")
    found: float = phone.page.evaluate("window.seen_ms")
    return found


def _slow_down(phone: Handset) -> None:
    phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _along(city: City) -> list[list[float]]:
    """Positions up and down the reach, one a second."""
    database = Database.connect(city.settings.database_url)
    with database.reading() as session:
        reach = reaches.named(session, SEGMENT)
        assert reach is not None
        shape = segments.shape_of(session, reach.id)[0]
    database.close()
    way = np.arange(WALK_S) * PACE_MPS
    up_and_down = 20 + 800 - np.abs(way % 1_600 - 800)
    found: list[list[float]] = Ruler(shape).points_at(up_and_down).tolist()
    return found


def _walk(phone: Handset, places: list[list[float]]) -> None:
    """Two hours as fast as the phone can; what they take of its disk, and how long it ever did not answer."""
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=WALK_S + 600)
    phone.close()
    phone.switch_on(begun)
    phone.open()
    before = phone.page.evaluate(_USED)
    phone.page.click("button.great")
    phone.page.wait_for_selector("[data-metres]")
    _slow_down(phone)
    phone.page.evaluate(_LONG)
    for at_s, place in enumerate(places):
        phone.receive([[*place, (begun.timestamp() + at_s) * 1000, 8.0]])
        phone.pass_by(1)
    phone.pass_by(10)
    while_walking = _longest(phone.page)
    walked = phone.page.evaluate(_USED) - before
    phone.page.click("text=结束巡河")
    phone.page.wait_for_selector("[data-outcome]")
    at_the_end = _longest(phone.page)
    phone.page.click("text=存下这次巡河")
    phone.page.wait_for_selector(".kept")
    kept = phone.page.evaluate(_USED) - before
    print(
        f"{len(places)} positions, {SLOWER} × slower: {walked / 1e6:.1f} MB while walking, {kept / 1e6:.1f} MB kept; "
        f"longest task {while_walking:.0f} ms on the way, {at_the_end:.0f} ms at the end, "
        f"{_longest(phone.page):.0f} ms while it is kept",
        flush=True,
    )


def _longest(page: Page) -> float:
    """The longest task since the last look; 0 when none took 50 ms."""
    page.wait_for_timeout(200)
    found: float = page.evaluate("() => Math.max(0, ...window.long_ms.splice(0))")
    return found
