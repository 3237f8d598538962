"""The key window comes late, is lengthened twice while it runs, and everybody owes what was known of each day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jobs import deadlines, flood_window, reminders
from tests.api.flood_cases import Told, declare, events, set_year
from tests.api.hazard_cases import Case
from tests.cast import CITY, COUNTY, LINE, OTHER_COUNTY
from tests.makers import new_id, patrol_body


@pytest.fixture
def morning(house, clock):
    """Let it be eight o'clock of a day, and the clockwork have its turn."""

    def at(day: str) -> None:
        clock.now = datetime.fromisoformat(f"2025-{day}T08:00:00+08:00")
        flood_window.run(house, now=clock.now)
        deadlines.run(house, now=clock.now)
        reminders.run(house, now=clock.now)

    return at


def duty(phone_of, person: Any) -> tuple[str, str, int, int]:
    (mine,) = phone_of(person).get("/api/v1/me").json["duties"]
    return mine["period"]["from"][5:], mine["period"]["until"][5:], mine["needed"], mine["done"]


def walk(phone_of, cast, clock) -> None:
    body = patrol_body(LINE, started_at=clock.now - timedelta(hours=1), seed=int(clock.now.timestamp()) % 97)
    answer = phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body)
    assert answer.json["verdict"]["counts"], answer.json


def test_a_late_window_is_moved_and_lengthened(phone_of, cast, clock, house, session, morning):
    told = Told(session, house, "season", "window", "response")
    morning("07-02")
    told()

    # The rain is late: in the middle of July the county puts its window off by four days, with a paper of the office.
    morning("07-16")
    late = set_year(phone_of(cast.sun), COUNTY, window_begin="2025-07-25", window_end="2025-08-14", reason="雨季推迟")
    assert late.status_code == 201
    told()

    # On the twenty-first the rest of the city is in the window, and the county is not.
    morning("07-21")
    assert events(session)[-1] == ("season", "began", "window", [OTHER_COUNTY])
    news = told()
    assert cast.wu in news
    assert "七下八上" not in news.get(cast.wang, "")
    assert duty(phone_of, cast.wang) == ("07-21", "07-25", 1, 0)
    crack = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="major")
    crack.act(cast.feng, "accept")
    crack.act(cast.feng, "assign", unit="HOUSING")
    assert crack.seen_by(cast.feng).json["deadlines"]["due_at"] == "2025-08-19T00:00:00+08:00"
    walk(phone_of, cast, clock)

    # On the twenty-fifth the county enters it: twice a week, and half the time for the crack.
    morning("07-25")
    assert events(session)[-1] == ("season", "began", "window", [COUNTY])
    assert told()[cast.wang] == "东昌府区已进入“七下八上”防汛关键期，到2025-08-14止。您的巡河任务：每周2次。"
    assert duty(phone_of, cast.wang) == ("07-25", "07-28", 0, 0)
    assert crack.seen_by(cast.feng).json["deadlines"]["due_at"] == "2025-08-05T00:00:00+08:00"
    morning("07-28")
    assert duty(phone_of, cast.wang) == ("07-28", "08-04", 2, 0)
    walk(phone_of, cast, clock)

    # On the thirtieth a response of the third level holds over the county for two days.
    morning("07-30")
    told()
    assert declare(phone_of(cast.deng), "III", [COUNTY]).status_code == 201
    assert told()[cast.wang].endswith("自2025-07-30起您的巡河任务：每天1次。")
    assert duty(phone_of, cast.wang) == ("07-30", "07-31", 1, 0)
    morning("08-01")
    assert declare(phone_of(cast.deng), "none", [COUNTY]).status_code == 201
    assert duty(phone_of, cast.wang) == ("08-01", "08-04", 0, 0)

    # The rain goes on: on the last day but one the window is lengthened by ten days, and everybody hears of it.
    morning("08-13")
    told()
    assert set_year(phone_of(cast.sun), COUNTY, window_begin="2025-07-25", window_end="2025-08-24").status_code == 201
    morning("08-13")
    assert events(session)[-1] == ("season", "changed", "window", [COUNTY])
    assert told()[cast.wang] == "东昌府区防汛关键期调整为到2025-08-24止。您的巡河任务：每周2次。"
    assert duty(phone_of, cast.wang) == ("08-11", "08-18", 2, 0)

    # On the nineteenth it is over after all: it cannot have ended last week, so it ends today.
    morning("08-19")
    told()
    assert set_year(phone_of(cast.sun), COUNTY, window_begin="2025-07-25", window_end="2025-08-14").status_code == 201
    morning("08-19")
    assert events(session)[-1] == ("season", "ended", "window", [COUNTY])
    assert told()[cast.wang] == "东昌府区防汛关键期结束。您的巡河任务：每周1次。"
    assert duty(phone_of, cast.wang) == ("08-19", "08-25", 1, 0)

    # Every day that is over is as it was known on it.
    def on(day: str) -> tuple[str, str, int, int]:
        page = phone_of(cast.sun).get(f"/api/v1/duties?region={COUNTY}&day=2025-{day}").json["items"]
        mine = next(each for each in page if each["person"]["name"] == "王村长")
        return mine["period"]["from"][5:], mine["period"]["until"][5:], mine["needed"], mine["done"]

    assert on("07-22") == ("07-21", "07-25", 1, 1)
    assert on("07-29") == ("07-28", "07-30", 0, 1)
    assert on("07-31") == ("07-31", "08-01", 1, 0)
    assert on("08-12") == ("08-11", "08-18", 2, 0)
    assert on("08-18") == ("08-18", "08-19", 0, 0)
    seen = phone_of(cast.wu).get(f"/api/v1/flood/season?region={COUNTY}").json
    assert [each["version"] for each in seen["versions"]] == [3, 2, 1]
    assert phone_of(cast.wu).get(f"/api/v1/flood/season?region={CITY}").json["versions"] == []
