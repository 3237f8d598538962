"""Every blueprint of the console in one list."""

from __future__ import annotations

from flask import Blueprint

from backend.web import console, today

EVERY: tuple[Blueprint, ...] = (today.blueprint, console.blueprint)
