"""What somebody is to be told is a row, once, in the transaction of the fact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.models.notices import Notice
from backend.services import notices
from tests.cast import NOON, assemble


def test_the_same_fact_for_the_same_person_is_one_notice_however_often_it_is_wanted(session, cast):
    wanted = [Wanted(person, "climb:1:2", "climb", {"segment": "徒骇河"}) for person in (cast.wang, cast.li, cast.wang)]
    notices.queue(session, wanted, now=NOON)
    notices.queue(session, wanted, now=NOON + timedelta(hours=1))

    rows = session.scalars(select(Notice).order_by(Notice.person_id)).all()
    assert {row.person_id for row in rows} == {cast.wang, cast.li}
    assert {(row.created_at, row.not_before, row.addressed_at) for row in rows} == {(NOON, NOON, None)}


def test_two_thousand_are_written_together(session, cast):
    notices.queue(session, [Wanted(cast.wang, f"drill:{n}", "drill", lane=Lane.URGENT) for n in range(2_000)], now=NOON)
    assert session.scalar(select(func.count()).select_from(Notice)) == 2_000


def test_a_fact_that_is_not_kept_tells_nobody(fresh_database, keyring):
    with fresh_database.transaction() as session:
        people = assemble(session, keyring)

    def tell_and_fail(session):
        notices.queue(session, [Wanted(people.wang, "climb:1:2", "climb")], now=NOON)
        raise ValueError("not kept")

    with pytest.raises(ValueError, match="not kept"), fresh_database.transaction() as session:
        tell_and_fail(session)
    with fresh_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
