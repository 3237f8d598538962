"""Two with one login: however an owner and a thief take turns, and lose answers, at most one of them goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.models.people import Person
from backend.services import logins
from backend.services.logins import Candidate
from tests.cast import NOON

SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
WAITS = st.sampled_from([timedelta(0), timedelta(seconds=20), timedelta(seconds=61), timedelta(days=2)])
TURNS = st.lists(st.tuples(st.sampled_from(["owner", "thief"]), st.booleans(), WAITS), max_size=12)


class Login:
    """One login on a device, by the clock of this example."""

    def __init__(self, session, keyring, person) -> None:
        self.session, self.keyring, self.now = session, keyring, NOON
        row = session.get_one(Person, person)
        seen = Candidate(b"", person, row.token_version, "")
        self.first = logins.sign_in(session, keyring, seen, None, now=NOON).refresh_token

    def renewed(self, token: str) -> str | None:
        """The next token; None when that one is refused."""
        outcome = logins.refresh(self.session, self.keyring, token, is_live=False, now=self.now)
        return None if isinstance(outcome, str) else outcome.refresh_token

    def wait(self, long: timedelta) -> None:
        """Time goes by."""
        self.now += long


@pytest.fixture
def login(session, keyring, cast):
    """Wang signs in, as often as is asked."""
    return lambda: Login(session, keyring, cast.wang)


@SLOW
@given(kept=TURNS, stolen_after=st.integers(0, 3), after=TURNS)
def test_of_an_owner_and_a_thief_at_most_one_goes_on(login, kept, stolen_after, after):
    one = login()
    hands = {"owner": one.first}
    for _ in range(stolen_after):
        hands["owner"] = one.renewed(hands["owner"]) or ""
    hands["thief"] = hands["owner"]
    for who, is_lost, wait in kept + after:
        one.wait(wait)
        answer = one.renewed(hands[who])
        hands[who] = hands[who] if is_lost and answer else answer or ""
    for _ in range(2):
        one.wait(timedelta(minutes=14))
        for who, token in hands.items():
            hands[who] = one.renewed(token) or ""
    assert not all(hands.values())


@SLOW
@given(turns=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), WAITS), max_size=12))
def test_whoever_is_alone_goes_on_whatever_answers_are_lost(login, turns):
    one = login()
    mine = one.first
    for sent, taken, wait in turns:
        one.wait(wait)
        answers = [one.renewed(mine) for _ in range(sent)]
        assert all(answers)
        if 0 < taken <= sent:
            mine = answers[taken - 1]
    assert one.renewed(mine)
