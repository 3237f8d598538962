"""One body has one digest."""

from __future__ import annotations

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from backend.formats.canonical import NotCanonical, canonical_sha256

NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e-7, 1e21, 36.45, 1751407800000, 6.0]),
)


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=4)), st.dictionaries(st.text(), st.text(), max_size=3))
def test_the_fast_hand_writes_what_the_standard_says(points, rest):
    body = {**{key: value for key, value in rest.items() if key != "client"}, "track": {"points": points}}
    assert canonical_sha256(body) == hashlib.sha256(rfc8785.dumps(body)).digest()


def test_order_spaces_and_the_client_make_no_difference():
    one = {"segment": "A", "track": {"crs": "WGS84", "points": [[1.0, 2, 3, 4.5]]}}
    other = {"track": {"points": [[1, 2.0, 3, 4.5]], "crs": "WGS84"}, "client": {"sent_at": "x"}, "segment": "A"}
    assert canonical_sha256(one) == canonical_sha256(other)
    assert canonical_sha256(one) != canonical_sha256(one | {"segment": "B"})


def test_odd_tracks_have_digests_too():
    for points in (None, "x", [["a"]], [[True, 1.0]], [[1], [1, 2]], []):
        body = {"track": {"points": points}}
        assert canonical_sha256(body) == hashlib.sha256(rfc8785.dumps(body)).digest()


def test_numbers_that_json_cannot_say_exactly_are_refused():
    with pytest.raises(NotCanonical):
        canonical_sha256({"n": 2**60})
