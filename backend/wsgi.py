"""What a WSGI server loads: the application of this process's environment."""

from __future__ import annotations

from backend.api.bodies import JSON_LIMIT
from backend.api.door import BASE
from backend.app import create_app
from backend.config import Settings
from backend.gate import Gate

WIDTH = 2
"""Requests a worker works on at once: while one waits for the disk, another computes (measured, DECISIONS.md)."""

UPLOADS = (f"{BASE}/photos/", f"{BASE}/recordings/")

app = Gate(create_app(Settings.from_env()), width=WIDTH, limit=JSON_LIMIT, uploads=UPLOADS)
