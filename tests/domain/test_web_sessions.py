"""Web sessions: when one is over, when the password is asked again, and where a right one leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.web_sessions import IDLE, LIFE, PROOF, Stage, is_over, is_proven, stage_of
from tests.cast import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("since_begin", "since_sign", "over"),
    [
        (IDLE - SECOND, IDLE - SECOND, False),
        (IDLE, IDLE, True),
        (LIFE - SECOND, SECOND, False),
        (LIFE, SECOND, True),
    ],
)
def test_a_session_is_over_when_it_is_idle_or_old(since_begin, since_sign, over):
    assert is_over(NOON - since_begin, NOON - since_sign, NOON) is over


def test_the_password_is_good_for_a_while():
    assert is_proven(NOON - PROOF + SECOND, NOON)
    assert not is_proven(NOON - PROOF, NOON)


@pytest.mark.parametrize(
    ("needs_code", "has_given_code", "has_factor", "stage"),
    [
        (False, False, False, Stage.IN),
        (False, False, True, Stage.IN),
        (True, False, True, Stage.CODE),
        (True, False, False, Stage.ENROL),
        (True, True, True, Stage.IN),
        (True, True, False, Stage.IN),
    ],
)
def test_a_right_password_leads_on(needs_code, has_given_code, has_factor, stage):
    assert stage_of(needs_code=needs_code, has_given_code=has_given_code, has_factor=has_factor) is stage
