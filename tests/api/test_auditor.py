"""The auditor finds every step that should have been taken and was not, whatever the sweep believes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from backend.models.hazards import Hazard
from jobs import audit, auditor, deadlines, escalation
from tests.api.hazard_cases import Case
from tests.cast import NOON

DUE = datetime.fromisoformat("2025-07-04T00:00:00+08:00")
SOON = timedelta(seconds=90)


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def missed(house, now: datetime) -> int:
    return auditor.run(house, now=now)


def alarms(phone_of, cast) -> list[tuple[str, str]]:
    told = phone_of(cast.sun).get("/api/v1/alarms", query_string={"open": "true"}).json["items"]
    return [(each["about"], each["sentence"]) for each in told if each["kind"] == "missed_step"]


def test_while_the_sweeps_run_it_has_nothing_to_say(heap, house, session, phone_of, cast):
    for now in (NOON, DUE - timedelta(hours=7, minutes=10), DUE, DUE + timedelta(days=3), DUE + timedelta(days=16)):
        escalation.run(house, now=now)
        assert missed(house, now + SOON) == 0
        audit.run(house, now=now + SOON)
    assert alarms(phone_of, cast) == []


def test_a_step_that_no_sweep_took_is_an_alarm_within_a_minute_and_a_half(heap, house, phone_of, cast):
    assert missed(house, DUE + timedelta(seconds=30)) == 0
    assert missed(house, DUE + SOON) == 1
    assert alarms(phone_of, cast) == [
        ("county/371502", f"有 1 个问题该升级的没有升级（如 {heap.id}），已重新排入升级。")
    ]


def test_one_that_the_sweep_cannot_find_any_more_is_found_climbed_and_the_alarm_ends(
    heap, house, session, phone_of, cast
):
    session.execute(update(Hazard).where(Hazard.id == heap.id).values(next_step_at=None))
    session.flush()
    assert escalation.run(house, now=DUE + SOON) == 0
    assert missed(house, DUE + SOON) == 1
    session.flush()
    assert escalation.run(house, now=DUE + SOON) == 1
    audit.run(house, now=DUE + 2 * SOON)
    assert alarms(phone_of, cast) == []


def test_a_count_of_steps_that_the_timeline_does_not_tell_of_is_found_once_a_day(heap, house, session, phone_of, cast):
    session.execute(update(Hazard).where(Hazard.id == heap.id).values(rung=5, next_step_at=None))
    session.flush()
    assert missed(house, DUE + timedelta(hours=9)) == 0
    audit.run(house, now=DUE + timedelta(hours=9))
    assert [about for about, _ in alarms(phone_of, cast)] == ["county/371502"]


def test_people_keep_the_notice_that_a_shorter_deadline_gives_them(heap, house, phone_of, cast, session, clock):
    body = {"periods": {"accept": {"ordinary": "1d"}}}
    policy = {"body": body, "valid_from": NOON.isoformat(), "reason": "汛期从严"}
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    clock.now = NOON + timedelta(days=9)
    policy["body"] = {"periods": {"fix": {"ordinary": "1d"}}}
    policy["valid_from"] = clock.now.isoformat()
    assert phone_of(cast.jin).post("/api/v1/rules/hazards", json=policy).status_code == 201
    assert deadlines.run(house, now=clock.now) == 1
    session.flush()
    for hours in (0.1, 12, 23.9):
        later = clock.now + timedelta(hours=hours)
        assert escalation.run(house, now=later) == 0
        audit.run(house, now=later)
    assert alarms(phone_of, cast) == []
    assert escalation.run(house, now=clock.now + timedelta(hours=24)) == 1
    audit.run(house, now=clock.now + timedelta(hours=24, minutes=2))
    assert alarms(phone_of, cast) == []
