"""Every screen of the phone, in both languages, on a usual phone and on a small one: sound, large and plain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.browser.phones import item, looked_at, stored, thing
from tests.pictures import SAMPLES
from tests.rig.city import SEGMENT
from tests.rig.handset import Handset

LANGUAGES = ("zh-CN", "en")
LEVELS = ("red", "orange", "yellow", "blue")
SERVED = "button.great, .page"
NOT_TAKEN = {"sha256": "1" * 64, "type": "image/jpeg", "tries": 1, "next_at": 0, "problem": "这不是完整的照片。"}
"""A photo that the office does not take."""
TIMES = """() => fetch("/api/v1/me").catch(() => null)"""


class Look:
    """One look at the screens of a phone: what was wrong with any."""

    def __init__(self, phone: Handset, language: str) -> None:
        self.phone, self.page, self.language = phone, phone.page, language
        self.wrong: list[str] = []

    def at(self, name: str, place: str | None = None, wait: str = "h1") -> None:
        """Go there, wait until that is seen, and look closely."""
        if place is not None:
            self.page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        self.page.wait_for_selector(wait)
        self.page.wait_for_timeout(150)
        self.wrong += looked_at(self.phone, name, self.language)


@pytest.fixture(params=LANGUAGES)
def look(request, handset_of) -> Iterator[Look]:
    """A phone in that language that nobody has signed in on."""
    found = Look(handset_of(None, request.param), request.param)
    yield found
    assert not found.wrong, "\n".join(found.wrong)


@pytest.fixture
def chief(look, city) -> dict[str, Any]:
    """Who holds that phone, signed in, as the office tells of them; from then on there is no signal."""
    look.phone.sign_in("village_chief")
    phone = city.phone("village_chief")
    me = phone.get("/me")
    phone.close()
    look.page.wait_for_function("() => document.querySelector('.duty')")
    look.page.wait_for_timeout(1_000)
    look.phone.lose_signal()
    return me


def test_the_way_in(look, city):
    look.at("sign-in")
    look.at("first", "first")
    look.phone.open()
    look.phone.type_password({"phone": "12340000109", "password": "falsch"})
    look.page.wait_for_selector("[role=alert]")
    assert "401" in " ".join(look.phone.heard())
    look.at("sign-in-wrong")
    look.phone.sign_in("village_chief")
    look.phone.open("account")
    look.at("account")
    look.page.fill("#f-pin", "12")
    look.page.click("form button")
    look.at("account-pin-wrong", wait="[role=alert]")
    look.page.fill("#f-pin", "2580")
    look.page.click("form button")
    look.page.wait_for_selector("#f-pin", state="detached")
    look.at("account-pin")
    look.page.reload()
    look.at("pin", wait="#f-pin")
    look.page.fill("#f-pin", "1111")
    look.page.click("form button")
    look.at("pin-wrong", wait="[role=alert]")
    look.page.click("button.quiet")
    look.at("sign-in-known", wait="button.row")


def test_home_and_the_walk(look, chief):
    me, owner = chief, chief["person"]["id"]
    look.at("home", "", "button.great")
    second = me["segments"][0] | {
        "code": "TUHAI-371502-001",
        "name": "徒骇河沙镇镇张葛村段",
        "for": me["person"] | {"name": "演示·何波安"},
    }
    duties = [
        me["duties"][0] | {"done": 0},
        me["duties"][0] | {"river": {"code": "X", "name": "新金线河"}, "needed": 0},
    ]
    look.phone.put("things", thing(owner, "me", me | {"segments": [*me["segments"], second], "duties": duties}))
    look.at("home-several", wait="button.quiet")
    look.at("reaches", "reaches", "button.row")
    look.phone.put("things", thing(owner, "me", me | {"segments": [], "duties": []}))
    look.at("home-nothing", "", ".note")
    look.phone.put("things", thing(owner, "me", me))
    look.phone.put("items", item(owner), item(owner))
    look.phone.page.evaluate("() => 0")
    look.at("home-unsent", wait=".strip.waiting")


def test_the_walk_and_its_end(look, chief, along):
    owner = chief["person"]["id"]
    now = datetime.now(UTC)
    begun = now - timedelta(minutes=13)
    whole = along(begun, 12 * 60)
    ahead = [[*whole[-1][:2], (now + timedelta(minutes=40)).timestamp() * 1000, 8.0]]
    for name, fixes in (("invalid", whole[:40]), ("doubtful", [*whole, *ahead]), ("valid", whole)):
        begin(look, owner, begun, fixes)
        look.at(f"walk-{name}", "walk", "[data-metres]")
        look.page.click("button.first")
        look.at(f"end-{name}", wait=f"[data-outcome={name}]")
        look.page.click("button.quiet")
        if name == "invalid":
            look.at("end-forget", wait="button.danger")
        if name != "valid":
            look.page.click("button.danger")
            look.page.wait_for_selector("button.great")
    look.page.click("button.first")
    look.at("kept", wait=".kept")
    where = look.page.evaluate("location.hash.split('/')[2]")
    look.phone.find_signal()
    look.page.evaluate("dispatchEvent(new Event('online'))")
    look.at("kept-there", f"kept/{where}", ".verdict")


def test_a_hazard_is_reported(look, chief):
    owner = chief["person"]["id"]
    look.at("hazards", "hazards", "button.great")
    look.page.click("button.great")
    look.at("hazard-begun", wait="button.shoot")
    look.page.click("main > button.second")
    look.at("hazard-no-place", wait="[role=alert]")
    look.phone.receive([[115.9, 36.4, datetime.now(UTC).timestamp() * 1000, 8.0]])
    for count, path in enumerate(SAMPLES[:2], 1):
        look.page.set_input_files("input[capture]", path)
        look.page.locator("img.shot").nth(count - 1).wait_for()
    look.page.click(".kinds button >> nth=0")
    look.page.fill("#words", "桥下堆了约两车建筑垃圾，一半已滑进河里")
    look.page.click(".choices .critical")
    look.at("hazard", wait="button.first:enabled")
    look.page.click("button.quiet")
    look.at("hazard-drop", wait="button.danger")
    look.at("hazards-draft", "hazards", "button.row")
    look.phone.put("things", thing(owner, "hazards", {"items": []}))
    look.at("hazards-none", wait=".note")


@pytest.mark.parametrize("level", [*LEVELS, "drill", "over"])
def test_a_call(look, chief, level):
    owner = chief["person"]["id"]
    call = chief["callouts"][0] | {"id": str(uuid.uuid4()), "contact": "防办值班室 0635-8240000"}
    call |= {"level": level if level in LEVELS else "red", "drill": level == "drill"}
    call |= {"warning_state": "lifted" if level == "over" else "issued"}
    call |= {"expires_at": (datetime.now(UTC) + timedelta(hours=6)).isoformat()}
    look.phone.put("things", thing(owner, "callout", call, call["id"]))
    look.at(f"call-{level}", f"call/{call['id']}", ".level")
    if level == "red":
        look.page.click("text=/^(已收到|Received)$/")
        look.at("call-answered", wait="[role=status]")
        look.phone.put("things", thing(owner, "said", {"status": "acting"}, call["id"]))
        look.page.click("button.danger")
        look.at("call-unable")
    if level == "over":
        look.at("call-not-here", f"call/{uuid.uuid4()}", ".note")


def test_what_is_mine(look, chief):
    me, owner = chief, chief["person"]["id"]
    hour = datetime.now(UTC) + timedelta(hours=30)
    door = {"id": str(uuid.uuid4()), "person": {"id": owner, "name": "演示·何波安"}, "place": "张葛村委会东 200 米"}
    task = {
        "type": "hazard",
        "id": "1",
        "segment": SEGMENT,
        "kind": "water.drift",
        "what": "accept",
        "name": "",
        "is_late": False,
    }
    tasks = [
        task | {"deadline": hour.isoformat()},
        task | {"id": "2", "is_late": True, "deadline": "2026-01-02T08:00:00+08:00"},
    ]
    look.phone.put("things", thing(owner, "me", me | {"doors": [door], "tasks": tasks}))
    look.at("mine", "mine", ".tiles")
    look.at("door", f"door/{door['id']}", ".acts")
    look.page.click("button.first")
    look.at("door-offline", wait="[role=alert]")
    look.at("door-gone", f"door/{uuid.uuid4()}", ".note")
    look.at("help", "help", "section")
    look.at("account-offline", "account", "h2")
    look.at("news", "news", ".page")
    notices = stored(look.phone, owner, "notices") or {"items": []}
    told = {
        "id": "1",
        "title": "巡河命令",
        "text": "今晚八点前把徒骇河走一遍，看好涵闸。",
        "created_at": hour.isoformat(),
        "is_drill": False,
    }
    look.phone.put(
        "things", thing(owner, "notices", {"items": [told, told | {"id": "2", "is_drill": True}, *notices["items"]]})
    )
    look.at("news-some", wait="article.drill")
    look.phone.put("things", thing(owner, "notices", {"items": []}))
    look.at("news-none", wait=".note")
    look.at("handover-none", "handover", ".note")
    given: dict[str, Any] = {
        "giver": {"id": "1", "name": "演示·何波安"},
        "taker": {"id": owner},
        "from": "2026-11-01",
        "reason": "换届接任，钥匙在村委会。",
    }
    given |= {"id": "1", "segments": [{"code": SEGMENT, "name": "徒骇河沙镇镇和谐新村段"}], "hazards": ["1", "2"]}
    look.phone.put("things", thing(owner, "handovers", [given, given | {"id": "2", "giver": None}]))
    look.at("handover", wait="article")


def test_the_queue_and_being_away(look, chief):
    owner = chief["person"]["id"]
    look.at("queue-empty", "queue", "h2")
    refused = "这段河现在不归您管，请联系镇河长办。"
    look.phone.put(
        "items",
        item(owner, type="patrol", label="徒骇河沙镇镇和谐新村段"),
        item(owner, state="told", photos=["0" * 64, NOT_TAKEN["sha256"]]),
        item(owner, state="refused", problem=refused),
        item(owner, state="conflict"),
    )
    later = datetime.now(UTC) + timedelta(minutes=30)
    look.phone.put("photos", NOT_TAKEN | {"owner": owner, "asked_until": later.timestamp() * 1000})
    look.at("queue", wait="span.bad")
    look.page.click("[data-state=refused] button.quiet")
    look.at("queue-drop", wait="button.danger")
    look.at("account-not-yet", "account", ".note.bad")
    look.at("away-offline", "away", ".note")
    look.phone.find_signal()
    look.at("away", wait="form")


def begin(look: Look, owner: str, begun: datetime, fixes: list[list[float]]) -> None:
    """A walk that was going on when the phone died, and its positions."""
    walk = str(uuid.uuid4())
    row = {"id": walk, "owner": owner, "segment": SEGMENT, "segment_name": "徒骇河沙镇镇和谐新村段", "handfuls": 1}
    look.phone.put("walks", row | {"started_at": begun.isoformat(), "checkins": [], "frozen": [], "note": ""})
    look.phone.put("fixes", {"walk": walk, "seq": 0, "fixes": fixes})
    look.phone.open("walk")
    look.page.reload()
    look.page.wait_for_selector("[data-metres]")
