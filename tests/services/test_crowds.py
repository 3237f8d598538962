"""As many people as are wanted stand on the roll, the missing ones invented and marked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.domain.flood_warnings import CALLED
from backend.domain.rolls import roll
from backend.keyring import KeyRing
from backend.models.people import Person
from backend.services import crowds
from backend.store import rolls
from tests.cast import CITY, NOON, TOWN, assemble

TODAY = NOON.date()


@pytest.mark.parametrize(
    ("people", "regions", "made_up"), [(40, (CITY,), 32), (8, (CITY,), 0), (4, (TOWN,), 0), (6, (TOWN, "371502002"), 1)]
)
def test_a_roll_of_so_many_is_there(session, tmp_path, people, regions, made_up):
    keyring = KeyRing.load_or_make(tmp_path / "keys.json")
    assemble(session, keyring)
    crowd = crowds.gathered(session, keyring, CITY, people, now=NOON, today=TODAY)
    assert (crowd.regions, crowd.people, crowd.invented) == (regions, people, made_up)
    posts = sorted(CALLED)
    reaches, seats = rolls.answerable(session, regions, [], TODAY), rolls.seated(session, regions, posts, TODAY)
    assert len(roll(reaches, seats, CALLED)) == people
    invented = session.scalars(select(Person).where(Person.is_demo)).all()
    assert len(invented) == made_up
    assert all(keyring.open(each.phone_sealed).startswith("+8612393") for each in invented)
