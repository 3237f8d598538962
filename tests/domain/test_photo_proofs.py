"""What a photo of the mended place lacks: its time, its place, or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from backend.domain.handling import Standing, lacks
from backend.domain.hazards import Picture
from tests.cast import NOON

HERE, FAR = (115.98, 36.43), (115.99, 36.44)


class Given:
    """Of a hazard what a photo is held against."""

    def __init__(self, place=HERE, assigned_at=NOON):
        self.place, self.assigned_at = place, assigned_at


def lacking(photo: Picture, given: Given) -> list[str]:
    return [text.key for text in lacks(cast(Standing, given), photo)]


@pytest.mark.parametrize(
    ("at", "lonlat", "expected"),
    [
        (NOON, HERE, []),
        (None, HERE, ["photo.no_time"]),
        (NOON - timedelta(hours=1), HERE, ["photo.before"]),
        (NOON, None, ["photo.no_place"]),
        (NOON, FAR, ["photo.far"]),
        (None, FAR, ["photo.no_time", "photo.far"]),
    ],
)
def test_a_photo_shows_the_place_after_it_was_given_to_be_mended(at, lonlat, expected):
    assert lacking(Picture(b"x" * 32, at, lonlat), Given()) == expected


def test_where_nothing_is_known_of_the_hazard_nothing_is_asked_of_the_photo():
    assert lacking(Picture(b"x" * 32, NOON, None), Given(place=None, assigned_at=None)) == []
