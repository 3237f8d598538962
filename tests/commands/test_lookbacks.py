"""What the commands about look-backs draw and say."""

from __future__ import annotations
