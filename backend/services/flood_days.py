"""What holds in a place on a day, read from the database: seasons, responses, and the duty that goes with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.clock import start_of
from backend.db import Session
from backend.domain.duties import DutyRule
from backend.domain.duty_rules import duty_rule
from backend.domain.flood_days import FloodDays
from backend.store import responses, rules, seasons

DUTY = "duty"
_BEFORE = timedelta(days=92)
"""The longest period of a duty: so far back it matters what held."""


def known(session: Session, rule: DutyRule, day: date, zone: ZoneInfo, region: str | None = None) -> FloodDays:
    """Every version and response that may bear on a day and the period around it; near a region, if one is named."""
    return FloodDays(
        tuple(seasons.of_years(session, (day.year - 1, day.year, day.year + 1), region)),
        tuple(responses.since(session, start_of(day - _BEFORE, zone))),
        (rule.window_begin, rule.window_end),
        zone,
    )


def duty_rule_at(session: Session, at: datetime) -> DutyRule:
    """The newest duty rule whose day had come at a moment; the built-in one before any."""
    begun = [row for row in rules.versions(session, DUTY) if row.valid_from <= at]
    return duty_rule(begun[-1].version, begun[-1].body) if begun else DutyRule()
