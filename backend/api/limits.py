"""Rates of requests by address, for what is expensive; accounts are locked in the database, one by one.

Counted in memory each worker counts for itself, so the real limit is this times the workers.
"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=False)


def register(app: Flask, storage: str, *, is_test: bool) -> None:
    """Count for this app; not in tests, which all come from one address."""
    app.config.update(RATELIMIT_STORAGE_URI=storage, RATELIMIT_ENABLED=not is_test)
    limiter.init_app(app)
