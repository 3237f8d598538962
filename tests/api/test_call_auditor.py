"""The auditor finds every silence that should have been told of and was not, whatever the sweep believes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from backend.models.callouts import Callout
from jobs import auditor, callouts
from tests.api.drill_cases import drill_list
from tests.api.warning_cases import act, night
from tests.carriers import office, push, sms, tell, voice

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
MINUTE = timedelta(minutes=1)


def alarms(night):
    told = night.phone_of(night.cast.sun).get("/api/v1/alarms", query_string={"open": "true"}).json["items"]
    return [(each["about"], each["sentence"]) for each in told if each["kind"] == "missed_call"]


def test_while_the_sweep_runs_it_has_nothing_to_say_whatever_people_answer(night, cast):
    night.keys = {cast.wang: "3", cast.chen: "1"}
    night.red()
    for minutes in (1, 6, 11, 21, 31, 37, 50):
        night.at(minutes, every_s=30)
        assert auditor.run(night.office, now=night.clock.now + timedelta(seconds=60)) == 0
    assert alarms(night) == []


def test_what_no_sweep_did_is_an_alarm_after_a_minute_and_ends_when_it_was_done(night):
    night.red()
    at = night.began + 3 * MINUTE
    assert auditor.run(night.office, now=at + timedelta(seconds=59)) == 0
    assert auditor.run(night.office, now=at + timedelta(seconds=61)) == 3
    assert alarms(night) == [("county/371502", "有 3 人的叫应到时没有升级（如预警 YJ2025-0001），已重新排入。")]
    callouts.run(night.office, now=at + timedelta(seconds=62))
    assert auditor.run(night.office, now=at + timedelta(seconds=90)) == 0
    assert alarms(night) == []


def test_one_at_which_the_sweep_would_never_look_again_is_found_and_climbed_over(night, cast, session):
    warning = night.red()
    session.execute(update(Callout).where(Callout.person_id == cast.wang).values(next_at=None))
    session.flush()
    night.at(5.1, every_s=15)
    assert [step[0] for step in night.steps(warning, "wang")] == ["call"]
    assert auditor.run(night.office, now=night.clock.now + MINUTE) == 1
    night.at(6.2)
    assert "superior" in [step[0] for step in night.steps(warning, "wang")]


def test_after_the_all_clear_nothing_was_missed(night):
    warning = night.red()
    act(night, warning, "all-clear", text="退了")
    assert auditor.run(night.office, now=night.began + timedelta(hours=2)) == 0


def test_in_a_drill_it_puts_right_what_was_missed_and_wakes_nobody(night, cast):
    drill = night.red(drill=True, drill_list=drill_list(night, [cast.wang]))
    at = night.began + 3 * MINUTE + timedelta(seconds=61)
    assert auditor.run(night.office, now=at) == 1
    assert alarms(night) == []
    callouts.run(night.office, now=at + timedelta(seconds=1))
    assert auditor.run(night.office, now=at + timedelta(seconds=30)) == 0
    assert "substitute" in [step[0] for step in night.steps(drill, "wang")]
