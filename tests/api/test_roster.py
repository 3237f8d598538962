"""The roster of duty over HTTP, and who is on duty now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.domain.terms import Post
from backend.services import roster
from tests.cast import CITY, COUNTY, NOON, OTHER_COUNTY, TOWN, add_appointment, add_person
from tests.makers import new_id

ROSTER = "/api/v1/flood/roster"


def shift(whom: Any, region: str = COUNTY, hours: float = 12, **changed: Any) -> dict[str, Any]:
    begin = NOON - timedelta(hours=1)
    body = {"region": region, "person": str(whom)}
    times = {"from": begin.isoformat(), "until": (begin + timedelta(hours=hours)).isoformat()}
    return body | times | changed


def names(phone: Any, region: str = COUNTY, rest: str = "") -> list[str]:
    return [each["name"] for each in phone.get(f"{ROSTER}?region={region}{rest}").json["on_duty"]]


def test_a_shift_is_entered_once_and_its_person_is_on_duty_while_it_runs(phone_of, cast, clock):
    sun, path = phone_of(cast.sun), f"{ROSTER}/{new_id()}"
    made = sun.put(path, json=shift(cast.zhao))
    assert (made.status_code, made.json["person"]["name"]) == (201, "赵区长")
    assert sun.put(path, json=shift(cast.zhao)).status_code == 200
    assert sun.put(path, json=shift(cast.sun)).status_code == 409
    assert phone_of(cast.jin).put(path, json=shift(cast.zhao)).status_code == 409
    assert names(phone_of(cast.wang)) == ["赵区长"]
    seen = phone_of(cast.wang).get(f"{ROSTER}?region={COUNTY}").json
    assert [each["id"] for each in seen["shifts"]] == [made.json["id"]]
    assert phone_of(cast.wang).get(f"{ROSTER}?region={COUNTY}&day=2025-07-01").json["shifts"] == []
    clock.now += timedelta(hours=12)
    assert names(phone_of(cast.wang)) == []


def test_where_nobody_is_entered_whoever_holds_the_post_is_on_duty(phone_of, cast, session, keyring, house):
    assert names(phone_of(cast.wang), CITY) == ["邓值班"]
    assert names(phone_of(cast.wang)) == []
    night = add_person(session, keyring, "night", "夜值班", 900)
    add_appointment(session, night, Post.DUTY_OFFICER, COUNTY)
    assert names(phone_of(cast.sun)) == ["夜值班"]
    leave = {"from": "2025-07-02", "substitute": str(cast.deng)}
    assert phone_of(night).put(f"/api/v1/me/absences/{new_id()}", json=leave).status_code == 201
    assert roster.on_duty(session, COUNTY, now=NOON, zone=house.settings.zone) == [cast.deng]


def test_a_shift_that_was_a_mistake_is_taken_out_on_record(phone_of, cast):
    sun, path = phone_of(cast.sun), f"{ROSTER}/{new_id()}"
    sun.put(path, json=shift(cast.zhao))
    assert phone_of(cast.li).delete(path).status_code == 403
    for _ in range(2):
        assert sun.delete(path).json["withdrawn_at"] == "2025-07-02T12:00:00+08:00"
    assert names(sun) == []
    assert sun.delete(f"{ROSTER}/{new_id()}").status_code == 404
    phone_of(cast.deng).put(path := f"{ROSTER}/{new_id()}", json=shift(cast.deng, CITY))
    assert sun.delete(path).status_code == 404
    assert sun.get(f"{ROSTER}?region=990000").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"region": OTHER_COUNTY}, 404, "/region"),
        ({"region": "371502777"}, 404, "/region"),
        ({"person": str(new_id())}, 404, "/person"),
        ({"until": "2025-07-02T10:00:00+08:00"}, 422, "/until"),
        ({"until": "2026-07-02T10:00:00+08:00"}, 422, "/until"),
        ({"from": "2025-07-01T10:00:00+08:00", "until": "2025-07-01T11:00:00+08:00"}, 422, "/until"),
        ({"from": "today"}, 422, "/from"),
        ({"who": "x"}, 422, "/who"),
    ],
)
def test_a_shift_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, changed, status, pointer):
    answer = phone_of(cast.sun).put(f"{ROSTER}/{new_id()}", json=shift(cast.sun, **changed))
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)


def test_whoever_has_no_post_there_or_above_is_not_on_its_duty(phone_of, cast):
    sun = phone_of(cast.sun)
    for person, status in ((cast.wu, 404), (cast.wang, 404), (cast.li, 404), (cast.deng, 201)):
        assert sun.put(f"{ROSTER}/{new_id()}", json=shift(person)).status_code == status
    assert sun.put(f"{ROSTER}/{new_id()}", json=shift(cast.li, TOWN)).status_code == 201


def test_several_days_are_seen_at_once_with_names(phone_of, cast):
    sun = phone_of(cast.sun)
    for days in (0, 1, 9):
        sun.put(f"{ROSTER}/{new_id()}", json=shift(cast.zhao, hours=24 * days + 12))
    begin = (NOON + timedelta(days=3)).date().isoformat()
    seen = sun.get(f"{ROSTER}?region={COUNTY}&day={begin}&last_day=2025-07-31").json
    assert (seen["region_name"], seen["last_day"], len(seen["shifts"])) == ("东昌府区", "2025-07-31", 1)
    assert seen["shifts"][0]["region_name"] == "东昌府区"
    assert sun.get(f"{ROSTER}?day=2025-07-02&last_day=2025-07-01").status_code == 422


def test_whoever_has_a_post_there_or_above_may_be_entered(phone_of, cast):
    found = phone_of(cast.sun).get(f"{ROSTER}/people?region={COUNTY}").json["items"]
    posts = {each["name"]: (each["post"], each["region_name"]) for each in found}
    assert posts["赵区长"] == ("county_chief", "东昌府区")
    assert posts["钱市长"] == ("city_chief", "聊城市")
    assert "李镇长" not in posts
    assert [len(each["region"]) for each in found] == sorted((len(each["region"]) for each in found), reverse=True)
    assert phone_of(cast.sun).get(f"{ROSTER}/people?region={OTHER_COUNTY}").status_code == 404
    assert phone_of(cast.li).get(f"{ROSTER}/people?region={TOWN}").status_code == 403


def test_a_shift_at_the_end_of_time_has_nobody_who_could_hold_it(phone_of, cast):
    ends = {"from": "9999-12-31T20:00:00Z", "until": "9999-12-31T23:59:59Z"}
    assert phone_of(cast.sun).put(f"{ROSTER}/{new_id()}", json=shift(cast.zhao) | ends).status_code in (201, 422)
