"""Letters go out: once where nothing fails, again where something does, by another way where one is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.buckets import Rate
from backend.domain.lanes import Lane
from backend.domain.letters import Failure
from backend.domain.notices import Wanted
from backend.domain.ways import Way
from backend.models.alarms import Alarm
from backend.models.notices import Letter, Notice
from backend.models.people import Person
from backend.services import notices
from backend.services.delivery import Outcome
from jobs import delivery
from tests.api.conftest import app, cast, clock, house, keyring, settings
from tests.carriers import Carrier, down
from tests.cast import NOON

__all__ = ["app", "cast", "clock", "house", "keyring", "settings"]
NIGHT = datetime.fromisoformat("2025-07-02T23:30:00+08:00")
MORNING = datetime.fromisoformat("2025-07-03T07:00:00+08:00")
DIGEST = datetime.fromisoformat("2025-07-03T07:30:00+08:00")


@pytest.fixture
def sms() -> Carrier:
    return Carrier("sms")


@pytest.fixture
def voice() -> Carrier:
    return Carrier("voice")


@pytest.fixture
def push() -> Carrier:
    return Carrier("app")


@pytest.fixture
def office(house, keyring, sms, voice, push):
    """The house with three carriers; the app leads only to devices."""
    ways = {"app": Way(1.0), "sms": Way(1.0), "voice": Way(1.0)}
    return replace(house, keyring=keyring, channels={"app": push, "sms": sms, "voice": voice}, ways=ways)


@pytest.fixture
def tell(session, cast):
    """Queue something for Wang, or somebody else."""

    def queue(fact: str = "1", *, at: datetime = NOON, person=None, key: str = "closed", **rest) -> Wanted:
        values = {"segment": "徒骇河", "kind": {"key": "hazard.kind.four_illegal.dump"}}
        wanted = Wanted(person or cast.wang, fact, key, values, **({"channels": ("sms",)} | rest))
        notices.queue(session, [wanted], now=at)
        session.flush()
        return wanted

    return queue


def letters(session) -> list[Letter]:
    session.expire_all()
    return list(session.scalars(select(Letter).order_by(Letter.due_at, Letter.channel)))


def alarms(session) -> list[str]:
    return list(session.scalars(select(Alarm.about).where(Alarm.kind == "dead_letter").order_by(Alarm.about)))


def test_a_text_goes_out_once_to_the_number_of_the_account_in_the_readers_language(office, tell, session, sms):
    tell()
    assert delivery.run(office, now=NOON) == 1
    assert delivery.run(office, now=NOON + timedelta(hours=1)) == 0
    (letter,) = sms.taken
    assert letter.address == "+8612300000006"
    assert letter.text == "您报的徒骇河乱堆已整改销号，谢谢您。"
    assert (letter.number, letter.is_urgent) == (1, False)
    (row,) = letters(session)
    assert (row.state, row.accepted_at, row.reference) == ("accepted", NOON, f"sms-{row.id.hex[:12]}")


def test_no_number_stands_in_these_tables(office, tell, session):
    tell()
    delivery.run(office, now=NOON)
    for table in ("notice", "letter"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()
        assert rows
        assert "12300000006" not in repr(rows)


def test_a_number_of_the_reminder_and_a_drill_are_said_in_the_text(office, tell, sms):
    tell(number=3, is_drill=True)
    delivery.run(office, now=NOON)
    assert sms.taken[0].text == "【演练】（第3次提醒）您报的徒骇河乱堆已整改销号，谢谢您。"
    assert sms.taken[0].title == "【演练】您报的问题已办结"


def test_at_night_only_what_is_urgent_goes_out(office, tell, sms):
    tell("normal", at=NIGHT)
    tell("urgent", at=NIGHT, lane=Lane.URGENT)
    assert delivery.run(office, now=NIGHT) == 1
    assert sms.taken[0].is_urgent
    assert delivery.run(office, now=MORNING - timedelta(seconds=1)) == 0
    assert delivery.run(office, now=MORNING) == 1


def test_a_passing_failure_is_tried_again_later_and_costs_nobody_else_their_turn(office, tell, session, sms):
    sms.plan = lambda letter, nth: DeliveryFailed("busy") if nth == 1 else Accepted()
    tell()
    delivery.run(office, now=NOON)
    (row,) = letters(session)
    assert (row.state, row.failure, row.tries) == ("pending", "busy", 1)
    assert row.next_try_at is not None
    assert NOON < row.next_try_at <= NOON + timedelta(seconds=6)
    assert delivery.run(office, now=NOON + timedelta(seconds=1)) == 0
    assert delivery.run(office, now=NOON + timedelta(seconds=7)) == 1
    assert letters(session)[0].state == "accepted"
    assert [letter.number for letter in sms.sent] == [1, 1]


def test_one_that_may_have_got_through_is_asked_about_before_it_is_sent_again(office, tell, session, sms):
    sms.plan = lambda letter, nth: DeliveryFailed("timeout", is_ambiguous=True)
    wanted = tell()
    delivery.run(office, now=NOON)
    (row,) = letters(session)
    assert row.state == "unknown"
    sms.known[row.id] = Accepted("theirs-1", is_delivered=True)
    delivery.run(office, now=NOON + timedelta(minutes=1))
    (row,) = letters(session)
    assert (row.state, row.reference, row.notice_id) == ("delivered", "theirs-1", wanted.id)
    assert len(sms.sent) == 1


def test_where_the_provider_does_not_know_it_is_sent_again_as_a_repeat(office, tell, sms):
    sms.plan = lambda letter, nth: DeliveryFailed("timeout", is_ambiguous=True) if nth == 1 else Accepted()
    tell()
    delivery.run(office, now=NOON)
    delivery.run(office, now=NOON + timedelta(minutes=1))
    first, second = sms.sent
    assert (first.id, first.number) == (second.id, 1)
    assert second.number == 2
    assert second.text.startswith("（第2次发送）")


def test_a_sender_that_was_cut_off_is_taken_up_when_its_lease_has_run_out(office, tell, session, sms):
    tell()
    cut = Desk(office).claim()
    assert [letter.tries for letter in cut] == [1]
    assert delivery.run(office, now=NOON) == 0  # it may live yet
    session.execute(update(Letter).values(lease_until=datetime.fromisoformat("2001-01-01T00:00:00+00:00")))
    assert delivery.run(office, now=NOON) == 1
    (row,) = letters(session)
    assert (row.state, row.tries, row.repeats) == ("accepted", 2, 1)
    assert sms.taken[0].number == 2


def test_a_word_that_comes_too_late_changes_nothing_unless_it_is_a_good_one(office, tell, session):
    tell()
    desk = Desk(office)
    (late,) = desk.claim()
    session.execute(update(Letter).values(lease_until=datetime.fromisoformat("2001-01-01T00:00:00+00:00")))
    (newer,) = desk.claim()
    desk.record(Outcome(late, Failure("refused", permanent=True)))
    assert letters(session)[0].state == "sending"
    desk.record(Outcome(late, None, "ref-1"))
    desk.record(Outcome(newer, Failure("refused", permanent=True)))
    (row,) = letters(session)
    assert (row.state, row.reference) == ("accepted", "ref-1")


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


def test_a_broken_one_is_set_aside_loudly_and_keeps_back_no_other(office, tell, session, sms, cast):
    poison = tell("poison", key="climb_late")  # its sentence wants values that it does not have
    session.execute(update(Person).where(Person.id == cast.li).values(phone_sealed=b"k1:nonsense"))
    sealed = tell("sealed", person=cast.li)
    for number in range(20):
        tell(f"good {number}")
    assert delivery.run(office, now=NOON) == 22
    assert len(sms.taken) == 20
    broken = [row.notice_id for row in letters(session) if row.failure == "broken"]
    assert set(broken) == {poison.id, sealed.id}
    assert alarms(session) == ["letters/sms/broken"]


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


def test_an_expired_notice_gets_no_letters(office, tell, session):
    tell(expires_at=NOON)
    assert delivery.run(office, now=NOON) == 0
    assert letters(session) == []
    assert session.scalars(select(Notice.addressed_at)).all() == [NOON]


class Desk:
    """A desk whose sender is cut off where the test says."""

    def __init__(self, office) -> None:
        self.office = office
        self._desk = delivery.Desk(office, delivery.STREAMS[0], lambda: NOON)
        self._other = delivery.Desk(office, delivery.STREAMS[1], lambda: NOON)

    def claim(self):
        return [*self._desk._claim(5), *self._other._claim(5)]

    def record(self, outcome) -> None:
        self._other._record([outcome])
