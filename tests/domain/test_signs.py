"""Notice boards: in what one differs from today, and when that is too long."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from backend.domain import signs
from backend.domain.signs import Content, Difference, Named, Printed, Today, What
from backend.errors import BadInput

DAY = date(2025, 7, 2)
LONG_AGO = date(2020, 1, 1)
REACH = uuid4()
WANG = Named(uuid4(), "王村长", "village_chief", "兴华村", LONG_AGO)
CHEN = Named(uuid4(), "陈村长", "village_chief", "兴华村", DAY - timedelta(days=20))
CONTENT = Content("徒骇河", "徒骇河兴华村段", (WANG,), "0635-1", "", "")
PRINTED = Printed(date(2025, 5, 1), CONTENT.shown(), REACH, {WANG.key: None})
NOW = Today(CONTENT, REACH, LONG_AGO, LONG_AGO, LONG_AGO, is_text_newer=False)


def test_a_board_that_says_what_is_so_differs_in_nothing():
    assert signs.differences(PRINTED, NOW) == []
    assert not signs.is_overdue([], DAY)


def test_one_of_which_nobody_has_said_what_is_on_it_has_been_wrong_since_it_was_put_up():
    assert signs.differences(None, NOW) == [Difference(What.NEVER_PRINTED, LONG_AGO)]
    unknown = signs.differences(None, replace(NOW, put_up_on=None))
    assert signs.is_overdue(unknown, DAY)
    assert not signs.is_overdue(signs.differences(None, replace(NOW, put_up_on=DAY)), DAY)


def test_another_chief_is_a_difference_since_the_first_of_them_left_or_came():
    changed = replace(NOW, content=replace(CONTENT, chiefs=(CHEN,)))
    left = replace(PRINTED, names={WANG.key: DAY - timedelta(days=30)})
    assert signs.differences(left, changed) == [Difference(What.CHIEF, DAY - timedelta(days=30))]
    assert signs.differences(PRINTED, changed) == [Difference(What.CHIEF, CHEN.from_day)]
    promoted = replace(NOW, content=replace(CONTENT, chiefs=(replace(WANG, post="town_chief", from_day=DAY),)))
    assert signs.differences(PRINTED, promoted) == [Difference(What.CHIEF, DAY)]


def test_a_cut_reach_and_texts_written_anew_are_told_the_oldest_first():
    now = replace(NOW, segment_id=uuid4(), reach_since=DAY, text_since=DAY - timedelta(days=3), is_text_newer=True)
    found = signs.differences(PRINTED, now)
    assert found == [Difference(What.TEXT, DAY - timedelta(days=3)), Difference(What.REACH, DAY)]


def test_another_name_for_the_same_is_told_without_a_day_and_is_never_overdue():
    renamed = replace(NOW, content=replace(CONTENT, reach="徒骇河城区段"))
    found = signs.differences(PRINTED, renamed)
    assert found == [Difference(What.NAMES, None)]
    assert not signs.is_overdue(found, DAY)


@pytest.mark.parametrize(("days", "is_over"), [(14, False), (15, True), (400, True)])
def test_fifteen_days_are_the_limit(days, is_over):
    assert signs.is_overdue([Difference(What.CHIEF, DAY - timedelta(days=days))], DAY) is is_over


def test_a_sheet_has_one_digest_whatever_its_order_and_names_no_id():
    shown = CONTENT.shown()
    assert signs.digest(shown) == signs.digest(dict(reversed(shown.items())))
    assert signs.digest(shown) != signs.digest(shown | {"goals": "x"})
    assert str(WANG.person_id) not in str(shown)


def test_codes_are_short_and_no_two_alike():
    found = {signs.new_token() for _ in range(200)}
    assert len(found) == 200
    assert all(map(signs.is_token, found))
    assert not any(map(signs.is_token, ("", "abc", "0000000o", "abcdefgh2", "ABCDEFGH")))


@pytest.mark.parametrize(
    ("up", "down", "pointers"),
    [
        (DAY, None, []),
        (None, DAY, []),
        (LONG_AGO, DAY, []),
        (DAY + timedelta(days=1), None, ["/put_up_on"]),
        (DAY, DAY - timedelta(days=1), ["/taken_down_on"]),
        (None, DAY + timedelta(days=1), ["/taken_down_on"]),
    ],
)
def test_days_that_cannot_be_are_named(up, down, pointers):
    with pytest.raises(BadInput) if pointers else nullcontext() as caught:
        signs.check_days(up, down, DAY)
    if caught is not None:
        assert [flaw.pointer for flaw in caught.value.flaws] == pointers
