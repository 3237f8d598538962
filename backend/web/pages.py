"""Every blueprint of the console in one list."""

from __future__ import annotations

from flask import Blueprint

from backend.web import (
    appointments,
    campaigns,
    console,
    flood,
    flood_warnings,
    hazard,
    hazards,
    map,
    map_panels,
    patrols,
    people,
    people_import,
    responses,
    rolls,
    search,
    segments,
    silences,
    system,
    today,
    warning_acts,
    warning_forms,
)

EVERY: tuple[Blueprint, ...] = (
    today.blueprint,
    map.blueprint,
    map_panels.blueprint,
    hazards.blueprint,
    hazard.blueprint,
    flood_warnings.blueprint,
    warning_forms.blueprint,
    warning_acts.blueprint,
    rolls.blueprint,
    silences.blueprint,
    system.blueprint,
    patrols.blueprint,
    segments.blueprint,
    people.blueprint,
    people_import.blueprint,
    appointments.blueprint,
    flood.blueprint,
    responses.blueprint,
    campaigns.blueprint,
    search.blueprint,
    console.blueprint,
)
