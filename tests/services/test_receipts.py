"""What providers say of letters that must be answered is told once to whoever waits for the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.channels.sending import Outcome, Receipt
from backend.domain.calls import Heard
from backend.domain.lanes import Lane
from backend.domain.letters import Failure, State
from backend.services import delivery as services
from backend.services import receipts
from jobs import delivery
from tests.carriers import Desk, alarms, letters
from tests.cast import NOON
from tests.makers import new_id

LATER = NOON + timedelta(seconds=40)
CALLOUT = ("callout", new_id())


@pytest.fixture
def report(office, session):
    def said(channel: str, *outcomes: Receipt) -> list[Heard]:
        return list(receipts.receive(session, channel, outcomes, office.ways, now=LATER).heard)

    return said


@pytest.fixture
def called(tell, office, session):
    """The letters of a call-out to Wang, all of them taken."""

    def call(*channels: str) -> list:
        tell("asked", lane=Lane.URGENT, channels=channels, about=CALLOUT)
        delivery.run(office, now=NOON)
        return letters(session)

    return call


def test_a_key_is_told_once_and_with_it_whose_it_is(called, report, cast):
    (letter,) = called("voice")
    pressed = Receipt(Outcome.ANSWERED, LATER, letter.id, answer="2")
    (heard,) = report("voice", pressed, pressed)
    assert heard == Heard(letter.id, letter.notice_id, CALLOUT, cast.wang, "voice", State.ANSWERED, LATER, "2")
    assert report("voice", pressed) == []


def test_a_key_that_was_pressed_before_the_message_was_heard_is_a_call_that_failed(called, report, session):
    (letter,) = called("voice")
    (heard,) = report("voice", Receipt(Outcome.ANSWERED, LATER, letter.id, answer="1", is_part=True))
    assert (heard.outcome, heard.answer, heard.reason, heard.is_part) == (State.FAILED, None, "hung_up", True)
    (row,) = letters(session)
    assert (row.state, row.failure, row.answer) == ("failed", "hung_up", None)


def test_a_key_that_means_nothing_is_a_message_that_was_heard(called, report):
    (letter,) = called("voice")
    (heard,) = report("voice", Receipt(Outcome.ANSWERED, LATER, letter.id, answer="9"))
    assert (heard.outcome, heard.answer) == (State.DELIVERED, None)


def test_a_call_that_nobody_took_is_told_and_neither_an_alarm_nor_another_channel(called, report, session, sms):
    (letter,) = called("voice")
    failed = Receipt(Outcome.FAILED, LATER, letter.id, reason="no_answer")
    (heard,) = report("voice", failed, failed)
    assert (heard.outcome, heard.reason) == (State.FAILED, "no_answer")
    assert report("voice", failed) == []
    (row,) = letters(session)
    assert (row.state, row.failure, row.passed_to) == ("failed", "no_answer", "followed")
    assert (alarms(session), sms.sent) == ([], [])


def test_an_answer_that_comes_after_a_failure_still_counts(called, report, session):
    (letter,) = called("voice")
    failed = Receipt(Outcome.FAILED, LATER, letter.id, reason="no_answer")
    pressed = Receipt(Outcome.ANSWERED, LATER, letter.id, answer="1")
    assert [each.outcome for each in report("voice", failed, pressed)] == [State.FAILED, State.ANSWERED]
    assert letters(session)[0].state == "answered"


def test_a_text_that_did_not_arrive_is_told_and_goes_another_way(called, report, office, voice):
    (letter,) = called("sms")
    (heard,) = report("sms", Receipt(Outcome.FAILED, LATER, letter.id, reason="switched_off"))
    assert (heard.outcome, heard.reason, heard.channel) == (State.FAILED, "switched_off", "sms")
    delivery.run(office, now=LATER)
    assert len(voice.taken) == 1


def test_a_text_that_arrived_is_told(called, report):
    (letter,) = called("sms")
    assert report("sms", Receipt(Outcome.DELIVERED, LATER, letter.id))[0].outcome is State.DELIVERED


def test_what_nobody_waits_for_is_told_to_nobody(tell, office, session, report, voice):
    tell("plain", lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    (letter,) = letters(session)
    assert report("sms", Receipt(Outcome.FAILED, LATER, letter.id, reason="switched_off")) == []
    delivery.run(office, now=LATER)
    assert len(voice.taken) == 1


def test_what_fails_for_good_when_it_is_sent_is_told_at_once_and_what_is_taken_has_not_got_through(
    office, tell, session
):
    tell("asked", lane=Lane.URGENT, channels=("sms", "voice"), about=CALLOUT)
    tell("plain", lane=Lane.URGENT, channels=("sms", "voice"))
    claimed = Desk(office).claim()
    no_number = Failure("no_such_number", permanent=True)
    said = {"sms": (None, True), "voice": (no_number, False)}
    outcomes = [services.Outcome(each, said[each.channel][0], None, said[each.channel][1]) for each in claimed]
    heard = services.record(session, outcomes, office.ways, now=NOON).heard
    assert [(each.channel, each.outcome, each.reason, each.about) for each in heard] == [
        ("voice", State.FAILED, "no_such_number", CALLOUT),
    ]


def test_what_may_yet_arrive_is_told_to_nobody(office, tell, session):
    tell("asked", lane=Lane.URGENT, channels=("sms", "voice"), about=CALLOUT)
    outcomes = [services.Outcome(each, Failure("busy")) for each in Desk(office).claim()]
    assert services.record(session, outcomes, office.ways, now=NOON) == services.Recorded(0, [])


def test_a_report_on_a_letter_that_is_not_there_is_counted(report, office, session):
    found = receipts.receive(session, "sms", [Receipt(Outcome.DELIVERED, NOON, new_id())], office.ways, now=NOON)
    assert (found.unknown, list(found.heard)) == (1, [])
