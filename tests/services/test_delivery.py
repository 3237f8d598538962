"""Letters go out: once where nothing fails, again where something does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, text, update

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.lanes import Lane
from backend.domain.letters import Failure
from backend.models.notices import Letter, Notice
from backend.models.people import Person
from backend.services.delivery import Outcome
from jobs import delivery
from tests.carriers import Desk, alarms, letters
from tests.cast import NOON

NIGHT = datetime.fromisoformat("2025-07-02T23:30:00+08:00")
MORNING = datetime.fromisoformat("2025-07-03T07:00:00+08:00")
LONG_AGO = datetime.fromisoformat("2001-01-01T00:00:00+00:00")


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
    session.execute(update(Letter).values(lease_until=LONG_AGO))
    assert delivery.run(office, now=NOON) == 1
    (row,) = letters(session)
    assert (row.state, row.tries, row.repeats) == ("accepted", 2, 1)
    assert sms.taken[0].number == 2


def test_a_word_that_comes_too_late_changes_nothing_unless_it_is_a_good_one(office, tell, session):
    tell()
    desk = Desk(office)
    (late,) = desk.claim()
    session.execute(update(Letter).values(lease_until=LONG_AGO))
    (newer,) = desk.claim()
    desk.record(Outcome(late, Failure("refused", permanent=True)))
    assert letters(session)[0].state == "sending"
    desk.record(Outcome(late, None, "ref-1"))
    desk.record(Outcome(newer, Failure("refused", permanent=True)))
    (row,) = letters(session)
    assert (row.state, row.reference) == ("accepted", "ref-1")


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


def test_an_expired_notice_gets_no_letters(office, tell, session):
    tell(expires_at=NOON)
    assert delivery.run(office, now=NOON) == 0
    assert letters(session) == []
    assert session.scalars(select(Notice.addressed_at)).all() == [NOON]
