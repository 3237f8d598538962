"""Who takes over a segment when a chief leaves: the same moment, and never nobody while there is a superior."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID


def heir(leaving: UUID, substitute: UUID | None, superiors: Sequence[UUID]) -> UUID | None:
    """The substitute, else the nearest chief above on that river; None leaves an orphan, which is an alarm.

    `superiors` holds the chiefs of the reaches above, the nearest first; the one who leaves takes over nothing.
    """
    candidates = ([substitute] if substitute is not None else []) + list(superiors)
    return next((person for person in candidates if person != leaving), None)
