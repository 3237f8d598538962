"""Saved filters (常用筛选): which lists have them, and how many somebody may keep."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Listed(StrEnum):
    """A list that people filter at a desk."""

    HAZARDS = "hazards"
    PATROLS = "patrols"
    WARNINGS = "warnings"
    CAMPAIGNS = "campaigns"
    SEGMENTS = "segments"
    PEOPLE = "people"


MOST = 20
"""More than that nobody finds again (our judgement)."""


@dataclass(frozen=True, slots=True)
class FilterDraft:
    """A filter as somebody wants to keep it: its name, and what the address of the list asks for."""

    id: UUID
    body_sha256: bytes
    listed: Listed
    name: str
    query: str
