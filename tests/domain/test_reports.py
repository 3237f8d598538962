"""Reports: which days a month's or a week's is about, and what it is compared with."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.reports import before, month_of, period_of, share, week_of


@pytest.mark.parametrize(
    ("of", "first", "last", "before_it"),
    [
        ("2025-07", date(2025, 7, 1), date(2025, 7, 31), date(2025, 6, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), date(2024, 1, 1)),
        ("2025-01", date(2025, 1, 1), date(2025, 1, 31), date(2024, 12, 1)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5), date(2024, 12, 23)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), date(2026, 12, 21)),
    ],
)
def test_a_month_and_a_week_have_their_days_and_those_before(of, first, last, before_it):
    assert (period_of(of).first, period_of(of).last, before(of).first) == (first, last, before_it)
    assert of in (month_of(first), week_of(first))


@pytest.mark.parametrize("of", ["2025-13", "2025-W54", "2025-W00", "1066-01", "1066-W01", "2025", "٢٠٢٥-٠٧x"])
def test_anything_else_is_no_month_and_no_week(of):
    with pytest.raises(ValueError, match=r"."):
        period_of(of)


def test_a_share_of_nothing_is_none():
    assert (share(1, 4), share(0, 0)) == (0.25, None)
