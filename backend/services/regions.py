"""Regions: names and codes are no secret among those who have a login."""

from __future__ import annotations

from backend.db import Session
from backend.domain.regions import BadRegionCode, cut
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
