"""What a WSGI server loads: the application of this process's environment."""

from __future__ import annotations

from backend.app import create_app
from backend.config import Settings

app = create_app(Settings.from_env())
