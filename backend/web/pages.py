"""Every blueprint of the console in one list."""

from __future__ import annotations

from flask import Blueprint

from backend.web import console, hazard, hazards, today

EVERY: tuple[Blueprint, ...] = (today.blueprint, hazards.blueprint, hazard.blueprint, console.blueprint)
