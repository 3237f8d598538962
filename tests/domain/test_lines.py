"""How many more calls may be begun."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.lanes import Lane
from backend.domain.lines import Lines, room


def test_what_is_urgent_takes_every_line_and_others_leave_three_of_ten_alone():
    lines = Lines(10)
    assert room(lines, Lane.URGENT, 0, 64) == 10
    assert room(lines, Lane.URGENT, 8, 1) == 1
    assert room(lines, Lane.NORMAL, 0, 64) == 7
    assert room(lines, Lane.NORMAL, 8, 64) == 0
    assert lines.patience == timedelta(seconds=80)


@given(st.integers(1, 500), st.sampled_from(Lane), st.integers(0, 600), st.integers(0, 100))
def test_the_lines_are_never_exceeded_and_an_urgent_call_never_waits_for_a_free_one(count, lane, under_way, wanted):
    found = room(Lines(count), lane, under_way, wanted)
    assert 0 <= found <= wanted
    assert found == 0 or found + under_way <= count
    if lane is Lane.URGENT and wanted and under_way < count:
        assert found > 0
