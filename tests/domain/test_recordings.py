"""What a recording is, by its first bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.recordings import HEAD_BYTES, MEDIA_TYPES, is_said, media_type_of
from tests.sounds import NOT_TAKEN, TAKEN


@pytest.mark.parametrize("name", TAKEN)
def test_what_recorders_make_is_known_by_its_first_bytes(name):
    sound, media = TAKEN[name]
    assert media_type_of(sound[:HEAD_BYTES]) == media


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_only_looks_like_it_is_none(name):
    assert media_type_of(NOT_TAKEN[name][:HEAD_BYTES]) is None


@given(
    st.binary(max_size=HEAD_BYTES), st.sampled_from([b"", b"\x1a\x45\xdf\xa3", b"OggS\x00", b"\0\0\0\x18ftyp", b"\xff"])
)
def test_whatever_comes_is_one_of_them_or_none(rest, begin):
    assert media_type_of(begin + rest) in (None, *MEDIA_TYPES)


def test_one_container_has_two_names_and_no_other_lie_passes():
    assert is_said("audio/mp4", "audio/3gpp")
    assert is_said("audio/3gpp", "audio/mp4")
    assert is_said("audio/ogg", "audio/ogg")
    assert not is_said("audio/webm", "audio/ogg")
    assert not is_said("audio/mp4", "audio/aac")
