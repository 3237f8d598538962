"""What goes out at once, and what waits."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from backend.domain.lanes import Hours, Lane, goes_now, is_quiet, last_digest, quiet_until

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-07-02T{text}:00+08:00")


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_from_ten_at_night_till_seven_only_what_is_urgent_goes_out(clock, quiet):
    assert is_quiet(at(clock), ZONE, Hours()) is quiet
    assert goes_now(Lane.NORMAL, at(clock), ZONE, Hours()) is not quiet
    assert goes_now(Lane.DIGEST, at(clock), ZONE, Hours()) is not quiet
    assert goes_now(Lane.URGENT, at(clock), ZONE, Hours())


def test_quiet_hours_may_lie_within_a_day():
    siesta = Hours(quiet_from=time(12), quiet_until=time(14))
    assert [is_quiet(at(clock), ZONE, siesta) for clock in ("11:59", "12:00", "13:59", "14:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_the_digest_is_that_of_today_from_half_past_seven_on_and_before_that_of_yesterday():
    assert last_digest(at("07:30"), ZONE, Hours()) == at("07:30")
    assert last_digest(at("23:00"), ZONE, Hours()) == at("07:30")
    assert last_digest(at("07:29"), ZONE, Hours()) == datetime.fromisoformat("2025-07-01T07:30:00+08:00")


def test_the_quiet_hours_end_this_morning_or_the_next():
    evening, early = datetime(2025, 7, 28, 23, 0, tzinfo=ZONE), datetime(2025, 7, 29, 3, 0, tzinfo=ZONE)
    morning = datetime(2025, 7, 29, 7, 0, tzinfo=ZONE)
    assert quiet_until(evening, ZONE, Hours()) == quiet_until(early, ZONE, Hours()) == morning
    assert quiet_until(morning, ZONE, Hours()) == morning
