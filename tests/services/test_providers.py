"""What a provider does to letters: it refuses, throttles, limits, breaks or is down; another way is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.buckets import Rate
from backend.domain.lanes import Lane
from backend.domain.ways import Way
from backend.models.alarms import Alarm
from backend.models.notices import Letter
from backend.models.people import Person
from jobs import delivery
from tests.carriers import Desk, alarms, down, letters
from tests.cast import NOON

NIGHT = datetime.fromisoformat("2025-07-02T23:30:00+08:00")
MORNING = datetime.fromisoformat("2025-07-03T07:00:00+08:00")
LONG_AGO = datetime.fromisoformat("2001-01-01T00:00:00+00:00")


def test_a_number_that_does_not_exist_is_given_up_and_a_call_is_made_instead_where_it_is_urgent(
    office, tell, session, sms, voice
):
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    tell(lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    assert len(voice.taken) == 1
    first, second = letters(session)
    assert (first.state, first.passed_to) == ("failed", "voice")
    assert second.state == "accepted"
    assert alarms(session) == []


def test_what_no_channel_takes_is_a_dead_letter_and_an_alarm_at_once(office, tell, session, sms):
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    tell()
    delivery.run(office, now=NOON)
    (row,) = letters(session)
    assert (row.state, row.passed_to, row.failed_at) == ("failed", None, NOON)
    assert alarms(session) == ["letters/sms/no_such_number"]


def test_a_throttled_letter_takes_the_next_channel_now_and_the_channel_rests(office, tell, session, sms, voice):
    sms.plan = lambda letter, nth: DeliveryFailed("http_429", retry_after_s=600)
    tell("1", lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    assert len(voice.taken) == 1
    tell("2", lane=Lane.URGENT)
    delivery.run(office, now=NOON + timedelta(minutes=1))
    assert (len(sms.sent), len(voice.taken)) == (1, 2)
    sms.plan = lambda letter, nth: Accepted()
    tell("3", lane=Lane.URGENT)
    delivery.run(office, now=NOON + timedelta(minutes=11))
    assert (len(sms.sent), len(voice.taken)) == (2, 2)


def test_where_there_is_no_other_channel_a_throttled_letter_waits(office, tell, session, sms, voice):
    sms.plan = lambda letter, nth: DeliveryFailed("http_429", retry_after_s=600)
    tell()
    delivery.run(office, now=NOON)
    assert letters(session)[0].next_try_at == NOON + timedelta(minutes=10)
    sms.plan = lambda letter, nth: Accepted()
    assert delivery.run(office, now=NOON + timedelta(minutes=9)) == 0
    assert delivery.run(office, now=NOON + timedelta(minutes=11)) == 1
    assert voice.sent == []


def test_when_the_last_channel_fails_the_one_that_was_throttled_is_tried_again(office, tell, session, sms, voice):
    sms.plan = lambda letter, nth: DeliveryFailed("http_429", retry_after_s=600) if nth == 1 else Accepted()
    voice.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    tell(lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    delivery.run(office, now=NOON + timedelta(minutes=11))
    assert {row.channel: row.state for row in letters(session)} == {"sms": "accepted", "voice": "failed"}
    assert alarms(session) == []


def test_what_presses_and_leads_nowhere_is_a_dead_letter_and_what_does_not_is_read_in_the_app(
    office, tell, session, cast
):
    session.execute(update(Person).where(Person.id == cast.wang).values(phone_sealed=None, phone_index=None))
    tell("pressing", lane=Lane.URGENT)
    tell("by text")
    tell("by app", channels=("app",))
    assert delivery.run(office, now=NOON) == 0
    assert sorted((row.lane, row.state, row.failure) for row in letters(session)) == [
        ("normal", "failed", "no_address"),
        ("urgent", "failed", "no_address"),
    ]
    assert alarms(session) == ["letters/sms/no_address"]


def test_a_channel_that_breaks_is_not_tried_again_with_the_same_letter(office, tell, session, sms, voice):
    def breaks(letter, nth):
        raise KeyError("errcode")

    sms.plan = breaks
    tell(lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    assert len(voice.taken) == 1


def test_a_providers_limit_is_kept_with_a_share_for_what_is_urgent(office, tell, sms):
    limited = replace(office, ways=office.ways | {"sms": Way(1.0, Rate(1.0, 10, 0.5))})
    for number in range(20):
        tell(f"normal {number}")
    assert delivery.run(limited, now=NOON) == 5
    for number in range(8):
        tell(f"urgent {number}", lane=Lane.URGENT)
    assert delivery.run(limited, now=NOON) == 5
    assert sum(letter.is_urgent for letter in sms.taken) == 5
    assert delivery.run(limited, now=NOON + timedelta(seconds=3)) == 3
    assert sum(letter.is_urgent for letter in sms.taken) == 8
    assert delivery.run(limited, now=NOON + timedelta(seconds=60)) == 5


def test_a_provider_that_is_down_for_half_an_hour_loses_nothing_and_what_is_urgent_goes_first(
    office, tell, session, sms
):
    office = replace(office, channels={"sms": sms}, ways={"sms": Way(1.0)})
    sms.plan = down
    for number in range(120):
        tell(f"normal {number}")
    for number in range(30):
        tell(f"drill {number}", is_drill=True, expires_at=NOON + timedelta(minutes=20))
    for minute in range(31):
        delivery.run(office, now=NOON + timedelta(minutes=minute))
    assert len(sms.sent) < 200, "a provider that is down is asked by single letters"
    sms.plan = lambda letter, nth: Accepted()
    for number in range(40):
        tell(f"urgent {number}", at=NOON + timedelta(minutes=31), lane=Lane.URGENT)
    for second in range(0, 60, 5):
        delivery.run(office, now=NOON + timedelta(minutes=31, seconds=second))
    assert len(sms.taken) == 160
    assert all(letter.is_urgent for letter in sms.taken[:40])
    assert not any(letter.text.startswith("【演练】") for letter in sms.taken)
    failed = [row for row in letters(session) if row.state == "failed"]
    assert {row.failure for row in failed} == {"expired"}
    assert len(failed) == 30


def test_a_letter_of_a_channel_that_the_house_has_no_more_goes_another_way(office, tell, session, sms):
    tell(lane=Lane.URGENT, channels=("voice",))
    Desk(office).claim()
    session.execute(update(Letter).values(state="pending", next_try_at=NOON, lease_until=None))
    only_texts = replace(office, channels={"sms": sms}, ways={"sms": Way(1.0)})
    delivery.run(only_texts, now=NOON)
    assert len(sms.taken) == 1


def test_an_urgent_letter_that_fails_a_few_times_goes_another_way_and_comes_back_when_that_is_closed(
    office, tell, session, sms, voice
):
    sms.plan = lambda letter, nth: DeliveryFailed("busy") if nth <= 4 else Accepted()
    voice.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    tell(lane=Lane.URGENT)
    for second in range(0, 30, 5):
        delivery.run(office, now=NOON + timedelta(seconds=second))
    assert [letter.channel for letter in letters(session) if letter.state == "accepted"] == ["sms"]
    assert len(voice.sent) == 1
    assert alarms(session) == []


def test_a_provider_that_is_down_is_an_alarm_until_it_is_back_and_its_letters_wait_however_long(
    office, tell, session, sms
):
    office = replace(office, channels={"sms": sms}, ways={"sms": Way(1.0)})
    sms.plan = down
    tell(lane=Lane.URGENT)
    for minute in range(60):
        delivery.run(office, now=NOON + timedelta(minutes=minute))
    (row,) = letters(session)
    assert row.state == "pending", "alone with a dead provider it is probed with again and again, and not given up"
    assert open_alarms(session) == ["channel/sms"]
    sms.plan = lambda letter, nth: Accepted()
    delivery.run(office, now=NOON + timedelta(hours=1, minutes=1))
    assert letters(session)[0].state == "accepted"
    assert open_alarms(session) == []


def open_alarms(session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Alarm.about).where(Alarm.ended_at.is_(None))))
