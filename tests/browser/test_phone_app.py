"""The phone's app is an app: it can be installed, is light, starts without signal, renews itself quietly, and rings."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from backend.clock import utcnow
from backend.commands import keys
from backend.db import Database
from backend.files.store import PhotoStore
from jobs import callouts, flood_warnings
from jobs.runner import House
from tests.rig.city import TOWN
from tests.rig.handset import Handset

MOST_BYTES = 200_000
"""The whole app as it comes over the line."""
SENT_MS = 60_000
UNSIGNED = timedelta(minutes=6)
"""After so long without a second signature a warning goes out by itself."""
FORBIDDEN_HERE = {"in-incognito"}
"""What a browser without a screen will not install."""


def test_a_browser_finds_nothing_that_keeps_the_app_from_being_installed(handset_of):
    phone = handset_of()
    session = phone.context.new_cdp_session(phone.page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["url"].endswith("/m/manifest.webmanifest")
    assert manifest["errors"] == []
    said = json.loads(manifest["data"])
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}
    assert {"any", "maskable"} <= {icon["purpose"] for icon in said["icons"]}
    found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {each["errorId"] for each in found} - FORBIDDEN_HERE == set()


def test_the_whole_app_is_light(city):
    place = urlsplit(city.address)
    connection = http.client.HTTPConnection(place.netloc)
    weights = {path: weight(connection, path)[0] for path in ("/m/worker.js", "/m/manifest.webmanifest")}
    _, worker = weight(connection, "/m/worker.js", packed=False)
    listed = re.match(rb"self\.PRECACHE=(\[.*?\]);\n", worker)
    assert listed is not None
    for each in json.loads(listed[1]):
        weights[each["url"]] = weight(connection, each["url"])[0]
    connection.close()
    assert len(weights) >= 8
    assert sum(weights.values()) <= MOST_BYTES, weights


def weight(connection: http.client.HTTPConnection, path: str, *, packed: bool = True) -> tuple[int, bytes]:
    """How many bytes a file is on the line, and the file."""
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip" if packed else "identity"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, path
    return len(body), body


def test_it_starts_without_signal_on_a_phone_that_was_off(handset_of):
    phone = handset_of()
    phone.lose_signal()
    phone.die()
    assert phone.page.locator("button.great").is_visible()
    assert phone.page.evaluate("performance.getEntriesByType('navigation')[0].workerStart") > 0
    for place in ("mine", "hazards", "help", "queue"):
        phone.open(place)
        expect(phone.page.locator("h1")).not_to_be_empty()
    assert not phone.heard()


def test_a_new_version_waits_for_a_walk_and_for_what_is_being_typed(handset_of):
    phone = handset_of()
    phone.open("hazards")
    phone.page.click("button.great")
    phone.page.fill("#words", "正在写的一句话")
    typing = phone.page
    walking = phone.context.new_page()
    walking.goto(f"{phone.city.address}/m/")
    walking.click("button.great")
    walking.wait_for_selector("[data-metres]")
    for page in (typing, walking):
        page.evaluate("window.isSame = true")
    renew(phone)
    walking.evaluate("location.hash = '#/mine'")
    walking.wait_for_timeout(1_500)
    assert waits(walking), "somebody walks"
    walking.evaluate("location.hash = '#/walk'")
    walking.click("text=结束巡河")
    walking.click("text=存下这次巡河")
    walking.wait_for_selector(".kept")
    assert waits(walking), "somebody looks at what was kept"
    walking.evaluate("location.hash = '#/mine'")
    walking.wait_for_function("() => !window.isSame")
    assert typing.evaluate("window.isSame"), "a sentence is being typed in the other window"
    assert typing.input_value("#words") == "正在写的一句话"
    typing.evaluate("location.hash = '#/mine'")
    typing.wait_for_function("() => !window.isSame")


def renew(phone: Handset) -> None:
    """The phone has a new version: by another address, for a route of Playwright does not reach a worker."""
    phone.page.evaluate("navigator.serviceWorker.register('/m/worker.js?next', { scope: '/m/' }).then(() => true)")
    phone.until("navigator.serviceWorker.getRegistration('/m/').then((it) => Boolean(it.waiting))")


def waits(page: Any) -> bool:
    """Whether a version waits."""
    found: bool = page.evaluate("navigator.serviceWorker.getRegistration('/m/').then((it) => Boolean(it.waiting))")
    return found


@pytest.fixture
def warn(city):
    """Issue a warning for the town, and let the clockwork call; its id."""

    def issued(level: str) -> str:
        warning = str(uuid.uuid4())
        said = {
            "id": warning,
            "level": level,
            "headline": "上游溃口，马上上堤",
            "instruction": "上堤，撤人",
            "regions": [TOWN],
        }
        officer = city.phone("duty_officer")
        officer.do("POST", "/flood/warnings", said | {"issue": True})
        officer.close()
        database = Database.connect(city.settings.database_url)
        house = House(
            city.settings, database, PhotoStore.open(city.settings.photos_url), keys.opened(city.settings, database)
        )
        for job in (flood_warnings, callouts):
            job.run(house, now=utcnow() + UNSIGNED)
        database.close()
        return warning

    return issued


def test_a_red_call_rings_is_answered_without_signal_and_the_board_shows_it(handset_of, city, warn):
    phone = handset_of()
    phone.context.grant_permissions(["notifications"], origin=city.address)
    phone.open("help")
    warning = warn("red")
    chief = city.phone("village_chief")
    (call,) = [each for each in chief.get("/me")["callouts"] if each["warning"] == warning]
    chief.close()
    said = {
        "id": str(uuid.uuid4()),
        "title": "红色预警",
        "text": "上游溃口",
        "link": f"/m/#/call/{call['id']}",
        "level": "red",
    }
    ring(phone, said | {"is_drill": False})
    worker = phone.context.service_workers[0]
    shown = worker.evaluate(
        """async () => (await registration.getNotifications()).map(({ title, body, data, requireInteraction }) =>
        ({ title, body, data, requireInteraction }))"""
    )
    assert shown == [
        {"title": "红色预警", "body": "上游溃口", "data": {"link": said["link"]}, "requireInteraction": True}
    ]
    worker.evaluate(
        """async () => { const [notification] = await registration.getNotifications();
        dispatchEvent(new NotificationEvent("notificationclick", { notification })); }"""
    )
    phone.page.wait_for_url(f"**/m/#/call/{call['id']}")
    assert worker.evaluate("registration.getNotifications().then((left) => left.length)") == 0
    phone.page.click("text=已收到")
    expect(phone.page.locator("[role=status]")).to_contain_text("河长办已收到您的回答：已收到", timeout=SENT_MS)

    phone.lose_signal()
    phone.page.click("text=正在处置")
    expect(phone.page.locator("[role=status]")).to_contain_text("还没传到")
    phone.die()
    assert [each["body"]["status"] for each in phone.disk()["items"]] == ["acting"]
    phone.find_signal()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.open(f"call/{call['id']}")
    expect(phone.page.locator("[role=status]")).to_contain_text("河长办已收到您的回答：正在处置", timeout=SENT_MS)
    officer = city.phone("duty_officer")
    roll = officer.get(f"/flood/warnings/{warning}/people?limit=200")
    officer.close()
    (row,) = [each for each in roll["items"] if each["id"] == call["id"]]
    assert (row["state"], row["how"]) == ("acting", "app")


def test_a_call_takes_the_whole_screen_of_an_open_app(handset_of, city, warn):
    phone = handset_of()
    phone.open("mine")
    warn("orange")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_url("**/m/#/call/*", timeout=SENT_MS)
    assert phone.page.locator("button.back").count() == 0
    phone.page.click("text=正在处置")
    expect(phone.page.locator("[role=status]")).to_contain_text("正在处置")


def ring(phone: Handset, said: dict[str, Any]) -> None:
    """The push service of the browser delivers a message."""
    session = phone.context.new_cdp_session(phone.page)
    heard: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: heard.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    phone.page.wait_for_timeout(300)
    (number,) = {each["registrationId"] for each in heard if each["scopeURL"].endswith("/m/")}
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": phone.city.address, "registrationId": number, "data": json.dumps(said, ensure_ascii=False)},
    )
    phone.page.wait_for_timeout(500)
