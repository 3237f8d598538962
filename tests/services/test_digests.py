"""Once a day everything that can wait comes together, in one letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.lanes import Lane
from backend.models.notices import Device, Notice
from jobs import delivery
from tests.carriers import letters
from tests.cast import NOON

DIGEST = datetime.fromisoformat("2025-07-03T07:30:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture
def device(session, cast, keyring):
    """Wang's phone takes pushes."""
    address = '{"endpoint": "https://push.example/1"}'
    row = Device(
        id=uuid4(),
        person_id=cast.wang,
        channel="app",
        address_sealed=keyring.seal(address),
        address_index=keyring.index(address),
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def wait(tell):
    """Something that can wait."""
    return lambda fact, **rest: tell(fact, lane=Lane.DIGEST, channels=("app",), **rest)


def test_what_can_wait_comes_together_at_half_past_seven(office, wait, session, push, device):
    for number in range(3):
        wait(f"{number}")
    assert delivery.run(office, now=DIGEST - timedelta(seconds=1)) == 0
    assert delivery.run(office, now=DIGEST) == 1
    (letter,) = push.taken
    assert letter.text.splitlines()[0] == "今日提醒 3 条："
    assert letter.text.splitlines()[3] == "3. 您报的徒骇河乱堆已整改销号，谢谢您。"
    assert letter.address == '{"endpoint": "https://push.example/1"}'
    assert delivery.run(office, now=DIGEST + timedelta(hours=8)) == 0


def test_each_reader_gets_one_and_what_comes_after_it_is_in_tomorrows(office, wait, session, push, device, cast):
    wait("early")
    wait("of another", person=cast.li)
    delivery.run(office, now=DIGEST)
    wait("later", at=DIGEST + timedelta(minutes=1))
    assert delivery.run(office, now=DIGEST + timedelta(hours=1)) == 0
    assert delivery.run(office, now=DIGEST + DAY) == 1
    assert [letter.text.splitlines()[0] for letter in push.taken] == ["今日提醒 1 条：", "今日提醒 1 条："]


def test_one_that_was_committed_too_late_for_a_digest_that_is_out_is_in_tomorrows(office, wait, push, device):
    wait("in time")
    delivery.run(office, now=DIGEST)
    wait("committed late", at=DIGEST - timedelta(seconds=1))
    assert delivery.run(office, now=DIGEST + timedelta(minutes=1)) == 0
    assert delivery.run(office, now=DIGEST + DAY) == 1
    assert len(push.taken) == 2


def test_of_many_the_first_twenty_are_said_and_how_many_more_there_are(office, wait, push, device):
    for number in range(25):
        wait(f"{number:02}")
    delivery.run(office, now=DIGEST)
    assert push.taken[0].text.splitlines()[-1] == "另有 5 条，请登录查看。"
    assert len(push.taken[0].text.splitlines()) == 22


def test_nobody_is_sent_a_text_for_a_digest_and_it_is_there_to_be_read(office, wait, session, sms):
    wait("1")
    assert delivery.run(office, now=DIGEST) == 0
    assert letters(session) == []
    assert sms.sent == []
    assert session.scalars(select(Notice.digest_id).where(Notice.key == "closed")).one() is not None


def test_what_is_of_no_use_any_more_is_left_out(office, wait, session, push, device):
    wait("1", expires_at=DIGEST - timedelta(minutes=1))
    assert delivery.run(office, now=DIGEST) == 0
    assert session.scalars(select(Notice.addressed_at)).all() == [DIGEST]


def test_a_digest_that_could_not_go_out_all_day_is_not_sent_beside_the_next(office, wait, session, push, device):
    wait("old")
    push.plan = lambda letter, nth: DeliveryFailed("refused")
    delivery.run(office, now=DIGEST)
    push.plan = lambda letter, nth: Accepted()
    wait("new", at=DIGEST + timedelta(hours=1))
    delivery.run(office, now=DIGEST + DAY)
    assert len(push.taken) == 1
    assert sorted(row.state for row in letters(session)) == ["accepted", "failed"]
