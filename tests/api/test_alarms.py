"""Alarms over HTTP: sounded once for one thing, seen by whoever must look, over when somebody says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.alarms import Alarm
from backend.services import alarms
from jobs import deadlines
from tests.cast import COUNTY, NOON, OTHER_COUNTY

ALARMS = "/api/v1/alarms"


@pytest.fixture
def sounded(session):
    """Something is wrong with a message of the county."""

    def sound(about: str = "letter/1", region: str = COUNTY, at: datetime = NOON) -> None:
        values = {"channel": "sms", "reason": "bad_number"}
        alarms.sound(session, Alarm.DEAD_LETTER, about, now=at, region=region, **values)
        session.flush()

    return sound


def items(phone, **asked) -> list[dict]:
    return phone.get(ALARMS, query_string=asked).json["items"]


def test_the_same_thing_noticed_again_is_the_same_alarm(sounded, phone_of, cast):
    sounded()
    sounded(at=NOON + timedelta(hours=1))
    (alarm,) = items(phone_of(cast.sun))
    assert (alarm["times"], alarm["sounded_at"]) == (2, "2025-07-02T12:00:00+08:00")
    assert alarm["last_at"] == "2025-07-02T13:00:00+08:00"
    assert "sms" in alarm["sentence"]


def test_an_office_sees_those_of_its_region_and_of_the_house_and_no_chief_sees_any(sounded, phone_of, cast):
    sounded("a", COUNTY)
    sounded("b", OTHER_COUNTY)
    sounded("c", "")
    assert {each["about"] for each in items(phone_of(cast.sun))} == {"a", "c"}
    assert {each["about"] for each in items(phone_of(cast.jin))} == {"a", "b", "c"}
    assert phone_of(cast.zhao).get(ALARMS).status_code == 403


def test_the_first_who_looks_after_it_is_kept_and_ended_it_may_sound_anew(sounded, phone_of, cast):
    sounded()
    sun, jin = phone_of(cast.sun), phone_of(cast.jin)
    path = f"{ALARMS}/{items(sun)[0]['id']}"
    assert sun.post(f"{path}/seen").json["seen_by"] == str(cast.sun)
    assert jin.post(f"{path}/seen").json["seen_by"] == str(cast.sun)
    assert jin.post(f"{path}/end").json["ended_at"] is not None
    assert items(sun, open=True) == []
    sounded()
    assert len(items(sun, open=True)) == 1
    assert len(items(sun, open=False)) == 1
    assert len(items(sun)) == 2


def test_a_foreign_alarm_does_not_exist(sounded, phone_of, cast):
    sounded(region=OTHER_COUNTY)
    path = f"{ALARMS}/{items(phone_of(cast.jin))[0]['id']}"
    assert phone_of(cast.sun).post(f"{path}/seen").status_code == 404
    assert phone_of(cast.sun).post(f"{path}/end").status_code == 404


def test_they_are_paged_by_their_number(sounded, phone_of, cast):
    for about in "abc":
        sounded(about)
    first = phone_of(cast.sun).get(ALARMS, query_string={"limit": 2}).json
    rest = phone_of(cast.sun).get(first["next"]).json
    assert [each["about"] for each in first["items"] + rest["items"]] == ["c", "b", "a"]
    assert rest["next"] is None
    wrong = phone_of(cast.sun).get(ALARMS, query_string={"cursor": "WyJhIl0"})
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_year_without_its_holidays_is_an_alarm_until_they_are_there(house, phone_of, cast):
    deadlines.run(house, now=datetime(2098, 12, 1, tzinfo=UTC))
    (alarm,) = items(phone_of(cast.jin), open=True)
    assert (alarm["kind"], alarm["about"]) == ("unknown_year", "2098")
    deadlines.run(house, now=NOON)
    assert items(phone_of(cast.jin), open=True) == []
