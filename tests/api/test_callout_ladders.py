"""What follows from silence and from answers: who is called again, who is climbed over, and what is let be."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select, update

from backend.domain.terms import Post
from backend.models.callouts import Callout
from backend.models.flood_warnings import Silence
from backend.models.people import Appointment
from jobs import callouts
from tests.api.warning_cases import NIGHT, act, night, shown, texts
from tests.carriers import down, office, push, sms, takes_all, tell, voice
from tests.cast import COUNTY, LONG_AGO, TOWN, VILLAGE, add_appointment
from tests.makers import new_id

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
CALLOUTS = "/api/v1/flood/callouts"
MINUTE = timedelta(minutes=1)
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


@pytest.mark.parametrize("is_first", [True, False])
def test_an_answer_in_the_second_of_the_escalation_loses_nothing(night, cast, is_first):
    warning = night.red()
    night.at(4.95)
    night.clock.now = night.began + 5 * MINUTE
    if is_first:
        assert night.ack(warning, "wang", "acting").json["state"] == "acting"
    callouts.run(night.office, now=night.clock.now)
    if not is_first:
        assert night.ack(warning, "wang", "acting").json["state"] == "acting"
    told = [step[0] for step in night.steps(warning, "wang") if step[0] == "superior"]
    assert len(told) == (0 if is_first else 1)
    night.at(12, every_s=30)
    after = [step[0] for step in night.steps(warning, "wang")]
    assert after.count("superior") == len(told)
    assert "door" not in after
    assert night.roll(warning)["wang"]["state"] == "acting"


def test_received_without_a_report_is_asked_again_after_half_an_hour_and_then_climbs(night, cast, session):
    night.keys = {cast.wang: "1", cast.chen: "2", cast.li: "2"}
    warning = night.red()
    night.tick()
    assert night.roll(warning)["wang"]["state"] == "received"
    night.keys = {}
    night.at(29.9, every_s=60)
    assert night.roll(warning)["wang"]["calls"] == 1
    assert night.board(warning)["closed_at"] is None, "a missing report keeps the roll open"
    night.at(30.2)
    called = night.callout(warning, "wang")
    assert (called["state"], called["round"]) == ("open", 2)
    assert len(texts(session, cast.wang, "callout_report")) == 1
    night.at(36, every_s=10)
    assert [step[0] for step in night.steps(warning, "wang") if step[0] == "superior"] == ["superior"]
    assert night.ack(warning, "wang", "acting").json["state"] == "acting"
    assert night.board(warning)["total"]["answered"] == 3


def test_cannot_climbs_at_once(night, cast):
    night.keys = {cast.wang: "3"}
    warning = night.red()
    night.at(0.2)
    assert night.roll(warning)["wang"]["state"] == "unable"
    told = [(what, minutes) for what, _, minutes in night.steps(warning, "wang") if what != "call"]
    assert told[0][0] == "substitute"
    assert told[0][1] <= 0.17, "at the next look"
    night.at(2.3)
    assert ("superior", "li") in [step[:2] for step in night.steps(warning, "wang")]
    assert night.roll(warning)["wang"]["calls"] == 1


def test_cannot_by_a_clock_that_is_years_behind_climbs_no_further_than_by_a_right_one(night, cast):
    warning = night.red()
    night.at(1)
    assert night.ack(warning, "wang", "unable", at="1990-01-01T00:00:00+08:00").json["state"] == "unable"
    night.at(1.2)
    assert [what for what, _, _ in night.steps(warning, "wang")] == ["call", "substitute"]


def test_yellow_waits_for_the_end_of_the_quiet_hours_and_red_does_not(night, cast):
    made = night.warn(level="yellow").json
    night.at(10, every_s=60)
    total = night.board(made["id"])["total"]
    assert (total["people"], total["called"]) == (3, 0)
    assert night.sms.sent == []
    red = night.red()
    night.tick()
    assert night.board(red)["total"]["called"] == 3
    night.clock.now = NIGHT.replace(hour=7)
    night.tick()
    assert night.board(made["id"])["total"]["called"] == 3


def test_a_silence_by_mistake_over_everything_hushes_yellow_and_never_red(night, cast, session):
    until = NIGHT + timedelta(hours=12)
    hush = {"from_at": NIGHT, "until_at": until, "reason": "测试", "made_by_id": cast.deng, "made_at": NIGHT}
    session.add(Silence(id=new_id(), region_code="3715", body_sha256=b"x" * 32, **hush))
    session.flush()
    night.clock.now = NIGHT.replace(hour=9)
    yellow, red = night.warn(level="yellow").json["id"], night.red()
    night.tick()
    assert night.board(yellow)["total"]["called"] == 0
    assert night.board(red)["total"]["called"] == 3
    lifted = act(night, red, "all-clear", text="退了")
    assert lifted.status_code == 200
    assert len(texts(session, cast.wang, "warning_all_clear")) == 1
    night.clock.now = until
    night.tick()
    assert night.board(yellow)["total"]["called"] == 3


@pytest.mark.parametrize("is_ended_early", [False, True])
def test_after_a_silence_people_are_called_and_have_their_time_before_anybody_is_told(night, cast, is_ended_early):
    night.clock.now = NIGHT.replace(hour=9)
    until = night.clock.now + timedelta(hours=3)
    silence = f"/api/v1/flood/silences/{new_id()}"
    said = {"region": COUNTY, "until": until.isoformat(), "reason": "检修"}
    made = night.phone_of(cast.deng).put(silence, json=said)
    assert made.status_code == 201, made.json
    yellow = night.warn(level="yellow").json["id"]
    night.tick()
    if is_ended_early:
        night.clock.now += timedelta(hours=1)
        ended = night.phone_of(cast.deng).delete(silence)
        assert ended.status_code < 300, ended.json
    else:
        night.clock.now = until
    night.began = night.clock.now
    night.tick()
    assert night.steps(yellow, "wang") == [("call", "wang", 0)]
    night.at(46, every_s=60)
    assert [step for step in night.steps(yellow, "wang") if step[0] == "superior"] == [("superior", "li", 45)]


def test_a_silence_that_is_ended_early_holds_nobody_back_any_longer(night, cast):
    night.clock.now = night.began = NIGHT.replace(hour=9)
    silence = f"/api/v1/flood/silences/{new_id()}"
    hush = {"region": "3715", "until": NIGHT.replace(hour=14).isoformat(), "reason": "会商"}
    assert night.phone_of(cast.deng).put(silence, json=hush).status_code == 201
    yellow = night.warn(level="yellow").json["id"]
    night.at(1)
    assert night.board(yellow)["total"]["called"] == 0
    assert night.phone_of(cast.deng).delete(silence).status_code == 204
    night.at(2)
    assert night.board(yellow)["total"]["called"] == 3


def test_the_last_moment_of_the_calendar_as_an_end_silences_no_call(night):
    warning = night.red(expires_at="9999-12-31T23:59:59Z")
    night.at(1)
    assert len(night.voice.taken) == 3
    assert sum("超警戒" in letter.text for letter in night.sms.taken) >= 3
    assert night.board(warning)["total"]["called"] == 3


def test_nothing_that_waits_is_sent_after_the_all_clear(night, cast, session):
    night.sms.plan = down
    warning = night.red()
    night.at(6)
    act(night, warning, "all-clear", text="水位已退")
    night.sms.plan = takes_all
    before = len(night.sms.taken)
    night.at(40, every_s=60)
    sent = night.sms.taken[before:]
    assert sent
    assert all("解除" in letter.text for letter in sent), [letter.text for letter in sent]


def test_what_is_said_after_the_all_clear_is_kept_and_moves_nothing(night, cast):
    night.keys = {cast.wang: "2"}
    warning = night.red()
    night.tick()
    act(night, warning, "all-clear", text="水位已退")
    steps = night.steps(warning, "wang")
    for name, status in (("wang", "unable"), ("chen", "acting")):
        late = night.ack(warning, name, status)
        assert late.status_code == 201
        assert late.json["answers"][-1]["stands"] is False
    night.at(10, every_s=60)
    assert night.roll(warning)["wang"]["state"] == "acting"
    assert night.roll(warning)["chen"]["state"] == "ended"
    assert night.steps(warning, "wang") == steps


def test_whoever_is_named_to_take_over_hears_first(night, cast, session):
    held = session.scalar(select(Appointment).where(Appointment.person_id == cast.wang))
    held.substitute_id = cast.he
    session.flush()
    warning = night.red()
    night.at(3.1)
    assert ("substitute", "he") in [step[:2] for step in night.steps(warning, "wang")]
    assert len(texts(session, cast.he, "take_over")) == 1
    assert night.ack(warning, "wang", "acting", by=cast.he).json["how"] == "proxy"


def test_several_silent_people_are_one_text_to_whoever_is_above_them(night, cast, session):
    night.red()
    night.at(5.1)
    (told,) = texts(session, cast.zhao, "silent") or texts(session, cast.zhao, "silent_one")
    assert told
    (below,) = texts(session, cast.li, "silent")
    assert below.values["count"] == 2


def test_nobody_above_is_left_out_even_where_the_duty_desk_is_empty(night, cast, session):
    warning = night.red(regions=[VILLAGE])
    add_appointment(session, cast.yang, Post.DUTY_OFFICER, COUNTY)
    night.at(12.2, every_s=10)
    assert ("county_duty", "yang") in [step[:2] for step in night.steps(warning, "wang")]


def test_the_same_person_is_called_once_by_a_warning_however_many_posts_they_hold(night, cast, session):
    add_appointment(session, cast.wang, Post.TOWN_CHIEF, TOWN, since=LONG_AGO)
    warning = night.red()
    assert night.board(warning)["total"]["people"] == 3
    rows = session.scalars(select(Callout.person_id)).all()
    assert len(rows) == len(set(rows)) == 3
    assert session.scalar(select(Callout.id).where(Callout.person_id == cast.wang)) == uuid5(
        UUID(warning), str(cast.wang)
    )
    assert shown(night, warning)["posts"]


def test_a_call_out_that_breaks_is_set_aside_and_the_others_are_called(night, cast, session):
    warning = night.red()
    session.execute(update(Callout).where(Callout.person_id == cast.wang).values(post="harbour_master", taken=0))
    night.at(6)
    steps = {name: [step["what"] for step in night.callout(warning, name)["steps"]] for name in ("wang", "chen")}
    assert "superior" in steps["chen"]
    assert "superior" not in steps["wang"]
    said = night.phone_of(cast.jin).get("/api/v1/alarms").json["items"]
    assert "set_aside" in [each["kind"] for each in said]
