"""Every table in one place, for whoever needs the whole schema (migrations, backup, tests)."""

from __future__ import annotations

from sqlalchemy import Table

from backend.models import (
    alarms,
    assessments,
    callouts,
    campaigns,
    changes,
    claims,
    clockwork,
    cooperation,
    duty_periods,
    facts,
    feeds,
    filters,
    flood_events,
    flood_news,
    flood_warnings,
    handovers,
    hazards,
    inspections,
    logins,
    lookbacks,
    notices,
    orders,
    patrols,
    people,
    photos,
    points,
    public_reports,
    regions,
    responses,
    risk,
    roster,
    rules,
    seasons,
    segments,
    signals,
    signs,
    splits,
    stations,
    stats,
    training,
)
from backend.models.base import Base

NOUNS = (
    *(regions, people, segments, patrols, photos, hazards, logins, rules, changes, clockwork, alarms, facts, notices),
    assessments,
    callouts,
    campaigns,
    claims,
    cooperation,
    duty_periods,
    feeds,
    filters,
    flood_events,
    flood_warnings,
    flood_news,
    handovers,
    inspections,
    lookbacks,
    orders,
    points,
    public_reports,
    responses,
    roster,
    seasons,
    signals,
    signs,
    splits,
    stations,
    training,
    risk,
    stats,
)


def in_order() -> list[Table]:
    """Every table, those first that others refer to."""
    return list(Base.metadata.sorted_tables)
