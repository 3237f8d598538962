"""Who hears of an order that is not done: whoever it waits for, through leave, and those above, by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend.models.notices import Notice
from backend.models.people import Absence
from jobs import orders as chase
from tests.api.order_cases import Given
from tests.cast import NOON, TOWN
from tests.makers import new_id

DUE = NOON + timedelta(days=6)


@pytest.fixture
def chased(session, house, cast):
    """Of an order that is late: who is chased for it, and which names whoever gave it reads."""

    def late() -> tuple[set[str], str]:
        chase.run(house, now=DUE + timedelta(hours=1))
        names = {person: key for key, person in cast.people.items()}
        found = session.scalars(select(Notice.person_id).where(Notice.key == "order_late"))
        told = session.scalars(select(Notice).where(Notice.key == "order_silent", Notice.person_id == cast.li))
        (named,) = {each.values["names"] for each in told}
        return {names[person] for person in found}, named

    return late


def away(session, cast, begin: date, until: date) -> None:
    leave = {"person_id": cast.wang, "substitute_id": cast.chen, "from_day": begin, "until_day": until}
    session.add(Absence(id=new_id(), **leave))
    session.flush()


@pytest.mark.parametrize(
    ("begin", "until", "heard"),
    [
        (date(2025, 7, 2), date(2025, 7, 4), {"wang", "chen"}),  # back before it was due; a walk must be their own
        (date(2025, 7, 2), date(2025, 7, 20), {"chen"}),
        (date(2025, 7, 5), date(2025, 7, 20), {"chen"}),
    ],
    ids=["over", "still", "since"],
)
def test_whoever_it_waits_for_is_chased_and_whose_duty_it_is_is_named_above(
    phone_of, session, cast, chased, begin, until, heard
):
    away(session, cast, begin, until)
    given = Given(phone_of, cast.li, to={"people": [str(cast.wang)]}, due_at=DUE.isoformat())
    assert given.answer.status_code == 201
    assert chased() == (heard, "王村长")


def test_a_stand_in_is_chased_for_both_duties_and_each_is_named(phone_of, session, cast, chased):
    away(session, cast, date(2025, 7, 2), date(2025, 7, 20))
    Given(phone_of, cast.li, to={"posts": ["village_chief"], "regions": [TOWN]}, due_at=DUE.isoformat())
    assert chased() == ({"chen"}, "王村长、陈村长")
