"""Doors for other systems, at the root: no login, and only what everybody may know."""
