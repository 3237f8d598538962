"""What providers say of messages that they took: believed by its signature, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.channels.sending import Outcome, Receipt
from backend.domain.lanes import Lane
from jobs import delivery
from tests.carriers import Desk, alarms, letters, office, push, sms, tell, voice
from tests.cast import NOON
from tests.makers import new_id

__all__ = ["office", "push", "sms", "tell", "voice"]
GOOD = {"X-Signature": "good"}


@pytest.fixture
def hook(app, office):
    """The door with the carriers of the test behind it."""
    app.extensions["hezhang"] = replace(app.extensions["hezhang"], channels=office.channels, ways=office.ways)

    def report(*receipts: Receipt, channel: str = "sms", headers=GOOD, body: bytes = b"{}") -> int:
        office.channels[channel].reports = list(receipts)
        return app.test_client().post(f"/api/v1/hooks/{channel}", data=body, headers=headers).status_code

    return report


@pytest.fixture
def letter(tell, office, session):
    tell()
    delivery.run(office, now=NOON)
    return letters(session)[0]


def delivered(letter, **rest) -> Receipt:
    return Receipt(Outcome.DELIVERED, NOON + timedelta(seconds=5), **({"letter_id": letter.id} | rest))


def test_a_receipt_is_believed_by_our_id_or_theirs_and_told_twice_changes_nothing(hook, letter, session, clock):
    clock.now = NOON + timedelta(minutes=1)
    assert hook(delivered(letter, letter_id=None, reference=letter.reference)) == 204
    assert hook(delivered(letter)) == 204
    (row,) = letters(session)
    assert (row.state, row.delivered_at) == ("delivered", NOON + timedelta(seconds=5))


def test_an_answer_stands_whatever_comes_after_it(hook, letter, session):
    answered = Receipt(Outcome.ANSWERED, NOON + timedelta(hours=1), letter.id, answer="1")
    assert hook(answered) == 204
    assert hook(delivered(letter), Receipt(Outcome.FAILED, NOON, letter.id, reason="busy")) == 204
    (row,) = letters(session)
    assert (row.state, row.answer) == ("answered", "1")
    assert row.answered_at == NOON, "a provider's clock that is ahead is not believed"


def test_a_receipt_may_be_quicker_than_our_own_record(hook, tell, office, session, sms):
    tell()
    desk = Desk(office)
    (claimed,) = desk.claim()
    assert hook(delivered(claimed)) == 204
    desk.record(delivery.Outcome(claimed, None, "theirs"))
    (row,) = letters(session)
    assert (row.state, row.reference, row.lease_until) == ("delivered", "theirs", None)


def test_what_could_not_be_delivered_goes_another_way_or_is_a_dead_letter(hook, tell, office, session, voice):
    tell("urgent", lane=Lane.URGENT)
    tell("normal")
    delivery.run(office, now=NOON)
    failed = [Receipt(Outcome.FAILED, NOON, each.id, reason="switched_off") for each in letters(session)]
    assert hook(*failed) == 204
    delivery.run(office, now=NOON)
    assert len(voice.taken) == 1
    assert alarms(session) == ["letters/sms/switched_off"]


def test_a_letter_that_is_not_there_is_404_and_the_others_of_the_report_are_believed(hook, letter, session):
    assert hook(delivered(letter), Receipt(Outcome.DELIVERED, NOON, new_id())) == 404
    assert letters(session)[0].state == "delivered"
    assert hook(Receipt(Outcome.DELIVERED, NOON, reference="nobody's")) == 404
    assert hook(Receipt(Outcome.DELIVERED, NOON, letter.id), channel="voice") == 404


def test_a_forged_receipt_is_401_a_malformed_one_400_and_both_change_nothing(hook, letter, session):
    assert hook(delivered(letter), headers={}) == 401
    assert hook(delivered(letter), body=b"bad") == 400
    assert hook(delivered(letter), body=b"x" * 300_000) == 413
    assert letters(session)[0].state == "accepted"


def test_a_channel_that_the_house_does_not_have_is_404_and_the_log_believes_nobody(app):
    post = app.test_client().post
    assert post("/api/v1/hooks/pigeon", data=b"{}").status_code == 404
    assert post("/api/v1/hooks/sms", data=b"{}").status_code == 401
