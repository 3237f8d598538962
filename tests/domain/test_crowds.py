"""Crowds of drills: a part of the city that fits, and people who do not exist for the rest."""

from __future__ import annotations

from uuid import uuid4

import pytest

from backend.domain.crowds import PHONE_GROUP, invented, parts, percentile
from backend.domain.rolls import Called
from backend.domain.terms import Post
from backend.formats import phones


def called(region: str, count: int) -> list[Called]:
    return [Called(uuid4(), Post.VILLAGE_CHIEF, region, None, False) for _ in range(count)]


ROLL = [
    *called("3715", 1),
    *called("371502001001", 4),
    *called("371502001", 1),
    *called("371502002001", 8),
    *called("371502003001", 3),
]


@pytest.mark.parametrize(
    ("most", "towns"),
    [
        (100, ["371502001", "371502002", "371502003"]),
        (10, ["371502001", "371502003"]),
        (8, ["371502001", "371502003"]),
        (7, ["371502001"]),
        (3, ["371502003"]),
        (1, ["371502003"]),  # none fits: the smallest
    ],
)
def test_towns_are_taken_while_their_people_fit(most, towns):
    assert parts(ROLL, most) == towns


def test_invented_people_stand_on_reaches_in_turn_and_are_seen_to_be_made_up():
    reaches = [(uuid4(), "371502001"), (uuid4(), "371502002")]
    people = invented(reaches, 5)
    assert [each.segment_id for each in people] == [reaches[nth % 2][0] for nth in range(5)]
    assert [each.region_code for each in people[:2]] == ["371502001", "371502002"]
    assert len({each.phone for each in people}) == 5
    assert all(each.name.startswith("演示·") and each.phone.startswith(PHONE_GROUP) for each in people)
    assert all(phones.is_made_up(phones.normal(each.phone)) for each in people)
    assert invented(reaches, 0) == []


def test_a_percentile_is_a_value_that_was_there():
    assert percentile([], 0.5) is None
    assert [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (0, 0.5, 0.99, 1)] == [1.0, 3.0, 4.0, 4.0]
