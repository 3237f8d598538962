"""The map in a browser: how long until it is drawn and answers, with 10,000 reaches in view and with 100,000 in all."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page
from sqlalchemy import text, update

from backend.db import Database
from backend.keyring import KeyRing
from backend.models.people import Person
from backend.services.passwords import hashed
from tests.bench import scene, segments, stage
from tests.rig.browser import WIDE, opened
from tests.rig.city import build_scripts
from tests.rig.serving import Serving

NUMBER, PASSWORD = "12300000001", "河长今天去巡河"
SIZES = (10_000, 100_000)
WANTED_S = 2.0
TIMES = 3
_DRAWN = "() => performance.getEntriesByName('map-drawn')[0]?.startTime"
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(each => !each.name.includes('/tiles/')).reduce((sum, each) => sum + each.transferSize, 0)"""
_TILES = """() => performance.getEntriesByType('resource').filter(each => each.name.includes('/tiles/'))
  .map(each => each.encodedBodySize)"""
_FRAMES = """() => { window.frames_ms = []; let last = performance.now();
  const next = now => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next); }"""


def main() -> None:
    """Each size in a city of its own."""
    build_scripts()
    for size in SIZES:
        with stage.postgis(durable=False) as (source, home):
            _measure(source.empty(), home, size)


def _measure(url: str, home: Path, size: int) -> None:
    database = Database.connect(url)
    chiefs = scene.fill(database, size)
    keyring = KeyRing.load_or_make(home / "keys" / "keys.json")
    segments.clerk_token(url, keyring)
    with database.transaction() as session:
        known = {"password_hash": hashed(PASSWORD), "phone_index": keyring.index(f"+86{NUMBER}")}
        session.execute(update(Person).where(Person.name == "演示科员").values(**known))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    server = Serving(home, url)
    server.start()
    try:
        with opened() as browser:
            page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="zh-CN")
            page.set_default_timeout(60_000)
            address = f"http://localhost:{server.port}"
            _sign_in(page, address)
            lon, lat = np.mean([chief.line.coords[0][:2] for chief in chiefs], axis=0)
            for zoom in (11, 13):
                _look(page, f"{address}/console/map?at={zoom}/{lat:.4f}/{lon:.4f}", size)
    finally:
        server.stop()
        database.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/console/login")
    page.fill("#f-phone", NUMBER)
    page.fill("#f-password", PASSWORD)
    page.click("main button.main")
    page.wait_for_url(f"{address}/console/")


def _look(page: Page, address: str, size: int) -> None:
    """Open it some times, then drag it about and see how long frames take."""
    drawn, weights, tiles = [], [], []
    for _ in range(TIMES):
        page.goto(address)
        page.wait_for_function(_DRAWN)
        drawn.append(page.evaluate(_DRAWN) / 1000)
        weights.append(page.evaluate(_WEIGHT))
        tiles = page.evaluate(_TILES)
    frames = sorted(_dragged(page))
    half, slow = frames[len(frames) // 2], frames[-len(frames) // 20]
    print(
        f"{size} reaches, {address.split('at=')[1]}: drawn and idle after {_said(drawn)} s (wanted {WANTED_S}), page "
        f"{max(weights) / 1000:.0f} kB, {len(tiles)} tiles of up to {max(tiles, default=0) / 1000:.0f} kB; while it is "
        f"dragged a frame takes {half:.0f} ms, the slowest of twenty {slow:.0f} ms",
        flush=True,
    )


def _dragged(page: Page) -> list[float]:
    box: Any = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.evaluate(_FRAMES)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + step * 4, y + step * 2)
        time.sleep(0.02)
    page.mouse.up()
    found: list[float] = page.evaluate("() => window.frames_ms.slice(1)")
    return found


def _said(seconds: list[float]) -> str:
    return ", ".join(f"{each:.1f}" for each in seconds)
