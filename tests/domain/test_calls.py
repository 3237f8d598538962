"""What of a call is an answer."""

from __future__ import annotations

import pytest

from backend.domain.calls import Ending, as_answer, ending
from backend.domain.letters import State


@pytest.mark.parametrize(
    ("outcome", "said", "expected"),
    [
        (State.ANSWERED, {"answer": "2"}, Ending(State.ANSWERED, "2")),
        (State.ANSWERED, {"answer": "2", "is_part": True}, Ending(State.FAILED, reason="hung_up")),
        (State.DELIVERED, {"answer": "2"}, Ending(State.DELIVERED)),
        (State.DELIVERED, {"is_part": True}, Ending(State.FAILED, reason="hung_up")),
        (State.FAILED, {"reason": "busy"}, Ending(State.FAILED, reason="busy")),
        (State.FAILED, {"is_part": True}, Ending(State.FAILED, reason="undelivered")),
    ],
)
def test_only_what_was_said_after_the_whole_message_counts(outcome, said, expected):
    assert ending(outcome, **said) == expected


@pytest.mark.parametrize(("key", "counts"), [("1", True), ("2", True), ("3", True), ("9", False), (None, False)])
def test_a_key_that_means_nothing_shows_only_that_the_message_was_heard(key, counts):
    found = Ending(State.ANSWERED, key)
    assert as_answer(found) == (found if counts else Ending(State.DELIVERED))
    assert as_answer(Ending(State.FAILED, reason="busy")).outcome is State.FAILED
