"""What can become of a letter, and what a failure leads to."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from backend.domain.lanes import Lane
from backend.domain.letters import MOST_TRIES, MOVES, PATIENT_TRIES, Failure, Fate, State, back_off, fate, sources
from tests.cast import NOON

LETTER = UUID(int=77)


def failed(failure: Failure, *, tries: int = 1, has_next: bool = True, lane: Lane = Lane.NORMAL) -> Fate:
    return fate(LETTER, lane, tries, failure, NOON, has_next=has_next)


def test_what_was_answered_stays_answered_and_what_arrived_is_never_sent_again():
    assert MOVES.keys() == set(State)
    assert not MOVES[State.ANSWERED]
    for arrived in (State.ACCEPTED, State.DELIVERED, State.ANSWERED):
        assert not MOVES[arrived] & {State.PENDING, State.SENDING, State.UNKNOWN}


def test_a_receipt_is_believed_wherever_the_letter_stands():
    assert set(sources(State.ANSWERED)) == set(State) - {State.ANSWERED}
    assert State.FAILED in sources(State.DELIVERED)


def test_each_letter_waits_longer_each_time_and_they_do_not_all_come_back_together():
    waits = [back_off(LETTER, Lane.NORMAL, tries).total_seconds() for tries in range(1, 10)]
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert max(waits) <= 360
    assert back_off(LETTER, Lane.NORMAL, 3) == back_off(LETTER, Lane.NORMAL, 3)
    assert len({back_off(UUID(int=n), Lane.NORMAL, 1) for n in range(100)}) > 50
    assert all(4 <= back_off(UUID(int=n), Lane.NORMAL, 1).total_seconds() <= 6 for n in range(100))
    assert back_off(LETTER, Lane.URGENT, 9) <= timedelta(seconds=18)


@pytest.mark.parametrize("has_next", [True, False])
def test_a_number_that_does_not_exist_is_given_up_and_the_next_channel_taken(has_next):
    expected = Fate(State.FAILED, None, "no_such_number", passes_on=has_next)
    assert failed(Failure("no_such_number", permanent=True), has_next=has_next) == expected


def test_a_throttled_letter_takes_the_next_channel_now_or_waits_where_there_is_none():
    throttle = Failure("http_429", retry_after_s=600)
    assert failed(throttle) == Fate(State.FAILED, None, "throttled", passes_on=True)
    waiting = failed(throttle, has_next=False)
    assert (waiting.state, waiting.next_try_at) == (State.PENDING, NOON + timedelta(minutes=10))


def test_a_passing_failure_is_tried_again_and_a_doubtful_one_is_marked():
    assert failed(Failure("refused")).state is State.PENDING
    doubtful = failed(Failure("timeout", is_ambiguous=True))
    assert doubtful.state is State.UNKNOWN
    assert doubtful.next_try_at is not None


@pytest.mark.parametrize("lane", Lane)
def test_it_is_not_tried_for_ever(lane):
    refused = Failure("refused")
    assert failed(refused, tries=MOST_TRIES[lane] - 1, lane=lane, has_next=False).state is State.PENDING
    given_up = failed(refused, tries=MOST_TRIES[lane], lane=lane, has_next=False)
    assert given_up == Fate(State.FAILED, None, "exhausted")


@pytest.mark.parametrize("lane", Lane)
def test_where_there_is_another_channel_it_is_taken_sooner(lane):
    assert failed(Failure("refused"), tries=PATIENT_TRIES[lane] - 1, lane=lane).state is State.PENDING
    left = failed(Failure("refused"), tries=PATIENT_TRIES[lane], lane=lane)
    assert left == Fate(State.FAILED, None, "impatient", passes_on=True)
    waited = sum((back_off(LETTER, Lane.URGENT, n) for n in range(1, PATIENT_TRIES[Lane.URGENT])), timedelta())
    assert waited < timedelta(seconds=15)
