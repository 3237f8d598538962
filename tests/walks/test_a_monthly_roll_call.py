"""A monthly roll-call: held once, in working hours, whoever starts when; its dead numbers are told to the office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from backend.channels.sending import Accepted, DeliveryFailed
from backend.models.alarms import Alarm
from backend.models.notices import Notice
from backend.services import wording
from jobs import drills
from tests.api.drill_cases import LISTS, drill_list, told
from tests.api.warning_cases import WARNINGS
from tests.cast import TOWN


def at(night, text: str) -> None:
    night.clock.now = datetime.fromisoformat(f"2025-{text}:00+08:00")


def held(night) -> list[str]:
    return [each["id"] for each in night.phone_of(night.cast.deng).get(f"{WARNINGS}?drill=true").json["items"]]


def test_it_is_held_once_a_month_and_its_dead_numbers_are_told_to_the_office(night, cast, session, office):
    at(night, "07-01T09:00")
    drill_list(night, [cast.wang, cast.chen, cast.li], monthly={"day": 5, "hour": 10})
    night.tick()  # they are asked
    at(night, "07-05T09:58")
    assert drills.run(office, now=night.clock.now) == 0
    for carrier in (night.voice, night.sms):
        carrier.plan = lambda letter, _: nobody if letter.address.endswith("06") else Accepted()  # Wang's number

    night.keys = {cast.li: "1"}
    at(night, "07-05T10:02")
    night.began = night.clock.now
    assert [drills.run(office, now=night.clock.now) for _ in range(3)] == [1, 0, 0]
    (drill,) = held(night)
    seen = night.phone_of(cast.sun).get(f"{WARNINGS}/{drill}").json
    assert (seen["number"], seen["drill"], seen["state"], seen["issued_how"]) == (
        "YL2025-0001",
        True,
        "issued",
        "rule",
    )
    for minutes in range(0, 200, 10):
        at(night, f"07-05T{10 + (2 + minutes) // 60:02}:{(2 + minutes) % 60:02}")
        night.tick()

    (report,) = session.scalars(select(Notice).where(Notice.key == "drill_report")).all()
    assert report.person_id == cast.sun
    assert report.values == {"number": "YL2025-0001", "people": 3, "answered": 1, "dead": 1, "unanswered": 1}
    said = wording.sentence(report, "zh-CN", office.settings.zone)
    assert said.startswith("【演练】YL2025-0001演练结束：叫应3人，应答1人")
    assert set(told(session, drill=True)) == {cast.wang, cast.chen, cast.li, cast.sun}
    assert session.scalars(select(Alarm)).all() == []
    assert {step[0] for step in night.steps(drill, "wang")}.isdisjoint({"door"})

    at(night, "07-06T10:02")
    assert drills.run(office, now=night.clock.now) == 0
    at(night, "08-05T10:02")
    assert drills.run(office, now=night.clock.now) == 1
    assert len(held(night)) == 2


nobody = DeliveryFailed("code_1001", permanent=True)


def test_it_waits_while_people_there_are_called_in_earnest(night, cast, session, office):
    at(night, "07-01T09:00")
    list_id = drill_list(night, [cast.wang], monthly={"day": 5, "hour": 10})
    at(night, "07-05T10:02")
    real = night.red(regions=[TOWN])
    assert drills.run(office, now=night.clock.now) == 0
    night.phone_of(cast.deng).post(f"{WARNINGS}/{real}/all-clear", json={"text": "水退了"})
    at(night, "07-06T10:02")
    assert drills.run(office, now=night.clock.now) == 1
    changed = night.phone_of(cast.sun).put(f"{LISTS}/{list_id}/monthly", json={"monthly": None})
    assert changed.json["monthly"] is None
    at(night, "08-05T10:02")
    assert drills.run(office, now=night.clock.now) == 0
