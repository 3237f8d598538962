"""When each version of a dated rule holds."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.versions import Holding, Standing, holdings
from tests.cast import NOON

DAY = timedelta(days=1)


def standings(*versions, at=NOON):
    return {number: each.at(at) for number, each in holdings(versions).items()}


def test_each_holds_until_the_next_begins():
    held = holdings([(0, None), (1, NOON), (2, NOON + DAY)])
    assert held == {0: Holding(None, NOON), 1: Holding(NOON, NOON + DAY), 2: Holding(NOON + DAY, None)}
    assert standings((0, None), (1, NOON), (2, NOON + DAY)) == {
        0: Standing.PAST,
        1: Standing.PRESENT,
        2: Standing.PLANNED,
    }
    assert standings((0, None), (1, NOON + DAY)) == {0: Standing.PRESENT, 1: Standing.PLANNED}


def test_one_that_is_replaced_before_its_day_never_holds():
    versions = ((1, NOON - DAY), (2, NOON + 3 * DAY), (3, NOON + DAY), (4, NOON + 3 * DAY))
    for at in (NOON, NOON + 9 * DAY):
        assert standings(*versions, at=at)[2] is Standing.NEVER
    assert standings(*versions, at=NOON + 2 * DAY) == {
        1: Standing.PAST,
        2: Standing.NEVER,
        3: Standing.PRESENT,
        4: Standing.PLANNED,
    }


def test_the_built_in_one_is_past_as_soon_as_another_has_begun():
    assert holdings([(0, None)]) == {0: Holding(None, None)}
    assert standings((0, None), (1, NOON - DAY)) == {0: Standing.PAST, 1: Standing.PRESENT}
