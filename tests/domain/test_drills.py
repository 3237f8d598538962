"""Rules of drills: when a monthly roll-call is due, whose word counts, and which numbers are dead."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from backend.domain.callouts import is_inside, priority
from backend.domain.drills import Monthly, Unreached, check_word, due_month, roll_call_id
from backend.domain.notices import ORDINARY
from backend.errors import Conflict

FIFTH_AT_TEN = Monthly(5, 10)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}:00+08:00")


@pytest.mark.parametrize(
    ("now", "since", "due"),
    [
        ("07-05T10:00", "06-20T09:00", "2025-07"),
        ("07-05T12:59", "06-20T09:00", "2025-07"),
        ("07-05T09:59", "06-20T09:00", None),
        ("07-05T13:00", "06-20T09:00", None),  # missed: not in the evening, but tomorrow
        ("07-06T10:30", "06-20T09:00", "2025-07"),
        ("07-04T10:30", "06-20T09:00", None),
        ("07-20T10:30", "07-06T09:00", None),  # set after its day: next month
        ("07-05T10:30", "07-05T10:15", None),
    ],
)
def test_a_roll_call_is_held_once_its_day_and_hour_have_come_and_in_working_hours(now, since, due):
    assert due_month(FIFTH_AT_TEN, at(since), at(now)) == due


def test_a_list_has_one_roll_call_a_month():
    one, other = uuid4(), uuid4()
    assert roll_call_id(one, "2025-07") == roll_call_id(one, "2025-07")
    assert len({roll_call_id(each, month) for each in (one, other) for month in ("2025-07", "2025-08")}) == 4


def test_a_no_of_their_own_is_taken_back_by_themselves_alone():
    person, clerk = uuid4(), uuid4()
    with pytest.raises(Conflict):
        check_word(person, clerk, person, agrees=True, has_left=True)
    for by, said_by, agrees, has_left in [
        (person, person, True, True),
        (clerk, clerk, True, True),
        (clerk, person, True, False),
        (clerk, person, False, True),
        (clerk, None, True, False),
    ]:
        check_word(person, by, said_by, agrees=agrees, has_left=has_left)


@pytest.mark.parametrize(
    ("failures", "is_dead"),
    [
        ((), False),
        ((("voice", "no_answer"),), False),
        ((("sms", "code_1001"), ("voice", "no_answer")), True),
        ((("sms", "no_address"),), True),
        ((("sms", "http_503"),), False),
    ],
)
def test_a_number_is_dead_when_a_provider_says_so(failures, is_dead):
    assert Unreached(uuid4(), "王", "village_chief", "371502", "123", "0001", failures).is_dead is is_dead


def test_the_first_call_of_a_drill_comes_behind_the_last_of_what_is_meant():
    both = [(inside, first) for inside in (True, False) for first in (True, False)]
    real, drill = (
        [priority(is_inside=inside, is_first=first, is_drill=each) for inside, first in both] for each in (False, True)
    )
    assert max(*real, ORDINARY) < min(drill)
    assert sorted(range(4), key=real.__getitem__) == sorted(range(4), key=drill.__getitem__)
    assert [is_inside(each) for each in (*real, *drill)] == [inside for inside, _ in both] * 2
