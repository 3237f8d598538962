"""What is sent twice: the same thing under the same id, from the same person, is kept once and answered as it is."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from backend.errors import Conflict

Kept = TypeVar("Kept")


def same(known: Kept, by: UUID | None, digest: bytes, *, owner: str = "made_by_id", **within: UUID) -> Kept:
    """What is kept under an id, for whoever sent this very thing before.

    `owner` names the column that says who sent it, `digest` is that of the body, and `within` says of which campaign,
    hazard or the like it is, by column. Conflict where somebody else sent it, or where it says something else.
    """
    row: Any = known
    if getattr(row, owner) != by:
        raise Conflict("foreign")
    if row.body_sha256 != digest or any(getattr(row, name) != value for name, value in within.items()):
        raise Conflict()
    return known
