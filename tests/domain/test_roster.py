"""Shifts of duty: which cannot be meant, and who may have one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from backend.domain.access import Seat
from backend.domain.roster import ShiftDraft, answers_there, check_times, last_day
from backend.domain.terms import Post
from backend.errors import BadInput
from backend.words import Text

NOON = datetime(2025, 7, 28, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(begin: datetime, hours: float) -> ShiftDraft:
    return ShiftDraft(uuid4(), b"", "371502", uuid4(), begin, begin + hours * HOUR)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (shift(NOON, 0), "flaw.shift_order"),
        (shift(NOON, 31 * 24 + 1), "flaw.shift_long"),
        (shift(NOON - 9 * HOUR, 8), "flaw.shift_past"),
    ],
)
def test_a_shift_that_cannot_be_meant_is_refused(said, key):
    with pytest.raises(BadInput) as refused:
        check_times(said, NOON)
    (flaw,) = refused.value.flaws
    assert (flaw.pointer, flaw.text) == ("/until", Text(key, getattr(flaw.text, "values", {})))


def test_one_that_runs_already_may_be_entered():
    check_times(shift(NOON - HOUR, 8), NOON)


def test_whoever_has_a_post_there_or_above_may_be_on_duty():
    clerk, city = Seat(Post.OFFICE_CLERK, "371502"), Seat(Post.DUTY_OFFICER, "3715")
    assert answers_there([clerk], "371502001")
    assert answers_there([city], "371502")
    assert not answers_there([clerk], "3715")
    assert not answers_there([], "3715")


def test_a_roster_is_looked_at_for_a_year_at_most():
    first = date(2025, 7, 1)
    assert last_day(first, None) == first
    assert last_day(first, date(2026, 7, 1)) == date(2026, 7, 1)
    for said in (date(2025, 6, 30), date(2026, 7, 2)):
        with pytest.raises(BadInput):
            last_day(first, said)
