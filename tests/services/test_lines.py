"""Calls take the lines of their provider: those that press most first, never more at once than there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.channels.sending import Accepted, DeliveryFailed, Outcome, Receipt
from backend.domain.lanes import Lane
from backend.domain.lines import Lines
from backend.domain.ways import Way
from backend.models.notices import Letter
from backend.services import addressing, receipts
from backend.services import delivery as services
from jobs import delivery
from jobs.runner import House
from tests.carriers import Desk, letters
from tests.cast import NOON

LONG_AGO = datetime.fromisoformat("2001-01-01T00:00:00+00:00")


@pytest.fixture
def lined(office: House) -> House:
    """The house, whose provider of calls has two lines."""
    return replace(office, ways={**office.ways, "voice": Way(1.0, lines=Lines(2, 40))})


@pytest.fixture
def pickup(office: House, session: Session) -> Callable[..., None]:
    """The provider says how a call ended."""

    def ended(letter: Any, outcome: Outcome, **more: str) -> None:
        receipt = Receipt(outcome, NOON, letter.id, **more)  # type: ignore[arg-type]
        receipts.receive(session, "voice", [receipt], office.ways, now=NOON)

    return ended


def ask(tell: Callable[..., Any], count: int, **rest: Any) -> None:
    """Calls to be made, of which none is like the other."""
    for number in range(count):
        tell(
            f"call {number} {rest}", lane=Lane.URGENT, channels=("voice",), about=("callout", UUID(int=number)), **rest
        )


def letters_under_way(session: Session) -> list[Letter]:
    return [row for row in letters(session) if row.calling_until is not None]


def test_who_presses_most_is_addressed_and_called_first(office, tell, session):
    for priority in (5, 2, 0, 1):
        tell(f"priority {priority}", priority=priority, lane=Lane.URGENT, channels=("voice",))
    addressing.address(session, Lane.URGENT, office.ways, now=NOON, limit=3)
    assert sorted(row.priority for row in letters(session)) == [0, 1, 2]
    addressing.address(session, Lane.URGENT, office.ways, now=NOON)
    order = {row.id: row.priority for row in letters(session)}
    called = [services.claim(session, [Lane.URGENT], office.ways, now=NOON, limit=1) for _ in order]
    assert [order[each.id] for (each,) in called] == [0, 1, 2, 5]


def test_there_are_never_more_calls_under_way_than_lines(lined, tell, session, voice, pickup):
    ask(tell, 5)
    assert delivery.run(lined, now=NOON) == 2
    assert delivery.run(lined, now=NOON + timedelta(seconds=79)) == 0
    first, second = letters_under_way(session)
    pickup(first, Outcome.ANSWERED, answer="1")
    assert delivery.run(lined, now=NOON + timedelta(seconds=79)) == 1, "a line is free as soon as its call has ended"
    pickup(second, Outcome.FAILED, reason="no_answer")
    assert delivery.run(lined, now=NOON + timedelta(seconds=79)) == 1
    assert len(voice.taken) == 4


def test_a_call_of_whose_end_nothing_is_heard_holds_its_line_for_twice_the_longest_call(lined, tell):
    ask(tell, 5)
    delivery.run(lined, now=NOON)
    assert delivery.run(lined, now=NOON + timedelta(seconds=80)) == 2
    assert delivery.run(lined, now=NOON + timedelta(seconds=160)) == 1


def test_calls_that_wait_keep_back_neither_texts_nor_the_app(lined, tell, sms, voice):
    ask(tell, 10)
    for number in range(10):
        tell(f"text {number}", lane=Lane.URGENT, channels=("sms",))
    delivery.run(lined, now=NOON)
    assert (len(voice.taken), len(sms.taken)) == (2, 10)


def test_a_refused_call_leaves_its_line_and_the_next_one_takes_it(lined, tell, voice):
    voice.plan = lambda letter, nth: DeliveryFailed("code_1002") if nth == 1 else Accepted()
    ask(tell, 3)
    for second in range(4):
        delivery.run(lined, now=NOON + timedelta(seconds=second))
    assert len(voice.taken) == 2


def test_a_call_that_was_cut_off_keeps_its_line_and_is_the_first_to_be_said_again(lined, tell, session, voice):
    ask(tell, 1, priority=2)
    desk = Desk(lined)
    (cut,) = desk.claim()
    ask(tell, 3, priority=1)
    assert len(desk.claim()) == 1
    session.execute(update(Letter).where(Letter.id == cut.id).values(lease_until=LONG_AGO))
    again = desk.claim()
    assert [(each.id, each.repeats) for each in again] == [(cut.id, 1)]
    assert delivery.run(lined, now=NOON) == 0


def test_a_try_of_which_nobody_knows_keeps_its_line(lined, tell, voice):
    voice.plan = lambda letter, nth: DeliveryFailed("cut", is_ambiguous=True) if nth == 1 else Accepted()
    ask(tell, 5)
    delivery.run(lined, now=NOON)
    assert len(voice.sent) == 2
    delivery.run(lined, now=NOON + timedelta(seconds=5))
    assert len({letter.id for letter in voice.sent}) == 2
    assert len(voice.taken) == 2


def test_some_lines_are_kept_for_what_is_urgent(office, tell, voice):
    ten = replace(office, ways=office.ways | {"voice": Way(1.0, lines=Lines(10))})
    for number in range(12):
        tell(f"normal {number}", channels=("voice",))
    assert delivery.run(ten, now=NOON) == 7
    ask(tell, 12)
    assert delivery.run(ten, now=NOON) == 3
    assert sum(letter.is_urgent for letter in voice.taken) == 3


def test_a_clock_that_was_ahead_holds_no_line_for_long(lined, tell, session):
    ask(tell, 4)
    delivery.run(lined, now=NOON)
    session.execute(update(Letter).values(calling_until=NOON + timedelta(days=1)))
    assert delivery.run(lined, now=NOON) == 2


def test_a_call_that_is_over_when_it_is_taken_holds_no_line(lined, tell, voice):
    voice.plan = lambda letter, nth: Accepted(is_delivered=True)
    ask(tell, 5)
    assert delivery.run(lined, now=NOON) == 5


def test_a_receipt_that_is_quicker_than_our_own_record_frees_the_line(lined, tell, session, pickup):
    ask(tell, 1)
    desk = Desk(lined)
    (claimed,) = desk.claim()
    pickup(claimed, Outcome.DELIVERED)
    desk.record(services.Outcome(claimed, None, "theirs"))
    assert letters_under_way(session) == []
