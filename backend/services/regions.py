"""Regions: names and codes are no secret among those who have a login."""

from __future__ import annotations

from backend.db import Session
from backend.domain.regions import LENGTHS, BadRegionCode, cut
from backend.errors import NotFound
from backend.models.regions import Region
from backend.store import regions


def one(session: Session, code: str) -> Region:
    """The region of a code, padded or not; NotFound when there is none."""
    try:
        found = regions.one(session, cut(code))
    except BadRegionCode:
        found = None
    if found is None:
        raise NotFound()
    return found


def path(session: Session, code: str) -> list[tuple[str, str]]:
    """The regions in which one lies, the widest first, and itself: those that are known, with their names."""
    names = regions.names(session, [code[:length] for length in LENGTHS.values() if length <= len(code)])
    return sorted(names.items())
