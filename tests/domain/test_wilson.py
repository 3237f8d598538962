"""Wilson's interval repeats published values, and stays between nothing and all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.wilson import wilson


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score, without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_it_repeats_the_published_table(hits, size, low, high):
    found = wilson(hits, size)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_nothing_nothing_is_known_and_nobody_does_more_than_all():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)
    for hits in (-1, 3):
        with pytest.raises(ValueError, match="of 2"):
            wilson(hits, 2)


@given(st.integers(0, 3_000), st.integers(1, 3_000))
def test_the_share_lies_in_it_and_it_mirrors_itself(hits, size):
    hits = min(hits, size)
    found, mirrored = wilson(hits, size), wilson(size - hits, size)
    assert 0.0 <= found.low <= hits / size <= found.high <= 1.0
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-12)
