"""What befalls a phone: it dies, loses the network in mid-photo, loses answers, fills up, is updated."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from playwright.sync_api import Error, FilePayload, Route, expect

from tests.pictures import noisy
from tests.rig.handset import Handset

STAYS = [115.9, 36.4]
SENT_MS = 60_000
SIZE = (640, 480)
_SAID = """() => /^(已保存在手机|已传到河长办)$/.test(document.querySelector("h1")?.textContent ?? "")
  ? location.hash.split("/")[2] : null"""
"""The report of which the phone says at this moment that it is saved."""

_HAS_WORDS = """(text) => new Promise((done) => {
  const opening = indexedDB.open("hezhang");
  opening.onsuccess = () => {
    const db = opening.result, asked = db.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => { db.close(); done(asked.result.some(({ description }) => description === text)); };
  };
})"""

_FORGET_APP = """async () => { for (const name of await caches.keys()) await caches.delete(name);
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister(); }"""


@dataclass
class Life:
    """A phone, and what its owner was told is saved."""

    handset: Handset
    dice: random.Random
    saved: set[str] = field(default_factory=set)
    """Ids of reports of which the phone has said that they are saved."""

    def begin(self, text: str) -> None:
        """A new report with a photo and a few words, on the disk and not handed in yet.

        A word takes some milliseconds to the disk: whoever is killed within them has typed it and was told nothing.
        """
        page = self.handset.page
        self.handset.open("hazards")
        page.click("button.great")
        self.handset.receive([[*STAYS, datetime.now(UTC).timestamp() * 1000, 8.0]])
        self.shoot()
        expect(page.locator("img.shot")).to_have_count(1)
        page.click(f".kinds button >> nth={self.dice.randrange(17)}")
        page.fill("#words", text)
        self.handset.until(_HAS_WORDS, text)

    def shoot(self) -> None:
        """Take a photo, unlike every other."""
        photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": noisy(SIZE)}
        self.handset.page.set_input_files("input[capture]", photo)

    def hand_in(self) -> None:
        """Hand it in, and hear that it is saved."""
        self.handset.page.click("button.first")
        self.saved.add(self.handset.page.wait_for_function(_SAID).json_value())

    def hear(self) -> None:
        """Believe what the phone says just now."""
        if said := self.handset.page.evaluate(_SAID):
            self.saved.add(said)

    def settle(self) -> None:
        """With signal, everything goes to the office, and the phone says so."""
        self.handset.context.unroute_all()
        self.handset.find_signal()
        self.handset.open("queue")
        self.handset.install()
        self.handset.page.evaluate("dispatchEvent(new Event('online'))")
        expect(self.handset.page.locator("article.row")).to_have_count(0, timeout=SENT_MS)
        disk = self.handset.disk()
        assert (disk["items"], disk["photos"]) == ([], [])


def die_after_it_is_saved(life: Life, text: str) -> None:
    life.handset.lose_signal()
    life.begin(text)
    life.hand_in()
    unsent_is_right(life, 1)
    life.handset.die()
    unsent_is_right(life, 1)


def die_at_any_moment(life: Life, text: str) -> None:
    life.begin(text)
    life.handset.page.click("button.first", no_wait_after=True)
    life.handset.page.wait_for_timeout(life.dice.uniform(0, 400))
    life.hear()
    life.handset.die()
    for draft in life.handset.disk()["drafts"]:  # it died before it was saved: the draft is whole
        assert draft["description"] == text
        life.handset.open(f"hazard/{draft['id']}")
        life.hand_in()


def hand_in_and_perhaps_die(life: Life, text: str) -> None:
    life.begin(text)
    life.hand_in()
    life.handset.page.wait_for_timeout(300)
    if life.dice.random() < 0.5:
        life.handset.die()


def cut_in_the_middle_of_a_photo(life: Life, text: str) -> None:
    cuts = life.dice.randint(1, 3)
    left = [cuts]

    def cut(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0 and route.request.method == "PUT":
            route.abort("connectionreset")
        else:
            route.continue_()

    life.handset.context.route("**/api/v1/photos/*", cut)
    hand_in_and_perhaps_die(life, text)


def lose_the_answer(life: Life, text: str) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(0)
            with suppress(Error):  # the phone died before the answer came, which is lost, too
                route.fetch()
                route.abort("connectionreset")
        else:
            route.continue_()

    life.handset.context.route("**/api/v1/sync", lose)
    hand_in_and_perhaps_die(life, text)


def be_full(life: Life, text: str) -> None:
    life.handset.lose_signal()
    life.begin(text)
    life.handset.die(room_bytes=50_000)
    life.handset.open("hazards")
    life.handset.page.click("button.row")
    life.shoot()
    expect(life.handset.page.locator("[role=alert]")).to_contain_text("没有存下")
    life.handset.die()
    life.handset.open("hazards")
    life.handset.page.click("button.row")
    life.hand_in()
    unsent_is_right(life, 1)


def open_two_tabs(life: Life, text: str) -> None:
    life.handset.lose_signal()
    life.begin(text)
    life.hand_in()
    other = life.handset.context.new_page()
    life.handset.find_signal()
    other.goto(f"{life.handset.city.address}/m/#/queue")
    other.wait_for_selector("h1")
    life.handset.page.reload()
    expect(other.locator("article.row")).to_have_count(0, timeout=SENT_MS)
    other.close()


def lose_what_the_browser_may_throw_away(life: Life, text: str) -> None:
    life.handset.lose_signal()
    life.begin(text)
    life.hand_in()
    life.handset.page.evaluate(_FORGET_APP)
    life.handset.find_signal()
    life.handset.die()


def be_updated(life: Life, text: str) -> None:
    life.begin(text)
    # Another address is another version; a route of Playwright does not reach a worker.
    life.handset.page.evaluate(
        "navigator.serviceWorker.register('/m/worker.js?next', { scope: '/m/' }).then(() => true)"
    )
    life.handset.until("navigator.serviceWorker.getRegistration('/m/').then((it) => Boolean(it.waiting))")
    assert life.handset.page.input_value("#words") == text
    life.hand_in()
    life.handset.page.evaluate("location.hash = '#/queue'")  # nobody is disturbed here: the new version takes over
    life.handset.page.wait_for_timeout(life.dice.uniform(0, 1_000))
    forget_the_app(life)
    life.handset.close()  # not killed: a browser that is would have its other version again
    life.handset.switch_on()
    life.handset.open()


def forget_the_app(life: Life) -> None:
    """In a tab that is not the app: that one may be loading itself anew, and would ask for its own version again.

    Nor is it below the app: there a browser that is being debugged may wait for ever for the worker that is just being
    changed. One that is not opened such a tab within 1.4 s in each of 207 tries.
    """
    tab = life.handset.context.new_page()
    tab.goto(f"{life.handset.city.address}/healthz")
    tab.evaluate(_FORGET_APP)


def die_while_walking(life: Life, text: str) -> None:
    life.handset.lose_signal()
    life.handset.open()
    life.handset.page.click("button.great")
    life.handset.page.wait_for_selector("[data-metres]")
    now_ms = datetime.now(UTC).timestamp() * 1000
    life.handset.receive([[*STAYS, now_ms + each * 10, 8.0] for each in range(30)])
    life.handset.page.evaluate("dispatchEvent(new Event('pagehide'))")
    while not life.handset.disk()["walks"][0]["handfuls"]:
        life.handset.page.wait_for_timeout(50)
    life.handset.die()
    life.handset.page.click("button.great.live")
    life.handset.end_walk()
    life.hand_in()
    (walk,) = [item for item in life.handset.disk()["items"] if item["type"] == "patrol"]
    assert len(walk["body"]["track"]["points"]) >= 30
    unsent_is_right(life, 1)


def unsent_is_right(life: Life, count: int) -> None:
    """The number on every page is that of what lies on the disk and was not told."""
    life.handset.open("mine")
    expect(life.handset.page.locator("[data-unsent]")).to_have_attribute("data-unsent", str(count))
    assert len(life.handset.disk()["items"]) == count


DEATHS: tuple[Callable[[Life, str], None], ...] = (
    die_after_it_is_saved,
    die_at_any_moment,
    cut_in_the_middle_of_a_photo,
    lose_the_answer,
    be_full,
    open_two_tabs,
    lose_what_the_browser_may_throw_away,
    be_updated,
    die_while_walking,
)
