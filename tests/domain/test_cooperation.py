"""Joint work: who may suggest, by when one answers, and who can take part."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.cooperation import (
    SuggestionDraft,
    check_people,
    check_return,
    check_suggester,
    law_post,
    reply_by,
)
from backend.domain.terms import Post
from backend.errors import BadInput, Forbidden
from tests.cast import COUNTY, NOON


def test_a_suggestion_is_answered_in_two_months_or_fifteen_days():
    def asked(**more):
        said = {"document": "1", "text": "?", "reply_by": None, "is_urgent": False} | more
        return reply_by(SuggestionDraft(uuid4(), b"", uuid4(), **said), NOON) - NOON

    assert asked() == timedelta(days=60)
    assert asked(is_urgent=True) == timedelta(days=15)
    assert asked(reply_by=NOON + timedelta(days=3)) == timedelta(days=3)
    for wrong in (NOON, NOON + timedelta(days=400)):
        with pytest.raises(BadInput):
            asked(reply_by=wrong)


def test_only_the_prosecutor_with_whom_a_case_lies_suggests():
    han = Actor(uuid4(), "", (Seat(Post.PROSECUTOR, COUNTY),))
    check_suggester(han, "prosecutor", COUNTY)
    for handed in (("police_chief", COUNTY), ("prosecutor", "371503"), (None, None)):
        with pytest.raises(Forbidden):
            check_suggester(han, *handed)
    assert law_post(han) is Post.PROSECUTOR
    assert law_post(Actor(uuid4(), "", (Seat(Post.OFFICE_CLERK, COUNTY),))) is None


def test_days_lie_ahead_and_people_hold_a_post():
    today, one = date(2025, 7, 2), uuid4()
    check_return(today, today)
    for wrong in (date(2025, 7, 1), date(2027, 1, 1)):
        with pytest.raises(BadInput):
            check_return(wrong, today)
    check_people([one], {one})
    with pytest.raises(BadInput) as refused:
        check_people([one, uuid4()], {one})
    assert refused.value.flaws[0].pointer == "/people/1"
