"""What a camera's clock says is taken for local time unless it says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.photos import camera_time

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-07-02T08:10:00", datetime(2025, 7, 2, 0, 10, tzinfo=UTC)),
        ("2025-07-02T08:10:00+08:00", datetime(2025, 7, 2, 0, 10, tzinfo=UTC)),
        ("2025-07-02T08:10:00-03:30", datetime(2025, 7, 2, 11, 40, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+08:00", None),
        ("9999-12-31T23:59:59-08:00", None),
    ],
)
def test_a_cameras_time_is_local_unless_it_names_an_offset(written, moment):
    assert camera_time(written, ZONE) == moment


@given(st.datetimes().map(datetime.isoformat) | st.text(max_size=30))
def test_whatever_a_camera_writes_is_a_moment_or_nothing(written):
    moment = camera_time(written, ZONE)
    assert moment is None or moment.tzinfo is UTC
