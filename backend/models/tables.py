"""Every table in one place, for whoever needs the whole schema (migrations, backup, tests)."""

from __future__ import annotations

from sqlalchemy import Table

from backend.models import (
    alarms,
    callouts,
    campaigns,
    changes,
    claims,
    clockwork,
    facts,
    feeds,
    filters,
    flood_events,
    flood_news,
    flood_warnings,
    handovers,
    hazards,
    logins,
    lookbacks,
    notices,
    patrols,
    people,
    photos,
    regions,
    responses,
    risk,
    roster,
    rules,
    seasons,
    segments,
    signals,
    splits,
    stations,
)
from backend.models.base import Base

NOUNS = (
    *(regions, people, segments, patrols, photos, hazards, logins, rules, changes, clockwork, alarms, facts, notices),
    callouts,
    campaigns,
    claims,
    feeds,
    filters,
    flood_events,
    flood_warnings,
    flood_news,
    handovers,
    lookbacks,
    responses,
    roster,
    seasons,
    signals,
    splits,
    stations,
    risk,
)


def in_order() -> list[Table]:
    """Every table, those first that others refer to."""
    return list(Base.metadata.sorted_tables)
