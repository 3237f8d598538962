"""Positions as a phone gave them: what is refused, and how they are thinned."""

import numpy as np
import pytest

from geo.fixes import LATEST_MS
from geo.measure import distances_m
from geo.track import Fixes, thin
from tests.geo.scenes import Person, river, walked

LINE = river(2000.0)
HONEST = Person(every_s=1.0)


def honest(seed: int = 1, **changes: float) -> Fixes:
    return walked(LINE, Person(**{"every_s": 1.0, **changes}), np.random.default_rng(seed), to_m=700.0)


@pytest.mark.parametrize(
    "points",
    [
        [[181.0, 36.0, 0]],
        [[116.0, 91.0, 0]],
        [[np.nan, 36.0, 0]],
        [[116.0, np.inf, 0]],
        [[116.0, 36.0, np.nan]],
        [[116.0, 36.0, -1]],
        [[116.0, 36.0, LATEST_MS * 1.1]],
        [[116.0, 36.0]],
        [116.0, 36.0, 0.0],
    ],
)
def test_what_cannot_be_a_position_is_refused(points):
    with pytest.raises(ValueError, match=r"points are rows|out of range"):
        Fixes.of(points)


def test_points_without_accuracy_have_an_unknown_one():
    assert np.isnan(Fixes.of([[116.0, 36.0, 0]]).accuracy_m).all()
    assert Fixes.of([]).count == 0


def test_thinning_keeps_the_ends_and_a_fix_for_every_so_many_metres():
    fixes = honest(noise_m=0.0)

    thinned = thin(fixes, 20.0)

    steps = distances_m(thinned.lonlat[:-1], thinned.lonlat[1:])
    assert thinned.at_ms[[0, -1]].tolist() == fixes.at_ms[[0, -1]].tolist()
    assert steps[:-1].min() > 17.0
    assert steps.max() < 23.0


@pytest.mark.parametrize(("count", "every_m"), [(0, 20.0), (2, 20.0), (50, 0.0)])
def test_where_there_is_nothing_to_thin_nothing_is_thinned(count, every_m):
    assert thin(honest().taken(slice(count)), every_m).count == count
