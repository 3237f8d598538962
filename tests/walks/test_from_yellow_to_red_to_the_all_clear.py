"""A night from yellow to red to the all-clear, with a weather office whose list stutters all the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from backend.config import Settings
from backend.domain.cap import Message
from backend.formats import cap_out
from jobs import feeds, risk, signals
from tests.api.signal_cases import cancel, message
from tests.api.warning_cases import WARNINGS, Night
from tests.cast import COUNTY, NOON
from tests.rig.feeds import Office

FAULTS = ("500", "half", None, "cut")
"""Of the list two answers, then one of the document."""


@pytest.fixture
def weather() -> Iterator[Office]:
    """The weather office of the city."""
    with Office().open() as opened:
        yield opened


@pytest.fixture
def passes(night: Night, weather: Office, tmp_path: Any) -> Callable[[Message], None]:
    """A document stands on the list, three answers go wrong, and twelve minutes pass."""
    night.began = night.clock.now = NOON
    said = {"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test", "HEZHANG_LOG": "CRITICAL"}
    reading = replace(night.office, settings=Settings.from_env(said | {"HEZHANG_DOORS": f"127.0.0.1:{weather.port}"}))
    listing = {"title": "市气象台", "form": "atom", "url": f"{weather.address}/atom", "every_s": 30, "silent_s": 3600}
    made = night.phone_of(night.cast.jin).put("/api/v1/flood/feeds/city", json=listing)
    assert made.status_code == 201, made.json

    def publish(document: Message) -> None:
        weather.publish(f"{document.identifier}.xml", cap_out.write(document))
        weather.faults.extend(FAULTS)
        for _ in range(12):
            feeds.run(reading, now=night.clock.now)
            signals.run(reading, now=night.clock.now)
            risk.run(night.office, now=night.clock.now)
            night.at(night.minutes(night.clock.now.isoformat()) + 1)

    return publish


def newest(night: Night) -> list[tuple[str, str, int]]:
    """What there is of warnings, the newest first: level, state, revision."""
    items = night.phone_of(night.cast.deng).get(WARNINGS).json["items"]
    return [(each["level"], each["state"], each["revision"]) for each in items]


def score_of(night: Night, name: str) -> int:
    """How bad a reach may become; nothing while it has not been weighed."""
    seen = night.phone_of(night.cast.zhao).get(f"/api/v1/segments/{name}").json["properties"]
    return int(seen["risk"]["score"]) if seen["risk"] else 0


def test_a_night_from_yellow_to_red_to_the_all_clear(night, cast, passes, session, sms):
    night.keys = {cast.wang: "1", cast.chen: "2", cast.li: "2", cast.tang: "2", cast.zhao: "2"}
    before = score_of(night, "TUHAI-371502-001")

    # Yellow goes out by a rule, by app and text; those who do nothing are called after half an hour.
    yellow = message("1", "yellow", regions=(COUNTY,))
    passes(yellow)
    assert newest(night) == [("yellow", "issued", 1)]
    listed = night.phone_of(cast.deng).get(WARNINGS).json["items"][0]
    assert listed["headline"] == "东昌府区暴雨"
    assert night.board(listed["id"])["total"]["people"] == 5
    in_yellow = score_of(night, "TUHAI-371502-001")
    assert in_yellow > before

    # Red: a draft, that nobody signs, so it goes out after two minutes; everybody is called anew, and presses a key.
    red = message("2", "red", minutes=13, updates=(yellow,))
    passes(red)
    assert newest(night) == [("red", "issued", 2), ("yellow", "updated", 1)]
    now = night.phone_of(cast.deng).get(WARNINGS).json["items"][0]
    assert now["issued_how"] == "unanswered"
    assert score_of(night, "TUHAI-371502-001") > in_yellow
    states = {name: each["state"] for name, each in night.roll(now["id"]).items()}
    assert states == {"wang": "received", "chen": "acting", "li": "acting", "tang": "acting", "zhao": "acting"}

    # Wang heard it and says nothing more: asked again after half an hour, he acts.
    night.keys[cast.wang] = "2"
    night.at(55)
    assert night.roll(now["id"])["wang"]["state"] == "acting"
    assert night.board(now["id"])["total"]["open"] == 0

    # The office cancels: the warning stands until somebody who looks lifts it, and everybody who got it hears of it.
    passes(cancel("3", yellow, red, minutes=56))
    told = [each["title"] for each in night.phone_of(cast.deng).get("/api/v1/notices").json["items"]]
    assert "预警起因已消除" in told
    texts = len(sms.taken)
    lifted = night.phone_of(cast.deng).post(f"{WARNINGS}/{now['id']}/all-clear", json={"text": "雨停水退。"})
    assert lifted.json["state"] == "all_clear"
    night.tick()
    clear = [letter for letter in sms.taken[texts:] if "已解除" in letter.text]
    assert len({letter.address for letter in clear}) >= 5

    # Nothing was told twice, whatever the list did: one warning, two revisions, and no alarm that stays.
    assert len(newest(night)) == 2
    calls = [step for step in night.callout(now["id"], "chen")["steps"] if step["what"] == "call"]
    assert len(calls) == 2, "one for yellow, one for red"
