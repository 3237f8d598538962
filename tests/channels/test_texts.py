"""Text messages take segments, and are cut to what their provider takes, never in the middle of a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.channels.texts import fitted, segments


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", 1),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 70 + "字", 2),
        ("🌊" * 35, 1),
        ("🌊" * 36, 2),
    ],
)
def test_a_text_takes_so_many_segments(text, taken):
    assert segments(text) == taken


def test_the_signature_stands_in_front_and_counts():
    assert fitted("险情", "河长办", 1) == "【河长办】险情"
    assert fitted("险情", None, 1) == "险情"
    cut = fitted("字" * 66, "河长办", 1)
    assert cut.startswith("【河长办】字")
    assert cut.endswith("字…")
    assert len(cut) == 70
    assert fitted("字" * 65, "河长办", 1).endswith("字")


def test_a_picture_is_not_cut_in_two():
    assert fitted("🌊" * 36, None, 1) == "🌊" * 34 + "…"


def test_a_link_stands_behind_the_text_and_is_never_cut():
    link = "https://hz.example.cn/a/x"
    assert fitted("险情", "河长办", 1, link) == f"【河长办】险情 {link}"
    cut = fitted("字" * 70, "河长办", 1, link)
    assert cut.endswith(f"字… {link}")
    assert len(cut) == 70
    assert fitted("字" * 70, None, 1, "https://" + "x" * 50) == "字" * 70
    assert fitted("字" * 80, None, 1, "https://" + "x" * 50) == "字" * 69 + "…"


@given(st.text(), st.none() | st.text(max_size=10), st.integers(1, 10))
def test_a_text_fits_and_begins_as_it_was(text, signature, most):
    whole = f"【{signature}】{text}" if signature else text
    found = fitted(text, signature, most)
    assert segments(found) <= most
    assert found == whole or (found.endswith("…") and whole.startswith(found[:-1]))
