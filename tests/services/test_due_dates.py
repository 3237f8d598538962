"""The calendar of the house, and the window as the rules of the day have it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from backend.domain.workdays import YearOff
from backend.services import due_dates
from backend.store import rules

ZONE = ZoneInfo("Asia/Shanghai")
PLACE = ("371502001001", "TUHAI")
AUGUST = datetime(2025, 8, 14, 4, 0, tzinfo=UTC)


def test_a_year_that_an_administrator_brought_in_is_known(session):
    assert not due_dates.calendar(session).is_known(2031)
    days = YearOff(off=frozenset({date(2031, 1, 1)}), worked=frozenset({date(2031, 1, 4)}))
    due_dates.bring_in(session, 2031, days, reason="国办通知", now=AUGUST, zone=ZONE)
    found = due_dates.calendar(session)
    assert (found.is_known(2031), found.is_worked(date(2031, 1, 4))) == (True, True)
    assert not found.is_worked(date(2031, 1, 1))


def test_the_window_is_that_of_the_rule_in_force(session):
    assert not due_dates.setting(session, AUGUST, ZONE, PLACE).is_pressing
    begins = datetime(2025, 7, 1, tzinfo=UTC)
    rules.add(session, "duty", 1, {"window_end": [8, 20]}, valid_from=begins, reason="延长", made_by=None, now=begins)
    assert due_dates.setting(session, AUGUST, ZONE, PLACE).is_pressing
