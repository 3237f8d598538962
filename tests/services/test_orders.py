"""Orders that somebody has not done: those that words, walks and reports have done are not among them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.order_boards import placed
from backend.domain.terms import Post
from backend.services import orders
from backend.store import orders as store
from tests.api.order_cases import Given
from tests.cast import VILLAGE
from tests.makers import new_id


@pytest.mark.parametrize("wanted", ["read", "sign", "patrol", "report", "answer"])
@pytest.mark.parametrize("said", ["", "read", "sign", "answer"])
@pytest.mark.parametrize("is_corrected", [False, True])
def test_what_is_left_is_what_the_three_facts_of_an_order_call_undone(
    phone_of, cast, clock, session, wanted, said, is_corrected
):
    given = Given(phone_of, cast.li, wanted=wanted, kind="patrol")
    assert given.answer.status_code == 201, given.answer.text
    if said:
        given.say(cast.wang, said, "看过" if said == "answer" else "")
    clock.now += timedelta(minutes=5)
    if is_corrected:
        assert given.act("correct", id=str(new_id()), text="再走一遍。", reason="漏了一段").status_code == 200
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    left = [each.row.seq for each in orders.undone(session, wang, now=clock.now)]
    everything = placed(store.standings(session, [given.id], [VILLAGE]), clock.now)
    of_wang = [each for each in everything if each.row.person_id == cast.wang]
    assert of_wang
    assert left == [each.row.seq for each in of_wang if each.standing.done_at is None]
