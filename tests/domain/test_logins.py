"""Refresh tokens, tries and codes by the clock."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.logins import (
    CODE_LIFE,
    GRACE,
    TRIES,
    WINDOW,
    Held,
    Use,
    new_code,
    seconds_to_wait,
    typed_code,
    use_of,
)
from backend.domain.succession import heir
from backend.domain.terms import Rain
from tests.cast import NOON
from tests.makers import new_id


def test_a_token_rotates_within_its_grace_and_betrays_itself_after():
    later = NOON + timedelta(days=1)
    used = Held(later, NOON, is_newer_used=True)
    assert use_of(Held(later), NOON) is Use.ROTATE
    assert use_of(used, NOON + GRACE) is Use.AGAIN
    assert use_of(used, NOON + GRACE + timedelta(seconds=1)) is Use.REUSED
    assert use_of(Held(NOON), NOON) is Use.EXPIRED


def test_a_token_whose_answer_was_lost_goes_on_and_what_was_passed_over_betrays_itself():
    later = NOON + timedelta(days=1)
    assert use_of(Held(later, NOON), NOON + GRACE + timedelta(seconds=1)) is Use.ROTATE
    assert use_of(Held(later, is_void=True), NOON) is Use.REUSED
    assert use_of(Held(later, is_newer_used=True), NOON) is Use.REUSED


def test_tries_beyond_the_tenth_wait_for_the_window_to_end():
    assert seconds_to_wait(TRIES, NOON, NOON) == 0
    assert seconds_to_wait(TRIES + 1, NOON, NOON) == int(WINDOW.total_seconds())
    assert seconds_to_wait(TRIES + 1, NOON, NOON + WINDOW) == 1


def test_codes_are_read_however_they_are_typed():
    code = new_code()
    assert typed_code(f" {code[:5].lower()}-{code[5:]} ") == code
    assert timedelta(days=1) < CODE_LIFE


def test_a_segment_passes_to_the_substitute_then_up_and_to_nobody_only_when_there_is_nobody():
    leaving, substitute, town, county = (new_id() for _ in range(4))
    everybody = {leaving, substitute, town, county}
    assert heir(leaving, substitute, [town], everybody) == substitute
    assert heir(leaving, substitute, [town], everybody - {substitute}) == town
    assert heir(leaving, None, [town, county], everybody) == town
    assert heir(leaving, leaving, [leaving, county], everybody) == county
    assert heir(leaving, None, [], everybody) is None


def test_rain_is_told_in_five_words():
    assert [rain.value for rain in Rain] == ["none", "light", "moderate", "heavy", "storm"]
