"""A moment as people read it: the end of a day is its 24:00."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backend.clock import in_words

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "read"),
    [
        ("2025-07-04T00:00:00+08:00", "2025-07-03 24:00"),
        ("2025-07-03T16:00:00+00:00", "2025-07-03 24:00"),
        ("2026-01-01T00:00:00+08:00", "2025-12-31 24:00"),
        ("2025-07-04T00:01:00+08:00", "2025-07-04 00:01"),
    ],
)
def test_whoever_reads_a_deadline_comes_on_its_day(at, read):
    assert in_words(datetime.fromisoformat(at), ZONE) == read
